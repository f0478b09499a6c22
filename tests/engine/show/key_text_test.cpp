#include "engine/show/key_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/show/check.h"
#include "engine/show/parse.h"
#include "tests/engine/show/show_support.h"

namespace mainstay::show {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(KeyTextTest, AKeyHasOneForm) {
  EXPECT_EQ(canonical_key("F5"), "F5");
  EXPECT_EQ(canonical_key("f24"), "F24");
  EXPECT_EQ(canonical_key("shift+F1"), "Shift+F1");
  EXPECT_EQ(canonical_key("ctrl+1"), "Ctrl+1");
  EXPECT_EQ(canonical_key("Meta+Shift+Alt+Ctrl+z"), "Meta+Ctrl+Alt+Shift+Z");
  EXPECT_EQ(canonical_key("ALT+PGDOWN"), "Alt+PgDown");
}

TEST(KeyTextTest, WhatIsNoKeyIsTold) {
  for (const char* text : {"", "F", "F0", "F05", "F25", "F100", "Ctrl", "Ctrl+", "+F5", "Ctrl++F5", "Ctrl+Ctrl+F5",
                           "Strg+1", "Ctrl+AB", "Ctrl+ 1", " F5", "Ctrl+,", "Ctrl+Esc", "Ctrl+F5, Ctrl+F6", "Ctrl+ä"}) {
    EXPECT_FALSE(canonical_key(text)) << text;
  }
}

TEST(KeyTextTest, WhatTypesIsNoKeyByItself) {
  for (const char* text : {"A", "1", "Space", "Return", "Del", "Up", "Shift+A", "Shift+Up"}) {
    EXPECT_FALSE(canonical_key(text)) << text;
  }
}

std::vector<std::string> found(const std::string& macros) {
  const Parsed parsed =
      parse_show(R"({"mainstay": 1, "program": {}, "sources": {"bars": {"type": "bars"}}, "macros": )" + macros + "}");
  if (!parsed.ok()) return lines(parsed.errors);
  return lines(check(parsed.show, {.show_dir = ".", .probe_files = false, .secrets = nullptr}));
}

TEST(KeyTextTest, AWrongKeyOfAMacroIsAnErrorWithItsPlace) {
  EXPECT_THAT(found(R"({"intro": {"code": "1", "key": "Strg+1"}})"),
              ElementsAre("/macros/intro/key: expected a key as \"F6\", \"Ctrl+1\" or \"Ctrl+Shift+PgDown\", found "
                          "the text \"Strg+1\""));
  EXPECT_THAT(found(R"({"intro": {"code": "1", "key": ""}, "outro": {"code": "1"}})"), IsEmpty());
}

TEST(KeyTextTest, AKeyStartsOneMacro) {
  EXPECT_THAT(found(R"({"intro": {"code": "1", "key": "Ctrl+Alt+1"}, "outro": {"code": "1", "key": "alt+ctrl+1"}})"),
              ElementsAre("/macros/outro/key: Ctrl+Alt+1 starts the macro \"intro\" already"));
  EXPECT_THAT(found(R"({"intro": {"code": "1", "key": "F6", "enabled": false}, "outro": {"code": "1", "key": "F6"}})"),
              IsEmpty())
      << "a macro that is switched off has no key";
}

}  // namespace
}  // namespace mainstay::show
