// The server's side of one RTMP publisher: handshake, commands, media. Bytes in, bytes out; no sockets, no clock.
// Owned by the listener, one a connection.
// Thread-safety: one thread at a time; the host is called on that thread.
//
//   handshake → connect(app) → createStream, publish(name) → media … → deleteStream or the connection's end
//
// Nothing a peer sends before its key was accepted can cost more than a few kilobytes.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"
#include "engine/sources/ingest/amf0.h"
#include "engine/sources/ingest/rtmp_chunks.h"

namespace mainstay {

/// Whose connection this is decides who may publish, and gets what is published.
class RtmpSessionHost {
 public:
  enum class Verdict { accepted, wrong_key, busy };

  virtual ~RtmpSessionHost() = default;
  /// `app` names an application this ingest serves (or the beginning of one's name, up to a slash).
  virtual bool serves(std::string_view app) = 0;
  /// May the peer publish at `path` (APP/NAME)? With `accepted` media follows.
  virtual Verdict publish(std::string_view path) = 0;
  /// Audio, video and AMF0 data, in order.
  virtual Status media(RtmpMessage message) = 0;
  /// The publisher said it is done; it may publish again on the same connection.
  virtual void unpublish() = 0;
};

class RtmpSession {
 public:
  explicit RtmpSession(RtmpSessionHost& host);

  /// The next bytes from the peer, cut anywhere. An error ends the session: what output() still holds is to be sent,
  /// then the connection closed. Errc::corrupt: broken protocol; invalid: refused (wrong application, key, command).
  Status receive(std::span<const std::uint8_t> bytes);

  /// What is to be sent; the caller takes it out. Never more than 64 KiB: who does not read, is disconnected.
  std::vector<std::uint8_t>& output() { return output_; }

  bool publishing() const { return publishing_; }
  /// What the peer calls itself ("FMLE/3.0 (compatible; Lavf59.27)"), printable characters only.
  const std::string& client() const { return client_; }

 private:
  enum class State { version_and_hello, echo, connected };

  Status handshake(std::span<const std::uint8_t>& bytes);
  Status on_message(RtmpMessage message);
  Status on_command(const RtmpMessage& message);
  Status on_user_control(const RtmpMessage& message);
  Status on_aggregate(const RtmpMessage& message);
  Status on_connect(double transaction, const std::vector<AmfValue>& arguments);
  Status on_publish(std::uint32_t stream, const std::vector<AmfValue>& arguments);
  Status on_unpublish(std::uint32_t stream);

  void command(std::uint32_t stream, const std::vector<AmfValue>& values);
  void status(std::uint32_t stream, const char* level, const char* code, const char* description);
  void control(RtmpType type, std::uint32_t value, int bytes);

  RtmpSessionHost& host_;
  RtmpChunkReader reader_;
  RtmpChunkWriter writer_;
  State state_ = State::version_and_hello;
  std::vector<std::uint8_t> hello_;  ///< C0 and C1, later C2, as far as they are there
  std::vector<std::uint8_t> output_;
  std::string app_;
  std::string client_;
  bool connected_ = false;  ///< connect was accepted
  bool publishing_ = false;
  std::uint32_t next_stream_ = 1;
  std::uint32_t received_ = 0;  ///< bytes since the start; wraps as the protocol's counter does
  std::uint32_t acknowledged_ = 0;
  std::uint32_t window_ = 0;
};

/// Compares without telling by its time how much was right.
bool equal_secret(std::string_view a, std::string_view b);

}  // namespace mainstay
