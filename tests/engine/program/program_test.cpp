#include "tests/engine/program/program_support.h"

namespace mainstay {
namespace {

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
  step(200);         // the sink checks that no sample is missing or too many
  program_->stop();  // what the master limiter held back comes then
  EXPECT_EQ(sink_.samples, rate_.first_sample(first_ + 203) - rate_.first_sample(first_));
}

class TickSink final : public ProgramSink {
 public:
  void on_video(const FramePtr& frame, FrameIndex) override { shown = frame; }
  void on_audio(const AudioBlockPtr& block, std::int64_t) override { heard = block; }
  bool wants_ticks() const override { return true; }
  void on_tick(ProgramTick&& tick) override {
    EXPECT_EQ(tick.video, shown);
    EXPECT_EQ(tick.audio, heard);
    last = std::move(tick);
    ++ticks;
  }
  FramePtr shown;
  AudioBlockPtr heard;
  ProgramTick last;
  int ticks = 0;
};

TEST_F(ProgramTest, WhoWantsTicksIsGivenWhatEachSourceGaveAndWhetherItIsOnAir) {
  const Rate rate{30, 1};
  Program::Options with = options(rate, 10);
  auto other = std::make_shared<FakeSource>(rate, 50);
  auto made = std::make_shared<Program::Plan>(*plan({{"fake", source_}}));
  made->inputs.push_back({"other", other});
  with.plan = made;
  TickSink looks;
  with.sinks.push_back(&looks);
  const FrameIndex first = with.first_frame;
  run(std::move(with));
  EXPECT_EQ(looks.ticks, 10);
  EXPECT_EQ(looks.last.n, first + 9);
  EXPECT_EQ(looks.last.plan, made);
  ASSERT_EQ(looks.last.inputs.size(), 2u);
  EXPECT_EQ(looks.last.inputs[0].output.video, source_->frame_);
  EXPECT_TRUE(looks.last.inputs[0].on_air && looks.last.inputs[0].joined);
  EXPECT_EQ(looks.last.inputs[1].output.video, other->frame_);
  EXPECT_FALSE(looks.last.inputs[1].on_air);
}

// A click on the first sample of every tenth frame.
class ClickSource final : public Source {
 public:
  explicit ClickSource(Rate rate) : rate_(rate) {}
  void start() override {}
  bool ready() const override { return true; }
  SourceOutput pull(FrameIndex frame, std::stop_token) override {
    const auto block = std::make_shared<AudioBlock>(2, rate_.samples(frame));
    if (frame % 10 == 0) block->data[0] = 0.5F;
    SourceOutput out;
    out.audio = block;
    return out;
  }
  SourceStatus status() const override { return {.state = SourceState::live}; }

 private:
  const Rate rate_;
};

// Where clicks are heard, by bus.
class ClickSink final : public ProgramSink {
 public:
  void on_video(const FramePtr&, FrameIndex) override {}
  void on_audio(const AudioBlockPtr& block, std::int64_t first) override {
    on_bus(show::AudioBus::program, block, first);
  }
  void on_bus(show::AudioBus bus, const AudioBlockPtr& block, std::int64_t first) override {
    auto& [end, clicks] = heard[bus];
    EXPECT_TRUE(end == 0 || first == end) << "neither gap nor overlap: " << first << " after " << end;
    end = first + block->samples;
    for (int i = 0; i < block->samples; ++i) {
      if (block->plane(0)[i] != 0) clicks.push_back(first + i);
    }
  }
  std::map<show::AudioBus, std::pair<std::int64_t, std::vector<std::int64_t>>> heard;
};

TEST_F(ProgramTest, SoundKeepsItsPlaceBesideThePictureWithTheLimiterAndWithout) {
  for (const bool limiter : {true, false}) {
    const Rate rate{30000, 1001};
    ClickSink sink;
    auto made = std::make_shared<Program::Plan>();
    made->scene.layers.push_back(show::Layer{.source = "clicks"});
    made->inputs = {{"clicks", std::make_shared<ClickSource>(rate)}};
    made->mixer.limiter.enabled = limiter;
    made->mixer.strips["clicks"].sends.aux2 = show::Send{};
    made->buses[static_cast<int>(show::AudioBus::aux2)] = true;
    Program::Options with = options(rate, 100);
    with.plan = made;
    with.sinks = {&sink};
    const FrameIndex first = with.first_frame;
    run(std::move(with));
    std::vector<std::int64_t> expected;
    for (FrameIndex frame = 0; frame < 100; frame += 10) expected.push_back(rate.first_sample(first + frame));
    EXPECT_EQ(sink.heard[show::AudioBus::program].second, expected) << limiter;
    EXPECT_EQ(sink.heard[show::AudioBus::program].first, rate.first_sample(first + 100)) << "to the end";
    EXPECT_EQ(sink.heard[show::AudioBus::aux2].second, expected);
    EXPECT_FALSE(sink.heard.contains(show::AudioBus::aux1)) << "nobody wants it";
  }
}

TEST(AlignedStartTest, IsWhereFramesAndSamplesFallTogether) {
  EXPECT_EQ(aligned_start({30, 1}, 30), 30);
  EXPECT_EQ(aligned_start({30000, 1001}, 31), 35);
  const FrameIndex start = aligned_start({24000, 1001}, 12345);
  EXPECT_EQ(mul_div(start, 48000LL * 1001, 24000, Rounding::down), mul_div(start, 48000LL * 1001, 24000, Rounding::up));
}

}  // namespace
}  // namespace mainstay
