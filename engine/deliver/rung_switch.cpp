#include "engine/deliver/rung_switch.h"

#include <algorithm>
#include <utility>

namespace mainstay {

namespace {

// A rendition whose encoder brings nothing for so long is not waited for while another one has pictures.
constexpr Nanos kStarved = Seconds(1);

Nanos picture_time(const Packet& packet) {
  return Nanos(rescale(1, packet.stream->time_base, kNanosBase, Rounding::down));
}

}  // namespace

void RungSwitch::pass(PacketPtr packet, std::deque<PacketPtr>& out) {
  if (packet->video()) {
    if (packet->key) {
      if (!current_.empty()) missed_ += std::max<std::int64_t>(0, packet->pts - newest_pts_ - 1);
      newest_pts_ = packet->pts;
      delay_ = packet->pts - packet->dts;
      current_ = packet->stream->name;
    }
    newest_pts_ = std::max(newest_pts_, packet->pts);
    last_dts_ = packet->dts;
    last_time_ = packet->decode_time();
  }
  out.push_back(std::move(packet));
}

void RungSwitch::release(std::deque<PacketPtr>& out) {
  while (!held_.empty()) {
    pass(std::move(held_.front()), out);
    held_.pop_front();
  }
}

void RungSwitch::finish(std::deque<PacketPtr>& out) {
  release(out);
}

// Whether what comes from `idr` on may follow what has been let through.
bool RungSwitch::may_change_to(const Packet& idr) {
  const bool wanted = idr.stream->name == wanted_;
  const Nanos time = idr.decode_time();
  if (current_.empty()) {
    if (!waiting_since_) waiting_since_ = time;
    return wanted || time - *waiting_since_ >= kStarved;
  }
  const bool follows = idr.pts > newest_pts_ && idr.dts > last_dts_;
  if (!wanted) return follows && time - last_time_ >= kStarved;
  // The present one was cut, or ordered alike, so that all its pictures before this one have passed.
  const bool fits = idr.pts - idr.dts == delay_ || time - last_time_ > 2 * picture_time(idr);
  if (!fits) ++refused_;
  return fits && follows;
}

void RungSwitch::push_video(PacketPtr packet, std::deque<PacketPtr>& out) {
  const std::string& name = packet->stream->name;
  const bool present = name == current_;
  if (present && (!packet->key || name == wanted_)) return pass(std::move(packet), out);
  if (!packet->key || (!present && !may_change_to(*packet))) return;
  if (name == wanted_) return pass(std::move(packet), out);
  // It will do, if the wanted one has none here.
  if (held_.empty()) held_.push_back(std::move(packet));
}

void RungSwitch::push(PacketPtr packet, std::deque<PacketPtr>& out) {
  if (!held_.empty()) {
    const Packet& idr = *held_.front();
    const bool instead = packet->video() && packet->key && packet->stream->name == wanted_ && packet->pts == idr.pts;
    if (packet->decode_time() > idr.decode_time()) {
      release(out);
    } else if (instead && may_change_to(*packet)) {
      held_.front() = std::move(packet);
      return release(out);
    } else if (!packet->video()) {
      held_.push_back(std::move(packet));
      return;
    }
  }
  if (packet->video()) {
    push_video(std::move(packet), out);
  } else {
    pass(std::move(packet), out);
  }
}

}  // namespace mainstay
