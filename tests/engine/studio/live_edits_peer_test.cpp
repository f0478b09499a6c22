// However the show was changed while on air, what runs is what a fresh studio runs that is given the same document.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <random>

#include "engine/ffi/av/av_init.h"
#include "engine/studio/studio.h"

namespace mainstay {
namespace {

// The luma of a picture's upper middle: what the audience sees, without the code of the frame that bars carry.
std::string luma(const FramePtr& frame) {
  std::string out;
  if (!frame) return out;
  for (int y = frame->height / 4; y < frame->height / 2; ++y) {
    out.append(reinterpret_cast<const char*>(frame->planes[0]) + y * frame->strides[0],
               static_cast<std::size_t>(frame->width));
  }
  return out;
}

// A studio of its own.
struct Bench {
  Bench(Clock& clock, const std::string& folder)
      : studio(clock, log, secrets, {.keep_history = false}), path(folder + "/show.json") {
    std::filesystem::create_directories(folder);
  }

  CallResult call(const std::string& command, Json params = nullptr) {
    std::promise<CallResult> answer;
    studio.call(command, std::move(params), {.face = Face::script},
                [&](CallResult result) { answer.set_value(std::move(result)); });
    return answer.get_future().get();
  }

  // What runs: names, kinds, addresses, encoders, the picture; no figure that grows.
  Json running() {
    const Snapshot s = studio.snapshot();
    Json out = {{"scene", s.program.scene}, {"scenes", s.scenes}, {"name", s.show_name}};
    for (const SourceSnapshot& source : s.sources) out["sources"][source.name] = {source.type, source.on_air};
    for (const EncoderSnapshot& encoder : s.encoders) out["encoders"][encoder.name] = encoder.encoder;
    for (const LegSnapshot& leg : s.legs) {
      const bool off = leg.state == LegState::idle || leg.state == LegState::stopped;
      out["legs"][leg.destination][leg.role] = {leg.url, off ? "off" : "on"};
    }
    return out;
  }
  std::string picture() const { return luma(studio.program_picture()); }
  // Whether each leg is on or off as the document has it: some take a moment to get there.
  bool legs_settled() {
    const Json destinations = call("show.get", {{"pointer", ""}}).value.value("destinations", Json::object());
    const Json now = running().value("legs", Json::object());
    return std::all_of(now.items().begin(), now.items().end(), [&](const auto& item) {
      const bool on = destinations.value(item.key(), Json::object()).value("enabled", true);
      return std::all_of(item.value().begin(), item.value().end(),
                         [&](const Json& leg) { return (leg[1] == "on") == on; });
    });
  }

  Log log{{.level = LogLevel::off}};
  show::Secrets secrets{log.redactor(), {.file = "/nonexistent/secrets.json"}};
  Studio studio;
  std::string path;
};

const char* const kShow = R"({
  "mainstay": 1, "name": "Test", "program": {"width": 64, "height": 36, "rate": "10/1"},
  "sources": {"a": {"type": "color"}, "b": {"type": "bars", "clock": false}},
  "scenes": {"A": {"layers": [{"source": "a"}]}, "B": {"layers": [{"source": "b"}]}},
  "on_air": "A",
  "encode": {"video": [{"name": "v0", "preset": "ultrafast", "kbps": 100}], "audio": [{"name": "a0", "kbps": 64}]},
  "destinations": {"x": {"main": {"url": "srt://127.0.0.1:9"}}}
})";

// Random edits; some are refused, which is part of it.
class Editor {
 public:
  Editor(Bench& bench, unsigned seed) : bench_(bench), random_(seed) {}

  bool step() {
    switch (below(16)) {
      case 0:
        return set("/name", "Show " + std::to_string(below(5)));
      case 1:
        return set("/sources/" + source() + "/color", below(2) == 0 ? "#102030" : "#405060");
      case 2:
        return set("/sources/" + source(),
                   below(2) == 0 ? Json{{"type", "color"}} : Json{{"type", "bars"}, {"clock", false}});
      case 3:
        return done(bench_.call("show.remove", {{"pointer", "/sources/" + source()}}));
      case 4:
        return set("/scenes/" + scene() + "/layers", Json::array({{{"source", source()}}}));
      case 5:
        return done(bench_.call("show.remove", {{"pointer", "/scenes/" + scene()}}));
      case 6:
        return done(bench_.call("program.cut", {{"scene", scene()}}));
      case 7:
        return set("/destinations/" + destination(),
                   {{"main", {{"url", "srt://127.0.0.1:" + std::to_string(9 + below(3))}}}});
      case 8:
        return set("/destinations/" + destination() + "/backup", {{"url", "rtmp://127.0.0.1:1/live"}, {"key", "k"}});
      case 9:
        return done(bench_.call("show.remove", {{"pointer", "/destinations/" + destination()}}));
      case 10:
        return done(bench_.call(below(2) == 0 ? "destination.stop" : "destination.start", {{"name", destination()}}));
      case 11:
        return below(20) == 0 && set("/encode/audio/0/kbps", 64 + 16 * below(3));
      case 12:
        return done(bench_.call(below(2) == 0 ? "show.undo" : "show.redo"));
      case 13: {
        static const char* const kWays[] = {"cut", "fade", "dip", "wipe", "slide", "push"};
        return done(bench_.call(
            "program.auto", {{"scene", scene()}, {"transition", kWays[below(6)]}, {"duration_ms", 100 * below(8)}}));
      }
      case 14:
        return done(bench_.call("preview.set", {{"scene", below(2) == 0 ? "" : scene()}}));
      default:
        return rollback();
    }
  }

 private:
  bool rollback() {
    const CallResult list = bench_.call("show.history", {{"limit", 30}});
    if (!list.ok() || list.value.empty()) return false;
    const Json& revision = list.value[below(list.value.size())]["number"];
    return done(bench_.call("show.rollback", {{"revision", revision}, {"keep_scene", below(2) == 0}}));
  }
  bool set(const std::string& pointer, Json value) {
    return done(bench_.call("show.set", {{"pointer", pointer}, {"value", std::move(value)}}));
  }
  static bool done(const CallResult& result) { return result.ok(); }
  std::size_t below(std::size_t n) { return random_() % n; }
  std::string source() { return std::string(1, static_cast<char>('a' + below(4))); }
  std::string scene() { return std::string(1, static_cast<char>('A' + below(3))); }
  std::string destination() { return std::string(1, static_cast<char>('x' + below(3))); }

  Bench& bench_;
  std::mt19937 random_;
};

TEST(LiveEditsPeerTest, WhatRunsIsWhatAFreshStudioRunsGivenTheSameDocument) {
  const char* const wanted = std::getenv("MAINSTAY_EDITS");  // 100000 for a long run
  const int edits = wanted != nullptr ? std::atoi(wanted) : 3000;
  constexpr int kCompareEvery = 250;
  constexpr int kEditsAFrame = 3;
  constexpr Millis kFrame{100};
  const std::string folder =
      (std::filesystem::temp_directory_path() / ("mainstay-edits-" + std::to_string(::getpid()))).string();
  ManualClock clock;
  SteadyClock wall;  // how long to wait for what threads and sockets do in their own time
  Bench live(clock, folder);
  const ffi::AvInit av(live.log, clock);
  std::ofstream(live.path) << kShow;
  ASSERT_TRUE(live.call("show.open", {{"path", live.path}}).ok());
  ASSERT_TRUE(live.call("program.start").ok());
  Editor editor(live, 20261124);
  int accepted = 0;
  for (int i = 1; i <= edits; ++i) {
    accepted += editor.step() ? 1 : 0;
    if (i % kEditsAFrame == 0) clock.advance(kFrame);
    if (i % kCompareEvery != 0) continue;
    Bench fresh(clock, folder + "/fresh");
    ASSERT_TRUE(live.call("show.export", {{"path", fresh.path}}).ok());
    ASSERT_TRUE(fresh.call("show.open", {{"path", fresh.path}}).ok());
    ASSERT_TRUE(fresh.call("program.start").ok());
    // Legs that were told to stop or to follow others, and sources that were made anew, take a moment.
    Json of_live;
    Json of_fresh;
    const auto same = [&] {
      of_live = live.running();
      of_fresh = fresh.running();
      return of_live == of_fresh && live.legs_settled() && fresh.legs_settled() && live.picture() == fresh.picture();
    };
    bool equal = same();
    for (const Instant limit = wall.now() + Seconds(20); !equal && wall.now() < limit; equal = same()) {
      clock.advance(kFrame);
      wall.wait_until(wall.now() + Millis(2), {});
    }
    ASSERT_EQ(of_live, of_fresh) << "after " << i << " edits";
    ASSERT_TRUE(equal) << "other pictures, or legs not as the document has them, after " << i << " edits";
    ASSERT_FALSE(live.picture().empty());
  }
  EXPECT_GT(accepted, edits / 3);
  const Snapshot end = live.studio.snapshot();
  EXPECT_EQ(end.phase, Phase::on_air);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace mainstay
