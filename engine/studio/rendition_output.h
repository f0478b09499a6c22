// Where one encoder's packets go: to the interleaver, or held until the encoder before it (of the same rendition, with
// other settings) has given out its last one, so that the rendition's timestamps only rise.
// Owned by its encode thread's callbacks; shared.
// Thread-safety: all members from any thread.
#pragma once

#include <atomic>
#include <deque>
#include <mutex>

#include "engine/deliver/interleaver.h"

namespace mainstay {

class RenditionOutput {
 public:
  RenditionOutput(Interleaver& interleaver, bool open) : interleaver_(interleaver), open_(open) {}

  void push(PacketPtr packet);
  /// The one before has ended: what was held goes out, and from now on everything at once.
  void open();
  /// Its encoder has given out its last packet.
  void end() { ended_ = true; }
  bool has_ended() const { return ended_; }

 private:
  static constexpr std::size_t kMostHeld = 2048;  // packets; an encoder that does not end within them is not waited for

  Interleaver& interleaver_;
  std::mutex mutex_;
  bool open_;
  std::atomic<bool> ended_ = false;
  std::deque<PacketPtr> held_;
};

}  // namespace mainstay
