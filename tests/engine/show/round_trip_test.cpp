#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/show/check.h"
#include "engine/show/field_info.h"
#include "engine/show/parse.h"
#include "tests/engine/show/random_show.h"
#include "tests/engine/show/show_support.h"

namespace mainstay::show {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(RoundTripTest, AnyShowComesBackFromItsJson) {
  std::mt19937_64 random(20231);
  for (int i = 0; i < 100; ++i) {
    const std::string document = random_show(random);
    const Parsed parsed = parse_show(document);
    ASSERT_THAT(lines(parsed.errors), IsEmpty()) << document;
    for (const bool defaults : {false, true}) {
      const std::string text = to_json(parsed.show, defaults);
      const Parsed again = parse_show(text);
      ASSERT_THAT(lines(again.errors), IsEmpty()) << text;
      ASSERT_EQ(again.show, parsed.show) << document << "\nbecame\n" << text;
      ASSERT_EQ(to_json(again.show, defaults), text);
    }
    check(parsed.show, {.show_dir = "/nowhere", .probe_files = false});  // whatever it holds, it can be looked at
  }
}

TEST(RoundTripTest, OnlyWhatDiffersFromItsDefaultIsWritten) {
  const Show show =
      parse_show(R"({"program": {"width": 1920, "height": 720}, "sources": {"b": {"type": "bars"}}})").show;
  EXPECT_EQ(to_json(show), R"({
  "mainstay": 1,
  "program": {
    "height": 720
  },
  "sources": {
    "b": {
      "type": "bars"
    }
  }
}
)");
  EXPECT_THAT(to_json(show, true), HasSubstr("\"width\": 1920"));
}

TEST(RoundTripTest, ShorthandsAreWrittenWhereTheySayItAll) {
  const std::string text = to_json(parse_show(kDesignShow).show);
  EXPECT_THAT(text, HasSubstr(R"("caps": "youtube-1080p30")"));
  EXPECT_THAT(text, HasSubstr(R"("backup": "rtmp://:1935/live/remote")"));
}

TEST(RedactedJsonTest, MasksSecretsButNotReferences) {
  const Show show = parse_show(with(with(kGoodShow, "a.example.com/live", "u:pass@a.example.com/live/lit3ral?sig=abc"),
                                    "srt://b.example.com:9002", "srt://b.example.com:9002?passphrase=hush&latency=90"))
                        .show;
  const std::string text = redacted_json(show);
  for (const char* secret : {"guest", "long enough", "pass@", "lit3ral", "abc", "hush"})
    EXPECT_THAT(text, Not(HasSubstr(secret)));
  EXPECT_THAT(text, HasSubstr("\"key\": \"${secret:platform}\""));
  EXPECT_THAT(text, HasSubstr("rtmp://u:***@a.example.com/live/***?sig=***"));
  EXPECT_THAT(text, HasSubstr("srt://b.example.com:9002?passphrase=***&latency=90"));
  EXPECT_THAT(text, HasSubstr("\"passphrase\": \"***\""));
}

void expect_complete(const ObjectInfo& object, int depth) {
  ASSERT_LT(depth, 16);
  EXPECT_THAT(object.help, Not(IsEmpty())) << object.name;
  for (const FieldInfo& field : object.fields) {
    const std::string who = object.name + "." + field.key;
    EXPECT_THAT(field.help, Not(IsEmpty())) << who;
    if (field.kind == FieldKind::number || field.kind == FieldKind::integer) {
      EXPECT_TRUE(field.min && field.max) << who << " has no limits";
    }
    if (field.unit == "ms" && field.key != "window") {
      EXPECT_TRUE(field.key.ends_with("_ms")) << who << " does not say its unit";
    }
    EXPECT_EQ(field.kind == FieldKind::word, !field.words.empty()) << who;
    EXPECT_EQ(field.kind == FieldKind::object, !field.objects.empty()) << who;
    for (const ObjectInfo* child : field.objects) expect_complete(*child, depth + 1);
  }
}

TEST(SchemaTest, EveryFieldHasHelpLimitsAndItsUnitInItsName) {
  expect_complete(show_info(), 0);
}

}  // namespace
}  // namespace mainstay::show
