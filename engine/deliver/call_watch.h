// Ends calls into a transport that take too long: a thread beside the leg's, which aborts the call in progress when its
// deadline has come. Without it a transport that blocks would take the leg's own watchdogs down with it.
// Owned by a Leg.
// Thread-safety: call() from the leg's thread; everything else from any thread.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>

#include "engine/core/clock.h"
#include "engine/core/named_thread.h"
#include "engine/deliver/transport.h"

namespace mainstay {

class CallWatch {
 public:
  CallWatch(Clock& clock, std::string thread_name);
  ~CallWatch();
  CallWatch(const CallWatch&) = delete;
  CallWatch& operator=(const CallWatch&) = delete;

  /// Runs `f`, which calls into `transport`; aborts the transport when `f` is not back in time.
  template <class F>
  auto call(Transport& transport, Nanos limit, F&& f) {
    const Guard guard(*this, transport, limit);
    return std::forward<F>(f)();
  }

  /// From now on no call lasts beyond `deadline`, whatever its own limit; kNever lifts this.
  void cap(Instant deadline);
  /// Whether the last call was ended by the watch.
  bool fired() const;

 private:
  class Guard {
   public:
    Guard(CallWatch& watch, Transport& transport, Nanos limit) : watch_(watch) { watch_.begin(transport, limit); }
    ~Guard() { watch_.end(); }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    CallWatch& watch_;
  };

  void begin(Transport& transport, Nanos limit);
  void end();
  void run(std::stop_token stop);
  Instant due() const;

  Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Transport* transport_ = nullptr;  // in a call
  Instant deadline_ = kNever;
  Instant cap_ = kNever;
  Instant sleeping_to_ = kNever;  // when the thread looks next; it is woken only for what is due earlier
  bool woken_ = false;
  bool fired_ = false;
  NamedThread thread_;  // last: uses all of the above
};

}  // namespace mainstay
