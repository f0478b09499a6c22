// What the program's tests share: sources and sinks that check what they are given, and a program whose ticks a test
// steps one by one.
// Owned by each test.
// Thread-safety: as gtest fixtures.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "engine/program/program.h"

namespace mainstay {

// Gives one picture and the right number of samples a tick; can be told to lack pictures.
class FakeSource final : public Source {
 public:
  explicit FakeSource(Rate rate, int luma = 100, float level = 0) : rate_(rate), level_(level) {
    WritableFrame frame = WritableFrame::make(64, 36);
    frame.fill(static_cast<std::uint8_t>(luma), 128, 128);
    frame_ = std::move(frame).freeze();
  }
  void start() override {}
  bool ready() const override { return ready_; }
  SourceOutput pull(FrameIndex frame, std::stop_token) override {
    EXPECT_EQ(frame, next_++);
    SourceOutput out;
    AudioBlockPtr& block = blocks_[rate_.samples(frame)];
    if (!block) {
      auto made = std::make_shared<AudioBlock>(2, rate_.samples(frame));
      std::fill(made->data.begin(), made->data.end(), level_);
      block = std::move(made);
    }
    out.audio = block;
    out.repeated = missing_ > 0 && frame < missing_;
    if (!dark_) out.video = frame_;
    if (frame + 1 == ends_after_) state_ = SourceState::ended;
    return out;
  }
  SourceStatus status() const override {
    if (next_ < retries_for_) return {.state = SourceState::failed, .retries = true};
    return {.state = state_};
  }

  FrameIndex missing_ = 0;
  FrameIndex ends_after_ = -1;
  FrameIndex retries_for_ = 0;
  bool dark_ = false;
  std::atomic<bool> ready_ = true;
  FramePtr frame_;

 private:
  const Rate rate_;
  const float level_;
  std::map<int, AudioBlockPtr> blocks_;
  FrameIndex next_ = 0;
  SourceState state_ = SourceState::live;
};

class CountingSink final : public ProgramSink {
 public:
  void on_video(const FramePtr& frame, FrameIndex n) override {
    ASSERT_TRUE(frame);
    if (frames == 0) first_frame = n;
    EXPECT_EQ(n, first_frame + frames);
    ++frames;
    last = frame;
  }
  void on_audio(const AudioBlockPtr& block, std::int64_t first) override {
    ASSERT_TRUE(block);
    if (samples == 0) first_sample = first;
    EXPECT_EQ(first, first_sample + samples);
    samples += block->samples;
    sound = block;
  }

  std::int64_t frames = 0;
  std::int64_t samples = 0;
  FrameIndex first_frame = 0;
  std::int64_t first_sample = 0;
  FramePtr last;
  AudioBlockPtr sound;
};

class ProgramTest : public ::testing::Test {
 protected:
  Program::Options options(Rate rate, std::int64_t frames) {
    source_ = std::make_shared<FakeSource>(rate);
    Program::Options options;
    options.format.width = 64;
    options.format.height = 36;
    options.format.rate = rate;
    options.plan = plan({{"fake", source_}});
    options.sinks = {&sink_};
    options.first_frame = aligned_start(rate, rate.frames_in(Seconds(1)));
    options.frames = frames;
    return options;
  }

  // All inputs in one scene.
  static Program::PlanPtr plan(std::vector<Program::Input> inputs, std::int64_t number = 0) {
    auto plan = std::make_shared<Program::Plan>();
    for (const Program::Input& input : inputs) plan->scene.layers.push_back(show::Layer{.source = input.name});
    plan->inputs = std::move(inputs);
    plan->number = number;
    return plan;
  }

  void run(Program::Options options) {
    std::atomic<bool> ended = false;
    Program program(clock_, log_, std::move(options), [&] {
      ended = true;
      ended.notify_all();
    });
    program.start();
    ended.wait(false);
    status_ = program.status();
  }

  ManualClock clock_{ManualClock::Drive::program};
  Log log_{{.level = LogLevel::off}};
  std::shared_ptr<FakeSource> source_;
  CountingSink sink_;
  ProgramStatus status_;
};

// A machine whose ticks the test steps one by one.
class PlanTest : public ProgramTest {
 protected:
  void begin(Rate rate) {
    rate_ = rate;
    Program::Options with = options(rate, 0);
    with.news = [this](const ProgramNews& news) {
      news_.push_back(news);
      if (news.kind == ProgramNews::Kind::plan) taken_.emplace_back(news.number, news.frame);
    };
    first_ = with.first_frame;
    program_ = std::make_unique<Program>(still_, log_, std::move(with), [] {});
    program_->start();
    await(1);
  }
  void await(std::int64_t frames) {
    while (program_->status().rendered < frames || still_.waiters() == 0) std::this_thread::yield();
  }
  void step(int ticks) {
    for (int i = 0; i < ticks; ++i) {
      const std::int64_t next = program_->status().rendered + 1;
      still_.advance_to(still_.next_deadline());
      await(next);
    }
  }

  ManualClock still_;
  Rate rate_;
  FrameIndex first_ = 0;
  std::vector<std::pair<std::int64_t, FrameIndex>> taken_;
  std::vector<ProgramNews> news_;
  std::unique_ptr<Program> program_;
};

}  // namespace mainstay
