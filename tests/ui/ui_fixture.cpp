#include "tests/ui/ui_fixture.h"

#include <QApplication>
#include <QDir>
#include <QEventLoop>
#include <QTimer>
#include <map>

namespace mainstay::ui {

namespace {

// One application for all tests of the process, made before the first and destroyed after the last.
class QtEnvironment : public ::testing::Environment {
 public:
  void SetUp() override {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    application_ = std::make_unique<QApplication>(argc_, argv_);
    QApplication::setQuitOnLastWindowClosed(false);
    apply_theme(*application_, Theme::make());
  }
  void TearDown() override { application_.reset(); }

 private:
  int argc_ = 1;
  char name_[8] = "test_ui";
  char* argv_[2] = {name_, nullptr};
  std::unique_ptr<QApplication> application_;
};

const auto* const kEnvironment = ::testing::AddGlobalTestEnvironment(new QtEnvironment);

LegSnapshot leg(const char* role, const char* url, double kbps) {
  LegSnapshot leg;
  leg.destination = "platform";
  leg.role = role;
  leg.url = url;
  leg.state = LegState::live;
  leg.in_state = Seconds{754};
  leg.connects = 1;
  leg.kbps = kbps;
  leg.queued = Millis{40};
  leg.rtt = Millis{23};
  leg.packets = 45'000;
  leg.bytes = 580'000'000;
  leg.details = {{"retransmitted_pct", 0.02}, {"latency_ms", 120}};
  return leg;
}

FramePtr draw_picture(int width, int height) {
  WritableFrame frame = WritableFrame::make(width, height);
  for (int y = 0; y < frame.height; ++y) {
    std::uint8_t* const row = frame.planes[0] + static_cast<std::ptrdiff_t>(y) * frame.strides[0];
    for (int x = 0; x < frame.width; ++x) {
      const int bar = 7 - x * 8 / frame.width;
      const bool fine = y > frame.height * 3 / 4;
      row[x] = static_cast<std::uint8_t>(fine ? 16 + x * 219 / frame.width : 40 + bar * 24);
    }
  }
  constexpr std::uint8_t kHues[8][2] = {{128, 128}, {44, 136},  {147, 44},  {63, 52},
                                        {193, 204}, {109, 212}, {212, 120}, {128, 128}};
  for (int y = 0; y < frame.height / 2; ++y) {
    for (int x = 0; x < frame.width / 2; ++x) {
      const bool fine = y > frame.height * 3 / 8;
      const auto& hue = kHues[fine ? 0 : x * 16 / frame.width % 8];
      frame.planes[1][static_cast<std::ptrdiff_t>(y) * frame.strides[1] + x] = hue[0];
      frame.planes[2][static_cast<std::ptrdiff_t>(y) * frame.strides[2] + x] = hue[1];
    }
  }
  return std::move(frame).freeze();
}

}  // namespace

bool spin_until(ManualClock& clock, const std::function<bool()>& ready) {
  constexpr int kDeadlineMs = 5000;
  QEventLoop loop;
  QTimer look;
  bool late = false;
  QObject::connect(&look, &QTimer::timeout, &loop, [&] {
    clock.advance(Millis{20});
    if (ready()) loop.quit();
  });
  QTimer::singleShot(kDeadlineMs, &loop, [&] {
    late = true;
    loop.quit();
  });
  if (ready()) return true;
  look.start(1);
  loop.exec();
  return !late || ready();
}

Snapshot off_air_snapshot() {
  Snapshot s;
  s.show_name = "Channel One";
  s.show_path = "/shows/channel-one.json";
  s.program.width = 1920;
  s.program.height = 1080;
  s.program.scene = "Main";
  return s;
}

Snapshot on_air_snapshot() {
  Snapshot s = off_air_snapshot();
  s.phase = Phase::on_air;
  s.elapsed = Seconds{754};
  s.program.rendered = 22'620;
  s.sources = {{"clip", "file", "live", "1920×1080 30 fps h264, 48 kHz stereo aac", "", true, 22'620, 0, 0},
               {"remote", "ingest", "live", "main: live from 192.0.2.17, 5 998 kb/s; backup: waiting", "main", false,
                9000, 0, 0},
               {"bars", "bars", "live", "1920×1080 30 fps, 1000 Hz", "", false, 22'620, 0, 0}};
  s.encoders = {{"v0", "libx264 1920×1080 6000 kb/s", 22'620, 0, 5987, 6120, "", ""},
                {"a0", "aac 160 kb/s", 35'300, 0, 160, 161, "", ""}};
  s.legs = {leg("main", "rtmp://ingest-a.example.net:1935/live", 6158),
            leg("backup", "srt://ingest-b.example.net:9002", 6402)};
  s.recorder = RecorderSnapshot{"recordings/2024-11-23_20-00-00.mp4", "recording", "", 566'000'000};
  return s;
}

Snapshot backup_down_snapshot() {
  Snapshot s = on_air_snapshot();
  LegSnapshot& backup = s.legs[1];
  backup.state = LegState::backoff;
  backup.detail = "no acknowledgement for 1.5 s: the peer is dead or the network is cut";
  backup.retry_in = Millis{3200};
  backup.in_state = Seconds{4};
  backup.connects = 3;
  backup.dropped = 412;
  backup.kbps = 0;
  return s;
}

FramePtr test_picture(int width, int height) {
  // Drawn once a size; each call gives a frame of its own on the same memory.
  static std::map<std::pair<int, int>, FramePtr> drawn;
  FramePtr& picture = drawn[{width, height}];
  if (!picture) picture = draw_picture(width, height);
  return std::make_shared<Frame>(*picture);
}

UiTest::UiTest() : theme_(Theme::make()) {}

UiTest::~UiTest() {
  studio_.hang(false);
  window_.reset();
  model_.reset();
}

void UiTest::open_window(int width, int height) {
  model_ = std::make_unique<StudioModel>(studio_, clock_);
  window_ = std::make_unique<MainWindow>(theme_, *model_, studio_, clock_, confirm_times_, &console_);
  window_->resize(width, height);
  window_->show();
  int looks = 0;
  const auto seen = QObject::connect(model_.get(), &StudioModel::updated, [&looks] { ++looks; });
  EXPECT_TRUE(spin_until([&] { return looks > 0; }));
  QObject::disconnect(seen);
}

void UiTest::see(Snapshot snapshot) {
  studio_.set(std::move(snapshot));
  // Two looks: the first may have been on its way already.
  int looks = 0;
  const auto seen = QObject::connect(model_.get(), &StudioModel::updated, [&looks] { ++looks; });
  EXPECT_TRUE(spin_until([&] { return looks >= 2; }));
  QObject::disconnect(seen);
  // What came with the last look has its place, too.
  for (int depth = 0; depth < 4; ++depth) QCoreApplication::sendPostedEvents();
}

void UiTest::press(QAction* action) {
  ASSERT_TRUE(action->isEnabled()) << qPrintable(action->text());
  action->trigger();
}

void UiTest::keep_screenshot(const QString& name) {
  const QString folder = qEnvironmentVariable("MAINSTAY_SCREENSHOTS");
  if (folder.isEmpty()) return;
  QDir().mkpath(folder);
  EXPECT_TRUE(window_->grab().save(folder + QLatin1Char('/') + name + QStringLiteral(".png")));
}

}  // namespace mainstay::ui
