// Internal to engine/remote: writes a connection's answers, one after another.
// Owned by its connection, as what it refers to.
// Thread-safety: the server's thread.
//
// An answer goes to the system in one call, at once, with its body where it is, and is waited for only where the system
// does not take it. A body that is still being made goes out in chunks, each once the one before is written: nothing
// is queued.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/remote/net.h"

namespace mainstay::remote {

class HttpWriter {
 public:
  /// Called once for each answer, perhaps within write(): it is out, or (false) the connection is of no more use.
  using Done = std::function<void(bool ok)>;
  HttpWriter(HubRef hub, const Limits& limits, NetStream& stream, Done done);

  struct Form {
    bool head = false;  ///< the head alone was asked for
    bool keep_alive = true;
  };
  /// `connection` is kept for as long as something is under way.
  void write(HttpResponse response, Form form, const std::shared_ptr<void>& connection);

 private:
  using Keep = std::shared_ptr<void>;
  void deadline(std::size_t bytes);
  void finish(bool ok);
  /// With what is left of the head (head_).
  void write_rest(asio::const_buffer body, const Keep& keep);
  void write_growing(bool head, const Keep& keep);
  void write_piece(Piece piece, const Keep& keep);
  void next_piece(const Keep& keep);
  void write_last_chunk(const Keep& keep);

  const HubRef hub_;
  const Limits& limits_;
  NetStream& stream_;
  const Done done_;
  std::string head_;  ///< what of it the system did not take
  Body body_;
  Pieces growing_;
  std::size_t grown_ = 0;
};

}  // namespace mainstay::remote
