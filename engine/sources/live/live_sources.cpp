#include "engine/sources/live/live_sources.h"

#include <utility>

namespace mainstay {

namespace {

class NotYet final : public Source {
 public:
  explicit NotYet(SourceContext context) : context_(std::move(context)) {}
  void start() override { context_.log.error("source " + context_.name, "{}", kWhy); }
  bool ready() const override { return true; }
  SourceOutput pull(FrameIndex, std::stop_token) override { return {}; }
  SourceStatus status() const override { return {.state = SourceState::failed, .detail = kWhy}; }

 private:
  static constexpr const char* kWhy = "sources of this kind cannot be opened yet";
  const SourceContext context_;
};

}  // namespace

std::unique_ptr<Source> make_stream_source(const show::StreamSource&, SourceContext context) {
  return std::make_unique<NotYet>(std::move(context));
}

std::unique_ptr<Source> make_screen_source(const show::ScreenSource&, SourceContext context) {
  return std::make_unique<NotYet>(std::move(context));
}

std::unique_ptr<Source> make_camera_source(const show::CameraSource&, SourceContext context) {
  return std::make_unique<NotYet>(std::move(context));
}

std::unique_ptr<Source> make_audio_source(const show::AudioSource&, SourceContext context) {
  return std::make_unique<NotYet>(std::move(context));
}

}  // namespace mainstay
