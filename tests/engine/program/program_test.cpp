#include "engine/program/program.h"

#include <gtest/gtest.h>

#include <map>

namespace mainstay {
namespace {

// Gives one picture and the right number of samples a tick; can be told to lack pictures.
class FakeSource final : public Source {
 public:
  explicit FakeSource(Rate rate) : rate_(rate) {
    WritableFrame frame = WritableFrame::make(64, 36);
    frame.fill(100, 128, 128);
    frame_ = std::move(frame).freeze();
  }
  void start() override {}
  bool ready() const override { return ready_; }
  SourceOutput pull(FrameIndex frame, std::stop_token) override {
    EXPECT_EQ(frame, next_++);
    SourceOutput out;
    AudioBlockPtr& block = blocks_[rate_.samples(frame)];
    if (!block) block = std::make_shared<const AudioBlock>(2, rate_.samples(frame));
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
  }

  std::int64_t frames = 0;
  std::int64_t samples = 0;
  FrameIndex first_frame = 0;
  std::int64_t first_sample = 0;
  FramePtr last;
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

TEST_F(ProgramTest, ADayOfProgramEndsOnTheExactFrameAndSample) {
  for (const Rate rate : {Rate{30, 1}, Rate{30000, 1001}}) {
    sink_ = {};
    const FrameIndex day = rate.at(std::chrono::hours(24));
    const Instant start = clock_.now();
    run(options(rate, day));
    EXPECT_EQ(sink_.frames, day);
    EXPECT_EQ(sink_.samples, mul_div(day, std::int64_t{48000} * rate.den, rate.num)) << rate.str();
    EXPECT_EQ(sink_.first_sample, mul_div(sink_.first_frame, std::int64_t{48000} * rate.den, rate.num));
    EXPECT_EQ(clock_.now() - start, rate.begin(day - 1)) << "the last tick, to the nanosecond";
    EXPECT_EQ(status_.rendered, day);
    EXPECT_EQ(status_.late, 0);
    EXPECT_EQ(status_.repeated, 0);
  }
}

TEST_F(ProgramTest, AFullFramePictureGoesThroughUntouched) {
  run(options({30, 1}, 3));
  EXPECT_EQ(sink_.last, source_->frame_);
}

TEST_F(ProgramTest, RepeatedPicturesAreCounted) {
  Program::Options with = options({30, 1}, 10);
  source_->missing_ = 4;
  run(std::move(with));
  EXPECT_EQ(status_.repeated, 4);
  EXPECT_EQ(sink_.frames, 10);
}

TEST_F(ProgramTest, WithoutAPictureTheSlateIsShown) {
  Program::Options with = options({30, 1}, 2);
  source_->dark_ = true;
  run(std::move(with));
  ASSERT_TRUE(sink_.last);
  EXPECT_EQ(sink_.last->planes[0][0], 40);
}

TEST_F(ProgramTest, EndsWithTheLastFrameOfASceneThatIsOver) {
  Program::Options with = options({30, 1}, 0);
  source_->ends_after_ = 7;
  run(std::move(with));
  EXPECT_EQ(sink_.frames, 7);
}

TEST_F(ProgramTest, GoesOnWhileAFailedSourceTriesAgain) {
  Program::Options with = options({30, 1}, 0);
  source_->retries_for_ = 20;
  source_->ends_after_ = 20;
  run(std::move(with));
  EXPECT_EQ(sink_.frames, 20);
}

TEST_F(ProgramTest, StopEndsAProgramInMidAir) {
  ManualClock still;
  Program::Options with = options({30, 1}, 0);
  Program program(still, log_, std::move(with), [] { ADD_FAILURE() << "it did not end by itself"; });
  program.start();
  while (still.waiters() == 0) std::this_thread::yield();
  program.stop();
  EXPECT_LE(program.status().rendered, 1);
}

TEST_F(ProgramTest, AMachineThatStoodStillPutsTheProgramOffInsteadOfRacing) {
  ManualClock still;
  Program program(still, log_, options({30, 1}, 0), [] {});
  program.start();
  const auto wait_for = [&](std::int64_t frames) {
    while (program.status().rendered < frames || still.waiters() == 0) std::this_thread::yield();
  };
  wait_for(1);
  still.advance(Seconds(3600));
  wait_for(2);
  EXPECT_EQ(program.status().rendered, 2);
  EXPECT_EQ(program.status().late, 1);
  still.advance(Rate{30, 1}.begin(1) + Nanos(1));
  wait_for(3);
  EXPECT_EQ(program.status().late, 1);
}

// A machine whose ticks the test steps one by one.
class PlanTest : public ProgramTest {
 protected:
  void begin(Rate rate) {
    rate_ = rate;
    Program::Options with = options(rate, 0);
    with.taken = [this](std::int64_t number, FrameIndex n) { taken_.emplace_back(number, n); };
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
  std::unique_ptr<Program> program_;
};

TEST_F(PlanTest, ANewPlanIsShownByTheNextFrameAndOldSourcesGoOnUntouched) {
  begin({30, 1});
  step(9);
  auto other = std::make_shared<FakeSource>(rate_);
  program_->set_plan(plan({{"fake", source_}, {"other", other}}, 7));
  step(1);
  ASSERT_EQ(taken_.size(), 1u);
  EXPECT_EQ(taken_[0], (std::pair<std::int64_t, FrameIndex>{7, first_ + 10}));
  step(20);  // each source checks that its frames come one after the other from 0
  program_->set_plan(plan({{"other", other}}, 8));
  step(1);
  EXPECT_EQ(sink_.last, other->frame_);
  program_->stop();
}

TEST_F(PlanTest, OfSeveralPlansBetweenTwoTicksTheLastCounts) {
  begin({30, 1});
  auto a = std::make_shared<FakeSource>(rate_);
  auto b = std::make_shared<FakeSource>(rate_);
  program_->set_plan(plan({{"a", a}}, 1));
  program_->set_plan(plan({{"b", b}}, 2));
  step(1);
  EXPECT_EQ(taken_.size(), 1u);
  EXPECT_EQ(sink_.last, b->frame_);
  program_->stop();
}

TEST_F(PlanTest, ASourceThatIsNotReadyJoinsWhenItIsAndMissesNothing) {
  begin({30, 1});
  auto slow = std::make_shared<FakeSource>(rate_);
  slow->ready_ = false;
  program_->set_plan(plan({{"slow", slow}}, 1));
  step(5);
  ASSERT_TRUE(sink_.last);
  EXPECT_EQ(sink_.last->planes[0][0], 40) << "the slate until then";
  slow->ready_ = true;
  step(1);
  EXPECT_EQ(sink_.last, slow->frame_);
  program_->stop();
}

TEST_F(PlanTest, ASourceMayJoinWhereFramesAndSamplesDoNotFallTogether) {
  begin({30000, 1001});
  step(2);
  auto other = std::make_shared<FakeSource>(rate_);
  program_->set_plan(plan({{"other", other}}, 1));
  step(200);  // the sink checks that no sample is missing or too many
  program_->stop();  // what the master limiter held back comes then
  EXPECT_EQ(sink_.samples, rate_.first_sample(first_ + 203) - rate_.first_sample(first_));
}

TEST(AlignedStartTest, IsWhereFramesAndSamplesFallTogether) {
  EXPECT_EQ(aligned_start({30, 1}, 30), 30);
  EXPECT_EQ(aligned_start({30000, 1001}, 31), 35);
  const FrameIndex start = aligned_start({24000, 1001}, 12345);
  EXPECT_EQ(mul_div(start, 48000LL * 1001, 24000, Rounding::down), mul_div(start, 48000LL * 1001, 24000, Rounding::up));
}

}  // namespace
}  // namespace mainstay
