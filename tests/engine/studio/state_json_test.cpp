#include "engine/studio/state_json.h"

#include <gtest/gtest.h>

#include "engine/studio/event_json.h"

namespace mainstay {
namespace {

Snapshot full_snapshot() {
  Snapshot s;
  s.phase = Phase::on_air;
  s.show_name = "Channel";
  s.show_path = "/shows/channel.json";
  s.revision = 7;
  s.saved_revision = 6;
  s.scenes = {"Main", "Break"};
  s.failure = "none yet";
  s.elapsed = Millis(12'345);
  s.layers = {{"Main", {{"clip", "clip"}, {"logo 2", "logo", false, true}}}, {"Break", {}}};
  s.transitions = {"iris", "cut", "fade"};
  s.program = {.width = 1280, .height = 720, .rate = Rate{30000, 1001}, .scene = "Main", .preview = "Break"};
  s.program.studio_mode = false;
  s.program.transition_name = "iris";
  s.program.transition_length = Millis(700);
  s.program.transition = TransitionSnapshot{"fade", "Break", 0.25};
  s.program.black = 0.5;
  s.program.to_black = true;
  s.program.rendered = 370;
  s.program.late = 1;
  s.program.repeated = 2;
  s.sources.push_back({"clip", "file", "live", "a detail", "", true, 10, 20, 30, true});
  s.watches = {{"program", true, "silence", 3.5, -72.25}, {"clip", false, "av_sync", 1.25, -90, -80.5}};
  s.monitor = MonitorSnapshot{"USB", "failed", "unplugged", "monitor", -6.5, 3, 42.5, false, true, "US"};
  s.layers[0].layers[0].sound_ahead_ms = 80.5;
  s.layers[0].layers[0].filters.push_back({"soft", "blur", true, "", "", {{"radius", 12}}});
  s.stingers = {{"swoosh", "ready", "", 1240}, {"gone", "failed", "no such file", std::nullopt}};
  StripSnapshot strip;
  strip.name = "clip";
  strip.silent = true;
  strip.filters = {{"gate", {{"threshold_db", -40}}}};
  s.mixer.strips.push_back(strip);
  s.encoders.push_back({"v0", "libx264", 370, 1, 2999.5, 3100.25, "", "an error"});
  LegSnapshot leg;
  leg.destination = "platform";
  leg.role = "backup";
  leg.url = "rtmp://127.0.0.1/live";
  leg.state = LegState::backoff;
  leg.in_state = Millis(1500);
  leg.detail = "refused";
  leg.retry_in = Millis(2250);
  leg.connects = 3;
  leg.bytes = 1'000'000;
  leg.packets = 900;
  leg.dropped = 4;
  leg.kbps = 2500.5;
  leg.queued = Millis(40);
  leg.rtt = Millis(12);
  leg.first_connect_ms = 81.5;
  leg.outages = {{1.5, 200, 900.25}, {8.5, 100, std::nullopt}};
  leg.details = {{"lost", 3}, {"rate", 1.5}};
  leg.rendition = "v2";
  leg.rendition_height = 480;
  leg.full = "v0";
  leg.step_count = 3;
  leg.steps = {{12.5, "v0", "v2", "700 ms waiting"}};
  s.legs.push_back(leg);
  s.recorder = RecorderSnapshot{"out.mkv", "recording", "", 4096};
  HlsSnapshot& hls = s.hls.emplace();
  hls.state = "live";
  hls.detail = "the disk is slow";
  hls.url = "http://127.0.0.1:8080/live/index.m3u8";
  hls.segment_s = 2;
  hls.part_s = 0.333;
  hls.sequence = 812;
  hls.segments = 40;
  hls.parts = 240;
  hls.bytes = 9'000'000;
  hls.dropped = 3;
  hls.memory_bytes = 5'000'000;
  hls.renditions = {{"v0", "avc1.640028", 20, 120, 8'000'000, 3000.5, 3200.25}};
  hls.publish = {{"/srv/hls", "failed", "disk full", 60, 8'000'000, 4, 2}};
  s.audience = AudienceSnapshot{
      "http://127.0.0.1:8080/", "listening", "", 3, 12, 1.5, 0.75, 0.01, 0.125, 6, 1000, 50000, {{"startup", 3.5, 2}}};
  return s;
}

TEST(StateJsonTest, WhatIsReadBackIsWhatWasWritten) {
  const Json state = to_json(full_snapshot());
  EXPECT_EQ(to_json(snapshot_from_json(state)), state);
  EXPECT_EQ(to_json(snapshot_from_json(to_json(Snapshot{}))), to_json(Snapshot{}));
}

TEST(StateJsonTest, WhatIsMissingOrOfAnotherTypeStaysAsItIsByItself) {
  Json state = to_json(full_snapshot());
  for (const Json& wrong : {Json(), Json(7), Json("text"), Json::array({1, "x"}), Json{{"a", {{"b", 1}}}}}) {
    EXPECT_EQ(snapshot_from_json(wrong).phase, Phase::off);
    for (const auto& [key, value] : state.items()) {
      Json broken = state;
      broken[key] = wrong;
      EXPECT_LE(snapshot_from_json(broken).legs.size(), 1u) << key;
    }
  }
  state["elapsed_s"] = 1e300;
  EXPECT_EQ(snapshot_from_json(state).elapsed, Nanos{0});
}

TEST(EventJsonTest, AnEventReadBackIsTheOneThatWasWritten) {
  const Event event{17,
                    UtcInstant(Millis(1'772'366'400'123)),
                    LogLevel::warning,
                    "leg.state",
                    "platform/main",
                    "text",
                    {{"state", "live"}}};
  const Json json = to_json(event);
  const auto read = event_from_json(json);
  ASSERT_TRUE(read);
  EXPECT_EQ(to_json(*read), json);
  for (const char* key : {"number", "at", "level"}) {
    Json broken = json;
    broken[key] = "2026-13-01T12:00:00.000Z";
    EXPECT_FALSE(event_from_json(broken)) << key;
  }
  EXPECT_FALSE(event_from_json(Json::array()));
  EXPECT_FALSE(event_from_json("event"));
}

}  // namespace
}  // namespace mainstay
