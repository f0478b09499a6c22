#include "engine/remote/http_head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mainstay::remote {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string head_of(const HttpResponse& response, bool keep_alive = true) {
  std::string out = "of the answer before";
  write_head(response, keep_alive, out);
  return out;
}

TEST(HttpHeadTest, StandsInFrontOfTheBodyWithItsLength) {
  HttpResponse response{206, "video/mp4", std::string("0123456789")};
  response.headers = {{"Content-Range", "bytes 0-9/100"}, {"Cache-Control", "public"}};
  EXPECT_EQ(head_of(response),
            "HTTP/1.1 206 Partial Content\r\nServer: Mainstay\r\nContent-Type: video/mp4\r\n"
            "Content-Range: bytes 0-9/100\r\nCache-Control: public\r\nContent-Length: 10\r\n\r\n");
}

TEST(HttpHeadTest, WhatHasNoBodyHasNoLength) {
  EXPECT_THAT(head_of({304, "", std::string("kept")}), Not(HasSubstr("Content-Length")));
  EXPECT_THAT(head_of({204, "", {}}), Not(HasSubstr("Content-Length")));
  EXPECT_THAT(head_of({200, "", {}}), HasSubstr("Content-Length: 0\r\n"));
}

TEST(HttpHeadTest, RefusalsAreKeptByNobodyUnlessTheySaySo) {
  EXPECT_THAT(head_of({404, "", {}}), HasSubstr("Cache-Control: no-store\r\n"));
  EXPECT_THAT(head_of({200, "", {}}), Not(HasSubstr("Cache-Control")));
  HttpResponse gone{410, "", {}};
  gone.headers = {{"Cache-Control", "max-age=60"}};
  EXPECT_THAT(head_of(gone), Not(HasSubstr("no-store")));
}

TEST(HttpHeadTest, TheLastAnswerSaysThatItIs) {
  EXPECT_THAT(head_of({200, "", {}}, false), HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(head_of({200, "", {}}), Not(HasSubstr("Connection")));
}

TEST(HttpHeadTest, AValueIsNoSecondField) {
  HttpResponse response{200, "", {}};
  response.headers = {{"Access-Control-Allow-Origin", "x\r\nSet-Cookie: a=b"}};
  EXPECT_THAT(head_of(response), Not(HasSubstr("\nSet-Cookie")));
}

}  // namespace
}  // namespace mainstay::remote
