#include "engine/ffi/tls/tls_client.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace mainstay::ffi {

namespace {

constexpr int kWriteWaitMs = 1000;
constexpr const char* kPriorities = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

bool is_address(const std::string& host) {
  in6_addr any{};
  return inet_pton(AF_INET, host.c_str(), &any) == 1 || inet_pton(AF_INET6, host.c_str(), &any) == 1;
}

// The first of GnuTLS's findings that tells an operator what to do.
const char* certificate_reason(unsigned status) {
  if (status & GNUTLS_CERT_EXPIRED) return "it has expired (or this machine's clock is wrong)";
  if (status & GNUTLS_CERT_NOT_ACTIVATED) return "it is not valid yet (or this machine's clock is wrong)";
  if (status & GNUTLS_CERT_REVOKED) return "it has been revoked";
  if (status & GNUTLS_CERT_UNEXPECTED_OWNER) return "it was issued for another host";
  if (status & GNUTLS_CERT_SIGNER_NOT_FOUND) {
    return "it was issued by an unknown authority (name the authority's file in tls_ca_file if it is your own)";
  }
  if (status & GNUTLS_CERT_SIGNER_NOT_CA) return "its issuer is no authority";
  if (status & GNUTLS_CERT_INSECURE_ALGORITHM) return "it is signed with an algorithm that is no longer safe";
  return "it does not pass the check";
}

}  // namespace

Result<std::shared_ptr<const TlsTrust>> TlsTrust::load(const std::string& ca_file, bool verify) {
  std::shared_ptr<TlsTrust> trust(new TlsTrust);
  gnutls_certificate_credentials_t credentials = nullptr;
  if (gnutls_certificate_allocate_credentials(&credentials) < 0) return make_error(Errc::io, "out of memory for TLS");
  trust->credentials_ = credentials;
  if (!verify) return std::shared_ptr<const TlsTrust>(std::move(trust));
  if (ca_file.empty()) {
    if (gnutls_certificate_set_x509_system_trust(credentials) <= 0) {
      return make_error(Errc::invalid,
                        "this system has no certificate authorities: install ca-certificates, or set tls_ca_file");
    }
  } else {
    const int loaded = gnutls_certificate_set_x509_trust_file(credentials, ca_file.c_str(), GNUTLS_X509_FMT_PEM);
    if (loaded <= 0) {
      return make_error(Errc::invalid, "tls_ca_file {}: {}", ca_file,
                        loaded == 0 ? "holds no certificate" : gnutls_strerror(loaded));
    }
  }
  return std::shared_ptr<const TlsTrust>(std::move(trust));
}

TlsTrust::~TlsTrust() {
  if (credentials_ != nullptr) {
    gnutls_certificate_free_credentials(static_cast<gnutls_certificate_credentials_t>(credentials_));
  }
}

struct TlsClient::Impl {
  gnutls_session_t session = nullptr;
  int fd = -1;
  bool patient = false;  // writes wait for the socket: off while the handshake does its own waiting
  std::int64_t wire_bytes = 0;
  std::shared_ptr<const TlsTrust> trust;

  ~Impl() {
    if (session != nullptr) gnutls_deinit(session);
  }

  static ssize_t push(gnutls_transport_ptr_t self, const void* data, std::size_t size) {
    auto& impl = *static_cast<Impl*>(self);
    while (true) {
      // GnuTLS's own push raises SIGPIPE and blocks as the socket does; this one does neither.
      const ssize_t sent = ::send(impl.fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent >= 0) {
        impl.wire_bytes += sent;
        return sent;
      }
      if (errno == EINTR) continue;
      if (errno == EAGAIN && impl.patient) {
        pollfd wait{impl.fd, POLLOUT, 0};
        if (::poll(&wait, 1, kWriteWaitMs) > 0) continue;
        errno = ETIMEDOUT;
      }
      gnutls_transport_set_errno(impl.session, errno);
      return -1;
    }
  }

  static ssize_t pull(gnutls_transport_ptr_t self, void* data, std::size_t size) {
    auto& impl = *static_cast<Impl*>(self);
    while (true) {
      const ssize_t got = ::recv(impl.fd, data, size, MSG_DONTWAIT);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) gnutls_transport_set_errno(impl.session, errno);
      return got;
    }
  }

  static int pull_timeout(gnutls_transport_ptr_t self, unsigned ms) {
    const auto& impl = *static_cast<Impl*>(self);
    pollfd wait{impl.fd, POLLIN, 0};
    return ::poll(&wait, 1, static_cast<int>(std::min(ms, 20U)));
  }

  Status prepare(const std::string& host, bool verify) {
    int code = gnutls_init(&session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
    if (code >= 0) code = gnutls_priority_set_direct(session, kPriorities, nullptr);
    if (code >= 0) code = gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, trust->credentials());
    // RFC 6066: a literal address is no server name.
    if (code >= 0 && !is_address(host)) {
      code = gnutls_server_name_set(session, GNUTLS_NAME_DNS, host.data(), host.size());
    }
    if (code < 0) return make_error(Errc::io, "cannot set up TLS: {}", gnutls_strerror(code));
    if (verify) gnutls_session_set_verify_cert(session, host.c_str(), 0);
    gnutls_handshake_set_timeout(session, GNUTLS_INDEFINITE_TIMEOUT);  // ours is the deadline
    gnutls_transport_set_ptr(session, this);
    gnutls_transport_set_push_function(session, push);
    gnutls_transport_set_pull_function(session, pull);
    gnutls_transport_set_pull_timeout_function(session, pull_timeout);
    return {};
  }

  Error handshake_error(int code, const std::string& host) const {
    if (code == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR) {
      return make_error(Errc::invalid, "the certificate of {} cannot be trusted: {}", host,
                        certificate_reason(gnutls_session_get_verify_cert_status(session)));
    }
    if (code == GNUTLS_E_FATAL_ALERT_RECEIVED) {
      const char* alert = gnutls_alert_get_name(gnutls_alert_get(session));
      return make_error(Errc::io, "{} refused TLS: {}", host, alert != nullptr ? alert : "no reason given");
    }
    if (code == GNUTLS_E_UNEXPECTED_PACKET_LENGTH || code == GNUTLS_E_UNSUPPORTED_VERSION_PACKET ||
        code == GNUTLS_E_UNEXPECTED_PACKET || code == GNUTLS_E_RECORD_OVERFLOW) {
      return make_error(Errc::io, "{} does not speak TLS on this port: rtmp:// instead of rtmps://?", host);
    }
    if (code == GNUTLS_E_PREMATURE_TERMINATION || code == GNUTLS_E_PULL_ERROR || code == GNUTLS_E_PUSH_ERROR) {
      return make_error(Errc::io, "{} closed the connection during the TLS handshake: is it an rtmps port?", host);
    }
    return make_error(Errc::io, "TLS with {}: {}", host, gnutls_strerror(code));
  }
};

TlsClient::TlsClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsClient::~TlsClient() = default;

Result<std::unique_ptr<TlsClient>> TlsClient::handshake(int fd, const std::string& host,
                                                        std::shared_ptr<const TlsTrust> trust, bool verify,
                                                        Clock& clock, Instant deadline, const AbortSignal& abort) {
  auto impl = std::make_unique<Impl>();
  impl->fd = fd;
  impl->trust = std::move(trust);
  MAINSTAY_CHECK(impl->prepare(host, verify));
  while (true) {
    const int code = gnutls_handshake(impl->session);
    if (code == GNUTLS_E_SUCCESS) break;
    if (abort.raised()) return AbortSignal::cancelled();
    if (gnutls_error_is_fatal(code) != 0) return impl->handshake_error(code, host);
    const Ready what = gnutls_record_get_direction(impl->session) == 1 ? Ready::write : Ready::read;
    if (auto ready = wait_ready(fd, what, clock, deadline, abort); !ready) {
      if (ready.error().code != Errc::again) return std::move(ready).error();
      return make_error(Errc::io, "{} did not finish the TLS handshake in time: is it an rtmps port?", host);
    }
  }
  impl->patient = true;
  return std::unique_ptr<TlsClient>(new TlsClient(std::move(impl)));
}

Result<std::size_t> TlsClient::read(std::span<std::uint8_t> into) {
  if (impl_->session == nullptr) return make_error(Errc::end, "the TLS session is over");
  while (true) {
    const ssize_t got = gnutls_record_recv(impl_->session, into.data(), into.size());
    if (got > 0) return static_cast<std::size_t>(got);
    if (got == 0) return make_error(Errc::end, "the server closed the connection");
    if (got == GNUTLS_E_AGAIN) return make_error(Errc::again, "nothing to read");
    // Warnings, and the refusal of a TLS 1.2 renegotiation: keep to what was agreed.
    if (got == GNUTLS_E_INTERRUPTED || gnutls_error_is_fatal(static_cast<int>(got)) == 0) continue;
    if (got == GNUTLS_E_PREMATURE_TERMINATION || got == GNUTLS_E_PULL_ERROR) {
      return make_error(Errc::end, "the server closed the connection");
    }
    return make_error(Errc::io, "TLS: {}", gnutls_strerror(static_cast<int>(got)));
  }
}

void TlsClient::say_goodbye() noexcept {
  if (impl_->session == nullptr) return;
  impl_->patient = false;
  gnutls_bye(impl_->session, GNUTLS_SHUT_WR);
}

std::int64_t TlsClient::wire_bytes() const {
  return impl_->wire_bytes;
}

void* TlsClient::session() const {
  return impl_->session;
}

void TlsClient::forget_session() noexcept {
  impl_->session = nullptr;
}

}  // namespace mainstay::ffi
