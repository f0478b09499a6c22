// What the window asks of the engine: the narrow face of Studio, so that tests can put a fake in its place.
// Owned by run_window() (or by a test).
// Thread-safety: reads and commands are called from the window's worker threads; callbacks may come from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/media/frame.h"
#include "engine/show/parse.h"
#include "engine/studio/snapshot.h"

namespace mainstay::ui {

class StudioPort {
 public:
  using Done = std::function<void(Status)>;
  using Opened = std::function<void(std::vector<show::ShowError>)>;

  virtual ~StudioPort() = default;

  virtual void open_show(std::string path, Opened done) = 0;
  virtual void start(std::int64_t frames, Done done) = 0;
  virtual void stop(Done done) = 0;
  /// An empty role means both legs.
  virtual void retry_now(std::string destination, std::string role, Done done) = 0;
  virtual void take_main(std::string destination, Done done) = 0;

  virtual Snapshot snapshot() const = 0;
  virtual FramePtr program_picture() const = 0;
  virtual std::vector<Event> events(std::int64_t after, std::size_t limit) const = 0;
  /// Why the last show failed while running; empty when it did not.
  virtual std::string failure() const = 0;
};

}  // namespace mainstay::ui
