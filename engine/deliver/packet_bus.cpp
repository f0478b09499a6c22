#include "engine/deliver/packet_bus.h"

#include <algorithm>
#include <optional>

namespace mainstay {

namespace {

// A subscriber whose video does not come gets its sound after this much of it, rather than nothing at all.
constexpr Nanos kSoundAlone = Seconds(5);

// Nothing that a consumer builds its headers from differs. (kbps may: a rate changed on the fly is no new stream.)
bool interchangeable(const StreamInfo& a, const StreamInfo& b) {
  return a.name == b.name && a.kind == b.kind && a.codec == b.codec && a.time_base == b.time_base &&
         a.extradata == b.extradata && a.width == b.width && a.height == b.height && a.rate == b.rate &&
         a.profile == b.profile && a.level == b.level && a.sample_rate == b.sample_rate && a.channels == b.channels &&
         a.frame_samples == b.frame_samples;
}

}  // namespace

bool GopGuard::passes(const BusItem& item) {
  if (!item.packet->video()) return true;
  std::int64_t& next = next_.try_emplace(item.packet->stream->name, -1).first->second;
  if (!item.packet->key && item.number != next) {
    next = -1;
    return false;
  }
  next = item.number + 1;
  return true;
}

// The producer's side of a subscription.
class Subscription::Port {
 public:
  Port(Clock& clock, Selection selection, QueueLimits limits, bool started)
      : selection_(std::move(selection)), queue_(clock, limits, policy(clock, selection_)), started_(started) {}

  // One producer: called under the bus's publishing lock.
  void offer(const BusItem& item, const std::stop_token& stop) {
    if (selection_.takes(*item.packet->stream) && may_start(item)) queue_.push(item, stop);
  }

  // Under the same lock.
  void select(Selection selection) { selection_ = std::move(selection); }

  BoundedQueue<BusItem>& queue() { return queue_; }

 private:
  static Overflow policy(const Clock& clock, const Selection& selection) {
    if (clock.offline()) return Overflow::block;
    return selection.wants_video() ? Overflow::drop_to_keyframe : Overflow::drop_oldest;
  }

  // Headers, then an IDR: sound that comes before has no picture to go with.
  bool may_start(const BusItem& item) {
    if (started_) return true;
    if (!waiting_since_) waiting_since_ = item.packet->decode_time();
    started_ = !selection_.wants_video() || QueueTraits<BusItem>::keyframe(item) ||
               item.packet->decode_time() - *waiting_since_ >= kSoundAlone;
    return started_;
  }

  Selection selection_;
  BoundedQueue<BusItem> queue_;
  bool started_;
  std::optional<Nanos> waiting_since_;
};

Subscription::Subscription(PacketBus& bus, std::shared_ptr<Port> port, std::deque<BusItem> backlog)
    : bus_(bus), port_(std::move(port)), backlog_(std::move(backlog)) {
  for (const BusItem& item : backlog_) backlog_bytes_ += QueueTraits<BusItem>::bytes(item);
}

Subscription::~Subscription() {
  close();
  bus_.unsubscribe(port_);
}

void Subscription::select(Selection selection) {
  bus_.select(*port_, std::move(selection));
}

void Subscription::limit(QueueLimits limits) {
  port_->queue().set_limits(limits);
}

void Subscription::close() {
  port_->queue().close();
}

Result<PacketPtr> Subscription::pop(std::stop_token stop, Instant deadline) {
  while (true) {
    if (!backlog_.empty()) {
      if (stop.stop_requested()) return Error{Errc::cancelled, "stopped", nullptr};
      BusItem item = std::move(backlog_.front());
      backlog_.pop_front();
      backlog_bytes_ -= QueueTraits<BusItem>::bytes(item);
      // Not counted when cut: these are the tails of GOPs that began before the one it starts with.
      if (guard_.passes(item)) return std::move(item.packet);
      continue;
    }
    auto item = port_->queue().pop(stop, deadline);
    if (!item) return std::move(item).error();
    if (guard_.passes(*item)) return std::move(item->packet);
    ++cut_;
  }
}

QueueLevel Subscription::level() const {
  QueueLevel level = port_->queue().level();
  level.dropped += cut_;
  if (backlog_.empty()) return level;
  level.items += backlog_.size();
  level.bytes += backlog_bytes_;
  level.span += QueueTraits<BusItem>::time(backlog_.back()) - QueueTraits<BusItem>::time(backlog_.front());
  return level;
}

void PacketBus::announce(StreamInfoPtr stream) {
  {
    std::lock_guard lock(mutex_);
    withdrawn_.erase(stream->name);
    announce_locked(std::move(stream));
  }
  announced_.notify_all();
}

void PacketBus::withdraw(const std::string& name) {
  std::lock_guard lock(mutex_);
  if (!streams_.contains(name)) return;
  streams_.erase(name);
  std::erase(order_, name);
  if (withdrawn_.size() >= kMostWithdrawn) withdrawn_.clear();  // the last packets of those are long through
  withdrawn_.insert(name);
  trim();
}

StreamInfoPtr PacketBus::announce_locked(StreamInfoPtr stream) {
  const auto [at, fresh] = streams_.try_emplace(stream->name);
  Stream& known = at->second;
  if (fresh) order_.push_back(stream->name);
  if (!known.announced || !interchangeable(*known.announced, *stream)) {
    known.announced = std::move(stream);
    known.needs_key = true;
    known.idr_at = -1;  // the GOP of the old parameters is of no use to a newcomer
    trim();
  }
  return known.announced;
}

// Fills `item` with the packet as all subscribers get it. False: it cannot be used.
bool PacketBus::admit(PacketPtr& packet, BusItem& item) {
  Stream& stream = streams_.at(packet->stream->name);
  const std::int64_t number = stream.next_number++;
  const bool back = stream.delivered && packet->dts <= stream.last_dts;
  if (packet->video() && (back || (stream.needs_key && !packet->key))) {
    stream.needs_key = true;
    return false;
  }
  if (back) return false;
  stream.needs_key = false;
  stream.delivered = true;
  stream.last_dts = packet->dts;
  if (packet->stream != stream.announced) {
    auto copy = std::make_shared<Packet>(*packet);
    copy->stream = stream.announced;
    packet = std::move(copy);
  }
  item = {packet, number};
  return true;
}

void PacketBus::publish(PacketPtr packet, std::stop_token stop) {
  std::lock_guard publishing(publishing_);
  std::vector<std::shared_ptr<Subscription::Port>> ports;
  BusItem item;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    if (withdrawn_.contains(packet->stream->name)) {
      ++rejected_;
      return;
    }
    announce_locked(packet->stream);
    if (!admit(packet, item)) {
      ++rejected_;
      return;
    }
    keep(item);
    ports = ports_;
  }
  announced_.notify_all();
  for (const auto& port : ports) port->offer(item, stop);
}

void PacketBus::keep(const BusItem& item) {
  const std::int64_t place = recent_begin_ + static_cast<std::int64_t>(recent_.size());
  const bool key = QueueTraits<BusItem>::keyframe(item);
  if (key) streams_.at(item.packet->stream->name).idr_at = place;
  if (recent_.empty() && !key) return;
  recent_.push_back(item);
  recent_bytes_ += QueueTraits<BusItem>::bytes(item);
  trim();
}

void PacketBus::trim() {
  while (!recent_.empty()) {
    std::int64_t oldest = -1;
    Stream* holder = nullptr;
    for (auto& [name, stream] : streams_) {
      if (stream.idr_at < 0 || (holder != nullptr && stream.idr_at >= oldest)) continue;
      holder = &stream;
      oldest = stream.idr_at;
    }
    const std::int64_t keep_from =
        holder != nullptr ? oldest : recent_begin_ + static_cast<std::int64_t>(recent_.size());
    while (recent_begin_ < keep_from) {
      recent_bytes_ -= QueueTraits<BusItem>::bytes(recent_.front());
      recent_.pop_front();
      ++recent_begin_;
    }
    if (recent_bytes_ <= options_.gop_bytes) return;
    holder->idr_at = -1;  // too large to keep: newcomers wait for the next IDR
  }
}

std::deque<BusItem> PacketBus::current_gop(const Selection& selection) const {
  std::deque<BusItem> gop;
  std::int64_t from = -1;
  for (const auto& [name, stream] : streams_) {
    if (stream.idr_at < 0 || !selection.takes(*stream.announced)) continue;
    if (from < 0 || stream.idr_at < from) from = stream.idr_at;
  }
  if (from < 0) return gop;
  for (auto i = static_cast<std::size_t>(from - recent_begin_); i < recent_.size(); ++i) {
    const StreamInfoPtr& stream = recent_[i].packet->stream;
    // Another rendition's longer GOP may still hold packets of parameters that are gone.
    const auto known = streams_.find(stream->name);
    if (known == streams_.end() || known->second.announced != stream) continue;
    if (selection.takes(*stream)) gop.push_back(recent_[i]);
  }
  return gop;
}

void PacketBus::close() {
  std::vector<std::shared_ptr<Subscription::Port>> ports;
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    ports = ports_;
  }
  announced_.notify_all();
  for (const auto& port : ports) port->queue().close();
}

void PacketBus::select(Subscription::Port& port, Selection selection) {
  std::lock_guard publishing(publishing_);
  port.select(std::move(selection));
}

std::unique_ptr<Subscription> PacketBus::subscribe(const Selection& selection, QueueLimits limits) {
  std::lock_guard lock(mutex_);
  std::deque<BusItem> gop = current_gop(selection);
  auto port = std::make_shared<Subscription::Port>(clock_, selection, limits, !gop.empty());
  if (closed_) port->queue().close();
  ports_.push_back(port);
  return std::unique_ptr<Subscription>(new Subscription(*this, std::move(port), std::move(gop)));
}

void PacketBus::unsubscribe(const std::shared_ptr<Subscription::Port>& port) {
  std::lock_guard lock(mutex_);
  std::erase(ports_, port);
}

Result<std::vector<StreamInfoPtr>> PacketBus::streams(const Selection& selection, std::stop_token stop,
                                                      Instant deadline) {
  std::vector<StreamInfoPtr> found;
  const auto look = [&] {
    found.clear();
    bool video = selection.video.empty();
    bool audio = selection.audio.empty();
    for (const std::string& name : order_) {
      const StreamInfoPtr& stream = streams_.at(name).announced;
      if (!selection.takes(*stream)) continue;
      (stream->kind == MediaKind::video ? video : audio) = true;
      found.push_back(stream);
    }
    return video && audio && !found.empty();
  };
  std::unique_lock lock(mutex_);
  const bool complete = clock_.wait(lock, announced_, stop, deadline, [&] { return closed_ || look(); });
  if (stop.stop_requested()) return Error{Errc::cancelled, "stopped", nullptr};
  if (closed_ && !look()) return Error{Errc::end, "the program is over", nullptr};
  if (!complete) return Error{Errc::again, "the encoder has not started yet", nullptr};
  std::stable_partition(found.begin(), found.end(), [](const auto& s) { return s->kind == MediaKind::video; });
  return found;
}

std::int64_t PacketBus::rejected() const {
  std::lock_guard lock(mutex_);
  return rejected_;
}

}  // namespace mainstay
