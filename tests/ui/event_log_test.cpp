#include <gmock/gmock.h>

#include <QApplication>
#include <QClipboard>
#include <QScrollBar>

#include "tests/ui/ui_fixture.h"
#include "ui/event_log_panel.h"

namespace mainstay::ui {
namespace {

using ::testing::HasSubstr;

std::vector<Event> events(int first, int count) {
  std::vector<Event> out;
  for (int i = first; i < first + count; ++i) {
    out.push_back(
        {i, UtcInstant{Seconds{1'700'769'600 + i}}, LogLevel::info, "t", "clip", "event " + std::to_string(i)});
  }
  return out;
}

class EventLogTest : public ::testing::Test {
 protected:
  EventLogTest() {
    panel_.resize(600, 200);
    panel_.show();
    QApplication::processEvents();
  }

  Theme theme_ = Theme::make();
  EventLogPanel panel_{theme_};
};

TEST_F(EventLogTest, OldEventsGoWhenTheLogIsFull) {
  for (int i = 1; i <= EventLogModel::kMostRows + 500; i += 100) panel_.add(events(i, 100));
  EXPECT_EQ(panel_.model().rowCount(), EventLogModel::kMostRows);
  EXPECT_EQ(panel_.model().event(0).number, 501);
  EXPECT_EQ(panel_.model().event(EventLogModel::kMostRows - 1).number, EventLogModel::kMostRows + 500);
}

TEST_F(EventLogTest, ABurstLargerThanTheLogKeepsTheNewest) {
  panel_.add(events(1, 10));
  panel_.add(events(11, EventLogModel::kMostRows + 7));
  EXPECT_EQ(panel_.model().rowCount(), EventLogModel::kMostRows);
  EXPECT_EQ(panel_.model().event(EventLogModel::kMostRows - 1).number, EventLogModel::kMostRows + 17);
}

TEST_F(EventLogTest, TheNewestIsInSightUntilSomebodyScrollsUp) {
  panel_.add(events(1, 100));
  QApplication::processEvents();
  QScrollBar& bar = *panel_.view().verticalScrollBar();
  EXPECT_GT(bar.maximum(), 0);
  EXPECT_EQ(bar.value(), bar.maximum());

  bar.setValue(10);
  EXPECT_FALSE(panel_.following());
  panel_.add(events(101, 50));
  QApplication::processEvents();
  EXPECT_EQ(bar.value(), 10);

  panel_.follow();
  panel_.add(events(151, 1));
  QApplication::processEvents();
  EXPECT_EQ(bar.value(), bar.maximum());
}

TEST_F(EventLogTest, CopyTakesAllOrTheSelection) {
  panel_.set_utc(true);
  panel_.add(events(1, 3));
  panel_.copy();
  const QString all = QApplication::clipboard()->text();
  EXPECT_EQ(all.count('\n'), 2);
  EXPECT_TRUE(all.startsWith("2023-11-23 20:00:01.000Z info clip: event 1")) << all.toStdString();
  panel_.view().setCurrentIndex(panel_.model().index(1));
  panel_.copy();
  EXPECT_THAT(QApplication::clipboard()->text().toStdString(), HasSubstr("event 2"));
  EXPECT_EQ(QApplication::clipboard()->text().count('\n'), 0);
}

TEST_F(EventLogTest, TimesAreShownInUtcWhenAsked) {
  panel_.add(events(0, 1));
  panel_.set_utc(true);
  EXPECT_EQ(panel_.model().time_text(panel_.model().event(0)), "20:00:00");
}

TEST_F(EventLogTest, MarkupFromOutsideStaysText) {
  auto list = events(1, 1);
  list[0].message = "<b>bold</b>";
  panel_.add(list);
  EXPECT_EQ(panel_.model().data(panel_.model().index(0), Qt::DisplayRole).toString(), "<b>bold</b>");
}

}  // namespace
}  // namespace mainstay::ui
