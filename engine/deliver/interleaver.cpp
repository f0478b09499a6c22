#include "engine/deliver/interleaver.h"

#include <algorithm>

namespace mainstay {

void Interleaver::add(std::string name, MediaKind kind) {
  std::lock_guard lock(mutex_);
  stream(name, kind);
}

Interleaver::Stream& Interleaver::stream(const std::string& name, MediaKind kind) {
  for (Stream& s : streams_) {
    if (s.name == name) return s;
  }
  Stream& added = streams_.emplace_back();
  added.name = name;
  added.kind = kind;
  return added;
}

void Interleaver::push(PacketPtr packet, std::stop_token stop) {
  std::lock_guard lock(mutex_);
  Stream& to = stream(packet->stream->name, packet->stream->kind);
  to.ended = false;
  to.behind = false;
  to.last = packet->decode_time();
  newest_ = std::max(newest_, to.last);
  held_bytes_ += QueueTraits<PacketPtr>::bytes(packet);
  to.held.push_back(std::move(packet));
  drain(stop, false);
}

void Interleaver::end(const std::string& name, std::stop_token stop) {
  std::lock_guard lock(mutex_);
  for (Stream& s : streams_) {
    if (s.name == name) s.ended = true;
  }
  drain(stop, false);
}

void Interleaver::flush(std::stop_token stop) {
  std::lock_guard lock(mutex_);
  drain(stop, true);
}

// The stream whose packet is next in order; null when nothing is held.
Interleaver::Stream* Interleaver::first() {
  Stream* best = nullptr;
  for (Stream& s : streams_) {
    if (s.held.empty()) continue;
    if (best != nullptr) {
      const Nanos a = s.held.front()->decode_time();
      const Nanos b = best->held.front()->decode_time();
      if (a > b || (a == b && !(s.kind == MediaKind::video && best->kind == MediaKind::audio))) continue;
    }
    best = &s;
  }
  return best;
}

void Interleaver::drain(const std::stop_token& stop, bool all) {
  while (Stream* next = first()) {
    const Nanos time = next->held.front()->decode_time();
    // A stream that has passed this time already brings nothing earlier any more.
    const auto waited_for = [&](const Stream& s) { return s.held.empty() && !s.ended && !s.behind && s.last < time; };
    if (!all && std::any_of(streams_.begin(), streams_.end(), waited_for)) {
      const bool long_enough = !options_.exact && newest_ - time > options_.max_wait;
      if (!long_enough && held_bytes_ <= options_.max_bytes) return;
      for (Stream& s : streams_) s.behind = s.behind || waited_for(s);
    }
    send(*next, stop);
  }
}

void Interleaver::send(Stream& from, const std::stop_token& stop) {
  PacketPtr packet = std::move(from.held.front());
  from.held.pop_front();
  held_bytes_ -= QueueTraits<PacketPtr>::bytes(packet);
  const Nanos time = packet->decode_time();
  if (time < passed_to_) ++late_;
  passed_to_ = std::max(passed_to_, time);
  ++passed_;
  sink_(std::move(packet), stop);
}

Interleaver::Stats Interleaver::stats() const {
  std::lock_guard lock(mutex_);
  Stats stats{passed_, late_, held_bytes_, {}};
  for (const Stream& s : streams_) {
    if (s.behind) stats.behind.push_back(s.name);
  }
  return stats;
}

}  // namespace mainstay
