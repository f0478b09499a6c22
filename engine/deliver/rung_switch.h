// Changes a leg from one video rendition of the ladder to another without a gap, a repeated picture or a decode time
// that goes back: from the packets of all of them, in decode order, it lets through those of one.
// Owned by a leg's session.
// Thread-safety: one thread at a time.
//
// Renditions of one ladder have their IDRs at the same pictures and order pictures alike (show/renditions.h), so where
// the IDR of another one comes, all of this one's pictures before it have passed. Of several IDRs of one picture the
// wanted one is taken, whichever comes first: the present one's waits for what comes at the same time. Since the change
// is made where packets are taken, not where they come in, pictures that already wait are sent in the lower rendition.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "engine/media/packet.h"

namespace mainstay {

class RungSwitch {
 public:
  explicit RungSwitch(std::string wanted) : wanted_(std::move(wanted)) {}

  /// From its next IDR on that rendition is to be sent.
  void want(std::string rendition) { wanted_ = std::move(rendition); }

  /// A packet as the bus gave it; what is to be sent now goes to the end of `out`.
  void push(PacketPtr packet, std::deque<PacketPtr>& out);
  /// No more will come.
  void finish(std::deque<PacketPtr>& out);

  /// What is sent now; empty before the first IDR.
  const std::string& current() const { return current_; }
  /// Pictures that nobody got: all the gaps between what was let through.
  std::int64_t missed() const { return missed_; }
  /// IDRs of the wanted rendition at which it could not change, because it orders pictures otherwise.
  std::int64_t refused() const { return refused_; }

 private:
  void push_video(PacketPtr packet, std::deque<PacketPtr>& out);
  bool may_change_to(const Packet& idr);
  void release(std::deque<PacketPtr>& out);
  void pass(PacketPtr packet, std::deque<PacketPtr>& out);

  std::string wanted_;
  std::string current_;
  std::deque<PacketPtr> held_;          // an IDR that will do, and sound of the same time, until the wanted one's comes
  std::optional<Nanos> waiting_since_;  // for the first IDR
  std::int64_t newest_pts_ = 0;         // of what was let through, in pictures
  std::int64_t last_dts_ = 0;
  Nanos last_time_{0};      // decode time of the last picture
  std::int64_t delay_ = 0;  // from decode to presentation of the last IDR
  std::int64_t missed_ = 0;
  std::int64_t refused_ = 0;
};

}  // namespace mainstay
