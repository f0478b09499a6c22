#include "engine/sources/ingest/amf0.h"

#include <gtest/gtest.h>

#include "tests/engine/sources/rtmp_bytes.h"

namespace mainstay {
namespace {

using test::Bytes;
using test::operator+;

TEST(Amf0Test, ValuesComeBackAsTheyWere) {
  Bytes bytes;
  write_amf0(AmfValue::of("connect"), bytes);
  write_amf0(AmfValue::of(1.5), bytes);
  write_amf0(AmfValue::object({{"app", AmfValue::of("live")},
                               {"fpad", AmfValue::of(false)},
                               {"inner", AmfValue::object({{"n", AmfValue::null()}})}}),
             bytes);
  const auto values = read_amf0(bytes);
  ASSERT_TRUE(values);
  ASSERT_EQ(values->size(), 3u);
  EXPECT_EQ((*values)[0].string, "connect");
  EXPECT_EQ((*values)[1].number, 1.5);
  ASSERT_NE((*values)[2].find("app"), nullptr);
  EXPECT_EQ((*values)[2].find("app")->string, "live");
  EXPECT_EQ((*values)[2].find("inner")->find("n")->kind, AmfValue::Kind::null);
  EXPECT_EQ((*values)[2].find("none"), nullptr);
}

TEST(Amf0Test, EveryTruncationIsAnErrorOrFewerValues) {
  Bytes bytes;
  write_amf0(AmfValue::object({{"app", AmfValue::of("live")}, {"n", AmfValue::of(2.0)}}), bytes);
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    EXPECT_FALSE(read_amf0(std::span(bytes).first(size))) << size;
  }
  EXPECT_TRUE(read_amf0(bytes));
}

TEST(Amf0Test, NestingAndNumberOfValuesAreLimited) {
  Bytes deep;
  for (int i = 0; i < 100; ++i) deep = deep + Bytes{3, 0, 1, 'a'};
  EXPECT_FALSE(read_amf0(deep));
  Bytes many{10, 0xFF, 0xFF, 0xFF, 0xFF};
  many.resize(many.size() + 100'000, 5);  // nulls
  EXPECT_FALSE(read_amf0(many));
}

}  // namespace
}  // namespace mainstay
