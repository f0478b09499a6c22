#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "engine/sources/ingest/amf0.h"
#include "engine/sources/ingest/flv_stream.h"
#include "engine/sources/ingest/rtmp_chunks.h"
#include "engine/sources/ingest/rtmp_session.h"

namespace mainstay {
namespace {

using Bytes = std::vector<std::uint8_t>;

// --- chunks ---

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

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
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

// --- AMF0 ---

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

// --- session ---

class Host : public RtmpSessionHost {
 public:
  bool serves(std::string_view app) override { return app == "live"; }
  Verdict publish(std::string_view asked) override {
    path = asked;
    return verdict;
  }
  Status media(RtmpMessage message) override {
    messages.push_back(std::move(message));
    return {};
  }
  void unpublish() override { ++unpublished; }

  Verdict verdict = Verdict::accepted;
  std::string path;
  std::vector<RtmpMessage> messages;
  int unpublished = 0;
};

/// A client made of the same chunk layer.
class RtmpSessionTest : public testing::Test {
 protected:
  void shake_hands() {
    Bytes hello(1 + 1536 + 1536);
    hello[0] = 3;
    ASSERT_TRUE(session.receive(hello));
    ASSERT_EQ(session.output().size(), 1u + 1536 + 1536);
    session.output().clear();
  }

  Status send(RtmpType type, std::uint32_t stream, std::uint32_t time, Bytes payload) {
    Bytes bytes;
    writer.write({type, stream, time, std::move(payload)}, 3, bytes);
    Status status = session.receive(bytes);
    EXPECT_TRUE(replies.feed(session.output()));
    session.output().clear();
    return status;
  }

  Status command(std::uint32_t stream, const std::vector<AmfValue>& values) {
    Bytes payload;
    for (const AmfValue& value : values) write_amf0(value, payload);
    return send(RtmpType::command_amf0, stream, 0, payload);
  }

  Status connect(const char* app = "live") {
    return command(0, {AmfValue::of("connect"), AmfValue::of(1.0),
                       AmfValue::object({{"app", AmfValue::of(app)},
                                         {"flashVer", AmfValue::of("test\n1")},
                                         {"fourCcList", AmfValue::object({{"0", AmfValue::of("hvc1")}})}})});
  }

  Status publish(const char* name) {
    return command(
        1, {AmfValue::of("publish"), AmfValue::of(5.0), AmfValue::null(), AmfValue::of(name), AmfValue::of("live")});
  }

  /// Codes and names of the commands that came back.
  std::vector<std::string> answers() {
    std::vector<std::string> result;
    for (const RtmpMessage& message : got) {
      if (message.type != RtmpType::command_amf0) continue;
      const auto values = read_amf0(message.payload);
      EXPECT_TRUE(values);
      std::string text = (*values)[0].string;
      if (values->size() > 3 && (*values)[3].find("code") != nullptr) text += " " + (*values)[3].find("code")->string;
      result.push_back(text);
    }
    return result;
  }

  Host host;
  RtmpSession session{host};
  RtmpChunkWriter writer;
  std::vector<RtmpMessage> got;
  RtmpChunkReader replies{{}, [this](RtmpMessage m) {
                            got.push_back(std::move(m));
                            return Status();
                          }};
};

TEST_F(RtmpSessionTest, APublisherIsLetInAndItsMediaComeThrough) {
  shake_hands();
  ASSERT_TRUE(connect());
  ASSERT_TRUE(command(0, {AmfValue::of("releaseStream"), AmfValue::of(2.0), AmfValue::null(), AmfValue::of("k")}));
  ASSERT_TRUE(command(0, {AmfValue::of("FCPublish"), AmfValue::of(3.0), AmfValue::null(), AmfValue::of("k")}));
  ASSERT_TRUE(command(0, {AmfValue::of("createStream"), AmfValue::of(4.0), AmfValue::null()}));
  ASSERT_TRUE(command(1, {AmfValue::of("getStreamLength"), AmfValue::of(6.0), AmfValue::null(), AmfValue::of("k")}));
  ASSERT_TRUE(publish("k?token=1"));
  EXPECT_EQ(host.path, "live/k");
  EXPECT_TRUE(session.publishing());
  EXPECT_EQ(session.client(), "test?1");
  EXPECT_THAT(answers(), testing::ElementsAre("_result NetConnection.Connect.Success", "_result",
                                              "onFCPublish NetStream.Publish.Start", "_result", "_result", "_result",
                                              "onStatus NetStream.Publish.Start"));
  std::vector<RtmpType> types;
  for (const RtmpMessage& m : got) types.push_back(m.type);
  EXPECT_THAT(types, testing::Contains(RtmpType::window_ack_size));
  EXPECT_THAT(types, testing::Contains(RtmpType::set_peer_bandwidth));
  EXPECT_THAT(types, testing::Contains(RtmpType::user_control));  // StreamBegin

  ASSERT_TRUE(send(RtmpType::video, 1, 40, {0x17, 1, 0, 0, 0, 9}));
  ASSERT_TRUE(send(RtmpType::audio, 1, 41, {0xAF, 1, 7}));
  ASSERT_EQ(host.messages.size(), 2u);
  EXPECT_EQ(host.messages[0].timestamp, 40u);
  ASSERT_TRUE(command(0, {AmfValue::of("deleteStream"), AmfValue::of(7.0), AmfValue::null(), AmfValue::of(1.0)}));
  EXPECT_EQ(host.unpublished, 1);
  ASSERT_TRUE(send(RtmpType::video, 1, 80, {0x27, 1, 0, 0, 0, 9}));
  EXPECT_EQ(host.messages.size(), 2u) << "media after the end go nowhere";
}

TEST_F(RtmpSessionTest, MediaBeforeTheKeyWasAcceptedGoNowhere) {
  shake_hands();
  ASSERT_TRUE(send(RtmpType::video, 1, 0, {0x17, 0, 0, 0, 0}));
  ASSERT_TRUE(connect());
  ASSERT_TRUE(send(RtmpType::video, 1, 0, {0x17, 0, 0, 0, 0}));
  EXPECT_TRUE(host.messages.empty());
}

TEST_F(RtmpSessionTest, AStrangerCannotMakeUsTakeALargeMessage) {
  shake_hands();
  ASSERT_TRUE(connect());
  EXPECT_FALSE(send(RtmpType::video, 1, 0, Bytes(64 << 10)));
}

TEST_F(RtmpSessionTest, AWrongKeyIsRefusedInWordsAndEndsTheSession) {
  host.verdict = RtmpSessionHost::Verdict::wrong_key;
  shake_hands();
  ASSERT_TRUE(connect());
  const Status status = publish("secret-guess");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::invalid);
  EXPECT_EQ(status.error().describe().find("secret-guess"), std::string::npos);
  EXPECT_EQ(answers().back(), "onStatus NetStream.Publish.Unauthorized");
}

TEST_F(RtmpSessionTest, ASecondPublisherIsToldThatTheNameIsTaken) {
  host.verdict = RtmpSessionHost::Verdict::busy;
  shake_hands();
  ASSERT_TRUE(connect());
  EXPECT_FALSE(publish("k"));
  EXPECT_EQ(answers().back(), "onStatus NetStream.Publish.BadName");
}

TEST_F(RtmpSessionTest, AnotherApplicationIsRefused) {
  shake_hands();
  EXPECT_FALSE(connect("vod"));
  ASSERT_EQ(got.size(), 1u);
  const auto values = read_amf0(got[0].payload);
  ASSERT_TRUE(values);
  EXPECT_EQ((*values)[0].string, "_error");
}

TEST_F(RtmpSessionTest, APlayerIsRefused) {
  shake_hands();
  ASSERT_TRUE(connect());
  EXPECT_FALSE(command(1, {AmfValue::of("play"), AmfValue::of(5.0), AmfValue::null(), AmfValue::of("k")}));
  EXPECT_EQ(answers().back(), "onStatus NetStream.Play.Failed");
}

TEST_F(RtmpSessionTest, ACommandBeforeConnectIsRefused) {
  shake_hands();
  EXPECT_FALSE(publish("k"));
}

TEST_F(RtmpSessionTest, APingIsAnswered) {
  shake_hands();
  ASSERT_TRUE(connect());
  got.clear();
  ASSERT_TRUE(send(RtmpType::user_control, 0, 0, {0, 6, 1, 2, 3, 4}));
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].payload, (Bytes{0, 7, 1, 2, 3, 4}));
}

TEST_F(RtmpSessionTest, BytesAreAcknowledgedByTheWindowTheSenderAsksFor) {
  shake_hands();
  ASSERT_TRUE(connect());
  ASSERT_TRUE(publish("k"));
  ASSERT_TRUE(send(RtmpType::window_ack_size, 0, 0, {0, 1, 0, 0}));  // 65536
  got.clear();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(send(RtmpType::video, 1, 0, Bytes(10'000, 0x27)));
  const auto acks =
      std::count_if(got.begin(), got.end(), [](const auto& m) { return m.type == RtmpType::acknowledgement; });
  EXPECT_GE(acks, 2);
  EXPECT_LE(acks, 4);
}

TEST_F(RtmpSessionTest, AnAggregateIsTakenApart) {
  shake_hands();
  ASSERT_TRUE(connect());
  ASSERT_TRUE(publish("k"));
  const Bytes tag_a = Bytes{9, 0, 0, 2, 0, 0, 100, 0, 0, 0, 0, 0x27, 1} + Bytes{0, 0, 0, 13};
  const Bytes tag_b = Bytes{8, 0, 0, 1, 0, 0, 120, 0, 0, 0, 0, 0xAF} + Bytes{0, 0, 0, 12};
  ASSERT_TRUE(send(RtmpType::aggregate, 1, 5000, tag_a + tag_b));
  ASSERT_EQ(host.messages.size(), 2u);
  EXPECT_EQ(host.messages[0].timestamp, 5000u);
  EXPECT_EQ(host.messages[1].timestamp, 5020u);
  EXPECT_FALSE(send(RtmpType::aggregate, 1, 5000, Bytes{9, 0, 9, 2, 0, 0, 100, 0, 0, 0, 0, 0x27, 1}));
}

TEST_F(RtmpSessionTest, OneWhoNeverReadsOurRepliesIsDisconnected) {
  shake_hands();
  ASSERT_TRUE(connect());
  Bytes payload;
  for (const AmfValue& value : {AmfValue::of("anything"), AmfValue::of(2.0)}) write_amf0(value, payload);
  Bytes bytes;
  writer.write({RtmpType::command_amf0, 0, 0, payload}, 3, bytes);
  bool refused = false;
  for (int i = 0; i < 10'000 && !refused; ++i) refused = !session.receive(bytes);  // the output is never taken
  EXPECT_TRUE(refused);
  EXPECT_LT(session.output().size(), 70u << 10);
}

TEST_F(RtmpSessionTest, SomethingElseThanRtmpIsRefusedAtItsFirstByte) {
  const std::string http = "GET / HTTP/1.1\r\n";
  const Status status = session.receive({reinterpret_cast<const std::uint8_t*>(http.data()), http.size()});
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, testing::HasSubstr("not RTMP"));
}

TEST_F(RtmpSessionTest, RandomBytesAfterTheHandshakeNeverCrash) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    Host stranger;
    RtmpSession one(stranger);
    Bytes hello(1 + 1536 + 1536);
    hello[0] = 3;
    ASSERT_TRUE(one.receive(hello));
    for (int i = 0; i < 50; ++i) {
      Bytes noise(random() % 200);
      for (auto& byte : noise) byte = static_cast<std::uint8_t>(random() % (round % 2 == 0 ? 256 : 24));
      if (!one.receive(noise)) break;
      one.output().clear();
    }
  }
}

TEST(EqualSecretTest, OnlyTheSameTextIsEqual) {
  EXPECT_TRUE(equal_secret("live/abc", "live/abc"));
  EXPECT_FALSE(equal_secret("live/abd", "live/abc"));
  EXPECT_FALSE(equal_secret("live/ab", "live/abc"));
  EXPECT_FALSE(equal_secret("live/abcabc", "abc"));
  EXPECT_FALSE(equal_secret("a", ""));
  EXPECT_TRUE(equal_secret("", ""));
}

// --- FLV ---

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
