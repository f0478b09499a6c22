#include "engine/package/whole_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace mainstay::package {
namespace {

namespace fs = std::filesystem;

class WholeFileTest : public ::testing::Test {
 protected:
  ~WholeFileTest() override { fs::remove_all(folder_); }
  std::string file(const std::string& name) const { return (folder_ / name).string(); }

  const fs::path folder_ = fs::temp_directory_path() / fmt::format("mainstay-whole-{}", ::getpid());
};

TEST_F(WholeFileTest, GivesBackWhatWasWrittenWithItsFolder) {
  std::string bytes(300'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7);
  for (const std::string& what : {bytes, std::string("short"), std::string()}) {
    ASSERT_TRUE(write_whole(file("v0/s1.m4s"), what));
    const Result<std::string> read = read_whole(file("v0/s1.m4s"));
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_TRUE(*read == what);
  }
  EXPECT_FALSE(fs::exists(file("v0/s1.m4s.new")));
}

TEST_F(WholeFileTest, SaysWhatCannotBeReadAndWhy) {
  const Result<std::string> absent = read_whole(file("s1.m4s"));
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, Errc::io);
  EXPECT_THAT(absent.error().describe(), testing::HasSubstr("s1.m4s"));
  fs::create_directories(folder_);
  EXPECT_FALSE(read_whole(folder_.string()));
}

}  // namespace
}  // namespace mainstay::package
