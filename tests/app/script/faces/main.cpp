// The JavaScript engine needs an application object, the media libraries their log; no window.
#include <gtest/gtest.h>

#include <QCoreApplication>

#include "engine/ffi/av/av_init.h"
#include "engine/ffi/srt/srt_library.h"

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  const QCoreApplication application(argc, argv);
  mainstay::SteadyClock clock;
  mainstay::Log log({.level = mainstay::LogLevel::off});
  const mainstay::ffi::AvInit av(log, clock);
  const auto srt = mainstay::ffi::SrtLibrary::start(clock, log);
  return srt ? RUN_ALL_TESTS() : 1;
}
