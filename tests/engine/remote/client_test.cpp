#include "engine/remote/client.h"

#include <gtest/gtest.h>

namespace mainstay::remote {
namespace {

TEST(ClientTest, AddressesOfAllKindsAreTaken) {
  struct Case {
    const char* url;
    const char* host;
    int port;
    bool tls;
    const char* path;
    const char* token;
  };
  for (const Case& c :
       {Case{"127.0.0.1:4480", "127.0.0.1", 4480, false, "/api", ""}, Case{"studio", "studio", 4480, false, "/api", ""},
        Case{":9000", "127.0.0.1", 9000, false, "/api", ""}, Case{"http://studio/", "studio", 4480, false, "/api", ""},
        Case{"https://t%40ken@studio:1/x/api", "studio", 1, true, "/x/api", "t@ken"},
        Case{"wss://any:pass@[::1]:2", "::1", 2, true, "/api", "pass"},
        Case{"ws://h:3/api?token=abc", "h", 3, false, "/api", "abc"}}) {
    const Result<Target> target = parse_target(c.url);
    ASSERT_TRUE(target) << c.url << ": " << target.error().describe();
    EXPECT_EQ(target->host, c.host) << c.url;
    EXPECT_EQ(target->port, c.port) << c.url;
    EXPECT_EQ(target->tls, c.tls) << c.url;
    EXPECT_EQ(target->path, c.path) << c.url;
    EXPECT_EQ(target->token, c.token) << c.url;
  }
  for (const char* url : {"", "rtmp://host", "http://a b", "host:port", "http://h:99999"})
    EXPECT_FALSE(parse_target(url)) << url;
}

TEST(ClientTest, WordsAreParametersByNameOrByPosition) {
  EXPECT_EQ(*parse_call_words({}), Json());
  EXPECT_EQ(*parse_call_words({"name=Main", "kbps=30", "on=true", "text=\"30\"", "list=[1]", "empty="}),
            Json::parse(R"({"name":"Main","kbps":30,"on":true,"text":"30","list":[1],"empty":""})"));
  EXPECT_EQ(*parse_call_words({"platform", "3", "null"}), Json::parse(R"(["platform",3,null])"));
  EXPECT_EQ(*parse_call_words({"srt://h:1?mode=listener"}), Json::array({"srt://h:1?mode=listener"}));
  EXPECT_FALSE(parse_call_words({"a=1", "b"}));
  EXPECT_FALSE(parse_call_words({"a=1", "a=2"}));
}

}  // namespace
}  // namespace mainstay::remote
