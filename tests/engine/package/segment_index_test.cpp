#include "engine/package/segment_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mainstay::package {
namespace {

KeptSegment some() {
  KeptSegment kept;
  kept.rendition = "v0";
  kept.discontinuity_sequence = 2;
  kept.segment.msn = 850'000'123;
  kept.segment.begin_us = 1'000'000;
  kept.segment.duration_us = 2'002'000;
  kept.segment.date = UtcInstant(Seconds(1'700'000'000) + Nanos(7));
  kept.segment.discontinuity = true;
  kept.segment.bytes = 123'456;
  kept.segment.uri = "s850000123.m4s";
  kept.segment.map = "init850000120.mp4";
  kept.segment.key_picture_uri = "i850000123.m4s";
  return kept;
}

TEST(SegmentIndex, ALineTellsAllOfASegment) {
  const KeptSegment kept = some();
  const auto back = parse_index_line(index_line(kept));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->rendition, kept.rendition);
  EXPECT_EQ(back->discontinuity_sequence, kept.discontinuity_sequence);
  EXPECT_EQ(back->segment.msn, kept.segment.msn);
  EXPECT_EQ(back->segment.begin_us, kept.segment.begin_us);
  EXPECT_EQ(back->segment.duration_us, kept.segment.duration_us);
  EXPECT_EQ(back->segment.date, kept.segment.date);
  EXPECT_TRUE(back->segment.discontinuity);
  EXPECT_FALSE(back->segment.gap);
  EXPECT_EQ(back->segment.bytes, kept.segment.bytes);
  EXPECT_EQ(back->segment.uri, kept.segment.uri);
  EXPECT_EQ(back->segment.map, kept.segment.map);
  EXPECT_EQ(back->segment.key_picture_uri, kept.segment.key_picture_uri);
  EXPECT_TRUE(back->segment.stored);
}

TEST(SegmentIndex, WhatCannotBeIsPassedOver) {
  const std::string good = index_line(some());
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string line = good;
    const std::size_t at = line.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return line.replace(at, from.size(), to);
  };
  for (const std::string& line :
       {std::string(), good.substr(0, good.size() / 2), with("850000123,", "-1,"), with("850000123,", "1e300,"),
        with("850000123,", "18446744073709551615,"), with("2002000", "0"), with("2002000", "99999999999999"),
        with("\"v0\"", "\"..\""), with("\"v0\"", "\"\""), with("\"s850000123.m4s\"", "\"../../etc/passwd\""),
        with("\"s850000123.m4s\"", "\"s1.m4s\\n#EXT-X-ENDLIST\""), with("\"s850000123.m4s\"", "7"), with("true", "1"),
        with("\"msn\"", "\"number\"")})
    EXPECT_FALSE(parse_index_line(line)) << line;
}

}  // namespace
}  // namespace mainstay::package
