// What is known here of a studio elsewhere: its state and its events as they came.
// Owned by a RemoteStudio.
// Thread-safety: all members from any thread.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/studio/event_types.h"
#include "engine/studio/listeners.h"
#include "engine/studio/snapshot.h"

namespace mainstay::remote {

class Mirror {
 public:
  static constexpr std::size_t kKept = 2000;  ///< events, as the studio itself keeps them

  /// What came together: listeners see both.
  void publish(show::Json state, std::vector<Event> events);

  show::Json state() const;
  std::vector<Event> events(std::int64_t after, std::size_t limit) const;
  std::shared_ptr<void> on_event(std::function<void()> listener) { return listeners_.add(std::move(listener)); }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const show::Json> state_ = std::make_shared<const show::Json>(show::Json::object());
  std::deque<Event> events_;
  Listeners listeners_;
};

}  // namespace mainstay::remote
