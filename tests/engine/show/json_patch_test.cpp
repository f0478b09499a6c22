#include "engine/show/json_patch.h"

#include <gtest/gtest.h>

#include "engine/show/document_diff.h"
#include "tests/support/show_documents.h"

namespace mainstay {
namespace {

using show::Json;

TEST(JsonPatchTest, APatchMakesTheOneDocumentOfTheOther) {
  std::mt19937 random(7);
  Json document = numbered_document(3);
  for (int i = 0; i < 3000; ++i) {
    Json next = document;
    for (std::size_t changes = 1 + random() % 5; changes > 0; --changes) change_somewhere(next, random);
    Json patched = document;
    // As stored: through text.
    ASSERT_TRUE(show::apply_patch(patched, Json::parse(show::make_patch(document, next).dump()))) << document << "\n"
                                                                                                  << next;
    ASSERT_TRUE(show::same_document(patched, next)) << document << "\n" << next << "\n" << patched;
    ASSERT_EQ(show::same_document(document, next), show::make_patch(document, next).empty()) << document << "\n"
                                                                                             << next;
    document = std::move(next);
  }
}

TEST(JsonPatchTest, APatchThatDoesNotFitIsAnErrorWithoutValues) {
  Json document = {{"key", "hush-hush"}};
  const Json misfits = Json::parse(R"([
    [{"op": "remove", "path": "/none"}], [{"op": "replace", "path": "key", "value": 1}], [{"op": "add"}],
    [{"op": "test", "path": "/key", "value": "other"}], [{"op": "frobnicate", "path": "/key"}], {"op": "add"}, 7,
    [{"op": "add", "path": "/key/below", "value": 1}], [{"op": "move", "from": "/x", "path": "/y"}]
  ])");
  for (const Json& patch : misfits) {
    Json changed = document;
    const Status applied = show::apply_patch(changed, patch);
    ASSERT_FALSE(applied) << patch;
    EXPECT_EQ(applied.error().code, Errc::invalid);
    EXPECT_EQ(applied.error().describe().find("hush"), std::string::npos);
  }
}

TEST(JsonPatchTest, AnEntryPutIntoOrTakenOutOfAListIsOneOperation) {
  const Json with = Json::parse(R"({"layers": [{"x": 1}, {"x": 2}, {"x": 3}]})");
  const Json without = Json::parse(R"({"layers": [{"x": 1}, {"x": 3}]})");
  EXPECT_EQ(show::make_patch(with, without), Json::parse(R"([{"op": "remove", "path": "/layers/1"}])"));
  EXPECT_EQ(show::make_patch(without, with), Json::parse(R"([{"op": "add", "path": "/layers/1", "value": {"x": 2}}])"));
}

struct Example {
  const char* document;
  const char* patch;
  const char* result;  ///< null: it does not fit
};

// RFC 6902, appendix A, and what it says of pointers and lists.
constexpr Example kExamples[] = {
    {R"({"foo": "bar"})", R"([{"op": "add", "path": "/baz", "value": "qux"}])", R"({"baz": "qux", "foo": "bar"})"},
    {R"({"foo": ["bar", "baz"]})", R"([{"op": "add", "path": "/foo/1", "value": 1}])", R"({"foo": ["bar", 1, "baz"]})"},
    {R"({"foo": ["bar"]})", R"([{"op": "add", "path": "/foo/-", "value": [1]}])", R"({"foo": ["bar", [1]]})"},
    {R"({"foo": ["bar"]})", R"([{"op": "add", "path": "/foo/1", "value": 2}])", R"({"foo": ["bar", 2]})"},
    {R"({"foo": ["bar"]})", R"([{"op": "add", "path": "/foo/2", "value": 2}])", nullptr},
    {R"({"foo": ["bar"]})", R"([{"op": "add", "path": "/foo/00", "value": 2}])", nullptr},
    {R"({"foo": ["bar"]})", R"([{"op": "add", "path": "/foo/x", "value": 2}])", nullptr},
    {R"({"foo": "bar"})", R"([{"op": "add", "path": "/baz/bat", "value": 1}])", nullptr},
    {R"({"foo": "bar"})", R"([{"op": "add", "path": "", "value": [7]}])", "[7]"},
    {R"({"baz": 1, "foo": 2})", R"([{"op": "remove", "path": "/baz"}])", R"({"foo": 2})"},
    {R"({"foo": [1, 2, 3]})", R"([{"op": "remove", "path": "/foo/1"}])", R"({"foo": [1, 3]})"},
    {R"({"foo": [1]})", R"([{"op": "remove", "path": "/foo/-"}])", nullptr},
    {R"({"foo": [1]})", R"([{"op": "remove", "path": ""}])", nullptr},
    {R"({"baz": 1})", R"([{"op": "replace", "path": "/baz", "value": null}])", R"({"baz": null})"},
    {R"({"baz": 1})", R"([{"op": "replace", "path": "/bar", "value": 2}])", nullptr},
    {R"({"a": {"b": 1}, "c": {}})", R"([{"op": "move", "from": "/a/b", "path": "/c/d"}])",
     R"({"a": {}, "c": {"d": 1}})"},
    {R"(["a", "b", "c"])", R"([{"op": "move", "from": "/0", "path": "/2"}])", R"(["b", "c", "a"])"},
    {R"({"a": {"b": 1}})", R"([{"op": "move", "from": "/a", "path": "/a/b"}])", nullptr},
    {R"({"a": {"b": 1}})", R"([{"op": "move", "from": "/a", "path": "/a"}])", R"({"a": {"b": 1}})"},
    {R"({"a": {"b": 1}})", R"([{"op": "copy", "from": "/a", "path": "/a/b"}])", R"({"a": {"b": {"b": 1}}})"},
    {R"({"a": 1})", R"([{"op": "move", "from": "", "path": "/b"}])", nullptr},
    {R"({"a": {"x": 1, "y": 2}})", R"([{"op": "test", "path": "/a", "value": {"y": 2, "x": 1}}])",
     R"({"a": {"x": 1, "y": 2}})"},
    {R"({"/": 9, "~1": 10})", R"([{"op": "test", "path": "/~01", "value": 10}])", R"({"/": 9, "~1": 10})"},
    {R"({"/": 9, "~1": 10})", R"([{"op": "test", "path": "/~01", "value": "10"}])", nullptr},
    {R"({"~": 9})", R"([{"op": "remove", "path": "/~"}])", nullptr},
    {R"({"~2": 9})", R"([{"op": "remove", "path": "/~2"}])", nullptr},
    {R"({"": 1})", R"([{"op": "remove", "path": "/"}])", "{}"},
    {R"({"a": 1})", R"([{"op": "remove", "path": "/a"}, {"op": "remove", "path": "/a"}])", nullptr},
};

TEST(JsonPatchTest, DoesWhatTheStandardSays) {
  for (const Example& example : kExamples) {
    Json document = Json::parse(example.document);
    const Status applied = show::apply_patch(document, Json::parse(example.patch));
    EXPECT_EQ(applied.has_value(), example.result != nullptr) << example.document << " " << example.patch;
    if (applied && example.result != nullptr) {
      EXPECT_TRUE(show::same_document(document, Json::parse(example.result))) << example.patch << ": " << document;
    }
  }
}

TEST(JsonPatchTest, SaysWhichOperationDoesNotFit) {
  Json document = {{"a", 1}};
  const Json patch = Json::parse(R"([{"op": "remove", "path": "/a"}, {"op": "replace", "path": "/a/b", "value": 2}])");
  EXPECT_EQ(show::apply_patch(document, patch).error().message, "operation 1: there is nothing at /a/b");
}

TEST(JsonPatchTest, CopiesOfCopiesAreBounded) {
  Json document = {{"a", Json::array({1})}};
  Json patch = Json::array();
  for (int i = 0; i < 64; ++i) patch.push_back({{"op", "copy"}, {"from", "/a"}, {"path", "/a/-"}});
  EXPECT_EQ(show::apply_patch(document, patch).error().code, Errc::invalid);
}

}  // namespace
}  // namespace mainstay
