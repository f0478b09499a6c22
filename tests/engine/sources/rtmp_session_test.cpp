#include "engine/sources/ingest/rtmp_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "engine/sources/ingest/amf0.h"
#include "engine/sources/ingest/rtmp_chunks.h"
#include "tests/engine/sources/rtmp_bytes.h"

namespace mainstay {
namespace {

using test::Bytes;
using test::operator+;

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

}  // namespace
}  // namespace mainstay
