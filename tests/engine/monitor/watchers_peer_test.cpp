// What the watchers make of a real film: encoded, decoded, on air, as fast as it goes.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <map>

#include "engine/ffi/av/av_init.h"
#include "engine/monitor/watchers.h"
#include "engine/sources/factory.h"
#include "tests/support/clips.h"

namespace mainstay {
namespace {

/// Seconds 0 to 4 all is well; to 12 the picture stands; to 16 it is black; to 22 it moves and the sound is at -70
/// dBFS; to 24 the sound is too loud; to 27 all is well.
std::string film() {
  const std::string path = test::clip_folder().file("film.mp4");
  const std::string command =
      "ffmpeg -v error -y -filter_complex \""
      "testsrc2=s=640x360:r=30:d=4[v1];"
      "testsrc2=s=640x360:r=30:d=0.034,tpad=stop_mode=clone:stop_duration=9,trim=end=8,setpts=PTS-STARTPTS[v2];"
      "color=black:s=640x360:r=30:d=4[v3];"
      "testsrc2=s=640x360:r=30:d=11[v4];"
      "[v1][v2][v3][v4]concat=n=4:v=1:a=0,format=yuv420p[v];"
      "aevalsrc=0.1*sin(2*PI*440*t)|0.1*sin(2*PI*440*t):s=48000:d=16[a1];"
      "aevalsrc=0.000316*sin(2*PI*440*t)|0.000316*sin(2*PI*440*t):s=48000:d=6[a2];"
      "aevalsrc=1.5*sin(2*PI*440*t)|1.5*sin(2*PI*440*t):s=48000:d=2[a3];"
      "aevalsrc=0.1*sin(2*PI*440*t)|0.1*sin(2*PI*440*t):s=48000:d=3[a4];"
      "[a1][a2][a3][a4]concat=n=4:v=0:a=1[a]\" "
      "-map [v] -map [a] -c:v libx264 -preset veryfast -crf 23 -c:a aac -b:a 160k " +
      path;
  EXPECT_EQ(std::system(command.c_str()), 0);
  return path;
}

TEST(WatchersPeerTest, AFilmThatFreezesGoesBlackFallsSilentAndClipsIsToldOfAtItsTimes) {
  ManualClock clock(ManualClock::Drive::program);
  Log log({.level = LogLevel::off});
  ffi::AvInit av(log, clock);
  const Rate rate{30, 1};
  std::shared_ptr<Source> source = make_source(show::FileSource{.path = film()}, {.name = "film",
                                                                                  .clock = clock,
                                                                                  .log = log,
                                                                                  .rate = rate,
                                                                                  .width = 640,
                                                                                  .height = 360,
                                                                                  .hold = Seconds(2),
                                                                                  .show_dir = ""});
  source->start();
  WatchSettings settings;
  settings.clear = Millis(500);
  show::WatchSet& wanted = settings.sources["film"];
  wanted.freeze.after = Seconds(2);
  wanted.black.after = Seconds(2);
  wanted.silence.after = Seconds(3);
  settings.program = wanted;
  std::map<std::string, std::vector<double>> told;  // "film freeze": raised, cleared, raised, …
  Watchers watchers(clock, rate, 0, settings, [&](const WatchNews& news) {
    std::vector<double>& times = told[news.watch.subject + " " + to_string(news.watch.kind)];
    EXPECT_EQ(news.raised, times.size() % 2 == 0) << news.watch.subject;
    times.push_back(seconds(news.at));
  });
  auto plan = std::make_shared<ProgramPlan>();
  plan->scene.layers.push_back(show::Layer{.source = "film"});
  plan->inputs.push_back({"film", source, false});
  plan->mixer.limiter.enabled = false;  // which would let nothing clip

  Program::Options options;
  options.format.width = 640;
  options.format.height = 360;
  options.format.rate = rate;
  options.plan = plan;
  options.sinks = {&watchers};
  options.frames = 27 * 30;
  std::atomic<bool> ended = false;
  Program program(clock, log, std::move(options), [&] {
    ended = true;
    ended.notify_all();
  });
  program.start();
  ended.wait(false);

  const auto near = [&](const std::string& what, const std::vector<double>& expected) {
    ASSERT_EQ(told[what].size(), expected.size()) << what;
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(told[what][i], expected[i], 0.25) << what << i;
  };
  for (const std::string subject : {"film", "program"}) {
    near(subject + " freeze", {6, 16.6});  // the black picture stands still, too
    near(subject + " black", {14, 16.6});
    near(subject + " silence", {19, 22.5});
    near(subject + " clipping", {22, 25.5});
  }
  EXPECT_EQ(told.size(), 8u) << "and of nothing else";
}

}  // namespace
}  // namespace mainstay
