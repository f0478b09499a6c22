#include "engine/remote/origin/http_text.h"

#include <gtest/gtest.h>

namespace mainstay::remote {
namespace {

TEST(HttpTextTest, DatesAreWrittenAndReadAsHttpWantsThem) {
  const UtcInstant at = UtcInstant(Seconds(784'111'777));
  EXPECT_EQ(http_date(at + Millis(900)), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), at);
  for (const char* wrong : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
                            "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, +6 Nov 1994 08:49:37 GMT"})
    EXPECT_FALSE(parse_http_date(wrong)) << wrong;
}

TEST(HttpTextTest, ARangeIsAPartThatThereIs) {
  using Kind = ByteRange::Kind;
  const auto expect = [](std::string_view field, Kind kind, std::uint64_t first, std::uint64_t count) {
    const ByteRange range = parse_range(field, 100);
    EXPECT_EQ(range.kind, kind) << field;
    EXPECT_EQ(range.first, first) << field;
    EXPECT_EQ(range.count, count) << field;
  };
  expect("bytes=0-9", Kind::part, 0, 10);
  expect("bytes=90-", Kind::part, 90, 10);
  expect("bytes=90-1000", Kind::part, 90, 10);
  expect("bytes=-5", Kind::part, 95, 5);
  expect("bytes=-500", Kind::part, 0, 100);
  expect("bytes=100-", Kind::unsatisfiable, 0, 0);
  expect("bytes=-0", Kind::unsatisfiable, 0, 0);
  for (const char* ignored : {"", "bytes=", "bytes=a-b", "bytes=9-1", "bytes=0-1,5-6", "items=0-1", "bytes=--5",
                              "bytes=+1-5", "bytes=99999999999999999999999-", "bytes=1", "bytes= -"})
    expect(ignored, Kind::whole, 0, 0);
}

TEST(HttpTextTest, NothingIsSatisfiableOfAnEmptyBody) {
  EXPECT_EQ(parse_range("bytes=0-", 0).kind, ByteRange::Kind::unsatisfiable);
  EXPECT_EQ(parse_range("bytes=-1", 0).kind, ByteRange::Kind::unsatisfiable);
}

TEST(HttpTextTest, ETagsAreComparedWeaklyInLists) {
  EXPECT_TRUE(names_etag("\"a\"", "\"a\""));
  EXPECT_TRUE(names_etag("\"b\", W/\"a\"", "\"a\""));
  EXPECT_TRUE(names_etag("*", "\"a\""));
  EXPECT_FALSE(names_etag("\"ab\"", "\"a\""));
  EXPECT_FALSE(names_etag(", ,", ""));
}

TEST(HttpTextTest, GzipIsForThoseWhoTakeIt) {
  EXPECT_TRUE(accepts_gzip("gzip, deflate, br"));
  EXPECT_TRUE(accepts_gzip("br;q=1.0, GZIP;q=0.8"));
  EXPECT_TRUE(accepts_gzip("*"));
  EXPECT_FALSE(accepts_gzip(""));
  EXPECT_FALSE(accepts_gzip("br"));
  EXPECT_FALSE(accepts_gzip("gzip;q=0"));
  EXPECT_FALSE(accepts_gzip("gzip; q=0.000, br"));
}

}  // namespace
}  // namespace mainstay::remote
