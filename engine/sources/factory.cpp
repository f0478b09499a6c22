#include "engine/sources/factory.h"

#include <utility>
#include <variant>

#include "engine/sources/bars_source.h"
#include "engine/sources/composed_source.h"
#include "engine/sources/file_source.h"
#include "engine/sources/ingest/ingest_source.h"
#include "engine/sources/live/live_sources.h"
#include "engine/sources/playlist_source.h"
#include "engine/sources/slideshow_source.h"
#include "engine/sources/still_source.h"
#include "engine/sources/ticker_source.h"
#include "engine/sources/timed_text.h"

namespace mainstay {

namespace {

using Made = std::unique_ptr<Source>;

Made make(const show::FileSource& config, SourceContext context) {
  return std::make_unique<FileSource>(config, std::move(context));
}
Made make(const show::BarsSource& config, SourceContext context) {
  return std::make_unique<BarsSource>(config, std::move(context));
}
Made make(const show::ColorSource& config, SourceContext context) {
  return std::make_unique<ColorSource>(config, std::move(context));
}
Made make(const show::ImageSource& config, SourceContext context) {
  return std::make_unique<ImageSource>(config, std::move(context));
}
Made make(const show::IngestSource& config, SourceContext context) {
  return make_ingest_source(config, std::move(context));
}
Made make(const show::TextSource& config, SourceContext context) {
  return std::make_unique<TextSource>(config, std::move(context));
}
Made make(const show::ClockSource& config, SourceContext context) {
  return std::make_unique<ClockSource>(config, std::move(context));
}
Made make(const show::CountdownSource& config, SourceContext context) {
  return std::make_unique<CountdownSource>(config, std::move(context));
}
Made make(const show::TickerSource& config, SourceContext context) {
  return std::make_unique<TickerSource>(config, std::move(context));
}
Made make(const show::SvgSource& config, SourceContext context) {
  return std::make_unique<SvgSource>(config, std::move(context));
}

Made make(const show::PlaylistSource& config, SourceContext context) {
  return std::make_unique<PlaylistSource>(config, std::move(context));
}
Made make(const show::SlideshowSource& config, SourceContext context) {
  return std::make_unique<SlideshowSource>(config, std::move(context));
}

Made make(const show::SceneSource&, SourceContext context) {
  return std::make_unique<ComposedSource>(std::move(context));
}
Made make(const show::MultiviewSource&, SourceContext context) {
  return std::make_unique<ComposedSource>(std::move(context));
}

Made make(const show::StreamSource& config, SourceContext context) {
  return make_stream_source(config, std::move(context));
}
Made make(const show::ScreenSource& config, SourceContext context) {
  return make_screen_source(config, std::move(context));
}
Made make(const show::CameraSource& config, SourceContext context) {
  return make_camera_source(config, std::move(context));
}
Made make(const show::AudioSource& config, SourceContext context) {
  return make_audio_source(config, std::move(context));
}

}  // namespace

std::unique_ptr<Source> make_source(const show::Source& config, SourceContext context) {
  return std::visit([&](const auto& kind) { return make(kind, std::move(context)); }, config);
}

}  // namespace mainstay
