#include "engine/core/log.h"

#include <gmock/gmock.h>

namespace mainstay {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string logged(Log::Options options, const std::function<void(Log&)>& use) {
  std::string lines;
  options.sink = [&](std::string_view line) { lines += std::string(line) + "\n"; };
  {
    Log log(std::move(options));
    use(log);
  }
  return lines;
}

TEST(LogTest, AnEntrySaysWhoAndWhat) {
  const std::string text = logged({}, [](Log& log) { log.info("leg platform/main", "live after {} ms", 120); });
  EXPECT_THAT(text, HasSubstr("leg platform/main: live after 120 ms"));
}

TEST(LogTest, FlushReturnsWhenAllIsOut) {
  int lines = 0;
  Log log({.sink = [&](std::string_view) { ++lines; }});
  for (int i = 1; i <= 500; ++i) {
    log.info("a", "line {}", i);
    log.flush();
    ASSERT_EQ(lines, i);
  }
}

TEST(LogTest, EntriesBelowTheLevelAreNotWritten) {
  const std::string text = logged({.level = LogLevel::warning}, [](Log& log) { log.info("a", "hidden"); });
  EXPECT_EQ(text, "");
}

TEST(LogTest, SecretsAreReplacedAlsoInSubjects) {
  const std::string text = logged({}, [](Log& log) {
    log.redactor().add("live_123_key");
    log.redactor().add("live_123");
    log.error("leg rtmp://h/app/live_123_key", "refused live_123_key and live_123");
  });
  EXPECT_THAT(text, Not(HasSubstr("123")));
  EXPECT_THAT(text, HasSubstr("leg rtmp://h/app/***: refused *** and ***"));
}

TEST(LogTest, AMessageWithLineBreaksStaysOneLine) {
  const std::string text = logged({}, [](Log& log) { log.info("a", "one\ntwo\r\n"); });
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST(LogTest, JsonEntriesAreEscaped) {
  const std::string text = logged({.json = true}, [](Log& log) { log.info("a", "say \"hi\" \\"); });
  EXPECT_THAT(text, HasSubstr(R"("message":"say \"hi\" \\"})"));
}

}  // namespace
}  // namespace mainstay
