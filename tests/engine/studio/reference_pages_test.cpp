#include "engine/studio/reference_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "engine/studio/event_types.h"
#include "engine/studio/studio.h"

namespace mainstay {
namespace {

std::string page(const std::string& name) {
  std::ifstream file(std::string(MAINSTAY_SOURCE_DIR) + "/docs/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

class ReferencePagesTest : public ::testing::Test {
 protected:
  SteadyClock clock_;
  Log log_{{.level = LogLevel::off}};
  show::Secrets secrets_{log_.redactor(), {.file = "/nonexistent/secrets.json"}};
  Studio studio_{clock_, log_, secrets_, {.keep_history = false}};
};

TEST_F(ReferencePagesTest, TheCommandsInDocsAreUpToDate) {
  EXPECT_EQ(page("commands.md"), commands_markdown(studio_.registry()))
      << "run: mainstay reference commands > docs/commands.md";
}

TEST_F(ReferencePagesTest, TheEventsInDocsAreUpToDate) {
  EXPECT_EQ(page("events.md"), events_markdown()) << "run: mainstay reference events > docs/events.md";
}

TEST_F(ReferencePagesTest, EachCommandAndParameterIsThere) {
  const std::string text = commands_markdown(studio_.registry());
  for (const CommandInfo* info : studio_.registry().commands()) {
    EXPECT_THAT(text, ::testing::HasSubstr("### " + info->name + "\n"));
    for (const show::FieldInfo& field : info->params.fields) {
      EXPECT_THAT(text, ::testing::HasSubstr("| `" + field.key + "` |")) << info->name;
    }
  }
}

}  // namespace
}  // namespace mainstay
