// Nothing is cut and nothing overlaps, at the smallest supported size, at 720p, and at 200 %.
#include <gmock/gmock.h>

#include <QAbstractScrollArea>
#include <QCoreApplication>
#include <QLabel>
#include <QPainter>
#include <QPixmap>
#include <QProcess>
#include <QProcessEnvironment>
#include <QSplitterHandle>
#include <QStackedWidget>
#include <QTextOption>
#include <QToolButton>

#include "engine/show/layer_filters.h"
#include "tests/ui/ui_fixture.h"

namespace mainstay::ui {
namespace {

std::string describe(const QWidget& widget) {
  std::string text = widget.metaObject()->className();
  if (const auto* label = qobject_cast<const QLabel*>(&widget)) text += " \"" + label->text().toStdString() + "\"";
  if (const auto* button = qobject_cast<const QToolButton*>(&widget))
    text += " \"" + button->text().toStdString() + "\"";
  return text;
}

bool scrolls(const QWidget& widget) {
  return qobject_cast<const QAbstractScrollArea*>(widget.parentWidget()) != nullptr ||
         (widget.parentWidget() != nullptr &&
          qobject_cast<const QAbstractScrollArea*>(widget.parentWidget()->parentWidget()) != nullptr);
}

class LayoutTest : public UiTest, public ::testing::WithParamInterface<std::pair<int, int>> {
 protected:
  void open() { open_window(GetParam().first, GetParam().second); }

  void expect_orderly() {
    const auto [width, height] = GetParam();
    // The layout must not have forced the window to grow.
    EXPECT_EQ(window_->width(), width);
    EXPECT_EQ(window_->height(), height);
    for (const QWidget* widget : window_->findChildren<QWidget*>()) {
      if (!widget->isVisible()) continue;
      expect_inside(*widget);
      expect_whole(*widget);
      expect_apart(*widget);
    }
  }

 private:
  static void expect_inside(const QWidget& widget) {
    if (widget.isWindow() || widget.parentWidget() == nullptr || scrolls(widget)) return;
    EXPECT_TRUE(widget.parentWidget()->rect().contains(widget.geometry())) << describe(widget) << " sticks out";
  }

  static void expect_whole(const QWidget& widget) {
    const auto* label = qobject_cast<const QLabel*>(&widget);
    if (label != nullptr && !label->wordWrap()) {
      EXPECT_GE(label->width(), label->sizeHint().width()) << describe(widget) << " is cut";
    }
    if (label != nullptr && label->wordWrap()) {
      EXPECT_GE(label->height(), label->heightForWidth(label->width())) << describe(widget) << " is cut";
    }
    if (qobject_cast<const QToolButton*>(&widget) != nullptr) {
      EXPECT_GE(widget.width(), widget.sizeHint().width()) << describe(widget) << " is cut";
    }
    EXPECT_GE(widget.height(), std::min(widget.minimumSizeHint().height(), widget.maximumHeight()))
        << describe(widget) << " is too low";
  }

  static void expect_apart(const QWidget& widget) {
    const QWidget* parent = widget.parentWidget();
    if (parent == nullptr || widget.isWindow() || qobject_cast<const QSplitterHandle*>(&widget) != nullptr) return;
    for (const QObject* child : parent->children()) {
      const auto* sibling = qobject_cast<const QWidget*>(child);
      if (sibling == nullptr || sibling == &widget || !sibling->isVisible() || sibling->isWindow()) continue;
      if (qobject_cast<const QSplitterHandle*>(sibling) != nullptr) continue;
      if (qobject_cast<const QAbstractScrollArea*>(parent) != nullptr) continue;  // its bars lie over its viewport
      EXPECT_FALSE(widget.geometry().intersects(sibling->geometry()))
          << describe(widget) << " overlaps " << describe(*sibling);
    }
  }
};

TEST_P(LayoutTest, HoldsWithoutAShow) {
  open();
  expect_orderly();
}

TEST_P(LayoutTest, HoldsOnAir) {
  open();
  see(on_air_snapshot());
  expect_orderly();
}

TEST_P(LayoutTest, HoldsWithALegDownAndANotice) {
  open();
  see(backup_down_snapshot());
  press(window_->actions_table().quit);
  press(window_->actions_table().stop);
  see(backup_down_snapshot());
  expect_orderly();
}

TEST_P(LayoutTest, HoldsWithTheLargestNumbersAndTheLongestNames) {
  open();
  Snapshot snapshot = backup_down_snapshot();
  snapshot.show_name = std::string(300, 'W');
  snapshot.elapsed = Seconds{400LL * 86'400};
  snapshot.program.rendered = 1'036'800'000;
  snapshot.program.late = 9'999'999;
  snapshot.program.repeated = 9'999'999;
  for (LegSnapshot& leg : snapshot.legs) {
    leg.destination = std::string(120, 'm');
    leg.url = "srt://" + std::string(200, 'x') + ":9000";
    leg.kbps = 99'999;
    leg.rtt = Millis{99'999};
    leg.queued = Millis{999'900};
    leg.connects = 99'999;
    leg.dropped = 9'999'999;
    leg.retry_in = Seconds{30};
  }
  see(snapshot);
  expect_orderly();
}

TEST_P(LayoutTest, HoldsWithTheConsole) {
  open();
  press(window_->actions_table().console);
  see(backup_down_snapshot());
  window_->console()->input().setPlainText("a\nb\nc\nd\ne\nf\ng\nh\ni\nj");
  window_->console()->run("for (;;);");
  see(backup_down_snapshot());
  expect_orderly();
}

TEST_P(LayoutTest, HoldsWithScenesAndTheMixerAndTheFilters) {
  open();
  Snapshot s = backup_down_snapshot();
  s.scenes = {"Interview", "Main"};
  s.layers = {{"Interview", {{"camera", "camera"}, {"logo", "logo"}}}, {"Main", {{"clip", "clip"}}}};
  s.layers[0].layers[1].filters = {{"key", "chroma_key", true, "", "", show::values_of(show::ChromaKeyFilter{})}};
  s.program.scene = "Main";
  s.program.preview = "Interview";
  for (const char* bus : show::kAudioBusNames) s.mixer.buses.push_back({.name = bus});
  for (int i = 0; i < 12; ++i) s.mixer.strips.push_back({.name = "source " + std::to_string(i)});
  s.monitor = MonitorSnapshot{"USB", "failed", "no such device is on this machine; tried again in 4 s", "monitor"};
  s.sources.push_back({.name = "camera", .type = "file", .state = "live", .media = MediaSnapshot{1000, 60'000, false}});
  see(s);
  expect_orderly();
  press(window_->actions_table().mixer);
  see(s);
  expect_orderly();
  press(window_->actions_table().filters);
  see(s);
  expect_orderly();
}

TEST_P(LayoutTest, HoldsWithAShowRefused) {
  studio_.refuse_with({{"/encode/video/0/kbps", std::string(40, 'w') + " " + std::string(400, 'x')}});
  open();
  window_->open_show("/shows/" + QString(60, 'n') + ".json");
  ASSERT_TRUE(spin_until([this] { return window_->shows_refused(); }));
  see({});
  expect_orderly();
}

TEST_P(LayoutTest, NothingMovesWhenALegGoesDown) {
  open();
  see(on_air_snapshot());
  const QRect card = window_->legs().cards()[1]->geometry();
  const QRect picture = window_->picture().geometry();
  const QRect bitrate = window_->legs().cards()[1]->bitrate().geometry();
  Snapshot snapshot = backup_down_snapshot();
  snapshot.legs[1].detail = "refused: wrong key";
  see(snapshot);
  EXPECT_EQ(window_->legs().cards()[1]->geometry(), card);
  EXPECT_EQ(window_->legs().cards()[1]->bitrate().geometry(), bitrate);
  EXPECT_EQ(window_->picture().geometry(), picture);
}

INSTANTIATE_TEST_SUITE_P(Sizes, LayoutTest,
                         ::testing::Values(std::pair{1280, 720}, std::pair{1920, 1080}, std::pair{960, 540}),
                         [](const auto& size) {
                           return std::to_string(size.param.first) + "x" + std::to_string(size.param.second);
                         });

TEST(WrapLabelTest, IsAsHighAsItsLinesAreDrawn) {
  const Theme theme = Theme::make();
  WrapLabel label(theme.plain, theme.text);
  label.resize(300, 10);
  for (const char* text : {"one line", "first\nsecond\nthird “…” – with characters of other fonts: 日本 😀",
                           "a line that is long enough to be broken into several by the width that it has here"}) {
    label.set_text(QString::fromUtf8(text));
    QPixmap canvas(300, 1000);
    QPainter painter(&canvas);
    painter.setFont(theme.plain);
    const QTextOption wrapping = [] {
      QTextOption option;
      option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
      return option;
    }();
    const QRectF drawn = painter.boundingRect(QRectF(0, 0, 300, 1000), QString::fromUtf8(text), wrapping);
    EXPECT_GE(label.sizeHint().height(), qFloor(drawn.height())) << text;
  }
}

TEST(LayoutAtDoubleScaleTest, HoldsAsWell) {
  // Qt reads the scale once, so that it takes a process of its own.
  QProcess process;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert("QT_SCALE_FACTOR", "2");
  process.setProcessEnvironment(environment);
  process.setProcessChannelMode(QProcess::MergedChannels);
  process.start(QCoreApplication::applicationFilePath(), {"--gtest_filter=*LayoutTest*:-*DoubleScale*"});
  ASSERT_TRUE(process.waitForFinished(60'000));
  EXPECT_EQ(process.exitStatus(), QProcess::NormalExit);
  EXPECT_EQ(process.exitCode(), 0) << process.readAll().toStdString();
}

}  // namespace
}  // namespace mainstay::ui
