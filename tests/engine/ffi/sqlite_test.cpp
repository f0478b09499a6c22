#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "engine/ffi/sqlite/sqlite_database.h"

namespace mainstay::ffi {
namespace {

class SqliteTest : public ::testing::Test {
 protected:
  SqliteTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mainstay-sqlite-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~SqliteTest() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return folder_ + "/test.db"; }
  static SqliteDatabase with_table(const std::string& path) {
    auto database = SqliteDatabase::open(path, SqliteOpen::create, Millis(1));
    EXPECT_TRUE(database);
    EXPECT_TRUE(database->execute("CREATE TABLE t (i INTEGER PRIMARY KEY, s TEXT) STRICT"));
    return std::move(database).value();
  }

  std::string folder_;
};

TEST_F(SqliteTest, ValuesComeBackAsTheyWentIn) {
  SqliteDatabase database = with_table(path());
  auto insert = database.prepare("INSERT INTO t VALUES (?1, ?2)");
  ASSERT_TRUE(insert);
  const std::string with_zero("a\0b", 3);
  EXPECT_TRUE(insert->run(std::int64_t{1}, std::string_view(with_zero)));
  EXPECT_TRUE(insert->run(std::int64_t{2}, std::nullopt));
  EXPECT_TRUE(insert->run(std::int64_t{3}, std::string_view()));
  EXPECT_TRUE(insert->run(std::int64_t{4}, std::optional<std::string>("four")));
  EXPECT_EQ(database.changes(), 1);

  auto rows = database.prepare("SELECT i, s FROM t ORDER BY i");
  ASSERT_TRUE(rows);
  ASSERT_TRUE(*rows->step());
  EXPECT_EQ(rows->text(1), with_zero);
  ASSERT_TRUE(*rows->step());
  EXPECT_TRUE(rows->is_null(1));
  ASSERT_TRUE(*rows->step());
  EXPECT_FALSE(rows->is_null(1));
  EXPECT_EQ(rows->text(1), "");
  ASSERT_TRUE(*rows->step());
  EXPECT_EQ(rows->integer(0), 4);
  EXPECT_EQ(rows->text(1), "four");
  EXPECT_FALSE(*rows->step());
}

TEST_F(SqliteTest, ATransactionIsAllOrNothing) {
  SqliteDatabase database = with_table(path());
  {
    auto transaction = SqliteTransaction::begin(database, SqliteTransaction::Kind::write);
    ASSERT_TRUE(transaction);
    ASSERT_TRUE(database.execute("INSERT INTO t VALUES (1, 'dropped')"));
    EXPECT_TRUE(database.in_transaction());
  }
  EXPECT_FALSE(database.in_transaction());
  EXPECT_EQ(*database.integer("SELECT count(*) FROM t"), 0);
  auto transaction = SqliteTransaction::begin(database, SqliteTransaction::Kind::write);
  ASSERT_TRUE(transaction);
  ASSERT_TRUE(database.execute("INSERT INTO t VALUES (2, 'kept')"));
  EXPECT_TRUE(transaction->commit());
  EXPECT_EQ(*database.text("SELECT s FROM t"), "kept");
}

TEST_F(SqliteTest, ErrorsSayWhatTheCallerCanDo) {
  EXPECT_EQ(SqliteDatabase::open(folder_ + "/none.db", SqliteOpen::write, Millis(1)).error().code, Errc::io);
  EXPECT_EQ(SqliteDatabase::open(folder_ + "/no/folder.db", SqliteOpen::create, Millis(1)).error().code, Errc::io);

  SqliteDatabase database = with_table(path());
  ASSERT_TRUE(database.execute("INSERT INTO t VALUES (1, 'x')"));
  EXPECT_EQ(database.execute("INSERT INTO t VALUES (1, 'again')").error().code, Errc::invalid);
  EXPECT_EQ(database.prepare("SELEKT 1").error().code, Errc::invalid);
  EXPECT_EQ(database.integer("SELECT i FROM t WHERE i = 9").error().code, Errc::end);

  std::ofstream(folder_ + "/garbage.db") << std::string(5000, 'g');
  auto garbage = SqliteDatabase::open(folder_ + "/garbage.db", SqliteOpen::write, Millis(1));
  ASSERT_TRUE(garbage);
  EXPECT_EQ(garbage->integer("SELECT count(*) FROM t").error().code, Errc::corrupt);
}

TEST_F(SqliteTest, AnotherWriterIsTriedAgainAndAReaderOnlyReads) {
  SqliteDatabase database = with_table(path());
  auto other = SqliteDatabase::open(path(), SqliteOpen::write, Millis(1));
  auto reader = SqliteDatabase::open(path(), SqliteOpen::read, Millis(1));
  ASSERT_TRUE(other && reader);
  {
    auto transaction = SqliteTransaction::begin(*other, SqliteTransaction::Kind::write);
    ASSERT_TRUE(transaction);
    EXPECT_EQ(SqliteTransaction::begin(database, SqliteTransaction::Kind::write).error().code, Errc::again);
  }
  EXPECT_TRUE(SqliteTransaction::begin(database, SqliteTransaction::Kind::write));
  EXPECT_EQ(*reader->integer("SELECT count(*) FROM t"), 0);
  EXPECT_EQ(reader->execute("INSERT INTO t VALUES (1, 'x')").error().code, Errc::io);
}

TEST_F(SqliteTest, AFullDatabaseIsAnErrorAndNotTheEnd) {
  SqliteDatabase database = with_table(path());
  ASSERT_TRUE(database.execute("PRAGMA max_page_count=4"));
  const std::string large = "INSERT INTO t VALUES (1, hex(zeroblob(100000)))";
  const Status full = database.execute(large);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, Errc::io);
  EXPECT_EQ(full.error().message, "the disk is full: free some space");
  ASSERT_TRUE(database.execute("PRAGMA max_page_count=1000"));
  EXPECT_TRUE(database.execute(large));
}

}  // namespace
}  // namespace mainstay::ffi
