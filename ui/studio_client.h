// The window's port on the real Studio of this process.
// Owned by run_window(); the Studio outlives it.
// Thread-safety: as Studio: any thread.
#pragma once

#include "engine/studio/studio.h"
#include "ui/studio_port.h"

namespace mainstay::ui {

class StudioClient final : public StudioPort {
 public:
  explicit StudioClient(Studio& studio) : studio_(studio) {}

  void open_show(std::string path, Opened done) override { studio_.open_show(std::move(path), std::move(done)); }
  void start(std::int64_t frames, Done done) override { studio_.start(frames, std::move(done)); }
  void stop(Done done) override { studio_.stop(std::move(done)); }
  void retry_now(std::string destination, std::string role, Done done) override {
    studio_.retry_now(std::move(destination), std::move(role), std::move(done));
  }
  void take_main(std::string destination, Done done) override {
    studio_.take_main(std::move(destination), std::move(done));
  }

  Snapshot snapshot() const override { return studio_.snapshot(); }
  FramePtr program_picture() const override { return studio_.program_picture(); }
  std::vector<Event> events(std::int64_t after, std::size_t limit) const override {
    return studio_.events(after, limit);
  }
  std::string failure() const override { return studio_.failure(); }

 private:
  Studio& studio_;
};

}  // namespace mainstay::ui
