// What SrtSocket and SrtListener share: owning handles, options on a socket, addresses, and libsrt's errors in words.
// Only .cpp files of engine/ffi/srt include this header.
// Thread-safety: plain functions.
#pragma once

#include <srt/srt.h>
#include <sys/socket.h>

#include <string>
#include <utility>

#include "engine/core/result.h"
#include "engine/ffi/srt/srt_options.h"

namespace mainstay::ffi::srt {

/// Closes the SRT socket it holds.
class Handle {
 public:
  explicit Handle(SRTSOCKET id = SRT_INVALID_SOCK) : id_(id) {}
  ~Handle() { reset(); }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, SRT_INVALID_SOCK)) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      reset();
      id_ = std::exchange(other.id_, SRT_INVALID_SOCK);
    }
    return *this;
  }
  SRTSOCKET id() const { return id_; }
  bool valid() const { return id_ != SRT_INVALID_SOCK; }
  void reset() {
    if (valid()) srt_close(std::exchange(id_, SRT_INVALID_SOCK));
  }

 private:
  SRTSOCKET id_;
};

/// Waits for events on one socket.
class Poller {
 public:
  Poller() = default;
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  Status watch(SRTSOCKET id, int events);
  /// The events that are there within `slice`, 0 when none.
  int wait(Millis slice) const;

 private:
  int id_ = -1;
};

/// What a blocked call looks at its stop for, at the latest.
inline constexpr Millis kSlice{20};

struct SockAddress {
  sockaddr_storage storage{};
  int length = 0;

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  std::string text() const;
  int port() const;
};

SockAddress any_address(int family, int port);
/// A numeric host ("127.0.0.1", "::1"), at once and without a network.
Result<SockAddress> numeric_address(const std::string& host, int port);

/// A new socket with everything set that must be set before it connects or listens.
Result<Handle> make_socket(const SrtOptions& options);

/// libsrt's last error on this thread: `what` went wrong, and why.
Error last_error(Errc code, std::string what);

/// Why a connection to `peer` did not come about, from libsrt's reject reason (SRT API, "Rejection Reasons").
Error reject_error(int reason, const SrtOptions& options);

}  // namespace mainstay::ffi::srt
