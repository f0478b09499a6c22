// Where one encoder's packets go: to the interleaver, or held until the encoder before it (of the same rendition, with
// other settings) has given out its last one, so that the rendition's timestamps only rise.
// Owned by its encode thread's callbacks; shared.
// Thread-safety: all members from any thread.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "engine/deliver/interleaver.h"

namespace mainstay {

class RenditionOutput {
 public:
  /// Made closed: what is pushed is held.
  RenditionOutput(Interleaver& interleaver, std::string rendition)
      : interleaver_(interleaver), rendition_(std::move(rendition)) {}

  void push(PacketPtr packet);
  /// There is none before it, or that one has ended: what was held goes out, and from now on everything at once.
  void open();
  /// `next` opens when this one is open and its encoder has given out its last packet; at once if that is so already.
  void hand_over_to(std::shared_ptr<RenditionOutput> next);
  /// Its encoder has given out its last packet.
  void end();
  /// All of it is out, and so is what others held back for it.
  bool has_ended() const { return ended_; }
  bool has_successor() const;

 private:
  static constexpr std::size_t kMostHeld = 2048;  // packets; an encoder that does not end within them is not waited for

  void send_held();
  void leave(const std::shared_ptr<RenditionOutput>& next);

  Interleaver& interleaver_;
  const std::string rendition_;
  mutable std::mutex mutex_;
  bool open_ = false;
  bool drained_ = false;  // its encoder has given out its last packet
  std::shared_ptr<RenditionOutput> next_;
  std::deque<PacketPtr> held_;
  std::atomic<bool> ended_ = false;
};

}  // namespace mainstay
