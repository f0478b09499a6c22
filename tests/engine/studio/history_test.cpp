#include "engine/studio/history.h"

#include <gtest/gtest.h>

#include <future>

#include "engine/show/document_diff.h"
#include "engine/show/json_patch.h"
#include "tests/engine/studio/history_support.h"

namespace mainstay {
namespace {

using show::Json;

class HistoryTest : public ::testing::Test {
 protected:
  std::unique_ptr<History> open(HistoryLimits limits = {}) {
    auto opened = History::open(folder_.file("show.history"), clock_, limits);
    EXPECT_TRUE(opened);
    EXPECT_EQ(opened->warning, "");
    EXPECT_FALSE(opened->history->in_memory());
    return std::move(opened->history);
  }
  static void append(History& history, int count) {
    for (int i = 0; i < count; ++i) {
      const std::int64_t next = history.current().number + 1;
      ASSERT_TRUE(history.append(edit(history, numbered_document(next)))) << next;
    }
    history.flush();
  }
  static void expect_document(const History& history, std::int64_t number) {
    const auto document = history.document(number);
    ASSERT_TRUE(document) << document.error().describe();
    EXPECT_TRUE(show::same_document(*document, numbered_document(number))) << number << ": " << *document;
  }
  static Status wait(const std::function<void(History::Done)>& call) {
    std::promise<Status> promise;
    call([&](Status status) { promise.set_value(std::move(status)); });
    return promise.get_future().get();
  }

  HistoryFolder folder_;
  ManualClock clock_{ManualClock::Drive::test, UtcInstant(Seconds(1'800'000'000))};
};

TEST_F(HistoryTest, ARevisionComesBackAsItWasStoredAlsoAfterReopening) {
  auto history = open();
  append(*history, 1);
  clock_.advance(Millis(1500));
  Draft draft = edit(*history, numbered_document(2), "an \"edit\" — with ünïcode");
  draft.author = "script:nightly";
  draft.kind = RevisionKind::external;
  EXPECT_EQ(*history->append(draft), 2);
  history->flush();
  for (int round = 0; round < 2; ++round) {
    const auto revision = history->revision(2);
    ASSERT_TRUE(revision);
    EXPECT_EQ(revision->number, 2);
    EXPECT_EQ(revision->at, UtcInstant(Seconds(1'800'000'000) + Millis(1500)));
    EXPECT_EQ(revision->author, "script:nightly");
    EXPECT_EQ(revision->kind, RevisionKind::external);
    EXPECT_EQ(revision->message, "an \"edit\" — with ünïcode");
    EXPECT_EQ(revision->links, (UndoLinks{.undo_to = 1, .redo_to = 0}));
    EXPECT_FALSE(revision->good);
    EXPECT_EQ(revision->pointers, show::differing_pointers(numbered_document(1), numbered_document(2)));
    Json patched = numbered_document(1);
    EXPECT_TRUE(show::apply_patch(patched, revision->patch));
    EXPECT_TRUE(show::same_document(patched, numbered_document(2)));
    EXPECT_EQ(history->current(), (UndoRow{2, {.undo_to = 1, .redo_to = 0}}));
    history.reset();
    history = open();
  }
  EXPECT_EQ(*history->append(edit(*history, numbered_document(3))), 3);
}

TEST_F(HistoryTest, EveryDocumentIsRebuiltFromTheNearestFullOne) {
  auto history = open();
  append(*history, 173);
  history.reset();
  history = open();
  append(*history, 10);
  for (std::int64_t number = 1; number <= 183; ++number) expect_document(*history, number);
  EXPECT_EQ(history->document(184).error().code, Errc::invalid);
  EXPECT_EQ(history->document(0).error().message, "there is no revision 0 in the history");
}

TEST_F(HistoryTest, ListsTheNewestFirstInPages) {
  auto history = open();
  append(*history, 30);
  const auto newest = history->list(10);
  ASSERT_TRUE(newest);
  ASSERT_EQ(newest->size(), 10u);
  EXPECT_EQ(newest->front().number, 30);
  EXPECT_TRUE(newest->front().patch.is_null());
  const auto older = history->list(100, newest->back().number);
  ASSERT_EQ(older->size(), 20u);
  EXPECT_EQ(older->front().number, 20);
  EXPECT_EQ(older->back().number, 1);
  EXPECT_TRUE(history->list(0)->empty());
}

TEST_F(HistoryTest, TheDifferenceOfTwoRevisionsLeadsFromTheOneToTheOther) {
  auto history = open();
  append(*history, 60);
  for (const auto& [from, to] : {std::pair{3, 57}, std::pair{57, 3}, std::pair{4, 4}}) {
    const auto patch = history->diff(from, to);
    ASSERT_TRUE(patch);
    Json document = numbered_document(from);
    EXPECT_TRUE(show::apply_patch(document, *patch));
    EXPECT_TRUE(show::same_document(document, numbered_document(to)));
  }
  EXPECT_EQ(history->diff(1, 99).error().code, Errc::invalid);
}

TEST_F(HistoryTest, TagsAreUniqueAndFound) {
  auto history = open();
  append(*history, 3);
  EXPECT_TRUE(wait([&](auto done) { history->tag("safe", 2, done); }));
  EXPECT_TRUE(wait([&](auto done) { history->tag("also", 2, done); }));
  EXPECT_EQ(*history->find_tag("safe"), 2);
  EXPECT_EQ(history->revision(2)->tags, (std::vector<std::string>{"safe", "also"}));
  EXPECT_EQ(wait([&](auto done) { history->tag("safe", 3, done); }).error().message,
            "revision 2 has the tag \"safe\": remove it there first");
  EXPECT_EQ(wait([&](auto done) { history->tag("none", 4, done); }).error().code, Errc::invalid);
  EXPECT_EQ(wait([&](auto done) { history->tag("", 3, done); }).error().code, Errc::invalid);
  EXPECT_TRUE(wait([&](auto done) { history->untag("safe", done); }));
  EXPECT_EQ(wait([&](auto done) { history->untag("safe", done); }).error().message, "there is no tag \"safe\"");
  EXPECT_EQ(history->find_tag("safe").error().code, Errc::invalid);
  EXPECT_TRUE(wait([&](auto done) { history->tag("safe", 3, done); }));
}

TEST_F(HistoryTest, TagsAreBounded) {
  auto history = open({.tags = 3});
  append(*history, 1);
  for (const char* name : {"a", "b", "c"}) EXPECT_TRUE(wait([&](auto done) { history->tag(name, 1, done); }));
  EXPECT_EQ(wait([&](auto done) { history->tag("d", 1, done); }).error().message,
            "there are 3 tags already: remove one first");
}

TEST_F(HistoryTest, ARevisionThatStillWaitsCanBeTaggedAndMarked) {
  auto history = open();
  const std::int64_t number = *history->append(edit(*history, numbered_document(1)));
  history->tag("at once", number);
  history->mark_good(number);
  history->flush();
  EXPECT_EQ(history->revision(1)->tags, std::vector<std::string>{"at once"});
  EXPECT_TRUE(history->revision(1)->good);
}

TEST_F(HistoryTest, OldRevisionsGoAndTaggedOnesAndTheNewestStay) {
  auto history = open({.revisions = 200, .full_every = 50});
  append(*history, 77);
  history->tag("old", 33);
  append(*history, 423);
  std::vector<std::int64_t> numbers;
  const auto kept = history->list(1000);
  for (const Revision& revision : *kept) numbers.push_back(revision.number);
  ASSERT_LE(numbers.size(), 201u);
  ASSERT_GE(numbers.size(), 199u);
  EXPECT_EQ(numbers.front(), 500);
  EXPECT_EQ(numbers.back(), 33);
  for (const std::int64_t number : numbers) expect_document(*history, number);
  EXPECT_EQ(history->document(34).error().code, Errc::invalid);

  // The oldest but the tagged one leads nowhere any more.
  const Revision& oldest = (*kept)[kept->size() - 2];
  EXPECT_EQ(oldest.links.undo_to, 0);
  EXPECT_EQ((*kept)[kept->size() - 3].links.undo_to, oldest.number);

  history->untag("old");
  append(*history, 10);
  EXPECT_EQ(history->document(33).error().code, Errc::invalid);
}

TEST_F(HistoryTest, TheSizeIsBoundedToo) {
  auto history = open({.bytes = 1024 * 1024});
  for (int i = 0; i < 300; ++i) {
    Json document = numbered_document(1);
    document["notes"] = std::string(20'000, static_cast<char>('a' + i % 26));
    ASSERT_TRUE(history->append(edit(*history, document)));
    if (i % 10 == 0) history->flush();
  }
  history->flush();
  const std::size_t kept = history->list(1000)->size();
  EXPECT_LT(kept, 100u);
  EXPECT_GT(kept, 10u);
  EXPECT_TRUE(history->document(300));
  EXPECT_TRUE(history->document(300 - static_cast<std::int64_t>(kept) + 1));
}

TEST_F(HistoryTest, InMemoryItWorksTheSame) {
  auto history = std::move(*History::open_in_memory(clock_, {.revisions = 100}));
  EXPECT_TRUE(history->in_memory());
  append(*history, 250);
  history->tag("safe", 240);
  history->flush();
  EXPECT_EQ(*history->find_tag("safe"), 240);
  const auto kept = history->list(1000);
  EXPECT_LE(kept->size(), 100u);
  for (const Revision& revision : *kept) expect_document(*history, revision.number);
}

TEST_F(HistoryTest, ATextThatIsNotUtf8CostsThatRevisionAlone) {
  auto history = open();
  append(*history, 2);
  const Status refused = wait([&](auto done) {
    ASSERT_TRUE(history->append(edit(*history, {{"name", "\xff"}}), done));
  });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::invalid);
  EXPECT_EQ(history->current().number, 2);
  EXPECT_EQ(*history->append(edit(*history, numbered_document(4))), 4);
  append(*history, 3);
  for (const std::int64_t number : {1, 2, 4, 5, 6, 7}) expect_document(*history, number);
  EXPECT_EQ(history->document(3).error().code, Errc::invalid);
  EXPECT_EQ(history->revision(4)->links.undo_to, 2);
}

TEST_F(HistoryTest, LongTextsAreCutBetweenCharacters) {
  auto history = open();
  std::string message;
  for (int i = 0; i < 2000; ++i) message += "ü";
  Draft draft = edit(*history, numbered_document(1), "x" + message);
  ASSERT_TRUE(history->append(draft));
  history->flush();
  const std::string stored = history->revision(1)->message;
  EXPECT_EQ(stored.size(), 999u);
  EXPECT_TRUE(Json::accept(Json(stored).dump()));
}

TEST_F(HistoryTest, ADraftWithoutADocumentIsRefused) {
  auto history = open();
  EXPECT_EQ(history->append({}).error().code, Errc::invalid);
}

TEST_F(HistoryTest, ThreadsReadWhileOthersWrite) {
  auto history = open();
  append(*history, 20);
  std::atomic<bool> stop = false;
  std::vector<std::future<int>> readers;
  for (int i = 0; i < 3; ++i) {
    readers.push_back(std::async(std::launch::async, [&, i] {
      int wrong = 0;
      do {
        const auto list = history->list(50);
        if (!list || list->empty()) ++wrong;
        const auto document = history->document(1 + i * 7);
        if (!document || !show::same_document(*document, numbered_document(1 + i * 7))) ++wrong;
      } while (!stop);
      return wrong;
    }));
  }
  for (int i = 0; i < 20; ++i) append(*history, 25);
  stop = true;
  for (auto& reader : readers) EXPECT_EQ(reader.get(), 0);
  for (std::int64_t number = 1; number <= 520; ++number) expect_document(*history, number);
}

}  // namespace
}  // namespace mainstay
