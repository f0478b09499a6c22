// A thread with a name that says role and instance ("program", "enc/v0", "leg/main"); stops and joins when destroyed.
// Owned by the link or stage driver that runs it.
// Thread-safety: construct, request_stop and destroy from the owner; stop_token() from any thread.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

namespace mainstay {

/// How a thread gets a core that others want too.
enum class Scheduling {
  normal,
  /// Works for well under a millisecond at a time and is waited for: in front of what computes for long, where the
  /// system lets us (Linux: SCHED_RR for root, CAP_SYS_NICE or an RLIMIT_RTPRIO of 1; otherwise as normal). Not
  /// for a thread that is ever busy for longer. Threads it makes are normal ones.
  prompt,
};

class NamedThread {
 public:
  NamedThread() = default;
  /// Runs `body` until it returns; `name` holds at most 15 characters (the kernel's limit; longer ones are cut).
  NamedThread(std::string name, std::function<void(std::stop_token)> body)
      : NamedThread(std::move(name), Scheduling::normal, std::move(body)) {}
  NamedThread(std::string name, Scheduling scheduling, std::function<void(std::stop_token)> body);

  void request_stop() { thread_.request_stop(); }
  std::stop_token stop_token() const { return thread_.get_stop_token(); }
  bool joinable() const { return thread_.joinable(); }
  /// Asks for the stop and waits for the end.
  void stop();
  /// Waits for the end.
  void join();

 private:
  std::jthread thread_;
};

}  // namespace mainstay
