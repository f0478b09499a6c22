#include "engine/ffi/net/tcp.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace mainstay::ffi {

namespace {

// What one write may hang for, and what the kernel may go unanswered for, before the connection counts as gone. The
// leg's own watchdog is far quicker; the second is for when nobody calls it. Linux also counts a receive window that is
// open but too small for the next segment, so that a few seconds here would end slow connections that are alive (seen).
constexpr Millis kSendTimeout{1000};
constexpr Millis kUserTimeout{20000};
// In flight: rate times RTT must fit, 1 MiB carries 20 Mb/s over 400 ms. (The kernel doubles it for its bookkeeping.)
constexpr int kSendBuffer = 1 << 20;
// Not yet in flight: what a stall can hide before the socket stops to be writable; 96 KiB is 130 ms at 6 Mb/s. This and
// not SO_SNDBUF is what shows a stall early, because it does not count what the network is carrying anyway.
constexpr int kUnsentLimit = 96 << 10;

template <class T>
void set_option(int fd, int level, int name, const T& value) {
  // All of these improve a connection that also works without them.
  setsockopt(fd, level, name, &value, sizeof value);
}

void tune(int fd) {
  set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(fd, SOL_SOCKET, SO_SNDBUF, kSendBuffer);
  set_option(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, kUnsentLimit);
  set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<unsigned>(kUserTimeout.count()));
  set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, 2);
  set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, 1);
  set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
  const timeval timeout{kSendTimeout.count() / 1000, (kSendTimeout.count() % 1000) * 1000};
  set_option(fd, SOL_SOCKET, SO_SNDTIMEO, timeout);
  set_option(fd, SOL_SOCKET, SO_RCVTIMEO, timeout);
}

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

Result<SocketAddress> socket_address(const Address& address, std::uint16_t port) {
  SocketAddress out;
  if (address.v6) {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(out.storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    v6.sin6_scope_id = address.scope;
    const std::string bare = address.text.substr(0, address.text.find('%'));
    if (inet_pton(AF_INET6, bare.c_str(), &v6.sin6_addr) == 1) out.size = sizeof v6;
  } else {
    auto& v4 = reinterpret_cast<sockaddr_in&>(out.storage);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    if (inet_pton(AF_INET, address.text.c_str(), &v4.sin_addr) == 1) out.size = sizeof v4;
  }
  if (out.size == 0) return make_error(Errc::invalid, "'{}' is not an address", address.text);
  return out;
}

std::string in_words(Nanos d) {
  return d % Seconds{1} == Nanos{0} ? fmt::format("{} s", d / Seconds{1}) : fmt::format("{} ms", d / Millis{1});
}

// Connects `fd` (non-blocking) within the deadline.
Status connect_one(int fd, const SocketAddress& to, const std::string& peer, Clock& clock, Instant deadline,
                   const AbortSignal& abort) {
  const Instant start = clock.now();
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to.storage), to.size) == 0) return {};
  if (errno != EINPROGRESS) return tcp_error(errno, peer);
  if (auto ready = wait_ready(fd, Ready::write, clock, deadline, abort); !ready) {
    if (ready.error().code != Errc::again) return ready;
    const Nanos waited = std::chrono::round<Millis>(deadline - start);
    return make_error(Errc::io, "no answer from {} within {} (a firewall, or the wrong address?)", peer,
                      in_words(waited));
  }
  int error_number = 0;
  socklen_t size = sizeof error_number;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error_number, &size);
  if (error_number != 0) return tcp_error(error_number, peer);
  return {};
}

}  // namespace

Error tcp_error(int error_number, const std::string& peer) {
  switch (error_number) {
    case ECONNREFUSED:
      return make_error(Errc::io, "connection refused by {}: is the server running?", peer);
    case ECONNRESET:
    case EPIPE:
      return make_error(Errc::io, "{} closed the connection", peer);
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EADDRNOTAVAIL:
      return make_error(Errc::io, "no way to {}: is the network up?", peer);
    case ETIMEDOUT:
      return make_error(Errc::io, "no answer from {} any more", peer);
    case ENETDOWN:
      return make_error(Errc::io, "the network is down (towards {})", peer);
    default:
      return make_error(Errc::io, "connection to {}: {}", peer, std::generic_category().message(error_number));
  }
}

Result<TcpSocket> TcpSocket::connect(const std::vector<Address>& addresses, std::uint16_t port, Clock& clock,
                                     Instant deadline, AbortSignal& abort) {
  std::string reasons;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const std::string peer = endpoint_text(addresses[i], port);
    MAINSTAY_TRY(const SocketAddress to, socket_address(addresses[i], port));
    const int fd = ::socket(to.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    Status connected;
    if (fd < 0) {
      connected = tcp_error(errno, peer);
    } else {
      TcpSocket socket(fd, abort, peer);
      tune(fd);
      const Instant now = clock.now();
      const Instant share = now + (deadline - now) / static_cast<std::int64_t>(addresses.size() - i);
      connected = connect_one(fd, to, peer, clock, share, abort);
      if (connected) {
        const int flags = fcntl(fd, F_GETFL);
        fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
        abort.attach(fd);
        return socket;
      }
    }
    if (connected.error().code == Errc::cancelled) return std::move(connected).error();
    reasons += (reasons.empty() ? "" : "; ") + connected.error().message;
  }
  return Error{Errc::io, reasons.empty() ? "no address to connect to" : reasons, nullptr};
}

TcpSocket::~TcpSocket() {
  close();
}

TcpSocket::TcpSocket(TcpSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), abort_(other.abort_), peer_(std::move(other.peer_)) {}

TcpSocket& TcpSocket::operator=(TcpSocket&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
    abort_ = other.abort_;
    peer_ = std::move(other.peer_);
  }
  return *this;
}

void TcpSocket::close() noexcept {
  if (fd_ < 0) return;
  abort_->detach();
  ::close(std::exchange(fd_, -1));
}

Result<std::size_t> TcpSocket::read(std::span<std::uint8_t> into) {
  while (true) {
    const ssize_t got = ::recv(fd_, into.data(), into.size(), MSG_DONTWAIT);
    if (got > 0) return static_cast<std::size_t>(got);
    if (got == 0) return make_error(Errc::end, "{} closed the connection", peer_);
    if (errno == EAGAIN) return make_error(Errc::again, "nothing to read");
    if (errno != EINTR) return tcp_error(errno, peer_);
  }
}

void TcpSocket::end_writing() noexcept {
  if (fd_ >= 0) ::shutdown(fd_, SHUT_WR);
}

void TcpSocket::shut_down() noexcept {
  if (fd_ >= 0) ::shutdown(fd_, SHUT_RDWR);
}

TcpInfo TcpSocket::info() const {
  TcpInfo out;
  int value = 0;
  if (ioctl(fd_, SIOCOUTQ, &value) == 0) out.queued_bytes = value;
  if (ioctl(fd_, SIOCOUTQNSD, &value) == 0) out.unsent_bytes = value;
  tcp_info kernel{};
  socklen_t size = sizeof kernel;
  if (getsockopt(fd_, IPPROTO_TCP, TCP_INFO, &kernel, &size) == 0) {
    out.rtt = Micros(kernel.tcpi_rtt);
    out.retransmits = kernel.tcpi_total_retrans;
  }
  return out;
}

Status TcpSocket::pending_error() const {
  int error_number = 0;
  socklen_t size = sizeof error_number;
  if (getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error_number, &size) == 0 && error_number != 0) {
    return tcp_error(error_number, peer_);
  }
  return {};
}

}  // namespace mainstay::ffi
