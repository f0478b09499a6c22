// Stands for what the program puts together itself (a scene in scenes, a multiview): it has a name and a status, and
// the program knows how to make its picture. Owned by the program. Thread-safety: as engine/sources/source.h says.
#pragma once

#include <atomic>

#include "engine/sources/source.h"

namespace mainstay {

class ComposedSource final : public Source {
 public:
  explicit ComposedSource(const SourceContext&) {}

  void start() override {}
  bool ready() const override { return true; }
  SourceOutput pull(FrameIndex, std::stop_token) override { return {}; }
  SourceStatus status() const override {
    SourceStatus status;
    status.state = SourceState::live;
    status.frames = frames_;
    return status;
  }

  /// The program made a picture.
  void count() { ++frames_; }

 private:
  std::atomic<std::int64_t> frames_{0};
};

}  // namespace mainstay
