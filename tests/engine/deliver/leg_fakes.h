// What the tests of the delivery chain share: an encode made of numbered bytes, an ingest that fails on command, and a
// clock driven step by step together with the threads that wait on it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <thread>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/deliver/packet_bus.h"
#include "engine/deliver/transport.h"
#include "tests/engine/deliver/leg_clock.h"

namespace mainstay::test {

inline StreamInfoPtr video_stream(const std::string& name = "v0", Rate rate = {25, 1}) {
  auto info = std::make_shared<StreamInfo>();
  info->name = name;
  info->kind = MediaKind::video;
  info->codec = Codec::h264;
  info->rate = rate;
  info->time_base = rate.time_base();
  info->extradata = {0, 0, 0, 1, 0x67};
  info->kbps = 1000;
  info->width = 320;
  info->height = 180;
  return info;
}

inline StreamInfoPtr audio_stream(const std::string& name = "a0") {
  auto info = std::make_shared<StreamInfo>();
  info->name = name;
  info->kind = MediaKind::audio;
  info->codec = Codec::aac;
  info->time_base = kAudioBase;
  info->extradata = {0x11, 0x90};
  info->kbps = 160;
  info->sample_rate = kProgramSampleRate;
  info->channels = 2;
  info->frame_samples = 1024;
  return info;
}

/// The n-th packet of a stream; its bytes say which it is.
inline PacketPtr video_packet(const StreamInfoPtr& stream, std::int64_t n, int gop, std::size_t size = 400) {
  std::vector<std::uint8_t> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(n * 31 + static_cast<std::int64_t>(i));
  return make_packet(stream, n, n, 1, n % gop == 0, std::move(bytes));
}

inline PacketPtr audio_packet(const StreamInfoPtr& stream, std::int64_t n) {
  return make_packet(stream, n * 1024, n * 1024, 1024, true,
                     std::vector<std::uint8_t>(40, static_cast<std::uint8_t>(n)));
}

/// Video and audio in decode order, from the start of the program on.
class FakeEncode {
 public:
  explicit FakeEncode(int gop = 25) : gop_(gop) {}

  void announce(PacketBus& bus) const {
    bus.announce(video_);
    bus.announce(audio_);
  }
  /// Publishes all that is due before `until`.
  void publish(PacketBus& bus, Nanos until) {
    while (true) {
      PacketPtr v = video_packet(video_, next_video_, gop_);
      PacketPtr a = audio_packet(audio_, next_audio_);
      const bool video_first = v->decode_time() <= a->decode_time();
      const PacketPtr& next = video_first ? v : a;
      if (next->decode_time() >= until) return;
      ++(video_first ? next_video_ : next_audio_);
      published_.push_back(next);
      bus.publish(next);
    }
  }
  const std::vector<PacketPtr>& published() const { return published_; }
  StreamInfoPtr video() const { return video_; }
  StreamInfoPtr audio() const { return audio_; }

 private:
  const int gop_;
  const StreamInfoPtr video_ = video_stream();
  const StreamInfoPtr audio_ = audio_stream();
  std::int64_t next_video_ = 0;
  std::int64_t next_audio_ = 0;
  std::vector<PacketPtr> published_;
};

inline const Selection kBoth{"v0", "a0", false};

/// Whether `got` is a run of packets as a decoder wants it: the same bytes and timestamps as made, in order, each video
/// packet with its whole GOP before it.
inline testing::AssertionResult decodable(const std::vector<PacketPtr>& got, const std::vector<PacketPtr>& made) {
  std::map<const Packet*, std::size_t> place;
  for (std::size_t i = 0; i < made.size(); ++i) place[made[i].get()] = i;
  std::size_t previous = 0;
  std::map<std::string, std::int64_t> next;  // by rendition: the frame that may follow
  for (std::size_t i = 0; i < got.size(); ++i) {
    const auto at = place.find(got[i].get());
    if (at == place.end()) return testing::AssertionFailure() << "packet " << i << " was never made";
    if (i > 0 && at->second <= previous) return testing::AssertionFailure() << "packet " << i << " is out of order";
    previous = at->second;
    if (!got[i]->video()) continue;
    std::int64_t& expected = next.try_emplace(got[i]->stream->name, -1).first->second;
    if (!got[i]->key && got[i]->pts != expected) {
      return testing::AssertionFailure() << "frame " << got[i]->pts << " is cut from its GOP";
    }
    expected = got[i]->pts + 1;
  }
  return testing::AssertionSuccess();
}

/// An ingest, and the way to it, that does what the test says.
class FakeIngest {
 public:
  enum class Mood {
    good,
    refuses,     ///< open fails at once
    open_hangs,  ///< open returns only when aborted
    send_hangs,  ///< a packet is never taken and the call does not return
    poll_hangs,
    takes_nothing,  ///< Errc::again for ever
    breaks,         ///< the next send fails
    breaks_on_poll,
    throws,
  };

  void set(Mood mood) {
    std::lock_guard lock(mutex_);
    mood_ = mood;
  }
  Mood mood() const {
    std::lock_guard lock(mutex_);
    return mood_;
  }
  /// A link that carries one packet each `spacing` of the clock; without it, any number.
  void set_link(const Clock* clock, Nanos spacing = {}) {
    std::lock_guard lock(mutex_);
    link_clock_ = clock;
    link_spacing_ = spacing;
  }
  /// A link that carries so many bytes a second; 0: any number.
  void set_link_rate(const Clock* clock, std::int64_t bytes_per_s) {
    std::lock_guard lock(mutex_);
    link_clock_ = bytes_per_s > 0 ? clock : nullptr;
    link_bytes_per_s_ = bytes_per_s;
    link_spacing_ = Nanos{0};
  }
  void set_stats(TransportStats stats) {
    std::lock_guard lock(mutex_);
    stats_ = std::move(stats);
  }

  TransportFactory factory() {
    return [this]() -> Result<std::unique_ptr<Transport>> { return std::unique_ptr<Transport>(new Connection(*this)); };
  }

  /// Packets by connection that was opened.
  std::vector<std::vector<PacketPtr>> received() const {
    std::lock_guard lock(mutex_);
    return received_;
  }
  std::vector<PacketPtr> all_received() const {
    std::vector<PacketPtr> all;
    for (const auto& connection : received()) all.insert(all.end(), connection.begin(), connection.end());
    return all;
  }
  std::vector<std::vector<StreamInfoPtr>> headers() const {
    std::lock_guard lock(mutex_);
    return headers_;
  }
  /// Renditions that connections changed to, with the number of packets before.
  std::vector<std::pair<std::string, std::size_t>> changes() const {
    std::lock_guard lock(mutex_);
    return changes_;
  }
  /// Threads inside a call that hangs.
  int hanging() const {
    std::lock_guard lock(mutex_);
    return hanging_;
  }
  int attempts() const {
    std::lock_guard lock(mutex_);
    return attempts_;
  }
  int closed_in_good_order() const {
    std::lock_guard lock(mutex_);
    return closed_;
  }
  int most_at_once() const {
    std::lock_guard lock(mutex_);
    return most_at_once_;
  }

 private:
  class Connection final : public Transport {
   public:
    explicit Connection(FakeIngest& ingest) : ingest_(ingest) {
      std::lock_guard lock(ingest_.mutex_);
      ingest_.most_at_once_ = std::max(ingest_.most_at_once_, ++ingest_.alive_);
      ++ingest_.attempts_;
    }
    ~Connection() override {
      std::lock_guard lock(ingest_.mutex_);
      --ingest_.alive_;
    }
    Status open(const std::vector<StreamInfoPtr>& streams, std::stop_token) override {
      std::unique_lock lock(ingest_.mutex_);
      if (ingest_.mood_ == Mood::throws) throw std::runtime_error("a library throws");
      if (ingest_.mood_ == Mood::refuses) return make_error(Errc::io, "connection refused by 127.0.0.1:1935");
      if (ingest_.mood_ == Mood::open_hangs) return hang(lock);
      ingest_.headers_.push_back(streams);
      place_ = ingest_.received_.size();
      ingest_.received_.emplace_back();
      return {};
    }
    Status send(const PacketPtr& packet) override {
      std::unique_lock lock(ingest_.mutex_);
      switch (ingest_.mood_) {
        case Mood::send_hangs:
          return hang(lock);
        case Mood::takes_nothing:
          return Error{Errc::again, "full", nullptr};
        case Mood::breaks:
        case Mood::refuses:
          return make_error(Errc::io, "connection reset by 127.0.0.1:1935");
        case Mood::throws:
          throw std::runtime_error("a library throws");
        default:
          break;
      }
      if (ingest_.link_clock_ != nullptr) {
        const Instant now = ingest_.link_clock_->now();
        if (now < link_free_) return Error{Errc::again, "full", nullptr};
        link_free_ = std::max(link_free_, now - Millis(20)) + ingest_.link_spacing_;
        if (ingest_.link_bytes_per_s_ > 0) {
          link_free_ +=
              Nanos(static_cast<std::int64_t>(packet->bytes.size()) * 1'000'000'000 / ingest_.link_bytes_per_s_);
        }
      }
      ingest_.received_[place_].push_back(packet);
      return {};
    }
    Status change_video(const StreamInfoPtr& stream) override {
      std::lock_guard lock(ingest_.mutex_);
      ingest_.changes_.emplace_back(stream->name, ingest_.received_[place_].size());
      return {};
    }
    Status poll() override {
      std::unique_lock lock(ingest_.mutex_);
      if (ingest_.mood_ == Mood::poll_hangs) return hang(lock);
      if (ingest_.mood_ == Mood::breaks_on_poll) return make_error(Errc::io, "the ingest hung up");
      return {};
    }
    TransportStats stats() override {
      std::lock_guard lock(ingest_.mutex_);
      TransportStats stats = ingest_.stats_;
      if (ingest_.link_clock_ != nullptr && ingest_.link_bytes_per_s_ > 0) {  // it carries what there is, byte by byte
        stats.bytes = ingest_.link_clock_->now().time_since_epoch() / Millis(1) * ingest_.link_bytes_per_s_ / 1000;
      }
      return stats;
    }
    void abort() noexcept override {
      std::lock_guard lock(ingest_.mutex_);
      aborted_ = true;
      if (std::exchange(hangs_, false)) --ingest_.hanging_;
      ingest_.changed_.notify_all();
    }
    void close(Instant) noexcept override {
      std::unique_lock lock(ingest_.mutex_);
      if (ingest_.mood_ == Mood::send_hangs || ingest_.mood_ == Mood::poll_hangs) {
        (void)hang(lock);
      } else {
        ++ingest_.closed_;
      }
    }

   private:
    Status hang(std::unique_lock<std::mutex>& lock) {
      if (!aborted_) {
        hangs_ = true;
        ++ingest_.hanging_;
        ingest_.changed_.wait(lock, [&] { return aborted_; });
      }
      return Error{Errc::cancelled, "aborted", nullptr};
    }
    FakeIngest& ingest_;
    std::size_t place_ = 0;
    Instant link_free_{};
    bool aborted_ = false;
    bool hangs_ = false;
  };

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Mood mood_ = Mood::good;
  const Clock* link_clock_ = nullptr;
  Nanos link_spacing_{0};
  TransportStats stats_;
  std::vector<std::vector<PacketPtr>> received_;
  std::vector<std::vector<StreamInfoPtr>> headers_;
  std::vector<std::pair<std::string, std::size_t>> changes_;
  std::int64_t link_bytes_per_s_ = 0;
  int hanging_ = 0;
  int attempts_ = 0;
  int closed_ = 0;
  int alive_ = 0;
  int most_at_once_ = 0;
};

/// A program in steps of one video frame: nothing moves on before every thread has done its work at this time.
class SteppedWorld {
 public:
  static constexpr Nanos kStep = Millis(20);

  SteppedClock clock;
  Log log{{LogLevel::off}};
  PacketBus bus{clock};
  FakeEncode encode;
  std::vector<const FakeIngest*> ingests;
  int threads = 0;  ///< that wait on the clock when they have nothing to do
  bool encoding = true;

  explicit SteppedWorld(int gop = 25) : encode(gop) { encode.announce(bus); }
  virtual ~SteppedWorld() = default;

  void settle() {
    // The bound only guards against a test that hangs.
    for (int spins = 0; spins < 5'000'000; ++spins) {
      int hanging = 0;
      for (const FakeIngest* ingest : ingests) hanging += ingest->hanging();
      if (clock.at_rest(threads - hanging)) return;
      std::this_thread::yield();
    }
    FAIL() << "the threads do not come to rest";
  }
  void step() {
    settle();
    publish();
    clock.advance(kStep);
  }
  void run(Nanos time) {
    const Instant end = clock.now() + time;
    while (clock.now() < end && !testing::Test::HasFatalFailure()) step();
    settle();
  }
  /// How long it took until `ready`.
  template <class Ready>
  Nanos run_until(Ready ready, Nanos limit = Seconds(60)) {
    const Instant begin = clock.now();
    settle();
    while (!ready() && !testing::Test::HasFatalFailure()) {
      if (clock.now() - begin >= limit) {
        ADD_FAILURE() << "not within " << seconds(limit) << " s";
        break;
      }
      step();
      settle();
    }
    return clock.now() - begin;
  }

 protected:
  /// What is due by now.
  virtual void publish() {
    if (encoding) encode.publish(bus, clock.now().time_since_epoch());
  }
};

}  // namespace mainstay::test
