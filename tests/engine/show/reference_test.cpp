#include "engine/show/reference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "engine/show/check.h"
#include "resources/resources.h"
#include "tests/engine/show/show_support.h"

namespace mainstay::show {
namespace {

TEST(ReferenceTest, ThePageInDocsIsUpToDate) {
  const std::string path = MAINSTAY_SOURCE_DIR "/docs/show.md";
  if (std::getenv("MAINSTAY_UPDATE_DOCS") != nullptr) std::ofstream(path, std::ios::binary) << reference_markdown();
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_TRUE(text.str() == reference_markdown()) << "docs/show.md is stale: run `mainstay reference show > "
                                                     "docs/show.md`, or this test with MAINSTAY_UPDATE_DOCS=1";
}

TEST(ReferenceTest, ItsExampleIsAShowWithoutErrors) {
  const Parsed parsed = parse_show(resource("presets/example_show.json"));
  ASSERT_THAT(lines(parsed.errors), ::testing::IsEmpty());
  EXPECT_THAT(lines(check(parsed.show, {.show_dir = ".", .probe_files = false, .secrets = nullptr})),
              ::testing::IsEmpty());
}

}  // namespace
}  // namespace mainstay::show
