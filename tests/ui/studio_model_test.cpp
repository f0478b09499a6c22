#include "ui/studio_model.h"

#include <gmock/gmock.h>

#include "tests/ui/ui_fixture.h"

namespace mainstay::ui {
namespace {

using ::testing::HasSubstr;

class StudioModelTest : public UiTest {};

TEST_F(StudioModelTest, AnEngineThatHangsLeavesTheWindowAlive) {
  open_window();
  see(on_air_snapshot());
  studio_.hang(true);
  // Commands are taken, the event loop turns, and after a while the window says what is wrong.
  model_->retry_all();
  model_->stop();
  for (int check = 0; check < 8; ++check) model_->check_answering();
  EXPECT_FALSE(model_->answering());
  EXPECT_THAT(window_->notice().text().toStdString(), HasSubstr("engine does not answer"));
  int turns = 0;
  EXPECT_TRUE(spin_until([&] { return ++turns > 5; }));
  EXPECT_TRUE(window_->grab().width() > 0);

  studio_.hang(false);
  EXPECT_TRUE(spin_until([this] { return model_->answering(); }));
  EXPECT_EQ(window_->notice().text(), "");
  EXPECT_TRUE(spin_until([this] { return studio_.was_called("program.stop"); }));
}

TEST_F(StudioModelTest, CommandsToAnEngineThatHangsAreBounded) {
  open_window();
  QString failed;
  QObject::connect(model_.get(), &StudioModel::command_failed,
                   [&](const QString& what, const QString& why) { failed = what + ": " + why; });
  see(off_air_snapshot());
  studio_.hang(true);
  for (int i = 0; i < 200; ++i) model_->start();
  EXPECT_THAT(failed.toStdString(), HasSubstr("the engine does not answer"));
  studio_.hang(false);
}

TEST_F(StudioModelTest, ACommandWithoutAnAnswerHoldsNothingUp) {
  studio_.never_answer();
  open_window();
  see(off_air_snapshot());
  model_->start();
  EXPECT_TRUE(spin_until([this] { return studio_.was_called("program.start 0"); }));
  see(on_air_snapshot());
  EXPECT_EQ(window_->on_air().tally().text(), "ON AIR");
}

TEST_F(StudioModelTest, AnAnswerAfterTheWindowIsGoneIsHarmless) {
  class LateStudio final : public StudioPort {
   public:
    const CommandRegistry& registry() const override { return registry_; }
    void call(std::string, Json, Caller, Reply reply) override { late_reply = std::move(reply); }
    Snapshot snapshot() const override { return {}; }
    Json state() const override { return {}; }
    FramePtr program_picture() const override { return nullptr; }
    FramePtr preview_picture() const override { return nullptr; }
    std::vector<Event> events(std::int64_t, std::size_t) const override { return {}; }
    std::shared_ptr<void> on_event(std::function<void()>) override { return nullptr; }
    CommandRegistry registry_;
    Reply late_reply;
  } late;
  auto model = std::make_unique<StudioModel>(late, clock_);
  int looks = 0;
  QObject::connect(model.get(), &StudioModel::updated, [&] { ++looks; });
  model->open_show("a.json");
  ASSERT_TRUE(spin_until([&] { return looks >= 3; }));
  model.reset();
  ASSERT_TRUE(late.late_reply);
  late.late_reply({});
}

TEST_F(StudioModelTest, EachEventArrivesOnceAndInOrder) {
  for (int i = 0; i < 50; ++i) studio_.add_event(LogLevel::info, "a", std::to_string(i));
  open_window();
  studio_.add_event(LogLevel::info, "a", "last");
  EventLogModel& events = window_->events().model();
  ASSERT_TRUE(spin_until([&] { return events.rowCount() >= 51; }));
  for (int row = 0; row < 51; ++row) EXPECT_EQ(events.event(row).number, row + 1);
}

TEST_F(StudioModelTest, LooksComeAtMostTenTimesASecond) {
  open_window();
  int looks = 0;
  QObject::connect(model_.get(), &StudioModel::updated, [&] { ++looks; });
  const Instant from = clock_.now();
  ASSERT_TRUE(spin_until([&] { return looks >= 5; }));
  EXPECT_GE(clock_.now() - from, Millis{400});
}

}  // namespace
}  // namespace mainstay::ui
