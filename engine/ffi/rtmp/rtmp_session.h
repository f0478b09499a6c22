// What an RTMP server and its publisher say to each other, without a socket: handshake, commands, replies.
// Owned by RtmpClient.
// Thread-safety: one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/ffi/rtmp/amf0.h"
#include "engine/ffi/rtmp/chunk_reader.h"
#include "engine/ffi/rtmp/rtmp_url.h"

namespace mainstay::ffi {

enum class RtmpStep { handshake, connecting, creating, publishing, live };

/// What a step waits for, in words: "the answer to connect".
const char* waiting_for(RtmpStep step);

class RtmpSession {
 public:
  /// What the session wants said. Commands are whole AMF0 bodies.
  struct Out {
    std::function<void(std::span<const std::uint8_t> bytes)> raw;
    std::function<void(std::uint8_t type, std::span<const std::uint8_t> body)> control;
    std::function<void(std::uint32_t stream_id, const std::vector<std::uint8_t>& body)> command;
  };
  /// What the session has heard that the watchdog wants to know.
  enum class Heard { something, acknowledgement, pong };
  using Hearing = std::function<void(Heard what, std::uint32_t value)>;  ///< `value`: an acknowledgement's

  RtmpSession(RtmpTarget target, std::uint32_t ack_window, std::uint32_t random_seed, Out out);

  /// Says hello.
  void start();
  /// Takes any run of bytes from the server and answers what is to be answered. An error is the end of the connection:
  /// Errc::invalid when the server refuses us, with its reason in words.
  Status feed(std::span<const std::uint8_t> bytes, const Hearing& heard);

  RtmpStep step() const { return step_; }
  std::uint32_t stream_id() const { return stream_id_; }
  /// What a server that just hangs up may mean by it at this step.
  std::string hang_up_hint() const;

  void ping(std::uint32_t stamp);
  void unpublish();
  /// The server has confirmed the end: it has read everything.
  bool unpublished() const { return unpublished_; }

 private:
  Status handshake(std::span<const std::uint8_t>& bytes);
  Status message(const RtmpMessage& message, const Hearing& heard);
  Status command(std::span<const std::uint8_t> body);
  Status result(double transaction);
  Status failed(double transaction, const Amf0Value& info) const;
  Status on_status(const Amf0Value& info);
  Error refusal(const Amf0Value& info, std::string what) const;
  void send_connect();
  void send_create();
  void send_publish();
  void acknowledge();

  RtmpTarget target_;
  std::vector<std::string> secrets_;
  std::uint32_t ack_window_;
  Out out_;
  ChunkReader reader_;
  RtmpStep step_ = RtmpStep::handshake;
  std::vector<std::uint8_t> hello_;     // C1
  std::vector<std::uint8_t> greeting_;  // S0 S1 S2 as far as they have come
  bool answered_greeting_ = false;
  bool leaving_ = false;
  bool unpublished_ = false;
  std::uint32_t stream_id_ = 0;
  std::uint32_t in_window_ = 0;  // the server's wish; 0: none
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_acknowledged_ = 0;
};

}  // namespace mainstay::ffi
