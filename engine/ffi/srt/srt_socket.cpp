#include "engine/ffi/srt/srt_socket.h"

#include <algorithm>
#include <array>

#include "engine/ffi/srt/srt_socket_detail.h"
#include "engine/ffi/srt/srt_stats_detail.h"

namespace mainstay::ffi {

namespace {

using srt::Handle;
using srt::SockAddress;

// Waiting longer than libsrt itself does is only a safety net under its own timer.
constexpr Nanos kConnectMargin = Millis{500};
constexpr std::size_t kAddressesTried = 3;
constexpr Millis kShortestTry{200};

Error lost() {
  return make_error(Errc::io, "the far side closed the connection, or it is lost");
}

template <class T>
T get_flag(SRTSOCKET id, SRT_SOCKOPT option) {
  T value{};
  int size = sizeof value;
  if (srt_getsockflag(id, option, &value, &size) == SRT_ERROR) return T{};
  return value;
}

Result<SockAddress> local_address(const SrtOptions& options, int family) {
  const bool rendezvous = options.mode == SrtMode::rendezvous;
  const int port = options.local_port != 0 ? options.local_port : rendezvous ? options.port : 0;
  if (options.local_host.empty()) return srt::any_address(family, port);
  auto address = srt::numeric_address(options.local_host, port);
  if (!address) return wrap(address.error(), "SRT option localaddr");
  return address;
}

Status start_connect(SRTSOCKET id, const SrtOptions& options, const SockAddress& remote) {
  const bool rendezvous = options.mode == SrtMode::rendezvous;
  if (rendezvous || options.local_port != 0 || !options.local_host.empty()) {
    MAINSTAY_TRY(const SockAddress local, local_address(options, remote.storage.ss_family));
    if (rendezvous) {
      if (srt_rendezvous(id, local.get(), local.length, remote.get(), remote.length) != SRT_ERROR) return {};
      return srt::last_error(Errc::io, fmt::format("a rendezvous from {} cannot start", local.text()));
    }
    if (srt_bind(id, local.get(), local.length) == SRT_ERROR) {
      return srt::last_error(Errc::io, fmt::format("{} cannot be sent from", local.text()));
    }
  }
  if (srt_connect(id, remote.get(), remote.length) != SRT_ERROR) return {};
  return srt::last_error(Errc::io, fmt::format("{} cannot be called", remote.text()));
}

Status wait_connected(SRTSOCKET id, srt::Poller& poller, const SrtOptions& options, Clock& clock,
                      std::stop_token stop) {
  const Instant deadline = clock.now() + options.connect_timeout + kConnectMargin;
  while (!stop.stop_requested()) {
    const int events = poller.wait(srt::kSlice);
    const SRT_SOCKSTATUS state = srt_getsockstate(id);
    if (state == SRTS_CONNECTED) return {};
    if (events != 0 || state > SRTS_CONNECTED) return srt::reject_error(srt_getrejectreason(id), options);
    if (clock.now() > deadline) return srt::reject_error(SRT_REJ_TIMEOUT, options);
  }
  return Error{Errc::cancelled, "stopped while connecting", nullptr};
}

Result<Handle> connect_to(const SockAddress& remote, const SrtOptions& options, Clock& clock, std::stop_token stop) {
  MAINSTAY_TRY(Handle handle, srt::make_socket(options));
  // Before the call: libsrt tells nobody who watches later that the call was refused already.
  srt::Poller poller;
  MAINSTAY_CHECK(poller.watch(handle.id(), SRT_EPOLL_OUT | SRT_EPOLL_ERR));
  MAINSTAY_CHECK(start_connect(handle.id(), options, remote));
  MAINSTAY_CHECK(wait_connected(handle.id(), poller, options, clock, std::move(stop)));
  return handle;
}

}  // namespace

SrtSocket::SrtSocket(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

SrtSocket::~SrtSocket() = default;

Result<std::unique_ptr<SrtSocket>> SrtSocket::connect(const SrtOptions& options, Clock& clock, Resolver& resolver,
                                                      std::stop_token stop) {
  if (options.mode == SrtMode::listener) {
    return make_error(Errc::invalid, "an SRT listener does not call; it is opened with SrtListener");
  }
  MAINSTAY_CHECK(validate(options));
  const Instant deadline = clock.now() + options.connect_timeout;
  MAINSTAY_TRY(const auto addresses, resolver.resolve(options.host, deadline, stop));
  const auto tries = static_cast<std::int64_t>(std::min(addresses.size(), kAddressesTried));
  Error error = make_error(Errc::io, "{} has no address", options.host);
  for (std::int64_t i = 0; i < tries; ++i) {
    // What is left is shared by the addresses that are left.
    const auto left = std::chrono::duration_cast<Millis>(deadline - clock.now()) / (tries - i);
    SrtOptions attempt = options;
    attempt.connect_timeout = std::max(left, kShortestTry);
    MAINSTAY_TRY(const SockAddress remote,
                 srt::numeric_address(addresses[static_cast<std::size_t>(i)].text, options.port));
    auto handle = connect_to(remote, attempt, clock, stop);
    if (handle) {
      auto impl = std::make_unique<Impl>();
      impl->handle = std::move(*handle);
      impl->peer = remote.text();
      return std::unique_ptr<SrtSocket>(new SrtSocket(std::move(impl)));
    }
    error = std::move(handle).error();
    // A refusal is an answer: the other addresses of the host would say the same.
    if (error.code != Errc::io) break;
  }
  return error;
}

Status SrtSocket::send(std::span<const std::uint8_t> datagram) {
  const int sent = srt_sendmsg2(impl_->id(), reinterpret_cast<const char*>(datagram.data()),
                                static_cast<int>(datagram.size()), nullptr);
  if (sent != SRT_ERROR) return {};
  const int error = srt_getlasterror(nullptr);
  if (error == SRT_EASYNCSND || error == SRT_ECONGEST) {
    return Error{Errc::again, "SRT's send buffer is full", nullptr};
  }
  return srt::last_error(Errc::io, fmt::format("sending to {} failed", impl_->peer));
}

Result<std::size_t> SrtSocket::receive(std::span<std::uint8_t> buffer, Millis wait) {
  // Counted in slices rather than read off a clock: the wait is short, and a slice more or less does no harm.
  for (Millis left = wait;; left -= srt::kSlice) {
    if (aborted_) return Error{Errc::cancelled, "stopped", nullptr};
    const int got =
        srt_recvmsg2(impl_->id(), reinterpret_cast<char*>(buffer.data()), static_cast<int>(buffer.size()), nullptr);
    if (got > 0) return static_cast<std::size_t>(got);
    if (got == 0) return Error{Errc::end, "the sender closed the connection", nullptr};
    const int error = srt_getlasterror(nullptr);
    if (error == SRT_ECONNLOST || error == SRT_ENOCONN || error == SRT_EINVSOCK) {
      return Error{Errc::end, "the sender closed the connection, or it is lost", nullptr};
    }
    if (error != SRT_EASYNCRCV) {
      return srt::last_error(Errc::io, fmt::format("receiving from {} failed", impl_->peer));
    }
    if (left <= Millis{0}) return Error{Errc::again, "nothing came", nullptr};
    if (!impl_->watching) {
      MAINSTAY_CHECK(impl_->readable.watch(impl_->id(), SRT_EPOLL_IN | SRT_EPOLL_ERR));
      impl_->watching = true;
    }
    impl_->readable.wait(std::min(left, srt::kSlice));
  }
}

Status SrtSocket::check() const {
  if (srt_getsockstate(impl_->id()) != SRTS_CONNECTED) return lost();
  return {};
}

SrtStats SrtSocket::stats() const {
  SRT_TRACEBSTATS perf{};
  if (srt_bistats(impl_->id(), &perf, 0, 1) == SRT_ERROR) return {};
  return srt::to_stats(perf);
}

SrtDetails SrtSocket::details() const {
  SRT_TRACEBSTATS perf{};
  if (srt_bistats(impl_->id(), &perf, 0, 1) == SRT_ERROR) return {};
  return srt::to_details(perf);
}

int SrtSocket::unacked_bytes() const {
  std::size_t blocks = 0;
  std::size_t bytes = 0;
  if (srt_getsndbuffer(impl_->id(), &blocks, &bytes) == SRT_ERROR) return 0;
  return static_cast<int>(bytes);
}

Millis SrtSocket::peer_latency() const {
  return Millis{get_flag<int>(impl_->id(), SRTO_PEERLATENCY)};
}

Status SrtSocket::set_input_rate(std::int64_t bytes_per_s) {
  if (srt_setsockflag(impl_->id(), SRTO_INPUTBW, &bytes_per_s, sizeof bytes_per_s) != SRT_ERROR) return {};
  return srt::last_error(Errc::io, "the input rate cannot be set");
}

std::string SrtSocket::peer() const {
  return impl_->peer;
}

std::string SrtSocket::streamid() const {
  std::array<char, 513> text{};
  int size = text.size();
  if (srt_getsockflag(impl_->id(), SRTO_STREAMID, text.data(), &size) == SRT_ERROR) return {};
  return {text.data(), static_cast<std::size_t>(std::clamp(size, 0, 512))};
}

int SrtSocket::local_port() const {
  SockAddress address;
  address.length = sizeof address.storage;
  if (srt_getsockname(impl_->id(), address.get(), &address.length) == SRT_ERROR) return 0;
  return address.port();
}

std::int32_t SrtSocket::id() const {
  return impl_->id();
}

void SrtSocket::close() {
  impl_->handle.reset();
}

}  // namespace mainstay::ffi
