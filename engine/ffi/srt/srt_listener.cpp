#include "engine/ffi/srt/srt_listener.h"

#include <cstring>

#include "engine/ffi/srt/srt_socket_detail.h"

namespace mainstay::ffi {

namespace {

using srt::Handle;
using srt::SockAddress;

constexpr int kInternalError = 1500;  // SRT_REJX_ISE
constexpr std::size_t kLongestStreamid = 512;

bool alive(SRTSOCKET id) {
  if (id == SRT_INVALID_SOCK) return false;
  const SRT_SOCKSTATUS state = srt_getsockstate(id);
  return state == SRTS_INIT || state == SRTS_OPENED || state == SRTS_CONNECTING || state == SRTS_CONNECTED;
}

Error bind_error(const SockAddress& address) {
  int system_error = 0;
  const int error = srt_getlasterror(&system_error);
  if (system_error == EADDRINUSE || error == SRT_EDUPLISTEN || error == SRT_EBINDCONFLICT) {
    return make_error(Errc::io, "UDP port {} is in use: another program or source listens on {} already",
                      address.port(), address.text());
  }
  if (system_error == EACCES) {
    return make_error(Errc::io, "{} may not be listened on: ports under 1024 need privileges", address.text());
  }
  if (system_error == EADDRNOTAVAIL) {
    return make_error(Errc::io, "{} cannot be listened on: this machine does not have that address", address.text());
  }
  return srt::last_error(Errc::io, fmt::format("{} cannot be listened on", address.text()));
}

}  // namespace

struct SrtListener::Impl {
  SrtListenerOptions options;
  srt::Poller poller;
  std::atomic<std::int64_t> refused{0};
  // The connection that has the seat of an exclusive listener: taken in the hook, so that no two callers get in at
  // once.
  std::atomic<SRTSOCKET> seat{SRT_INVALID_SOCK};
  // Last member: libsrt is done with the hook, and so with this object, before the rest goes.
  Handle handle;

  int judge(SRTSOCKET caller, const sockaddr* from, const char* streamid) {
    if (options.exclusive && alive(seat)) return static_cast<int>(SrtVerdict::conflict);
    if (options.admit) {
      SockAddress address;
      address.length = from->sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
      std::memcpy(&address.storage, from, static_cast<std::size_t>(address.length));
      const std::string peer = address.text();
      const std::string_view id(streamid ? streamid : "", streamid ? strnlen(streamid, kLongestStreamid) : 0);
      const SrtVerdict verdict = options.admit({.streamid = id, .peer = peer});
      if (verdict != SrtVerdict::accept) return static_cast<int>(verdict);
    }
    seat = caller;
    return 0;
  }

  // srt_listen_callback_fn, on the thread that receives for this port.
  static int hook(void* opaque, SRTSOCKET caller, int, const sockaddr* from, const char* streamid) noexcept {
    Impl& self = *static_cast<Impl*>(opaque);
    int reason = kInternalError;
    try {
      reason = self.judge(caller, from, streamid);
    } catch (...) {
      // The caller hears of an internal error (1500); nothing may pass through libsrt.
    }
    if (reason == 0) return 0;
    ++self.refused;
    srt_setrejectreason(caller, reason);
    return -1;
  }
};

SrtListener::SrtListener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

SrtListener::~SrtListener() = default;

Result<std::unique_ptr<SrtListener>> SrtListener::open(SrtListenerOptions options) {
  options.srt.mode = SrtMode::listener;
  SockAddress address = srt::any_address(AF_INET, options.srt.port);
  if (!options.srt.host.empty()) {
    auto numeric = srt::numeric_address(options.srt.host, options.srt.port);
    if (!numeric) {
      return make_error(Errc::invalid,
                        "SRT listens on an address of this machine, such as 0.0.0.0 or 127.0.0.1; found \"{}\"",
                        options.srt.host);
    }
    address = *numeric;
  }
  auto impl = std::make_unique<Impl>();
  impl->options = std::move(options);
  MAINSTAY_TRY(impl->handle, srt::make_socket(impl->options.srt));
  const SRTSOCKET id = impl->handle.id();
  if (address.storage.ss_family == AF_INET6) {
    const int v6_only = 1;  // what "::" takes must be said before it can be bound
    srt_setsockflag(id, SRTO_IPV6ONLY, &v6_only, sizeof v6_only);
  }
  if (srt_listen_callback(id, &Impl::hook, impl.get()) == SRT_ERROR) {
    return srt::last_error(Errc::io, "SRT takes no listen callback");
  }
  if (srt_bind(id, address.get(), address.length) == SRT_ERROR) return bind_error(address);
  if (srt_listen(id, impl->options.backlog) == SRT_ERROR) return bind_error(address);
  MAINSTAY_CHECK(impl->poller.watch(id, SRT_EPOLL_IN | SRT_EPOLL_ERR));
  return std::unique_ptr<SrtListener>(new SrtListener(std::move(impl)));
}

Result<std::unique_ptr<SrtSocket>> SrtListener::accept(Clock& clock, std::stop_token stop, Instant deadline) {
  while (true) {
    if (stop.stop_requested() || aborted_) return Error{Errc::cancelled, "stopped while listening", nullptr};
    const int events = impl_->poller.wait(srt::kSlice);
    if (events == 0) {
      if (clock.now() >= deadline) return Error{Errc::again, "nobody has called", nullptr};
      continue;
    }
    SockAddress from;
    from.length = sizeof from.storage;
    Handle handle(srt_accept(impl_->handle.id(), from.get(), &from.length));
    if (!handle.valid()) {
      if (srt_getlasterror(nullptr) == SRT_EASYNCRCV) continue;
      return srt::last_error(Errc::io, "the SRT listener has failed");
    }
    auto socket = std::make_unique<SrtSocket::Impl>();
    socket->handle = std::move(handle);
    socket->peer = from.text();
    return std::unique_ptr<SrtSocket>(new SrtSocket(std::move(socket)));
  }
}

int SrtListener::port() const {
  SockAddress address;
  address.length = sizeof address.storage;
  if (srt_getsockname(impl_->handle.id(), address.get(), &address.length) == SRT_ERROR) return 0;
  return address.port();
}

std::int64_t SrtListener::refused() const {
  return impl_->refused;
}

SrtStreamid parse_streamid(std::string_view text) {
  constexpr std::string_view kKeyed = "#!::";
  SrtStreamid out;
  if (!text.starts_with(kKeyed)) {
    out.resource = text;
    return out;
  }
  text.remove_prefix(kKeyed.size());
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view pair = text.substr(0, comma);
    text = comma == text.npos ? std::string_view{} : text.substr(comma + 1);
    if (pair.size() < 2 || pair[1] != '=') continue;  // user-defined keys are longer, and not ours
    const std::string_view value = pair.substr(2);
    if (pair[0] == 'r') out.resource = value;
    if (pair[0] == 'm') out.mode = value;
    if (pair[0] == 'u') out.user = value;
    if (pair[0] == 's') out.session = value;
  }
  return out;
}

bool same_key(std::string_view given, std::string_view key) {
  unsigned difference = given.size() == key.size() ? 0U : 1U;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const char expected = key.empty() ? '\0' : key[i % key.size()];
    difference |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(expected);
  }
  return difference == 0;
}

}  // namespace mainstay::ffi
