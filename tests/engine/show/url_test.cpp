#include "engine/show/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mainstay::show {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(UrlTest, IsTakenApart) {
  const Url url = *parse_url("RTMP://user:pa:ss@host.example.com:1936/live/a//b?backup=1&x=&y");
  EXPECT_EQ(url.scheme, "rtmp");
  EXPECT_EQ(url.user, "user");
  EXPECT_EQ(url.password, "pa:ss");
  EXPECT_EQ(url.host, "host.example.com");
  EXPECT_EQ(url.port, 1936);
  EXPECT_THAT(url.segments(), ElementsAre("live", "a", "b"));
  EXPECT_EQ(url.parameter("backup"), "1");
  EXPECT_EQ(url.query.size(), 3u);
  const Url v6 = *parse_url("srt://[::1]:9000");
  EXPECT_EQ(v6.host, "::1");
  EXPECT_EQ(v6.port, 9000);
  EXPECT_EQ(parse_url("srt://:9000?mode=listener")->host, "");
}

TEST(UrlTest, SaysWhatIsWrongWithoutShowingIt) {
  for (const char* text : {"", "secret", "://secret", "s3cr*t://h", "rtmp://secret host/live", "rtmp://h:secret/live",
                           "rtmp://h:/live", "rtmp://h:-1/live", "rtmp://h:1:2/live", "rtmp://[secret]/live",
                           "rtmp://[::1/live", "rtmp://[::1]secret/live", "rtmp://h$secret/live"}) {
    const Result<Url> url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_THAT(url.error().message, Not(HasSubstr("secret"))) << text;
  }
}

TEST(UrlTest, IsShownWithoutItsSecrets) {
  EXPECT_EQ(redact_url("rtmp://h/live"), "rtmp://h/live");
  EXPECT_EQ(redact_url("rtmp://h/live/key"), "rtmp://h/live/***");
  EXPECT_EQ(redact_url("rtmps://u:p@h:443/app/inst/key?backup=1&auth=x"),
            "rtmps://u:***@h:443/app/***?backup=1&auth=***");
  EXPECT_EQ(redact_url("srt://h:1?passphrase=x&mode=caller&streamid=#!::u=a"),
            "srt://h:1?passphrase=***&mode=caller&streamid=***");
  EXPECT_EQ(redact_url("srt://h:1?pasphrase=x"), "srt://h:1?pasphrase=***") << "a mistyped key hides its value too";
  EXPECT_EQ(redact_url("rtmp://h/live/${secret:k}?a=${secret:b}"), "rtmp://h/live/${secret:k}?a=${secret:b}");
  EXPECT_EQ(redact_url("rtmp://h/live/key?secret"), "rtmp://h/live/***?***");
  EXPECT_EQ(redact_url(""), "");
}

TEST(UrlTest, TellsWhichPartsAreSecret) {
  EXPECT_THAT(secrets_in_url("rtmp://u:pw@h/live/abcd-efgh?t=tok&backup=1"), ElementsAre("pw", "abcd-efgh", "tok"));
  EXPECT_THAT(secrets_in_url("rtmp://h/live/remote"), IsEmpty()) << "a stream's name, found in every other log line";
  EXPECT_THAT(secrets_in_url("srt://h:1?mode=caller&passphrase=${secret:a}"), IsEmpty());
}

TEST(HostPortTest, TakesNamesAndAddresses) {
  EXPECT_EQ(parse_host_port("127.0.0.1:80")->port, 80);
  EXPECT_EQ(parse_host_port("[::]:80")->host, "::");
  EXPECT_EQ(parse_host_port(":80")->host, "");
  EXPECT_EQ(parse_host_port("host")->port, 0);
  for (const char* text : {"a:b", "a:0", "a:70000", "::1:80", "[x]:1", "a b:1"})
    EXPECT_FALSE(parse_host_port(text)) << text;
}

}  // namespace
}  // namespace mainstay::show
