// The one switch that ends everything a connection is doing: waits for a name, waits for a socket, calls into a
// library. Owned by the connection (a transport), lives longer than all its parts. Thread-safety: raise(), raised() and
// token() from any thread; attach() and detach() from the connection's thread.
#pragma once

#include <mutex>
#include <stop_token>

#include "engine/core/clock.h"
#include "engine/core/result.h"

namespace mainstay::ffi {

class AbortSignal {
 public:
  AbortSignal();
  ~AbortSignal();
  AbortSignal(const AbortSignal&) = delete;
  AbortSignal& operator=(const AbortSignal&) = delete;

  /// From now on every wait ends at once with Errc::cancelled, and a library blocked on the attached socket returns.
  void raise() noexcept;
  bool raised() const { return source_.stop_requested(); }
  std::stop_token token() const { return source_.get_token(); }
  static Error cancelled() { return Error{Errc::cancelled, "stopped", nullptr}; }

  /// The socket that raise() shuts down. Detach before the descriptor is closed: its number may come back as another's.
  void attach(int fd);
  void detach();

  /// Readable once raised; for poll().
  int wake_fd() const { return wake_fd_; }

 private:
  std::stop_source source_;
  std::mutex mutex_;
  int attached_ = -1;
  int wake_fd_ = -1;
};

/// What a socket is waited for.
enum class Ready { read, write, read_or_write };

/// Waits until `fd` is ready. Errc::again at the deadline, Errc::cancelled when `abort` is raised. A socket with an
/// error counts as ready: the next call on it says which.
Status wait_ready(int fd, Ready what, Clock& clock, Instant deadline, const AbortSignal& abort);

/// True when `fd` is ready now.
bool ready_now(int fd, Ready what);

}  // namespace mainstay::ffi
