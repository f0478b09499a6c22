#include "engine/studio/undo.h"

#include <gtest/gtest.h>

#include <map>

#include "engine/show/document_diff.h"
#include "tests/engine/studio/history_support.h"

namespace mainstay {
namespace {

using show::Json;

/// Rows alone, numbered as they come; what each holds is its text.
class Rows {
 public:
  const UndoRow& current() const { return rows_.at(last_); }
  const std::string& text() const { return texts_.at(last_); }
  UndoLookup lookup() const {
    return [this](std::int64_t number) -> std::optional<UndoRow> {
      const auto row = rows_.find(number);
      return row == rows_.end() ? std::nullopt : std::optional(row->second);
    };
  }

  void edit(const std::string& text) { add(text, links_after_edit(last_ == 0 ? UndoRow{} : current())); }
  void cut(const std::string& text) { add(text, links_after_live(current())); }
  bool undo() { return step(undo_step(current(), lookup())); }
  bool redo() { return step(redo_step(current(), lookup())); }
  void rollback(std::int64_t number) { add(texts_.at(number), links_after_edit(current())); }
  void forget(std::int64_t number) { rows_.erase(number); }

 private:
  void add(const std::string& text, UndoLinks links) {
    ++last_;
    rows_[last_] = {last_, links};
    texts_[last_] = text;
  }
  bool step(const std::optional<UndoStep>& step) {
    if (step) add(texts_.at(step->target), step->links);
    return step.has_value();
  }

  std::map<std::int64_t, UndoRow> rows_;
  std::map<std::int64_t, std::string> texts_;
  std::int64_t last_ = 0;
};

class UndoTest : public ::testing::Test {
 protected:
  UndoTest() {
    for (const char* text : {"A", "B", "C"}) rows_.edit(text);
  }
  Rows rows_;
};

TEST_F(UndoTest, GoesBackThroughAllEditsAndForwardAgain) {
  EXPECT_TRUE(rows_.undo());
  EXPECT_EQ(rows_.text(), "B");
  EXPECT_TRUE(rows_.undo());
  EXPECT_EQ(rows_.text(), "A");
  EXPECT_FALSE(rows_.undo());
  EXPECT_TRUE(rows_.redo());
  EXPECT_EQ(rows_.text(), "B");
  EXPECT_TRUE(rows_.redo());
  EXPECT_EQ(rows_.text(), "C");
  EXPECT_FALSE(rows_.redo());
  EXPECT_TRUE(rows_.undo());
  EXPECT_EQ(rows_.text(), "B");
}

TEST_F(UndoTest, AnEditEndsTheRedo) {
  rows_.undo();
  rows_.edit("D");
  EXPECT_FALSE(rows_.redo());
  EXPECT_TRUE(rows_.undo());
  EXPECT_EQ(rows_.text(), "B");
}

TEST_F(UndoTest, ACutIsNotAStepOfItsOwn) {
  rows_.cut("C, other scene");
  EXPECT_TRUE(rows_.undo());
  EXPECT_EQ(rows_.text(), "B");
  rows_.cut("B, other scene");
  EXPECT_TRUE(rows_.redo());
  EXPECT_EQ(rows_.text(), "C, other scene");
}

TEST_F(UndoTest, ARollbackIsUndoneLikeAnEdit) {
  rows_.rollback(1);
  EXPECT_EQ(rows_.text(), "A");
  EXPECT_FALSE(rows_.redo());
  EXPECT_TRUE(rows_.undo());
  EXPECT_EQ(rows_.text(), "C");
  EXPECT_TRUE(rows_.redo());
  EXPECT_EQ(rows_.text(), "A");
}

TEST_F(UndoTest, WhatIsNoLongerKeptIsNothingToUndo) {
  rows_.undo();
  rows_.forget(3);
  EXPECT_FALSE(rows_.redo());
  rows_.forget(1);
  EXPECT_FALSE(rows_.undo());
}

TEST(UndoRulesTest, AnEmptyHistoryHasNothingToUndo) {
  const UndoLookup none = [](std::int64_t) { return std::optional<UndoRow>(); };
  EXPECT_FALSE(undo_step({}, none));
  EXPECT_FALSE(redo_step({}, none));
  EXPECT_EQ(links_after_edit({}), UndoLinks{});
}

/// What a person expects: a list of steps and where one stands in it. An edit cuts the list off behind itself; undo
/// goes back to what the edit changed, redo forward to what undo left. Cuts change what is on air, and are no steps.
class Model {
 public:
  explicit Model(Json document) : live(std::move(document)) {}

  void edit(const Json& document) {
    steps_.resize(at_);
    steps_.push_back({.before = live, .after = {}});
    ++at_;
    live = document;
  }
  bool undo() {
    if (at_ == 0) return false;
    Step& step = steps_[--at_];
    step.after = live;
    live = step.before;
    return true;
  }
  bool redo() {
    if (at_ == steps_.size()) return false;
    live = steps_[at_++].after;
    return true;
  }

  Json live;

 private:
  struct Step {
    Json before;
    Json after;  ///< known once the step was undone
  };
  std::vector<Step> steps_;
  std::size_t at_ = 0;
};

/// The model and the real history side by side, through the same operations.
class SideBySide {
 public:
  explicit SideBySide(unsigned seed)
      : random_(seed),
        history_(std::move(*History::open_in_memory(clock_, {.revisions = 20'000}))),
        model_(numbered_document(1)) {
    take({.links = {}, .document = shared(model_.live)});
  }

  void operate() {
    const unsigned what = random_() % 100;
    if (what < 30) {
      Json next = model_.live;
      change_somewhere(next, random_);
      model_.edit(next);
      take({.links = links_after_edit(history_->current()), .document = shared(next)});
    } else if (what < 45) {
      model_.live["on_air"] = "Scene " + std::to_string(random_() % 5);
      take({.kind = RevisionKind::live,
            .links = links_after_live(history_->current()),
            .document = shared(model_.live)});
    } else if (what < 75) {
      step(RevisionKind::undo, model_.undo(), undo_step(history_->current(), history_->undo_lookup()));
    } else if (what < 95) {
      step(RevisionKind::redo, model_.redo(), redo_step(history_->current(), history_->undo_lookup()));
    } else {
      const auto to = static_cast<std::size_t>(random_() % documents_.size());
      const Json document = documents_[to];
      model_.edit(document);
      take({.kind = RevisionKind::rollback,
            .links = links_after_edit(history_->current()),
            .document = shared(*history_->document(static_cast<std::int64_t>(to) + 1))});
    }
  }

  bool agree() const {
    const auto now = history_->document(history_->current().number);
    return now && show::same_document(*now, model_.live);
  }
  /// Every `nth` revision is still what was on air when it was made.
  void expect_all_kept(std::int64_t nth) const {
    history_->flush();
    for (std::int64_t number = 1; number <= static_cast<std::int64_t>(documents_.size()); number += nth) {
      const auto document = history_->document(number);
      ASSERT_TRUE(document) << document.error().describe();
      ASSERT_TRUE(show::same_document(*document, documents_[static_cast<std::size_t>(number) - 1])) << number;
    }
  }

 private:
  void take(Draft draft) {
    documents_.push_back(*draft.document);
    auto number = history_->append(draft);
    if (!number) {  // the queue is full: it is not when all is stored
      history_->flush();
      number = history_->append(draft);
    }
    ASSERT_TRUE(number);
    ASSERT_EQ(*number, static_cast<std::int64_t>(documents_.size()));
  }
  void step(RevisionKind kind, bool expected, const std::optional<UndoStep>& step) {
    ASSERT_EQ(step.has_value(), expected);
    if (!step) return;
    auto document = history_->document(step->target);
    ASSERT_TRUE(document) << document.error().describe();
    take({.kind = kind, .links = step->links, .document = shared(std::move(*document))});
  }

  std::mt19937 random_;
  ManualClock clock_;
  std::unique_ptr<History> history_;
  Model model_;
  std::vector<Json> documents_;
};

TEST(UndoPropertyTest, TenThousandRandomOperationsLeaveWhatThePlainModelLeaves) {
  SideBySide both(20260102);
  for (int i = 0; i < 10'000; ++i) {
    both.operate();
    ASSERT_FALSE(::testing::Test::HasFatalFailure()) << "operation " << i;
    ASSERT_TRUE(both.agree()) << "operation " << i;
  }
  both.expect_all_kept(13);
}

}  // namespace
}  // namespace mainstay
