#include "engine/studio/device_query.h"

#include <utility>

#include "engine/core/loose_thread.h"
#include "engine/ffi/portaudio/input_stream.h"
#include "engine/ffi/portaudio/output_stream.h"
#include "engine/ffi/v4l2/camera_list.h"
#include "engine/ffi/x11/screen_list.h"

namespace mainstay {

namespace {

constexpr std::size_t kMostWaiting = 16;

}  // namespace

struct DeviceQuery::Job {
  std::mutex mutex;
  std::condition_variable_any done;
  std::optional<Result<Json>> result;
};

DeviceQuery::~DeviceQuery() {
  thread_.stop();
  for (const Question& question : questions_)
    question.reply(CallResult::failure(CallErrc::cancelled, "the studio ends"));
}

void DeviceQuery::ask(const std::string& kind, List list, Reply reply) {
  {
    std::lock_guard lock(mutex_);
    if (questions_.size() < kMostWaiting) {
      questions_.push_back({kind, std::move(list), std::move(reply)});
      reply = nullptr;
      if (!thread_.joinable()) thread_ = NamedThread("devices", [this](std::stop_token stop) { run(stop); });
    }
  }
  if (reply) return reply(CallResult::failure(CallErrc::busy, "too many ask for devices: try again"));
  asked_.notify_all();
}

void DeviceQuery::run(const std::stop_token& stop) {
  for (;;) {
    Question question;
    {
      std::unique_lock lock(mutex_);
      if (!clock_.wait(lock, asked_, stop, kNever, [this] { return !questions_.empty(); })) return;
      question = std::move(questions_.front());
      questions_.pop_front();
    }
    question.reply(answer(question, stop));
  }
}

CallResult DeviceQuery::answer(const Question& question, const std::stop_token& stop) {
  const CallResult over = CallResult::failure(CallErrc::cancelled, "the studio ends");
  if (stop.stop_requested()) return over;
  if (const auto before = hung_.find(question.kind); before != hung_.end()) {
    std::lock_guard lock(before->second->mutex);
    if (!before->second->result)
      return CallResult::failure(CallErrc::failed, "the machine still has not answered the last time it was asked");
  }
  hung_.erase(question.kind);
  const auto job = std::make_shared<Job>();
  start_loose_thread("dev/" + question.kind, [job, list = question.list] {
    auto result = list();
    std::lock_guard lock(job->mutex);
    job->result = std::move(result);
    job->done.notify_all();
  });
  std::unique_lock lock(job->mutex);
  if (clock_.wait(lock, job->done, stop, clock_.now() + limit_, [&] { return job->result.has_value(); })) {
    if (!*job->result) return {nullptr, to_call_error(job->result->error())};
    return {std::move(**job->result), std::nullopt};
  }
  hung_[question.kind] = job;
  if (stop.stop_requested()) return over;
  return CallResult::failure(CallErrc::failed,
                             fmt::format("the machine does not say within {:g} s what it has", seconds(limit_)));
}

namespace {

template <class Device>
Json sound_devices(const std::vector<Device>& devices) {
  Json list = Json::array();
  for (const Device& device : devices) {
    list.push_back({{"name", device.name},
                    {"system", device.system},
                    {"channels", device.channels},
                    {"sample_rate", device.sample_rate},
                    {"default", device.is_default}});
  }
  return list;
}

}  // namespace

Result<Json> list_audio_devices() {
  MAINSTAY_TRY(const auto devices, ffi::list_audio_inputs());
  return sound_devices(devices);
}

Result<Json> list_output_devices() {
  MAINSTAY_TRY(const auto devices, ffi::list_outputs());
  return sound_devices(devices);
}

Result<Json> list_camera_devices() {
  Json list = Json::array();
  for (const ffi::Camera& camera : ffi::list_cameras()) {
    Json modes = Json::array();
    for (const ffi::CameraMode& mode : camera.modes) {
      Json rates = Json::array();
      for (const Rate& rate : mode.rates) rates.push_back(rate.str());
      modes.push_back({{"format", mode.format}, {"width", mode.width}, {"height", mode.height}, {"rates", rates}});
    }
    list.push_back(
        {{"device", camera.device}, {"name", camera.name}, {"place", camera.place}, {"modes", std::move(modes)}});
  }
  return list;
}

Result<Json> list_screen_devices(const std::string& display) {
  MAINSTAY_TRY(const auto screens, ffi::list_screens(display));
  Json list = Json::array();
  for (const ffi::Screen& screen : screens) {
    Json windows = Json::array();
    for (const ffi::ScreenWindow& window : screen.windows) {
      windows.push_back({{"window", fmt::format("{:#x}", window.id)},
                         {"title", window.title},
                         {"x", window.x},
                         {"y", window.y},
                         {"width", window.width},
                         {"height", window.height}});
    }
    list.push_back({{"display", screen.display},
                    {"width", screen.width},
                    {"height", screen.height},
                    {"windows", std::move(windows)}});
  }
  return list;
}

}  // namespace mainstay
