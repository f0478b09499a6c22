#include "engine/ffi/net/abort_signal.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace mainstay::ffi {

namespace {

// A wait looks at the injected clock at least this often, so that a clock that is not the machine's can end it.
constexpr Millis kLook{20};

short events(Ready what) {
  switch (what) {
    case Ready::read:
      return POLLIN;
    case Ready::write:
      return POLLOUT;
    case Ready::read_or_write:
      break;
  }
  return POLLIN | POLLOUT;
}

}  // namespace

AbortSignal::AbortSignal() : wake_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

AbortSignal::~AbortSignal() {
  if (wake_fd_ >= 0) close(wake_fd_);
}

void AbortSignal::raise() noexcept {
  source_.request_stop();
  const std::uint64_t one = 1;
  // A full counter is as readable as a new one; without a descriptor the waits see the stop at their next look.
  [[maybe_unused]] const auto written = write(wake_fd_, &one, sizeof one);
  std::lock_guard lock(mutex_);
  if (attached_ >= 0) shutdown(attached_, SHUT_RDWR);
}

void AbortSignal::attach(int fd) {
  std::lock_guard lock(mutex_);
  attached_ = fd;
  if (raised()) shutdown(fd, SHUT_RDWR);
}

void AbortSignal::detach() {
  std::lock_guard lock(mutex_);
  attached_ = -1;
}

Status wait_ready(int fd, Ready what, Clock& clock, Instant deadline, const AbortSignal& abort) {
  while (true) {
    if (abort.raised()) return AbortSignal::cancelled();
    const Nanos left = deadline - clock.now();
    const auto ms = left > Nanos{0} ? std::min<std::int64_t>(left / Millis{1} + 1, kLook.count()) : 0;
    std::array<pollfd, 2> fds{pollfd{fd, events(what), 0}, pollfd{abort.wake_fd(), POLLIN, 0}};
    const int ready = ::poll(fds.data(), fds.size(), static_cast<int>(ms));
    if (ready < 0 && errno != EINTR) return make_error(Errc::io, "cannot wait for the network (error {})", errno);
    if (abort.raised()) return AbortSignal::cancelled();
    if (ready > 0 && fds[0].revents != 0) return {};
    if (left <= Nanos{0}) return Error{Errc::again, "no answer in time", nullptr};
  }
}

bool ready_now(int fd, Ready what) {
  pollfd one{fd, events(what), 0};
  return ::poll(&one, 1, 0) > 0;
}

}  // namespace mainstay::ffi
