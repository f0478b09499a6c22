// A source made of a show's JSON-like configuration, on a clock of the test.
// A fixture of the tests.
// Thread-safety: one thread.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "engine/sources/factory.h"
#include "tests/support/clips.h"

namespace mainstay {

struct GraphicsTest : testing::Test {
  test::TempFolder folder;
  ManualClock clock{ManualClock::Drive::test, UtcInstant(Seconds(1782907200))};  // 2026-07-01 12:00:00 UTC
  Log log{{LogLevel::off, false, [](std::string_view) {}}};
  Rate rate{30, 1};
  std::unique_ptr<Source> source;
  FrameIndex frame = 0;

  std::unique_ptr<Source> make(const show::Source& config) {
    return make_source(config, {"graphic", clock, log, rate, 1280, 720, Millis(500), folder.file("")});
  }
  void start(const show::Source& config) {
    source = make(config);
    source->start();
    settle();
  }
  /// Until the source is ready and its thread waits, or has ended.
  void settle() {
    for (int i = 0; i < 2'000'000 && !source->ready(); ++i) std::this_thread::yield();
    ASSERT_TRUE(source->ready());
  }
  FramePtr pull() { return source->pull(frame++, {}).video; }
  /// The picture that is there once the source's thread had its time.
  FramePtr pull_settled() {
    FramePtr picture = pull();
    for (int i = 0; i < 2'000'000; ++i) {
      const SourceOutput output = source->pull(frame++, {});
      if (!output.repeated) return output.video;
      std::this_thread::yield();
    }
    ADD_FAILURE() << "no picture came";
    return picture;
  }
};

}  // namespace mainstay
