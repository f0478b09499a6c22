#include "engine/sources/still_source.h"

#include <utility>

#include "engine/ffi/pango/svg_painter.h"
#include "engine/show/paths.h"
#include "engine/sources/text_look.h"

namespace mainstay {

namespace {

constexpr std::int64_t kLargestSvg = std::int64_t{16} << 20;

std::string full_path(const std::string& path, const std::string& show_dir) {
  return path.empty() ? path : show::expand_path(path, show_dir);
}

}  // namespace

StillSource::Load svg_load(const show::SvgSource& config, const std::string& show_dir) {
  return [config, path = full_path(config.path, show_dir)]() -> Result<ffi::StillImage> {
    MAINSTAY_TRY(const auto bytes, read_file(path, kLargestSvg, "a drawing"));
    return ffi::paint_svg(bytes, file_name(path), config.width, config.height);
  };
}

StillSource::Load text_load(const show::TextSource& config, const std::string& show_dir) {
  const auto painter = std::make_shared<std::unique_ptr<ffi::TextPainter>>();  // made on the source's thread
  return [config, painter, path = full_path(config.path, show_dir)]() -> Result<ffi::StillImage> {
    if (!*painter) *painter = std::make_unique<ffi::TextPainter>();
    MAINSTAY_TRY(const ffi::TextLook look, look_of(config.style));
    MAINSTAY_TRY(const std::string text, path.empty() ? Result<std::string>(config.text) : read_text(path));
    ffi::TextLayout layout;
    layout.markup = config.markup;
    layout.align = static_cast<ffi::TextAlign>(config.align);
    layout.wrap = config.wrap;
    layout.line_spacing = config.line_spacing;
    MAINSTAY_TRY(ffi::PaintedText painted, (*painter)->paint(text, look, layout));
    return ffi::StillImage{std::move(painted.frame), std::move(painted.note)};
  };
}

StillSource::StillSource(SourceContext context, std::string path, Load load)
    : context_(std::move(context)),
      load_(std::move(load)),
      watch_(context_, std::move(path), [this] { return this->load(); }) {}

void StillSource::start() {
  watch_.start();
}

bool StillSource::ready() const {
  return watch_.tried();
}

Result<std::string> StillSource::load() {
  MAINSTAY_TRY(ffi::StillImage image, load_());
  std::lock_guard lock(mutex_);
  picture_ = std::move(image.frame);
  return std::move(image.summary);
}

SourceOutput StillSource::pull(FrameIndex, std::stop_token stop) {
  if (context_.clock.offline() && !watch_.tried()) watch_.wait_until_tried(std::move(stop));
  std::lock_guard lock(mutex_);
  if (picture_) ++frames_;
  return {picture_, nullptr, false};
}

SourceStatus StillSource::status() const {
  SourceStatus status = watch_.status();
  std::lock_guard lock(mutex_);
  status.frames = frames_;
  return status;
}

ImageSource::ImageSource(const show::ImageSource& config, SourceContext context)
    : StillSource(context, full_path(config.path, context.show_dir),
                  [path = full_path(config.path, context.show_dir)] { return load_image(path); }) {}

SvgSource::SvgSource(const show::SvgSource& config, SourceContext context)
    : StillSource(context, full_path(config.path, context.show_dir), svg_load(config, context.show_dir)) {}

TextSource::TextSource(const show::TextSource& config, SourceContext context)
    : StillSource(context, full_path(config.path, context.show_dir), text_load(config, context.show_dir)) {}

}  // namespace mainstay
