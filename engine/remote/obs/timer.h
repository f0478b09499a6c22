// Work to be done later on the sessions' thread, by the injected clock.
// Owned by the obs server.
// Thread-safety: after() from any thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>

#include "engine/core/clock.h"
#include "engine/core/named_thread.h"

namespace mainstay::obs {

class Timer {
 public:
  using Post = std::function<void(std::function<void()>)>;

  /// `post` runs work on the sessions' thread; called by the timer's thread.
  Timer(Clock& clock, Post post);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// Sessions ask for few at a time: what is over `kMost` of them is dropped.
  void after(Nanos delay, std::function<void()> work);

 private:
  static constexpr std::size_t kMost = 100'000;

  void run(std::stop_token stop);

  Clock& clock_;
  const Post post_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::multimap<Instant, std::function<void()>> waiting_;
  NamedThread thread_;  // last: uses all of the above
};

}  // namespace mainstay::obs
