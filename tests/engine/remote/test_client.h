// A client that says exactly what it is told, for tests of the server: raw bytes over TCP, or a WebSocket.
// Owned by a test.
// Thread-safety: one thread at a time; each wait ends after ten seconds.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mainstay::remote {

class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  void send(const std::string& bytes);
  /// One response, its body by Content-Length ("HEAD": none). Empty: the connection ended.
  std::string response(bool head = false);
  /// All until the other side ends.
  std::string rest();

 private:
  bool more();
  int fd_ = -1;
  std::string read_;
};

/// A WebSocket client (Beast).
class WsClient {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;
  WsClient(std::uint16_t port, const std::string& target = "/api", const Headers& headers = {}, bool tls = false);
  ~WsClient();

  bool open() const;
  int status() const;                                 ///< of the answer to the upgrade
  std::string header(const std::string& name) const;  ///< of that answer
  void send(const std::string& text, bool binary = false);
  /// The next message; none: the connection ended.
  std::optional<std::string> receive();
  int close_code() const;
  std::string close_reason() const;
  void close();
  /// Shrinks what the system buffers, so that a client that does not read is noticed early.
  void small_buffers();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The status of an HTTP response; 0: there was none.
int status_of(const std::string& response);
std::string body_of(const std::string& response);

}  // namespace mainstay::remote
