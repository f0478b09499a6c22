// A programme that is encoded, packaged and served as on air, but on a clock that the test drives: it goes on only
// while all its viewers wait for what comes next, so that they see every update, as fast as the machine goes. Owned by
// the test. Thread-safety: all members from any thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "engine/core/clock.h"
#include "engine/ffi/av/audio_encoder.h"
#include "engine/ffi/av/video_encoder.h"
#include "engine/package/packager.h"
#include "engine/remote/origin/origin.h"

namespace mainstay::remote::testing {

/// Knows how many requests wait for a playlist to go on.
class WatchedShelf final : public package::Shelf {
 public:
  using Answered = std::function<void(package::Answer)>;
  void use(std::shared_ptr<package::Shelf> inner) { inner_ = std::move(inner); }
  /// Until so many wait; false: closed.
  bool await_waiting(int count);
  /// Nobody is waited for any more.
  void close();

  package::ItemPtr find(std::string_view path) const override { return inner_->find(path); }
  void reload(std::string_view path, const package::Reload& directives, Answered answer) override;
  void follow(std::string_view path, std::size_t index, Answered answer) override;
  Nanos target_duration() const override { return inner_->target_duration(); }
  Nanos part_target() const override { return inner_->part_target(); }

 private:
  void ask(const std::function<void(Answered)>& of_inner, Answered answer);

  std::shared_ptr<package::Shelf> inner_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool closed_ = false;
};

struct Programme {
  FrameIndex frames = 30 * 600;
  FrameIndex change = 30 * 300;  ///< from here on "v0" comes from another encoder, larger; negative: never
  int viewers = 3;
  bool dash = false;
  bool stalls = false;  ///< behind the last frame time goes on, and nothing comes
};

/// Renditions "v0" (96x54, then 128x72), "v1" (64x36), "a0"; 30 frames, segments of 2 s, parts of a third.
class PackagedStream {
 public:
  explicit PackagedStream(const Programme& programme, OriginSettings settings = {});
  ~PackagedStream();

  static constexpr Rate kRate{30, 1};
  static constexpr FrameIndex kFirst = 30;
  static constexpr FrameIndex kSegment = 60;

  std::uint16_t port() const { return port_; }
  ManualClock& clock() { return clock_; }
  /// The packager's thread is let go of: what a failed viewer must do.
  void give_up() { shelf_->close(); }

 private:
  class Feed;
  ManualClock clock_{ManualClock::Drive::test, UtcInstant(Seconds(1'700'000'000))};
  Log log_{{.level = LogLevel::off}};
  std::shared_ptr<WatchedShelf> shelf_ = std::make_shared<WatchedShelf>();
  Origin origin_;
  std::uint16_t port_ = 0;
  std::unique_ptr<package::Packager> packager_;
};

}  // namespace mainstay::remote::testing
