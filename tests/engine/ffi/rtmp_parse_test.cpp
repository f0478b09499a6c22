// What is read from an RTMP server: chunks and AMF0; and what is read from the show: URLs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "engine/ffi/rtmp/amf0.h"
#include "engine/ffi/rtmp/chunk_reader.h"
#include "engine/ffi/rtmp/rtmp_url.h"
#include "tests/engine/ffi/rtmp_wire.h"

namespace mainstay::ffi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace testing;  // NOLINT: this folder's own helpers

Result<std::vector<RtmpMessage>> read(ChunkReader& reader, const Bytes& bytes, std::size_t at_once) {
  std::vector<RtmpMessage> out;
  for (std::size_t at = 0; at < bytes.size(); at += at_once) {
    const auto part = std::span(bytes).subspan(at, std::min(at_once, bytes.size() - at));
    MAINSTAY_CHECK(reader.feed(part, [&](const RtmpMessage& message) {
      out.push_back(message);
      return Status{};
    }));
  }
  return out;
}

Bytes pattern(std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(i * 7);
  return out;
}

TEST(ChunkReader, GivesTheSameMessagesHoweverTheBytesArrive) {
  Bytes bytes = chunks(20, pattern(1000), 5);
  const Bytes more = chunks(18, pattern(300), 0x1000000, 9);
  bytes.insert(bytes.end(), more.begin(), more.end());
  for (const std::size_t at_once : {1, 2, 7, 128, 5000}) {
    ChunkReader reader;
    const auto messages = read(reader, bytes, at_once);
    ASSERT_TRUE(messages) << messages.error().describe();
    ASSERT_EQ(messages->size(), 2U);
    EXPECT_EQ((*messages)[0].body, pattern(1000));
    EXPECT_EQ((*messages)[0].timestamp, 5U);
    EXPECT_EQ((*messages)[1].body, pattern(300));
    EXPECT_EQ((*messages)[1].timestamp, 0x1000000U);
  }
}

TEST(ChunkReader, FollowsTheShortHeaders) {
  Bytes bytes = chunks(20, Bytes{1, 2}, 100);
  const Bytes more{0x43, 0, 0, 10, 0, 0, 1, 4, 9,  // format 1: 10 ms on, one byte, type 4
                   0x83, 0, 0, 5,  8,              // format 2: 5 ms on
                   0xC3, 7};                       // format 3: another 5 ms
  bytes.insert(bytes.end(), more.begin(), more.end());
  ChunkReader reader;
  const auto messages = read(reader, bytes, 3);
  ASSERT_TRUE(messages);
  ASSERT_EQ(messages->size(), 4U);
  EXPECT_EQ((*messages)[1].timestamp, 110U);
  EXPECT_EQ((*messages)[1].type, 4);
  EXPECT_EQ((*messages)[2].timestamp, 115U);
  EXPECT_EQ((*messages)[3].timestamp, 120U);
  EXPECT_THAT((*messages)[3].body, ElementsAre(7));
}

TEST(ChunkReader, TakesALargerChunkSizeFromThereOn) {
  Bytes bytes = chunks(1, Bytes{0, 0, 16, 0});
  const Bytes more = chunks(20, pattern(3000), 0, 3, 4096);
  bytes.insert(bytes.end(), more.begin(), more.end());
  ChunkReader reader;
  const auto messages = read(reader, bytes, 100);
  ASSERT_TRUE(messages);
  EXPECT_EQ(messages->at(1).body, pattern(3000));
}

TEST(ChunkReader, RefusesWhatNoIngestSends) {
  const std::vector<Bytes> bad{
      {0x03, 0, 0, 0, 0xFF, 0xFF, 0xFF, 20, 0, 0, 0, 0},  // 16 MB
      {0xC3, 1},                                          // continues nothing
      {0x83, 0, 0, 0, 1},                                 // no length
      chunks(1, Bytes{0, 0, 0, 0}),                       // chunks of nothing
      chunks(1, Bytes{0}),
  };
  for (const Bytes& bytes : bad) {
    ChunkReader reader;
    const auto messages = read(reader, bytes, 4);
    ASSERT_FALSE(messages);
    EXPECT_EQ(messages.error().code, Errc::corrupt);
  }
}

TEST(ChunkReader, LimitsTheChunkStreams) {
  ChunkReader reader;
  Status fed;
  for (std::uint8_t id = 3; id < 60 && fed; ++id) {
    Bytes bytes(12 + 128);  // the first chunk of a message of 200 bytes
    bytes[0] = id;
    bytes[6] = 200;
    bytes[7] = 20;
    fed = reader.feed(bytes, [](const RtmpMessage&) { return Status{}; });
  }
  ASSERT_FALSE(fed);
  EXPECT_THAT(fed.error().message, HasSubstr("chunk streams"));
}

TEST(ChunkReader, SurvivesAnyBytes) {
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    Bytes bytes = chunks(20, pattern(200), 1);
    for (int i = 0; i < 5; ++i) bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    ChunkReader reader;
    (void)read(reader, bytes, 1 + random() % 50);
  }
}

TEST(Amf0, ReadsWhatItWrites) {
  Bytes bytes;
  Amf0Writer amf(bytes);
  const std::string_view names[] = {"av01", "hvc1"};
  amf.string("name").number(-1.5).boolean(true).null().begin_object();
  amf.name("text").string("value").name("list").strings(names).end();
  amf.begin_ecma_array(1).name("x").number(3).end();
  const auto values = parse_amf0(bytes);
  ASSERT_TRUE(values) << values.error().describe();
  ASSERT_EQ(values->size(), 6U);
  EXPECT_EQ((*values)[0].string, "name");
  EXPECT_EQ((*values)[1].number, -1.5);
  EXPECT_TRUE((*values)[2].boolean);
  EXPECT_EQ((*values)[4]["text"].string, "value");
  EXPECT_EQ((*values)[4]["list"].members[0].string, "av01");
  EXPECT_EQ((*values)[5]["x"].number, 3);
  EXPECT_EQ((*values)[5]["none"].type, Amf0Value::Type::null);
}

TEST(Amf0, RefusesWhatIsCutShortAtAnyPlace) {
  Bytes bytes;
  Amf0Writer(bytes).begin_object().name("a").number(1).name("b").string("text").end();
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    EXPECT_FALSE(parse_amf0(std::span(bytes).first(size))) << size;
  }
}

TEST(Amf0, RefusesDepthAndNumbersThatNoServerNeeds) {
  Bytes deep;
  for (int i = 0; i < 100; ++i) deep.insert(deep.end(), {3, 0, 1, 'a'});
  EXPECT_FALSE(parse_amf0(deep));
  const Bytes wide{0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 5, 5, 5};
  EXPECT_FALSE(parse_amf0(wide));
  EXPECT_FALSE(parse_amf0(Bytes(2000, 5)));
}

TEST(RtmpUrl, TakesTheKeyFromItsOwnFieldOrFromTheEnd) {
  const auto own = parse_rtmp_url("rtmps://b.rtmps.example:8443/live2?backup=1", "secret");
  ASSERT_TRUE(own);
  EXPECT_TRUE(own->tls);
  EXPECT_EQ(own->host, "b.rtmps.example");
  EXPECT_EQ(own->port, 8443);
  EXPECT_EQ(own->app, "live2?backup=1");
  EXPECT_EQ(own->stream, "secret");
  const auto end = parse_rtmp_url("rtmp://[::1]/app/instance/secret?auth=token", "");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->host, "::1");
  EXPECT_EQ(end->port, 1935);
  EXPECT_EQ(end->app, "app/instance");
  EXPECT_EQ(end->tc_url, "rtmp://[::1]/app/instance");
  EXPECT_EQ(end->stream, "secret?auth=token");
  EXPECT_EQ(parse_rtmp_url("rtmps://host/app/", "k")->port, 443);
}

TEST(RtmpUrl, SaysWhatIsMissingAndShowsNoSecret) {
  const std::vector<std::pair<std::string, std::string>> bad{
      {"http://host/app", "neither rtmp:// nor rtmps://"},
      {"rtmp:///app", "no host"},
      {"rtmp://host", "no stream key"},
      {"rtmp://host:0/app/key-1234", "port '0'"},
      {"rtmp://host:99999/app/key-1234", "port '99999'"},
      {"rtmp://host/only", "no stream key"},
      {"rtmp://user:word@host/app/key-1234", "user and password"},
      {"rtmp://[::1/app/key-1234", "lacks its ']'"},
  };
  for (const auto& [url, why] : bad) {
    const auto target = parse_rtmp_url(url, "");
    ASSERT_FALSE(target) << url;
    EXPECT_EQ(target.error().code, Errc::invalid);
    EXPECT_THAT(target.error().message, HasSubstr(why));
    EXPECT_THAT(target.error().message, Not(HasSubstr("key-1234")));
    EXPECT_THAT(target.error().message, Not(HasSubstr("word@")));
  }
  EXPECT_THAT(parse_rtmp_url("rtmp://host", "key").error().message, HasSubstr("no application"));
}

TEST(RtmpUrl, CleansWhatAPeerSays) {
  const std::vector<std::string> secrets{"long-secret", "abc"};
  EXPECT_EQ(clean_peer_text("bad long-secret\r\nhere", secrets), "bad ***  here");
  EXPECT_EQ(clean_peer_text("mentions abc", secrets), "");
  EXPECT_EQ(clean_peer_text(std::string(1000, 'x'), {}).size(), 200U);
}

}  // namespace
}  // namespace mainstay::ffi
