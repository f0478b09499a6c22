#include "engine/ffi/srt/srt_detail.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <srt/access_control.h>

#include <cstring>
#include <memory>

namespace mainstay::ffi::srt {

namespace {

// The errors of the setters are gathered, so that make_socket() reads as a list.
class Setter {
 public:
  explicit Setter(SRTSOCKET id) : id_(id) {}

  template <class T>
  void set(SRT_SOCKOPT option, const char* name, T value) {
    put(option, name, &value, sizeof value);
  }
  template <class T>
  void set(SRT_SOCKOPT option, const char* name, const std::optional<T>& value) {
    if (value) set(option, name, *value);
  }
  void set(SRT_SOCKOPT option, const char* name, const std::string& value) {
    if (!value.empty()) put(option, name, value.data(), value.size());
  }
  Status status() const { return status_ ? Status{} : Status{*error_}; }

 private:
  void put(SRT_SOCKOPT option, const char* name, const void* value, std::size_t size) {
    if (!status_) return;
    if (srt_setsockflag(id_, option, value, static_cast<int>(size)) != SRT_ERROR) return;
    status_ = false;
    error_ = std::make_unique<Error>(
        make_error(Errc::invalid, "SRT does not take the value given for {}: {}", name, srt_getlasterror_str()));
  }

  SRTSOCKET id_;
  bool status_ = true;
  std::unique_ptr<Error> error_;
};

std::optional<int> milliseconds(Millis value) {
  return static_cast<int>(value.count());
}

const char* reject_words(int reason) {
  switch (reason) {
    case SRT_REJ_SYSTEM:
      return "a system call failed on the way";
    case SRT_REJ_PEER:
      return "the far side rejected the connection without saying why";
    case SRT_REJ_RESOURCE:
      return "out of memory or sockets";
    case SRT_REJ_ROGUE:
      return "the far side answered nonsense: is it SRT?";
    case SRT_REJ_BACKLOG:
      return "the far side has too many callers waiting";
    case SRT_REJ_CLOSE:
      return "the far side is closing";
    case SRT_REJ_VERSION:
      return "the far side wants a newer version of SRT";
    case SRT_REJ_RDVCOOKIE:
      return "both rendezvous sides look the same: do they use the same address?";
    case SRT_REJ_BADSECRET:
      return "the passphrases differ";
    case SRT_REJ_UNSECURE:
      return "one side uses a passphrase and the other does not";
    case SRT_REJ_MESSAGEAPI:
    case SRT_REJ_CONGESTION:
      return "the far side is not in live mode";
    case SRT_REJ_FILTER:
      return "both sides ask for different packet filters";
    case SRT_REJ_GROUP:
      return "the far side wants a bonded connection, which this build of SRT does not have";
    case SRT_REJX_UNAUTHORIZED:
      return "not authorized: check streamid and key (1401)";
    case SRT_REJX_OVERLOAD:
      return "the far side is overloaded or the account has no credit (1402)";
    case SRT_REJX_FORBIDDEN:
      return "forbidden: this streamid may not publish here (1403)";
    case SRT_REJX_NOTFOUND:
      return "the far side does not know this streamid (1404)";
    case SRT_REJX_BAD_MODE:
      return "the far side does not take publishers (m=publish) here (1405)";
    case SRT_REJX_CONFLICT:
      return "somebody else is publishing there already (1409)";
    case SRT_REJX_LOCKED:
      return "the stream is locked (1423)";
    case SRT_REJX_DOWN:
      return "the service is down (1503)";
    default:
      return nullptr;
  }
}

// What another try, without a change by a person, will not cure.
bool settings_are_wrong(int reason) {
  switch (reason) {
    case SRT_REJ_BADSECRET:
    case SRT_REJ_UNSECURE:
    case SRT_REJ_VERSION:
    case SRT_REJ_MESSAGEAPI:
    case SRT_REJ_CONGESTION:
    case SRT_REJ_FILTER:
    case SRT_REJ_GROUP:
    case SRT_REJX_BAD_REQUEST:
    case SRT_REJX_UNAUTHORIZED:
    case SRT_REJX_FORBIDDEN:
    case SRT_REJX_NOTFOUND:
    case SRT_REJX_BAD_MODE:
      return true;
    default:
      return false;
  }
}

}  // namespace

Poller::~Poller() {
  if (id_ >= 0) srt_epoll_release(id_);
}

Status Poller::watch(SRTSOCKET id, int events) {
  if (id_ < 0) id_ = srt_epoll_create();
  if (id_ < 0 || srt_epoll_add_usock(id_, id, &events) == SRT_ERROR) {
    return last_error(Errc::io, "SRT cannot wait for the network");
  }
  return {};
}

int Poller::wait(Millis slice) const {
  SRT_EPOLL_EVENT event;
  const int ready = srt_epoll_uwait(id_, &event, 1, slice.count());
  return ready > 0 ? event.events : 0;
}

std::string SockAddress::text() const {
  char host[INET6_ADDRSTRLEN] = "";
  if (storage.ss_family == AF_INET6) {
    const auto* in6 = reinterpret_cast<const sockaddr_in6*>(&storage);
    inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof host);
    return fmt::format("[{}]:{}", host, port());
  }
  const auto* in = reinterpret_cast<const sockaddr_in*>(&storage);
  inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
  return fmt::format("{}:{}", host, port());
}

int SockAddress::port() const {
  if (storage.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
}

SockAddress any_address(int family, int port) {
  SockAddress out;
  if (family == AF_INET6) {
    auto* in6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
    in6->sin6_family = AF_INET6;
    in6->sin6_addr = in6addr_any;
    in6->sin6_port = htons(static_cast<std::uint16_t>(port));
    out.length = sizeof *in6;
  } else {
    auto* in = reinterpret_cast<sockaddr_in*>(&out.storage);
    in->sin_family = AF_INET;
    in->sin_port = htons(static_cast<std::uint16_t>(port));
    out.length = sizeof *in;
  }
  return out;
}

Result<SockAddress> numeric_address(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0 || !found) {
    return make_error(Errc::invalid, "\"{}\" is not a numeric address", host);
  }
  SockAddress out;
  std::memcpy(&out.storage, found->ai_addr, found->ai_addrlen);
  out.length = static_cast<int>(found->ai_addrlen);
  freeaddrinfo(found);
  return out;
}

Result<Handle> make_socket(const SrtOptions& options) {
  MAINSTAY_CHECK(validate(options));
  Handle handle(srt_create_socket());
  if (!handle.valid()) return last_error(Errc::io, "no SRT socket could be made");
  Setter s(handle.id());
  s.set(SRTO_SNDSYN, "non-blocking mode", false);
  s.set(SRTO_RCVSYN, "non-blocking mode", false);
  s.set(SRTO_TRANSTYPE, "transtype", SRTT_LIVE);
  s.set(SRTO_LATENCY, "latency", milliseconds(options.latency));
  s.set(SRTO_PAYLOADSIZE, "payload_size", options.payload_size);
  s.set(SRTO_MSS, "mss", options.mss);
  s.set(SRTO_OHEADBW, "oheadbw", options.oheadbw);
  s.set(SRTO_MAXBW, "maxbw", options.maxbw);
  s.set(SRTO_INPUTBW, "inputbw", options.inputbw);
  // For rendezvous libsrt takes ten times the value.
  const bool rendezvous = options.mode == SrtMode::rendezvous;
  s.set(SRTO_CONNTIMEO, "connect_timeout", milliseconds(options.connect_timeout / (rendezvous ? 10 : 1)));
  s.set(SRTO_ENFORCEDENCRYPTION, "enforced encryption", true);
  s.set(SRTO_PASSPHRASE, "passphrase", options.passphrase);
  if (options.pbkeylen != 0 && !options.passphrase.empty()) s.set(SRTO_PBKEYLEN, "pbkeylen", options.pbkeylen);
  if (options.mode == SrtMode::caller) s.set(SRTO_STREAMID, "streamid", options.streamid);
  s.set(SRTO_FC, "fc", options.fc);
  s.set(SRTO_SNDBUF, "sndbuf", options.sndbuf);
  s.set(SRTO_RCVBUF, "rcvbuf", options.rcvbuf);
  s.set(SRTO_IPTTL, "ipttl", options.ipttl);
  s.set(SRTO_IPTOS, "iptos", options.iptos);
  s.set(SRTO_LOSSMAXTTL, "lossmaxttl", options.lossmaxttl);
  s.set(SRTO_SNDDROPDELAY, "snddropdelay", options.snddropdelay_ms);
  s.set(SRTO_PEERIDLETIMEO, "peeridletimeo", options.peeridletimeo_ms);
  s.set(SRTO_KMREFRESHRATE, "kmrefreshrate", options.kmrefreshrate);
  s.set(SRTO_KMPREANNOUNCE, "kmpreannounce", options.kmpreannounce);
  s.set(SRTO_TLPKTDROP, "tlpktdrop", options.tlpktdrop);
  s.set(SRTO_NAKREPORT, "nakreport", options.nakreport);
  s.set(SRTO_PACKETFILTER, "packetfilter", options.packetfilter);
  MAINSTAY_CHECK(s.status());
  return handle;
}

Error last_error(Errc code, std::string what) {
  int system_error = 0;
  const int error = srt_getlasterror(&system_error);
  if (error == SRT_ECONNLOST || error == SRT_ENOCONN || error == SRT_EINVSOCK) {
    return make_error(code, "{}: the far side closed the connection, or it is lost", what);
  }
  if (system_error != 0) return make_error(code, "{}: {}", what, std::strerror(system_error));
  return make_error(code, "{}: {}", what, srt_strerror(error, 0));
}

Error reject_error(int reason, const SrtOptions& options) {
  const std::string peer = options.address();
  if (reason == SRT_REJ_TIMEOUT || reason == SRT_REJ_UNKNOWN) {
    const char* who = options.mode == SrtMode::rendezvous ? "does its rendezvous call this side" : "is it running";
    return make_error(Errc::io, "no answer from {} within {:.1f} s: {}, and does UDP get through?", peer,
                      seconds(options.connect_timeout), who);
  }
  const Errc code = settings_are_wrong(reason) ? Errc::invalid : Errc::io;
  if (const char* words = reject_words(reason)) return make_error(code, "{} was not reached: {}", peer, words);
  return make_error(code, "{} was not reached: {} ({})", peer, srt_rejectreason_str(reason), reason);
}

}  // namespace mainstay::ffi::srt
