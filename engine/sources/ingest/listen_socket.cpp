#include "engine/sources/ingest/listen_socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace mainstay {

namespace {

std::string errno_text(int code) {
  return std::generic_category().message(code);
}

Error cannot_listen(const std::string& host, std::uint16_t port, int code) {
  if (code == EADDRINUSE) {
    return make_error(Errc::io, "port {} on {} is in use by another program", port, host);
  }
  if (code == EACCES)
    return make_error(Errc::io, "port {} may not be used without privileges; take one above 1023", port);
  if (code == EADDRNOTAVAIL) {
    return make_error(Errc::invalid, "{} is not an address of this machine", host);
  }
  return make_error(Errc::io, "cannot listen on {}:{}: {}", host, port, errno_text(code));
}

}  // namespace

Result<int> listen_on(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    return make_error(Errc::invalid,
                      "\"{}\" is no IP address to listen on; use 127.0.0.1, 0.0.0.0 or one of this machine", host);
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> address(found, freeaddrinfo);
  const int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return cannot_listen(host, port, errno);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, address->ai_addr, address->ai_addrlen) != 0 || listen(fd, 16) != 0) {
    const int code = errno;
    close(fd);
    return cannot_listen(host, port, code);
  }
  return fd;
}

std::uint16_t bound_port(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<sockaddr_in&>(address).sin_port);
}

Result<AcceptedPeer> accept_from(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  AcceptedPeer peer;
  peer.fd = accept4(fd, reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (peer.fd < 0) {
    const int code = errno;
    if (code == EAGAIN || code == EWOULDBLOCK || code == ECONNABORTED || code == EINTR) {
      return Error{Errc::again, "no connection is waiting", nullptr};
    }
    return make_error(Errc::io, "cannot take a connection: {}", errno_text(code));
  }
  const int on = 1;
  setsockopt(peer.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  char host[NI_MAXHOST] = "";
  char service[NI_MAXSERV] = "";
  getnameinfo(reinterpret_cast<sockaddr*>(&address), size, host, sizeof host, service, sizeof service,
              NI_NUMERICHOST | NI_NUMERICSERV);
  const bool v6 = std::strchr(host, ':') != nullptr;
  peer.address = fmt::format("{}{}{}:{}", v6 ? "[" : "", host, v6 ? "]" : "", service);
  return peer;
}

}  // namespace mainstay
