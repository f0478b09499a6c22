#include "engine/sources/ingest/flv_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/sources/ingest/amf0.h"
#include "tests/engine/sources/rtmp_bytes.h"

namespace mainstay {
namespace {

using test::Bytes;

TEST(FlvStreamTest, TheFileHeaderComesOnceAndTagsCarryTheirTime) {
  FlvStream flv;
  const auto first = flv.tag({RtmpType::video, 1, 0x01020304, {0x17, 0, 0, 0, 0, 1}});
  ASSERT_TRUE(first);
  EXPECT_EQ((Bytes{first->begin(), first->begin() + 3}), (Bytes{'F', 'L', 'V'}));
  const Bytes tag(first->begin() + 13, first->end());
  EXPECT_EQ((Bytes{tag.begin(), tag.begin() + 11}), (Bytes{9, 0, 0, 6, 2, 3, 4, 1, 0, 0, 0}));
  EXPECT_EQ((Bytes{tag.end() - 4, tag.end()}), (Bytes{0, 0, 0, 17}));
  const auto second = flv.tag({RtmpType::audio, 1, 0, {0xAF, 1, 2}});
  ASSERT_TRUE(second);
  EXPECT_EQ(second->front(), 8);
}

TEST(FlvStreamTest, EnhancedAvcBecomesPlainAvc) {
  FlvStream flv;
  const auto coded = flv.tag({RtmpType::video, 1, 0, {0x91, 'a', 'v', 'c', '1', 0, 0, 40, 0xEE}});
  ASSERT_TRUE(coded);
  EXPECT_EQ((Bytes{coded->begin() + 24, coded->begin() + 30}), (Bytes{0x17, 1, 0, 0, 40, 0xEE}));
  const auto no_offset = flv.tag({RtmpType::video, 1, 0, {0xA3, 'a', 'v', 'c', '1', 0xEE}});
  ASSERT_TRUE(no_offset);
  EXPECT_EQ((Bytes{no_offset->begin() + 11, no_offset->begin() + 17}), (Bytes{0x27, 1, 0, 0, 0, 0xEE}));
}

TEST(FlvStreamTest, EnhancedHevcIsUnsupportedAndNamed) {
  FlvStream flv;
  const auto tag = flv.tag({RtmpType::video, 1, 0, {0x90, 'h', 'v', 'c', '1', 1}});
  ASSERT_FALSE(tag);
  EXPECT_EQ(tag.error().code, Errc::unsupported);
  EXPECT_THAT(tag.error().message, testing::HasSubstr("hvc1"));
}

TEST(FlvStreamTest, OnlyMetadataOfTheDataMessagesPasses) {
  Bytes payload;
  write_amf0(AmfValue::of("@setDataFrame"), payload);
  write_amf0(AmfValue::of("onMetaData"), payload);
  write_amf0(AmfValue::object({{"width", AmfValue::of(1920.0)}}), payload);
  FlvStream flv;
  const auto tag = flv.tag({RtmpType::data_amf0, 1, 0, payload});
  ASSERT_TRUE(tag);
  EXPECT_EQ(std::string(tag->begin() + 27, tag->begin() + 37), "onMetaData");
  Bytes other;
  write_amf0(AmfValue::of("onTextData"), other);
  EXPECT_TRUE(flv.tag({RtmpType::data_amf0, 1, 0, other})->empty());
}

TEST(FlvStreamTest, CutShortMessagesAreErrorsAndEmptyOnesNothing) {
  FlvStream flv;
  EXPECT_FALSE(flv.tag({RtmpType::video, 1, 0, {0x91, 'a', 'v'}}));
  EXPECT_FALSE(flv.tag({RtmpType::video, 1, 0, {0x91, 'a', 'v', 'c', '1', 0, 0}}));
  EXPECT_TRUE(flv.tag({RtmpType::video, 1, 0, {}})->empty());
}

}  // namespace
}  // namespace mainstay
