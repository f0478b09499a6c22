#include "engine/sources/ingest/rtmp_chunks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/sources/rtmp_bytes.h"

namespace mainstay {
namespace {

using test::Bytes;
using test::operator+;

class RtmpChunksTest : public testing::Test {
 protected:
  Status feed(const Bytes& bytes) { return reader.feed(bytes); }

  std::vector<RtmpMessage> got;
  RtmpChunkReader reader{{}, [this](RtmpMessage m) {
                           got.push_back(std::move(m));
                           return Status();
                         }};
};

Bytes full_header(std::uint8_t id, std::uint32_t time, std::uint32_t length, RtmpType type, std::uint32_t stream = 1) {
  Bytes out{id};
  write_be(out, std::min(time, 0xFFFFFFu), 3);
  write_be(out, length, 3);
  out.push_back(static_cast<std::uint8_t>(type));
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::uint8_t>(stream >> shift));
  if (time >= 0xFFFFFF) write_be(out, time, 4);
  return out;
}

TEST_F(RtmpChunksTest, WhatTheWriterWritesTheReaderReadsByteByByte) {
  RtmpChunkWriter writer;
  RtmpMessage message{RtmpType::video, 1, 0x01234567, Bytes(1000)};
  for (std::size_t i = 0; i < message.payload.size(); ++i) message.payload[i] = static_cast<std::uint8_t>(i);
  Bytes bytes;
  writer.write(message, 5, bytes);
  for (const std::uint8_t byte : bytes) ASSERT_TRUE(feed({byte}));
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].payload, message.payload);
  EXPECT_EQ(got[0].timestamp, message.timestamp);
  EXPECT_EQ(got[0].stream, 1u);
  EXPECT_EQ(got[0].type, RtmpType::video);
}

TEST_F(RtmpChunksTest, ShortHeadersTakeWhatTheyOmitFromTheOneBefore) {
  ASSERT_TRUE(feed(full_header(4, 1000, 2, RtmpType::audio) + Bytes{1, 2}));
  ASSERT_TRUE(feed(Bytes{0x44, 0, 0, 20, 0, 0, 3, 9, 1, 2, 3}));  // type 1: delta 20, three bytes of video
  ASSERT_TRUE(feed(Bytes{0x84, 0, 0, 30, 4, 5, 6}));              // type 2: delta 30
  ASSERT_TRUE(feed(Bytes{0xC4, 7, 8, 9}));                        // type 3: all the same again
  ASSERT_EQ(got.size(), 4u);
  EXPECT_EQ(got[1].timestamp, 1020u);
  EXPECT_EQ(got[1].type, RtmpType::video);
  EXPECT_EQ(got[2].timestamp, 1050u);
  EXPECT_EQ(got[3].timestamp, 1080u);
  EXPECT_EQ(got[3].payload, (Bytes{7, 8, 9}));
}

TEST_F(RtmpChunksTest, MessagesOfSeveralChunkStreamsMayInterleave) {
  const Bytes a(200, 0xAA);
  const Bytes b(130, 0xBB);
  ASSERT_TRUE(feed(full_header(4, 0, 200, RtmpType::video) + Bytes(128, 0xAA)));
  ASSERT_TRUE(feed(full_header(6, 0, 130, RtmpType::audio) + Bytes(128, 0xBB)));
  ASSERT_TRUE(feed(Bytes{0xC4} + Bytes(72, 0xAA)));
  ASSERT_TRUE(feed(Bytes{0xC6} + Bytes(2, 0xBB)));
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[0].payload, a);
  EXPECT_EQ(got[1].payload, b);
}

TEST_F(RtmpChunksTest, ChunkStreamNumbersHaveThreeForms) {
  ASSERT_TRUE(feed(full_header(63, 0, 1, RtmpType::audio) + Bytes{1}));
  Bytes two = full_header(0, 0, 1, RtmpType::audio);
  two.insert(two.begin() + 1, 200);
  ASSERT_TRUE(feed(two + Bytes{2}));
  Bytes three = full_header(1, 0, 1, RtmpType::audio);
  three.insert(three.begin() + 1, {7, 200});
  ASSERT_TRUE(feed(three + Bytes{3}));
  ASSERT_TRUE(feed(Bytes{0xC0, 200, 4}));
  ASSERT_TRUE(feed(Bytes{0xC1, 7, 200, 5}));
  ASSERT_EQ(got.size(), 5u);
  EXPECT_EQ(got[4].payload, Bytes{5});
}

TEST_F(RtmpChunksTest, ExtendedTimestampsAreReadInContinuationChunksToo) {
  const std::uint32_t time = 0x01000010;
  Bytes stamp;
  write_be(stamp, time, 4);
  ASSERT_TRUE(feed(full_header(4, time, 130, RtmpType::video) + Bytes(128, 1) + Bytes{0xC4} + stamp + Bytes{2, 3}));
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].timestamp, time);
  EXPECT_EQ(got[0].payload.size(), 130u);
  EXPECT_EQ(got[0].payload[128], 2);
}

TEST_F(RtmpChunksTest, ASenderThatOmitsTheExtendedTimestampInContinuationChunksIsUnderstood) {
  ASSERT_TRUE(feed(full_header(4, 0x01000010, 130, RtmpType::video) + Bytes(128, 1) + Bytes{0xC4, 2, 3}));
  ASSERT_TRUE(feed(full_header(4, 0x01000020, 134, RtmpType::video) + Bytes(128, 1) + Bytes{0xC4, 9, 8, 7, 6, 5, 4}));
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[0].payload[129], 3);
  EXPECT_EQ(got[1].payload[133], 4);
}

TEST_F(RtmpChunksTest, ATimelineCrossesTheExtendedBorderWithoutABreak) {
  ASSERT_TRUE(feed(full_header(4, 0xFFFFFF - 20, 1, RtmpType::audio) + Bytes{1}));
  ASSERT_TRUE(feed(Bytes{0x84, 0, 0, 21, 2}));
  ASSERT_TRUE(feed(Bytes{0xC4, 3}));
  ASSERT_EQ(got.size(), 3u);
  EXPECT_EQ(got[1].timestamp, 0xFFFFFFu + 1);
  EXPECT_EQ(got[2].timestamp, 0xFFFFFFu + 22);
}

TEST_F(RtmpChunksTest, TheChunkSizeTheSenderSetsHoldsFromThenOn) {
  Bytes set = full_header(2, 0, 4, RtmpType::set_chunk_size, 0);
  write_be(set, 1000, 4);
  ASSERT_TRUE(feed(set + full_header(4, 0, 900, RtmpType::video) + Bytes(900, 5)));
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].payload.size(), 900u);
}

TEST_F(RtmpChunksTest, AbortThrowsAnUnfinishedMessageAway) {
  Bytes abort = full_header(2, 0, 4, RtmpType::abort, 0);
  write_be(abort, 4, 4);
  ASSERT_TRUE(feed(full_header(4, 0, 200, RtmpType::video) + Bytes(128, 5) + abort));
  ASSERT_TRUE(feed(full_header(4, 40, 2, RtmpType::video) + Bytes{6, 7}));
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].payload, (Bytes{6, 7}));
}

TEST_F(RtmpChunksTest, AMessageBeyondTheLimitIsRefusedBeforeItsBytesCome) {
  RtmpChunkReader small({.message_bytes = 1000}, [](RtmpMessage) { return Status(); });
  const Status status = small.feed(full_header(4, 0, 1001, RtmpType::video));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::corrupt);
  EXPECT_THAT(status.error().message, testing::HasSubstr("1001"));
}

TEST_F(RtmpChunksTest, TooManyChunkStreamsAreRefused) {
  for (std::uint8_t i = 0; i < 64; ++i) {
    ASSERT_TRUE(feed(Bytes{0, i} + Bytes(3) + Bytes{0, 0, 1, 8, 1, 0, 0, 0, 9}));
  }
  EXPECT_FALSE(feed(Bytes{0, 64} + Bytes(3) + Bytes{0, 0, 1, 8, 1, 0, 0, 0, 9}));
}

TEST_F(RtmpChunksTest, UnfinishedMessagesTogetherAreLimited) {
  RtmpChunkReader small({.pending_bytes = 300}, [](RtmpMessage) { return Status(); });
  ASSERT_TRUE(small.feed(full_header(4, 0, 1000, RtmpType::video) + Bytes(128)));
  ASSERT_TRUE(small.feed(full_header(5, 0, 1000, RtmpType::video) + Bytes(128)));
  EXPECT_FALSE(small.feed(full_header(6, 0, 1000, RtmpType::video) + Bytes(128)));
}

TEST_F(RtmpChunksTest, AChunkStreamThatDoesNotStartWithAFullHeaderIsRefused) {
  EXPECT_FALSE(feed(Bytes{0xC4, 1, 2, 3}));
}

TEST_F(RtmpChunksTest, AChunkSizeOfZeroIsRefused) {
  EXPECT_FALSE(feed(full_header(2, 0, 4, RtmpType::set_chunk_size, 0) + Bytes(4)));
}

}  // namespace
}  // namespace mainstay
