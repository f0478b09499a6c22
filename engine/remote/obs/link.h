// What a session of obs-websocket needs of the connection it runs on; in tests a fake.
// Shared by the connection and, weakly, by what a session waits for.
// Thread-safety: post() from any thread; the rest on the connection's thread, where posted work runs too. All sessions
// of a hub share that thread.
#pragma once

#include <functional>
#include <string>

#include "engine/core/time.h"

namespace mainstay::obs {

class Link {
 public:
  virtual ~Link() = default;

  /// One message, as a text frame or a binary one. The link drops a client that does not read.
  virtual void send(std::string bytes, bool text) = 0;
  /// Sends what was sent before, then closes with this code and reason (at most 123 bytes).
  virtual void close(int code, std::string reason) = 0;
  /// No further messages are read, until resume(): there is enough to do.
  virtual void pause() = 0;
  virtual void resume() = 0;
  /// Runs the work later, never at once, in the order of the calls; may be dropped once the connection is gone.
  virtual void post(std::function<void()> work) = 0;
  virtual void after(Nanos delay, std::function<void()> work) = 0;
};

}  // namespace mainstay::obs
