// A leg on a line that gets narrow, to a real receiver: it steps down the ladder and up again, and what is received
// holds every picture once.
#include <gmock/gmock.h>

#include <map>
#include <sstream>

#include "engine/deliver/leg.h"
#include "engine/deliver/rtmp_transport.h"
#include "engine/deliver/srt_transport.h"
#include "tests/engine/deliver/rtmp_peers.h"
#include "tests/engine/deliver/srt_media.h"
#include "tests/engine/deliver/srt_relay.h"

namespace mainstay {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

constexpr int kLength = 26;  // seconds
constexpr int kWide = 4'000'000;
constexpr const char* kLower = "a lower one";

/// One program in three sizes with one sound, in the order of the bus.
struct LadderClip {
  std::vector<StreamInfoPtr> streams;
  std::vector<PacketPtr> packets;
  std::int64_t pictures = 0;
};

LadderClip make_ladder_clip() {
  LadderClip out;
  const std::vector<srt_test::Clip> clips{srt_test::make_clip(kLength, 2400, 1, "v0", "640x360"),
                                          srt_test::make_clip(kLength, 900, 1, "v1", "426x240"),
                                          srt_test::make_clip(kLength, 250, 1, "v2", "256x144")};
  for (const srt_test::Clip& clip : clips) {
    out.streams.push_back(clip.video);
    for (const PacketPtr& packet : clip.packets) {
      if (packet->video() || &clip == &clips[0]) out.packets.push_back(packet);
    }
  }
  out.streams.push_back(clips[0].audio);
  std::stable_sort(out.packets.begin(), out.packets.end(),
                   [](const auto& a, const auto& b) { return a->decode_time() < b->decode_time(); });
  out.pictures = clips[0].pictures();
  return out;
}

/// What ffprobe decodes of a recording.
struct Decoded {
  std::vector<std::int64_t> numbers;  // of pictures, from the first one on
  std::map<int, int> widths;          // pictures of each width
};

Decoded decode(const std::string& path, int rate = 30) {
  const std::string text = srt_test::run({"ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
                                          "frame=pts_time,width", "-of", "csv=p=0", path});
  Decoded out;
  std::istringstream lines(text);
  double first = -1;
  for (std::string line; std::getline(lines, line);) {
    double time = 0;
    int width = 0;
    char comma = 0;
    std::istringstream fields(line);
    if (!(fields >> time >> comma >> width)) continue;
    if (first < 0) first = time;
    out.numbers.push_back(std::llround((time - first) * rate));
    ++out.widths[width];
  }
  return out;
}

/// One leg with what it needs.
struct SteppingLeg {
  std::mutex mutex;
  std::vector<std::string> steps;
  std::unique_ptr<Leg> leg;  // last: tells the others until it is gone

  void make(const std::string& name, PacketBus& bus, TransportFactory transports, srt_test::SrtWorld& world,
            bool stepping) {
    LegOptions options;
    options.destination = name;
    options.selection = {.video = "v0", .audio = "a0"};
    if (stepping) {
      options.ladder.rungs = {{"v0", 2528}, {"v1", 1028}, {"v2", 378}};
      options.ladder.up_after = Seconds(3);
    }
    leg = std::make_unique<Leg>(options, bus, std::move(transports), world.clock, world.log,
                                [this](const LegEvent& event) {
                                  std::lock_guard lock(mutex);
                                  if (event.step) steps.push_back(describe(*event.step));
                                });
    leg->start();
  }
  bool sends(const std::string& rendition) const { return leg->status().rendition == rendition; }
  std::string told() {
    std::lock_guard lock(mutex);
    const LegStatus status = leg->status();
    std::string text = fmt::format("{} {}: {:.0f} kb/s, {} ms queued, {} dropped", to_string(status.state),
                                   status.detail, status.kbps, status.queued / Millis(1), status.dropped);
    for (const std::string& step : steps) text += "\n" + step;
    for (const auto& [name, value] : status.details) text += fmt::format("\n{}: {}", name, value);
    return text;
  }
};

class StepPeerTest : public ::testing::Test {
 protected:
  std::jthread on_air() {
    for (const StreamInfoPtr& stream : clip_.streams) bus_.announce(stream);
    return std::jthread([this](const std::stop_token& stop) {
      const Instant start = world_.clock.now();
      for (const PacketPtr& packet : clip_.packets) {
        const Nanos place = packet->decode_time() - clip_.packets.front()->decode_time();
        if (!world_.clock.wait_until(start + place, stop)) return;
        bus_.publish(packet, stop);
      }
    });
  }
  static show::LegConfig to(const std::string& url) {
    show::LegConfig config;
    config.url = url;
    config.latency = Millis(1500);
    return config;
  }
  bool until(SteppingLeg& leg, const std::string& rendition, Nanos limit) {
    const bool there =
        world_.eventually([&] { return rendition == kLower ? !leg.sends("v0") : leg.sends(rendition); }, limit);
    return there || (ADD_FAILURE() << rendition << " is not sent; steps:\n"
                                   << leg.told() << "\n"
                                   << world_.logged(),
                     false);
  }
  // From its first picture on, which is the leg's to choose, to the last one.
  static void expect_whole(const Decoded& got, const std::string& path, std::int64_t at_least) {
    ASSERT_GE(static_cast<std::int64_t>(got.numbers.size()), at_least) << path;
    for (std::size_t i = 0; i < got.numbers.size(); ++i)
      ASSERT_EQ(got.numbers[i], static_cast<std::int64_t>(i)) << path;
    EXPECT_EQ(srt_test::decode_errors(path), "") << path;
  }

  srt_test::SrtWorld world_;
  PacketBus bus_{world_.clock};
  const LadderClip clip_ = make_ladder_clip();
};

TEST_F(StepPeerTest, ANarrowLineGetsALowerRungAndAWideOneKeepsTheHighest) {
  mainstay::testing::NginxRtmp nginx;
  mainstay::testing::SlowRelay rtmp_line(nginx.port(), kWide);

  const auto rtmp = [&](std::uint16_t port, const char* key) {
    show::LegConfig config = to(fmt::format("rtmp://127.0.0.1:{}/live", port));
    config.key = key;
    return make_rtmp_transport(config, world_.clock, world_.log, "leg test").value();
  };
  SteppingLeg narrow;
  SteppingLeg wide;
  std::jthread program = on_air();
  narrow.make("narrow", bus_, rtmp(rtmp_line.port(), "narrow"), world_, true);
  wide.make("wide", bus_, rtmp(nginx.port(), "wide"), world_, true);
  for (SteppingLeg* leg : {&narrow, &wide})
    ASSERT_TRUE(world_.eventually([&] { return leg->leg->status().packets > 60; }));

  rtmp_line.limit(190'000);
  ASSERT_TRUE(until(narrow, "v1", Seconds(10)));
  world_.clock.wait_until(world_.clock.now() + Seconds(2), {});
  rtmp_line.limit(kWide);
  ASSERT_TRUE(until(narrow, "v0", Seconds(12)));
  program.join();
  for (SteppingLeg* leg : {&narrow, &wide}) {
    world_.eventually([&] { return leg->leg->status().queued < Millis(50); }, Seconds(3));
    leg->leg->stop();
  }
  for (SteppingLeg* leg : {&narrow, &wide}) {
    EXPECT_TRUE(world_.eventually([&] { return leg->leg->status().state == LegState::stopped; }));
    EXPECT_EQ(leg->leg->status().connects, 1);
    EXPECT_EQ(leg->leg->status().dropped, 0) << leg->told();
  }
  EXPECT_EQ(wide.leg->status().step_count, 0);
  nginx.quit();

  const std::int64_t at_least = clip_.pictures - 60;  // it began with the GOP of its connection
  const std::string flv = nginx.recordings("narrow").at(0);
  const Decoded by_rtmp = decode(flv);
  expect_whole(by_rtmp, flv, at_least);
  EXPECT_THAT(by_rtmp.widths, Contains(::testing::Key(640)));
  EXPECT_THAT(by_rtmp.widths, Contains(::testing::Key(426)));
  const std::string top = nginx.recordings("wide").at(0);
  const Decoded highest = decode(top);
  expect_whole(highest, top, at_least);
  EXPECT_EQ(highest.widths.size(), 1U);
}

/// A real receiver of SRT that writes down what it gets.
class SrtReceiver {
 public:
  explicit SrtReceiver(const std::string& path)
      : path_(path),
        process_({"sh", "-c",
                  fmt::format("exec srt-live-transmit -q -a:no -chunk:1316 'srt://127.0.0.1:{}?mode=listener' "
                              "file://con > {} 2> {}.log",
                              port_, path, path)},
                 path + ".sh.log") {}
  int port() const { return port_; }
  const std::string& path() const { return path_; }
  bool running() { return process_.running(); }

 private:
  const int port_ = srt_test::free_udp_port();
  const std::string path_;
  srt_test::ChildProcess process_;
};

// A router drops what finds its queue full, and a network operator's may hold a second: the first shows as packets that
// are sent again, the second as a long round trip.
TEST_F(StepPeerTest, NarrowSrtLinesGetALowerRungAndAWideOneKeepsTheHighest) {
  const auto srt = [&](int port) {
    return make_srt_transport(to(fmt::format("srt://127.0.0.1:{}", port)), world_.clock, world_.log, "leg test")
        .value();
  };
  srt_test::TempDir dir;
  struct Line {
    SrtReceiver receiver;
    srt_test::UdpRelay relay;
    SteppingLeg leg;
    explicit Line(const std::string& path) : receiver(path), relay(receiver.port()) {}
  };
  Line shallow(dir.file("shallow.ts"));
  Line deep(dir.file("deep.ts"));
  Line wide(dir.file("wide.ts"));
  std::jthread program = on_air();
  for (Line* line : {&shallow, &deep, &wide}) {
    line->leg.make(line->receiver.path(), bus_, srt(line->relay.port()), world_, true);
  }
  for (Line* line : {&shallow, &deep, &wide})
    ASSERT_TRUE(world_.eventually([&] { return line->leg.leg->status().packets > 60; }));

  shallow.relay.limit(220'000, Millis(60));
  deep.relay.limit(220'000, Millis(1000));
  for (Line* line : {&shallow, &deep}) ASSERT_TRUE(until(line->leg, kLower, Seconds(10)));
  world_.clock.wait_until(world_.clock.now() + Seconds(2), {});
  for (Line* line : {&shallow, &deep}) line->relay.limit(0, Millis(0));
  for (Line* line : {&shallow, &deep}) ASSERT_TRUE(until(line->leg, "v0", Seconds(15)));
  program.join();
  for (Line* line : {&shallow, &deep, &wide}) {
    world_.eventually([&] { return line->leg.leg->status().queued < Millis(50); }, Seconds(3));
    line->leg.leg->stop();
  }
  for (Line* line : {&shallow, &deep, &wide}) {
    Leg& leg = *line->leg.leg;
    EXPECT_TRUE(world_.eventually([&] { return leg.status().state == LegState::stopped; }));
    EXPECT_TRUE(world_.eventually([&] { return !line->receiver.running(); }));
    EXPECT_EQ(leg.status().connects, 1) << line->leg.told();
    EXPECT_EQ(leg.status().dropped, 0) << line->leg.told();
    const Decoded got = decode(line->receiver.path());
    expect_whole(got, line->receiver.path(), clip_.pictures - 60);
    EXPECT_EQ(got.widths.size() > 1, line != &wide) << line->leg.told();
  }
  EXPECT_EQ(wide.leg.leg->status().step_count, 0);
}

}  // namespace
}  // namespace mainstay
