#include "engine/show/document_diff.h"

#include <gtest/gtest.h>

#include "tests/support/show_documents.h"

namespace mainstay {
namespace {

using show::Json;

using Pointers = std::vector<std::string>;

TEST(DocumentDiffTest, NamesTheSmallestPlacesThatDiffer) {
  const Json from = Json::parse(R"({"a": 1, "b": {"c": [1, 2], "d": "x"}, "gone": true, "e/f~": 1})");
  const Json to = Json::parse(R"({"a": 1, "b": {"c": [1, 3], "d": "x", "new": 0}, "e/f~": 2})");
  EXPECT_EQ(show::differing_pointers(from, to), (Pointers{"/b/c/1", "/b/new", "/gone", "/e~1f~0"}));
}

TEST(DocumentDiffTest, AListWhoseLengthChangedIsOnePlace) {
  const Json from = Json::parse(R"({"layers": [{"x": 1}, {"x": 2}, {"x": 3}]})");
  const Json to = Json::parse(R"({"layers": [{"x": 2}, {"x": 3}]})");
  EXPECT_EQ(show::differing_pointers(from, to), Pointers{"/layers"});
}

TEST(DocumentDiffTest, TheOrderOfKeysDoesNotMatter) {
  const Json a = Json::parse(R"({"x": {"a": 1, "b": [{"p": 1, "q": 2}]}, "y": 1})");
  const Json b = Json::parse(R"({"y": 1.0, "x": {"b": [{"q": 2, "p": 1}], "a": 1}})");
  EXPECT_TRUE(show::same_document(a, b));
  EXPECT_FALSE(show::same_document(a, Json::parse(R"({"y": 1})")));
  EXPECT_FALSE(show::same_document(Json("1"), Json(1)));
}

TEST(DocumentDiffTest, AnotherRootIsThePlaceOfTheWhole) {
  EXPECT_EQ(show::differing_pointers(Json::object(), Json(1)), Pointers{""});
}

TEST(DocumentDiffTest, IsBounded) {
  Json from = Json::object();
  Json to = Json::object();
  for (int i = 0; i < 500; ++i) {
    from["only_from" + std::to_string(i)] = i;
    to["only_to" + std::to_string(i)] = Json::array({i});
  }
  EXPECT_EQ(show::differing_pointers(from, to).size(), show::kMostPointers);
  EXPECT_EQ(show::differing_pointers(from, to, 7).size(), 7u);
  EXPECT_EQ(show::differing_pointers(Json::object(), to).size(), show::kMostPointers);
}

}  // namespace
}  // namespace mainstay
