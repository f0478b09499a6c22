#include "engine/ffi/srt/srt_options.h"

#include <gmock/gmock.h>

#include "engine/ffi/srt/srt_library.h"
#include "engine/ffi/srt/srt_listener.h"

namespace mainstay::ffi {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string refusal(std::string_view url) {
  const auto parsed = parse_srt_url(url);
  if (parsed) return "accepted";
  EXPECT_EQ(parsed.error().code, Errc::invalid) << url;
  return parsed.error().message;
}

TEST(SrtUrlTest, AHostMakesACallerAndNoneMakesAListener) {
  const auto caller = parse_srt_url("srt://192.0.2.1:9001");
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->mode, SrtMode::caller);
  EXPECT_EQ(caller->host, "192.0.2.1");
  EXPECT_EQ(caller->port, 9001);
  const auto listener = parse_srt_url("srt://:9001");
  ASSERT_TRUE(listener);
  EXPECT_EQ(listener->mode, SrtMode::listener);
  EXPECT_EQ(listener->address(), "0.0.0.0:9001");
}

TEST(SrtUrlTest, TheOptionsOfFfmpegAndSrtLiveTransmitAreRead) {
  const auto o = parse_srt_url(
      "srt://h.example:1?mode=rendezvous&latency=250&pbkeylen=32&oheadbw=40&maxbw=-1&mss=1400&payload_size=1128"
      "&conntimeo=1500&tlpktdrop=no&nakreport=1&ffs=8192&adapter=10.0.0.1&localport=4000&transtype=live&inputbw=1000");
  ASSERT_TRUE(o) << o.error().describe();
  EXPECT_EQ(o->mode, SrtMode::rendezvous);
  EXPECT_EQ(o->latency, Millis{250});
  EXPECT_EQ(o->pbkeylen, 32);
  EXPECT_EQ(o->oheadbw, 40);
  EXPECT_EQ(o->maxbw, -1);
  EXPECT_EQ(o->inputbw, 1000);
  EXPECT_EQ(o->mss, 1400);
  EXPECT_EQ(o->payload_size, 1128);
  EXPECT_EQ(o->connect_timeout, Millis{1500});
  EXPECT_EQ(o->tlpktdrop, false);
  EXPECT_EQ(o->nakreport, true);
  EXPECT_EQ(o->fc, 8192);
  EXPECT_EQ(o->local_host, "10.0.0.1");
  EXPECT_EQ(o->local_port, 4000);
}

TEST(SrtUrlTest, AStreamidMayHoldHashesAndEscapes) {
  const auto plain = parse_srt_url("srt://h:1?streamid=#!::r=live/a,m=publish&latency=200");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->streamid, "#!::r=live/a,m=publish");
  EXPECT_EQ(plain->latency, Millis{200});
  const auto escaped = parse_srt_url("srt://h:1?streamid=%23%21::r%3Da%26b,100%");
  ASSERT_TRUE(escaped);
  EXPECT_EQ(escaped->streamid, "#!::r=a&b,100%");
}

TEST(SrtUrlTest, AnIpv6AddressStandsInBrackets) {
  const auto o = parse_srt_url("srt://[2001:db8::1]:9000");
  ASSERT_TRUE(o);
  EXPECT_EQ(o->host, "2001:db8::1");
  EXPECT_EQ(o->address(), "[2001:db8::1]:9000");
  EXPECT_THAT(refusal("srt://2001:db8::1:9000"), HasSubstr("brackets"));
}

TEST(SrtUrlTest, AnUnknownOptionIsRefusedWithTheKnownOnes) {
  EXPECT_THAT(refusal("srt://h:1?latencyy=3"), AllOf(HasSubstr("latencyy"), HasSubstr("latency, "), HasSubstr("mode")));
}

TEST(SrtUrlTest, ALatencyMeantInMicrosecondsIsRefusedWithTheRightValue) {
  EXPECT_THAT(refusal("srt://h:1?latency=200000"), HasSubstr("write latency=200"));
}

TEST(SrtUrlTest, WhatCannotWorkIsRefused) {
  EXPECT_THAT(refusal("udp://h:1"), HasSubstr("srt://"));
  EXPECT_THAT(refusal("srt://h"), HasSubstr("no port"));
  EXPECT_THAT(refusal("srt://h:99999"), HasSubstr("0 to 65535"));
  EXPECT_THAT(refusal("srt://h:"), HasSubstr("whole number"));
  EXPECT_THAT(refusal("srt://h:0"), HasSubstr("far side"));
  EXPECT_THAT(refusal("srt://:9000?mode=caller"), HasSubstr("far side"));
  EXPECT_THAT(refusal("srt://h:1/live/key"), HasSubstr("no path"));
  EXPECT_THAT(refusal("srt://h:1?mode=shout"), HasSubstr("caller, listener or rendezvous"));
  EXPECT_THAT(refusal("srt://h:1?latency=fast"), HasSubstr("whole number"));
  EXPECT_THAT(refusal("srt://h:1?pbkeylen=20"), HasSubstr("16, 24 or 32"));
  EXPECT_THAT(refusal("srt://h:1?payload_size=1300"), HasSubstr("multiple of 188"));
  EXPECT_THAT(refusal("srt://h:1?mss=1000"), HasSubstr("mss"));
  EXPECT_THAT(refusal("srt://h:1?tlpktdrop=maybe"), HasSubstr("true or false"));
  EXPECT_THAT(refusal("srt://h:1?streamid=" + std::string(513, 'x')), HasSubstr("512"));
  EXPECT_THAT(refusal("srt://" + std::string(300, 'h') + ":1"), HasSubstr("255"));
  EXPECT_THAT(refusal("srt://h:1?passphrase=" + std::string(81, 'p')), HasSubstr("10 to 80"));
}

TEST(SrtUrlTest, NoRefusalShowsASecret) {
  EXPECT_THAT(refusal("srt://h:1?passphrase=tooshort"), Not(HasSubstr("tooshort")));
  EXPECT_THAT(refusal("srt://user:hunter2hunter2@h:1"), Not(HasSubstr("hunter2")));
  EXPECT_THAT(refusal("srt://h:1?passphrase=correcthorse&latency=x"), Not(HasSubstr("correcthorse")));
}

TEST(SrtUrlTest, OptionsWithoutTheirQuestionMarkAreRefusedUnseen) {
  const std::string url = "srt://h:1&passphrase=correcthorse&latency=120";
  EXPECT_THAT(refusal(url), AllOf(HasSubstr("HOST:PORT?OPTION=VALUE"), Not(HasSubstr("correct"))));
  EXPECT_EQ(redacted_srt_url(url), "srt://h:1&passphrase=***&latency=120");
}

TEST(SrtUrlTest, ARedactedUrlKeepsAllButTheSecrets) {
  EXPECT_EQ(redacted_srt_url("srt://h:1?latency=9&passphrase=correcthorse&streamid=#!::r=k,s=v&mode=caller"),
            "srt://h:1?latency=9&passphrase=***&streamid=***&mode=caller");
  EXPECT_EQ(redacted_srt_url("srt://me:pw@h:1"), "srt://***@h:1");
  EXPECT_EQ(redacted_srt_url("srt://h:1"), "srt://h:1");
  EXPECT_EQ(redacted_srt_url("srt://h:1?latency=9passphrase=correcthorse&mode=caller"),
            "srt://h:1?latency=9passphrase=***&mode=caller");
  EXPECT_EQ(redacted_srt_url("srt://h:1?passphrase=who?me&latency=1"), "srt://h:1?passphrase=***&latency=1");
}

TEST(SrtStreamidTest, AKeyedOneIsTakenApart) {
  const SrtStreamid id = parse_streamid("#!::u=admin,r=live/bluesky,m=publish,s=4711,unknown=1");
  EXPECT_EQ(id.resource, "live/bluesky");
  EXPECT_EQ(id.user, "admin");
  EXPECT_EQ(id.mode, "publish");
  EXPECT_EQ(id.session, "4711");
}

TEST(SrtStreamidTest, AnyOtherTextIsTheResource) {
  EXPECT_EQ(parse_streamid("live_key").resource, "live_key");
  EXPECT_EQ(parse_streamid("").resource, "");
  EXPECT_EQ(parse_streamid("#!::,=,r").resource, "");
}

TEST(SrtStreamidTest, KeysAreTheSameOnlyWhenAllOfThemIs) {
  EXPECT_TRUE(same_key("secret", "secret"));
  EXPECT_TRUE(same_key("", ""));
  EXPECT_FALSE(same_key("secre", "secret"));
  EXPECT_FALSE(same_key("secrets", "secret"));
  EXPECT_FALSE(same_key("secretsecret", "secret"));
  EXPECT_FALSE(same_key("x", ""));
  EXPECT_FALSE(same_key("", "x"));
}

TEST(LineLimiterTest, ABurstPassesAndTheRestIsCounted) {
  LineLimiter limiter(2, Seconds{10});
  const Instant t{};
  EXPECT_TRUE(limiter.offer(t).pass);
  EXPECT_TRUE(limiter.offer(t).pass);
  EXPECT_FALSE(limiter.offer(t + Seconds{9}).pass);
  const auto next = limiter.offer(t + Seconds{10});
  EXPECT_TRUE(next.pass);
  EXPECT_EQ(next.held_back, 1);
}

}  // namespace
}  // namespace mainstay::ffi
