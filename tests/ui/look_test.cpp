// What a producer sees in the situations that matter. With MAINSTAY_SCREENSHOTS=FOLDER each is kept as a PNG.
#include <gmock/gmock.h>

#include <QApplication>
#include <QClipboard>

#include "tests/ui/ui_fixture.h"

namespace mainstay::ui {
namespace {

class LookTest : public UiTest {
 protected:
  void add_usual_events() {
    const UtcInstant start{Seconds{1'700'769'600}};
    studio_.add_event(LogLevel::info, "show", "opened channel-one.json", start);
    studio_.add_event(LogLevel::info, "program", "on air: 1920×1080 30/1", start + Seconds{6});
    studio_.add_event(LogLevel::info, "platform/main", "live after 112 ms", start + Seconds{6});
    studio_.add_event(LogLevel::info, "platform/backup", "live after 148 ms, negotiated latency 120 ms",
                      start + Seconds{6});
  }
  void have_picture() {
    ASSERT_TRUE(spin_until([this] { return window_->picture().has_picture(); }));
    // The picture of the final size, not of the size before the layout settled.
    const std::int64_t before = window_->picture().feed().converted();
    studio_.set_picture(test_picture());
    ASSERT_TRUE(spin_until([&] { return window_->picture().feed().converted() > before; }));
  }
};

TEST_F(LookTest, OnAirWithHealthyLegs) {
  studio_.set_picture(test_picture());
  add_usual_events();
  open_window();
  see(on_air_snapshot());
  have_picture();
  EXPECT_EQ(window_->on_air().tally().text(), "ON AIR");
  EXPECT_EQ(window_->on_air().tally().box(), theme_.on_air);
  EXPECT_EQ(window_->on_air().elapsed().text(), "00:12:34");
  EXPECT_EQ(window_->on_air().delivery().text(), "2 of 2 legs live");
  keep_screenshot("on-air");
}

TEST_F(LookTest, WhatTheWatchersRaisedStandsBesideTheTallyForAsLongAsItLasts) {
  open_window();
  Snapshot snapshot = on_air_snapshot();
  see(snapshot);
  EXPECT_FALSE(window_->on_air().watches().isVisible());
  snapshot.watches = {{"program", true, "silence", 3, -90}, {"clip", false, "freeze", 4, -80}};
  see(snapshot);
  EXPECT_TRUE(window_->on_air().watches().isVisible());
  EXPECT_EQ(window_->on_air().watches().text(), "Program silent  ·  clip frozen");
  keep_screenshot("watches");
  see(on_air_snapshot());
  EXPECT_FALSE(window_->on_air().watches().isVisible());
}

TEST_F(LookTest, WhoWatchesStandsUnderTheAddressThatIsCopied) {
  studio_.set_picture(test_picture());
  open_window();
  Snapshot snapshot = on_air_snapshot();
  see(snapshot);
  EXPECT_FALSE(window_->on_air().audience().isVisible());
  EXPECT_FALSE(window_->actions_table().copy_address->isEnabled());
  snapshot.audience = AudienceSnapshot{.address = "http://127.0.0.1:8080/",
                                       .state = "listening",
                                       .viewers = 1204,
                                       .latency_s = 1.62,
                                       .startup_s = 0.84,
                                       .rebuffer_ratio = 0.021};
  see(snapshot);
  have_picture();
  const AudienceCard& card = window_->on_air().audience();
  EXPECT_TRUE(card.isVisible());
  EXPECT_EQ(card.viewers().value(), count_text(1204));
  EXPECT_EQ(card.latency().value(), "1.6 s");
  EXPECT_EQ(card.startup().value(), "0.8 s");
  EXPECT_EQ(card.waiting().value(), "2.1 %");
  EXPECT_FALSE(card.alerts().isVisible());
  window_->actions_table().copy_address->trigger();
  EXPECT_EQ(QApplication::clipboard()->text(), "http://127.0.0.1:8080/");
  keep_screenshot("audience");
  snapshot.audience->alerts = {{"startup", 3.24, 2}, {"errors", 0.125, 0.05}};
  see(snapshot);
  EXPECT_TRUE(card.alerts().isVisible());
  EXPECT_EQ(card.alerts().text(), "Slow start: 3.2 s, limit 2.0 s; Giving up: 12.5 %, limit 5.0 %");
  keep_screenshot("audience-alert");
  snapshot.audience->state = "failed";
  snapshot.audience->address.clear();
  snapshot.audience->detail = "the port is taken";
  see(snapshot);
  EXPECT_EQ(card.address(), "Not served: the port is taken");
  EXPECT_FALSE(window_->actions_table().copy_address->isEnabled());
}

TEST_F(LookTest, BackupLegDown) {
  studio_.set_picture(test_picture());
  add_usual_events();
  const UtcInstant later{Seconds{1'700'770'340}};
  studio_.add_event(LogLevel::warning, "platform/backup", "no acknowledgement for 0.5 s", later);
  studio_.add_event(LogLevel::error, "platform/backup",
                    "lost: no acknowledgement for 1.5 s: the peer is dead or the network is cut; retry in 4.0 s",
                    later + Seconds{1});
  open_window();
  see(backup_down_snapshot());
  have_picture();
  const LegCard& card = *window_->legs().cards()[1];
  EXPECT_EQ(card.state(), "DOWN");
  EXPECT_EQ(card.tone(), Tone::error);
  EXPECT_EQ(card.retry_text(), "retry in 3.2 s");
  EXPECT_THAT(card.detail().toStdString(), ::testing::HasSubstr("peer is dead"));
  EXPECT_EQ(window_->on_air().delivery().text(), "1 of 2 legs live: platform/backup down");
  keep_screenshot("backup-down");
}

TEST_F(LookTest, ALegThatSteppedDownIsAmberAndSaysTo) {
  studio_.set_picture(test_picture());
  open_window();
  Snapshot snapshot = on_air_snapshot();
  LegSnapshot& leg = snapshot.legs[0];
  leg.full = "v0";
  leg.rendition = "v2";
  leg.rendition_height = 480;
  leg.step_count = 1;
  leg.steps = {{61.5, "v0", "v2", "700 ms waiting, the network carries 2100 kb/s"}};
  see(snapshot);
  have_picture();
  const LegCard& card = *window_->legs().cards()[0];
  EXPECT_EQ(card.state(), "LIVE");
  EXPECT_EQ(card.tone(), Tone::warning);
  EXPECT_EQ(card.detail(), "stepped down to v2 (480 lines): 700 ms waiting, the network carries 2100 kb/s");
  EXPECT_EQ(window_->on_air().delivery().text(), "2 of 2 legs live: platform/main at 480p");
  keep_screenshot("stepped-down");
}

TEST_F(LookTest, NothingIsOpen) {
  open_window();
  EXPECT_THAT(window_->picture().hint().toStdString(), ::testing::HasSubstr("Ctrl+O"));
  EXPECT_THAT(window_->legs().hint().toStdString(), ::testing::HasSubstr("mainstay SHOW.json"));
  EXPECT_EQ(window_->on_air().tally().text(), "OFF AIR");
  EXPECT_FALSE(window_->actions_table().start->isEnabled());
  keep_screenshot("empty");
}

TEST_F(LookTest, OffAirWithAShow) {
  open_window();
  see(off_air_snapshot());
  EXPECT_THAT(window_->picture().hint().toStdString(), ::testing::HasSubstr("Ctrl+Return"));
  EXPECT_TRUE(window_->actions_table().start->isEnabled());
  keep_screenshot("off-air");
}

TEST_F(LookTest, OnAirWithoutDestinations) {
  open_window();
  Snapshot snapshot = on_air_snapshot();
  snapshot.legs.clear();
  snapshot.encoders.clear();
  snapshot.recorder.reset();
  see(std::move(snapshot));
  const std::string hint = window_->legs().hint().toStdString();
  EXPECT_THAT(hint, ::testing::HasSubstr("show.set(\"/destinations/platform\""));
  EXPECT_THAT(hint, ::testing::HasSubstr(window_->actions_table().console->shortcut().toString().toStdString()));
  EXPECT_THAT(hint, ::testing::HasSubstr(window_->actions_table().take_over->shortcut().toString().toStdString()));
  keep_screenshot("no-destinations");
}

TEST_F(LookTest, AShowIsRefused) {
  studio_.refuse_with({{"/encode/video/0/kbps",
                        "9000 kb/s exceeds max_video_kbps 6000 of caps preset \"twitch\" (destination \"platform\")"},
                       {"/scenes/Main/layers/1/source", "no source is named \"logo\": there are bars, clip, remote"},
                       {"/program/keyint", "unknown key \"keyint\": did you mean \"keyint_s\"?"}});
  open_window();
  window_->open_show("/shows/channel-one.json");
  ASSERT_TRUE(spin_until([this] { return window_->shows_refused(); }));
  EXPECT_THAT(window_->refused().text().toStdString(), ::testing::HasSubstr("/encode/video/0/kbps: 9000 kb/s exceeds"));
  EXPECT_THAT(window_->refused().title().toStdString(), ::testing::HasSubstr("3 errors"));
  keep_screenshot("refused");
}

TEST_F(LookTest, NoLegIsLive) {
  studio_.set_picture(test_picture());
  open_window();
  Snapshot snapshot = backup_down_snapshot();
  snapshot.legs[0].state = LegState::backoff;
  snapshot.legs[0].detail = "cannot connect to ingest-a.example.net:1935: connection refused";
  snapshot.legs[0].retry_in = Millis{12'400};
  snapshot.program.repeated = 14;
  snapshot.sources[0].state = "stalled";
  snapshot.sources[0].detail = "the disk is too slow: no picture for 0.4 s";
  see(snapshot);
  have_picture();
  EXPECT_EQ(window_->on_air().delivery().text(), "No leg is live: nobody gets this");
  keep_screenshot("no-leg-live");
}

TEST_F(LookTest, QuittingOnAirIsAskedInsideTheWindow) {
  studio_.set_picture(test_picture());
  open_window();
  see(on_air_snapshot());
  have_picture();
  press(window_->actions_table().quit);
  press(window_->actions_table().stop);
  EXPECT_THAT(window_->notice().text().toStdString(), ::testing::HasSubstr("Quitting ends the show"));
  EXPECT_TRUE(window_->isVisible());
  keep_screenshot("quit-asked-stop-armed");
}

TEST_F(LookTest, ManyLegsOnALargeWindow) {
  studio_.set_picture(test_picture());
  add_usual_events();
  open_window(1920, 1080);
  Snapshot snapshot = backup_down_snapshot();
  for (const char* name : {"regional", "archive", "partner"}) {
    for (LegSnapshot copy : {snapshot.legs[0], snapshot.legs[1]}) {
      copy.destination = name;
      copy.state = copy.role == "main" ? LegState::live : LegState::idle;
      copy.retry_in.reset();
      copy.detail.clear();
      snapshot.legs.push_back(copy);
    }
  }
  see(snapshot);
  have_picture();
  EXPECT_EQ(window_->legs().cards().size(), 8u);
  keep_screenshot("many-legs-1080");
}

TEST_F(LookTest, ASmallWindow) {
  studio_.set_picture(test_picture());
  add_usual_events();
  open_window(960, 540);
  see(backup_down_snapshot());
  have_picture();
  keep_screenshot("small");
}

TEST_F(LookTest, FullScreenShowsTheProgramAlone) {
  studio_.set_picture(test_picture());
  open_window();
  see(on_air_snapshot());
  press(window_->actions_table().full_screen);
  have_picture();
  EXPECT_FALSE(window_->legs().isVisible());
  EXPECT_FALSE(window_->events().isVisible());
  keep_screenshot("full-screen");
  press(window_->actions_table().dismiss);
  EXPECT_TRUE(window_->legs().isVisible());
}

}  // namespace
}  // namespace mainstay::ui
