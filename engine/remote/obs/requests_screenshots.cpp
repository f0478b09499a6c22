// Screenshots: of the scene on air, of the one in preview, and of inputs.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

#include "engine/ffi/crypto/crypto.h"
#include "engine/remote/obs/lookup.h"
#include "engine/show/suggest.h"

namespace mainstay::obs {

namespace {

// Of an answer; as base64 it has a third more, and the port's connections let twice that wait (remote.cpp).
constexpr std::size_t kMostImageBytes = 6 * 1024 * 1024;
constexpr double kLeastSide = 8;
constexpr double kMostSide = 4096;

std::vector<RequestField> screenshot_fields(std::vector<RequestField> others = {}) {
  std::vector<RequestField> fields = {
      required("imageFormat"),
      {.name = "imageWidth", .type = FieldType::number, .min = kLeastSide, .max = kMostSide},
      {.name = "imageHeight", .type = FieldType::number, .min = kLeastSide, .max = kMostSide},
      {.name = "imageCompressionQuality", .type = FieldType::number, .min = -1, .max = 100}};
  for (RequestField& one : others) fields.push_back(std::move(one));
  return name_or_uuid("source", std::move(fields));
}

int number(const CallPtr& call, const char* field, int otherwise) {
  return call->given(field) ? static_cast<int>(call->data[field].get<double>()) : otherwise;
}

// The program's picture is that of the scene on air, and in a show without scenes that of its one input.
bool is_program(const ShowView& view, const SourceName& source, const std::string& scene) {
  if (!view.scenes().empty()) return source.is_scene && source.name == scene;
  return view.inputs_seen(scene) == std::vector<std::string>{source.name};
}

// Where the pictures come from that the request is about; empty, and answered, when there are none. What is in preview
// and what a source gives is kept for who asks: the first one comes a moment later.
std::function<FramePtr()> pictures_of(const CallPtr& call, const ShowView& view, const SourceName& source) {
  StudioPort& studio = call->services.studio;
  const Snapshot snapshot = studio.snapshot();
  if (snapshot.phase != Phase::on_air) {
    call->fail(RequestStatus::invalid_resource_state, "Nothing is on air: there is no picture.");
    return {};
  }
  std::string scene = program_scene(snapshot, view);
  if (scene.empty() && !view.scenes().empty()) scene = view.scenes().front();
  if (is_program(view, source, scene)) {
    FramePtr picture = studio.program_picture();
    if (picture) return [picture] { return picture; };
    call->fail(RequestStatus::not_ready, "The first picture is not there yet.");
    return {};
  }
  if (!source.is_scene) return [&studio, name = source.name] { return studio.source_picture(name); };
  if (source.name == view.preview()) return [&studio] { return studio.preview_picture(); };
  call->fail(RequestStatus::invalid_resource_state,
             fmt::format("There is no picture of {}: there is one of what is on air, {}, of the scene in preview and "
                         "of inputs.",
                         show::in_quotes(source.name), show::in_quotes(scene)));
  return {};
}

std::string data_uri(const std::string& format, const std::string& bytes) {
  return fmt::format("data:image/{};base64,{}", format, ffi::base64(bytes));
}

Answer answer_of(const std::string& format, const std::string& path, const Result<ImageFile>& image) {
  if (!image) {
    const bool later = image.error().code == Errc::again;
    return Answer::failure(later ? RequestStatus::not_ready : RequestStatus::processing_failed,
                           image.error().describe());
  }
  if (!path.empty()) return {};
  const std::string& bytes = image->bytes;
  if (bytes.size() > kMostImageBytes) {
    return Answer::failure(RequestStatus::processing_failed,
                           fmt::format("The picture has {} bytes, more than {}: ask for a smaller one, or for jpg.",
                                       bytes.size(), kMostImageBytes));
  }
  return {RequestStatus::success, {}, {{"imageData", data_uri(format, bytes)}}};
}

void take(const CallPtr& call, const std::string& path) {
  const std::string format = call->text("imageFormat");
  const auto known = image_format(format);
  if (!known) {
    return call->fail(
        RequestStatus::invalid_field,
        fmt::format("There is no image format {}: {}.", show::in_quotes(format), fmt::join(image_formats(), ", ")));
  }
  with_source(call, [call, path, format, known](const ShowView& view, const SourceName& source) {
    PictureOrder order;
    order.picture = pictures_of(call, view, source);
    if (!order.picture) return;
    order.inside = {number(call, "imageWidth", 0), number(call, "imageHeight", 0)};
    order.options = {.format = *known, .quality = number(call, "imageCompressionQuality", -1)};
    order.path = path;
    order.done = [call, path, format](const Result<ImageFile>& image) {
      if (!image && image.error().code == Errc::cancelled) return;  // the server ends, and its thread with it
      Answer answer = answer_of(format, path, image);
      call->resume([call, answer = std::move(answer)]() mutable { call->answer(std::move(answer)); });
    };
    const auto& screenshot = call->services.screenshot;
    if (!screenshot || !screenshot(std::move(order)))
      call->fail(RequestStatus::not_ready, "Too many screenshots are waiting: ask again later.");
  });
}

void save(const CallPtr& call) {
  const std::filesystem::path path = call->text("imageFilePath");
  if (!path.is_absolute() || !path.has_filename()) {
    return call->fail(RequestStatus::invalid_field, "`imageFilePath` must be the absolute path of a file.");
  }
  std::error_code ignored;
  if (!std::filesystem::is_directory(path.parent_path(), ignored)) {
    return call->fail(RequestStatus::resource_not_found,
                      fmt::format("There is no folder {}.", show::in_quotes(path.parent_path().string())));
  }
  take(call, path.string());
}

}  // namespace

void add_screenshot_requests(RequestTable& table) {
  table.add({"GetSourceScreenshot", Role::view, screenshot_fields(), [](const CallPtr& call) { take(call, {}); }});
  // Who may name any path may write anywhere.
  table.add({"SaveSourceScreenshot", Role::admin, screenshot_fields({required("imageFilePath")}), save});
}

}  // namespace mainstay::obs
