#include "engine/ffi/rtmp/rtmp_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/ffi/rtmp_wire.h"

namespace mainstay::ffi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace testing;  // NOLINT: this folder's own helpers

constexpr const char* kKey = "sesame-1234";

class RtmpSessionTest : public ::testing::Test {
 protected:
  RtmpSessionTest() { session_.start(); }

  Status feed(const Bytes& bytes) {
    return session_.feed(bytes, [this](auto what, auto) { heard_.push_back(what); });
  }
  Status feed_until_live() { return feed(until_live()); }
  Error fails(const Bytes& bytes) {
    Status fed = feed(bytes);
    EXPECT_FALSE(fed);
    return fed ? Error{} : fed.error();
  }
  std::string command_name(std::size_t i) {
    auto values = parse_amf0(commands_.at(i));
    return values ? values->at(0).string : "";
  }

  Bytes raw_;
  std::vector<std::pair<std::uint8_t, Bytes>> controls_;
  std::vector<Bytes> commands_;
  std::vector<RtmpSession::Heard> heard_;
  RtmpSession session_{
      *parse_rtmp_url("rtmp://ingest.example/live?token=open-sesame", kKey),
      12500,
      1,
      {[this](auto bytes) { raw_.insert(raw_.end(), bytes.begin(), bytes.end()); },
       [this](auto type, auto bytes) { controls_.emplace_back(type, Bytes(bytes.begin(), bytes.end())); },
       [this](auto, const auto& bytes) { commands_.push_back(bytes); }}};
};

TEST_F(RtmpSessionTest, SaysHelloAndAnswersTheGreetingWithItsCopy) {
  EXPECT_EQ(raw_.size(), 1U + 1536U);
  EXPECT_EQ(raw_[0], 3);
  ASSERT_TRUE(feed(greeting()));
  ASSERT_EQ(raw_.size(), 1U + 2 * 1536U);
  EXPECT_EQ(raw_.back(), 7);
  EXPECT_EQ(session_.step(), RtmpStep::connecting);
}

TEST_F(RtmpSessionTest, GoesLiveWhateverTheBytesArePackedInto) {
  for (const std::uint8_t byte : until_live()) ASSERT_TRUE(feed({byte}));
  EXPECT_EQ(session_.step(), RtmpStep::live);
  ASSERT_EQ(commands_.size(), 5U);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < commands_.size(); ++i) names.push_back(command_name(i));
  EXPECT_THAT(names, ElementsAre("connect", "releaseStream", "FCPublish", "createStream", "publish"));
}

TEST_F(RtmpSessionTest, TellsTheServerItsCodecsAndAddress) {
  ASSERT_TRUE(feed(greeting()));
  auto connect = parse_amf0(commands_.at(0));
  ASSERT_TRUE(connect);
  const Amf0Value& object = connect->at(2);
  EXPECT_EQ(object["app"].string, "live?token=open-sesame");
  EXPECT_EQ(object["tcUrl"].string, "rtmp://ingest.example/live?token=open-sesame");
  ASSERT_EQ(object["fourCcList"].members.size(), 2U);
  EXPECT_EQ(object["fourCcList"].members[1].string, "hvc1");
}

TEST_F(RtmpSessionTest, AsksForAcknowledgementsBeforeItPublishes) {
  ASSERT_TRUE(feed_until_live());
  ASSERT_EQ(controls_.size(), 2U);
  EXPECT_EQ(controls_[0].first, 1);  // Set Chunk Size 4096
  EXPECT_THAT(controls_[0].second, ElementsAre(0, 0, 0x10, 0));
  EXPECT_EQ(controls_[1].first, 5);  // Window Acknowledgement Size
  EXPECT_THAT(controls_[1].second, ElementsAre(0, 0, 0x30, 0xD4));
}

TEST_F(RtmpSessionTest, SaysWhyAKeyIsRefusedWithoutShowingIt) {
  ASSERT_TRUE(feed(greeting()));
  ASSERT_TRUE(feed(reply("_result", 1)));
  ASSERT_TRUE(feed(stream_created()));
  const Error error = fails(status("error", "NetStream.Publish.BadName", "stream sesame-1234 (open-sesame) is taken"));
  EXPECT_EQ(error.code, Errc::invalid);
  EXPECT_THAT(error.message, HasSubstr("refuses the stream key"));
  EXPECT_THAT(error.message, HasSubstr("*** (***) is taken"));
  EXPECT_THAT(error.message, Not(HasSubstr(kKey)));
  EXPECT_THAT(error.message, Not(HasSubstr("open-sesame")));
}

TEST_F(RtmpSessionTest, SaysWhyTheConnectionIsRefused) {
  ASSERT_TRUE(feed(greeting()));
  const Error error = fails(reply("_error", 1, "NetConnection.Connect.Rejected", "no such application"));
  EXPECT_EQ(error.code, Errc::invalid);
  EXPECT_THAT(error.message, HasSubstr("refuses the connection (NetConnection.Connect.Rejected: no such application)"));
}

TEST_F(RtmpSessionTest, SaysThatPublishingIsNotAllowed) {
  ASSERT_TRUE(feed(greeting()));
  const Error error = fails(status("error", "NetStream.Publish.Denied"));
  EXPECT_EQ(error.code, Errc::invalid);
  EXPECT_THAT(error.message, HasSubstr("does not allow"));
}

TEST_F(RtmpSessionTest, IgnoresThatReleaseStreamIsUnknown) {
  ASSERT_TRUE(feed(greeting()));
  ASSERT_TRUE(feed(reply("_result", 1)));
  EXPECT_TRUE(feed(reply("_error", 2, "NetConnection.Call.Failed")));
  EXPECT_TRUE(feed(reply("_error", 3, "NetConnection.Call.Failed")));
  EXPECT_EQ(session_.step(), RtmpStep::creating);
}

TEST_F(RtmpSessionTest, HonoursAReconnectRequest) {
  ASSERT_TRUE(feed_until_live());
  const Error error = fails(status("status", "NetConnection.Connect.ReconnectRequest", "maintenance"));
  EXPECT_EQ(error.code, Errc::io);
  EXPECT_THAT(error.message, HasSubstr("connect again: maintenance"));
}

TEST_F(RtmpSessionTest, ReportsAnErrorWhileLiveAsALoss) {
  ASSERT_TRUE(feed_until_live());
  const Error error = fails(status("error", "NetStream.Failed", "disk full"));
  EXPECT_EQ(error.code, Errc::io);
  EXPECT_THAT(error.message, HasSubstr("disk full"));
}

TEST_F(RtmpSessionTest, TakesTheEndOfTheStreamForALossUnlessItAskedForIt) {
  ASSERT_TRUE(feed_until_live());
  session_.unpublish();
  EXPECT_EQ(command_name(commands_.size() - 2), "FCUnpublish");
  EXPECT_EQ(command_name(commands_.size() - 1), "deleteStream");
  EXPECT_FALSE(session_.unpublished());
  EXPECT_TRUE(feed(status("status", "NetStream.Unpublish.Success")));
  EXPECT_TRUE(session_.unpublished());
}

TEST_F(RtmpSessionTest, ReportsThatTheServerEndedTheStream) {
  ASSERT_TRUE(feed_until_live());
  EXPECT_THAT(fails(status("status", "NetStream.Unpublish.Success")).message, HasSubstr("ended the stream"));
}

TEST_F(RtmpSessionTest, AnswersPingsAndReportsPongsAndAcknowledgements) {
  ASSERT_TRUE(feed_until_live());
  controls_.clear();
  heard_.clear();
  ASSERT_TRUE(feed(chunks(4, Bytes{0, 6, 1, 2, 3, 4})));
  ASSERT_EQ(controls_.size(), 1U);
  EXPECT_THAT(controls_[0].second, ElementsAre(0, 7, 1, 2, 3, 4));
  ASSERT_TRUE(feed(chunks(4, Bytes{0, 7, 0, 0, 0, 1})));
  ASSERT_TRUE(feed(chunks(3, Bytes{0, 0, 1, 0})));
  using enum RtmpSession::Heard;
  EXPECT_THAT(heard_, ElementsAre(something, something, pong, something, acknowledgement));
}

TEST_F(RtmpSessionTest, AcknowledgesWhatTheServerAsksToHaveAcknowledged) {
  ASSERT_TRUE(feed_until_live());
  controls_.clear();
  ASSERT_TRUE(feed(chunks(5, Bytes{0, 0, 0, 64})));
  ASSERT_TRUE(feed(chunks(18, Bytes(100))));
  ASSERT_FALSE(controls_.empty());
  EXPECT_EQ(controls_.back().first, 3);
}

TEST_F(RtmpSessionTest, TakesAServerThatSpeaksSomethingElseForWhatItIs) {
  const std::string http = "HTTP/1.1 400 Bad Request\r\n";
  const Error error = fails(Bytes(http.begin(), http.end()));
  EXPECT_THAT(error.message, HasSubstr("does not speak RTMP on port 1935"));
}

TEST_F(RtmpSessionTest, GuessesWhatAHangUpMeans) {
  EXPECT_THAT(session_.hang_up_hint(), HasSubstr("is it an RTMP port"));
  ASSERT_TRUE(feed(greeting()));
  EXPECT_THAT(session_.hang_up_hint(), HasSubstr("application 'live'"));
  ASSERT_TRUE(feed(reply("_result", 1)));
  EXPECT_THAT(session_.hang_up_hint(), HasSubstr("wrong stream key"));
}

}  // namespace
}  // namespace mainstay::ffi
