#include "engine/remote/http_fields.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace mainstay::remote {
namespace {

TEST(HttpFieldsTest, StandAsTheyGoOverTheWireInTheirOrder) {
  HttpFields fields{{"ETag", "\"a\""}, {"Vary", "Origin"}};
  fields.add("Vary", "Accept-Encoding");
  EXPECT_EQ(fields.text(), "ETag: \"a\"\r\nVary: Origin\r\nVary: Accept-Encoding\r\n");
  EXPECT_EQ(fields.size(), 3u);
}

TEST(HttpFieldsTest, TheFirstOfANameIsFoundAndAnEmptyOneIsThere) {
  const HttpFields fields{{"vary", "a"}, {"vary", "b"}, {"empty", ""}};
  EXPECT_EQ(fields.get("vary"), "a");
  EXPECT_EQ(fields.get("var"), "");
  EXPECT_FALSE(fields.has("var"));
  EXPECT_TRUE(fields.has("empty"));
  std::string all;
  for (const auto& [name, value] : fields) all.append(name).append("=").append(value).append(" ");
  EXPECT_EQ(all, "vary=a vary=b empty= ");
}

TEST(HttpFieldsTest, NeitherANameNorAValueBeginsALineOfItsOwn) {
  const HttpFields fields{{"a\r\nb", "c\nd\re"}};
  EXPECT_EQ(fields.text(), "a  b: c d e\r\n");
  EXPECT_EQ(HttpFields(fields).get("a  b"), "c d e");
}

TEST(HttpFieldsTest, WhatAParserLetThroughIsFoundInLowerCaseOfOneLineOrOfSeveral) {
  const std::string line = "Accept-Encoding: \t gzip";
  const std::string_view text = line;
  HttpFields fields;
  fields.add_parsed(text.substr(0, 15), text.substr(19));
  fields.add_parsed("Accept", std::string(40, ' ') + "of several");
  fields.add_parsed(text.substr(0, 6), {});
  const std::string_view folded = "X:\r\n y";
  fields.add_parsed(folded.substr(0, 1), folded.substr(5));
  EXPECT_EQ(fields.get("accept-encoding"), "gzip");
  EXPECT_EQ(fields.get("accept"), std::string(40, ' ') + "of several");
  EXPECT_EQ(fields.get("x"), "y");
  EXPECT_EQ(fields.size(), 4u);
  EXPECT_EQ(std::count(fields.text().begin(), fields.text().end(), '\n'), 4);
}

TEST(HttpFieldsTest, AllOfOthersComeBehind) {
  const HttpFields more{{"b", "2"}, {"c", "3"}};
  HttpFields fields{{"a", "1"}};
  fields.add(more);
  HttpFields none;
  none.add(HttpFields{});
  none.add(more);
  EXPECT_EQ(fields.text(), "a: 1\r\nb: 2\r\nc: 3\r\n");
  EXPECT_EQ(fields.get("c"), "3");
  EXPECT_EQ(none.text(), more.text());
  EXPECT_EQ(none.get("b"), "2");
}

TEST(HttpFieldsTest, ManyAndLongOnesStayWhole) {
  HttpFields fields;
  for (int i = 0; i < 200; ++i) fields.add("name" + std::to_string(i), std::string(static_cast<std::size_t>(i), 'x'));
  for (int i = 0; i < 200; ++i) EXPECT_EQ(fields.get("name" + std::to_string(i)).size(), static_cast<std::size_t>(i));
}

}  // namespace
}  // namespace mainstay::remote
