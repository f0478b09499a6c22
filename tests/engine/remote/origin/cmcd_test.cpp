#include "engine/remote/origin/cmcd.h"

#include <gtest/gtest.h>

#include "engine/remote/origin/client_kind.h"
#include "tests/engine/remote/origin/fake_shelf.h"

namespace mainstay::remote {
namespace {

TEST(CmcdTest, IsReadFromTheQuery) {
  const Cmcd cmcd = cmcd_of(request_of("GET",
                                       "/live/v0/"
                                       "s1.m4s?CMCD=bl%3D2100%2Cbr%3D3200%2Cbs%2Ccid%3D%22a%2C%5C%22b%22%2Cd%3D2004%"
                                       "2Cot%3Dav%2Csid%3D%226e2fb550-c457-11e9%22%2Csu"));
  EXPECT_EQ(cmcd.session, "6e2fb550-c457-11e9");
  EXPECT_EQ(cmcd.buffer_ms, 2100);
  EXPECT_EQ(cmcd.kbps, 3200);
  EXPECT_EQ(cmcd.duration_ms, 2004);
  EXPECT_EQ(cmcd.object, 'v');
  EXPECT_TRUE(cmcd.starved);
  EXPECT_TRUE(cmcd.startup);
}

TEST(CmcdTest, IsReadFromHeaders) {
  const Cmcd cmcd = cmcd_of(request_of(
      "GET", "/live/a", {{"cmcd-session", "sid=\"s1\""}, {"cmcd-object", "ot=a,d=500"}, {"cmcd-status", "bs=true"}}));
  EXPECT_EQ(cmcd.session, "s1");
  EXPECT_EQ(cmcd.object, 'a');
  EXPECT_EQ(cmcd.duration_ms, 500);
  EXPECT_TRUE(cmcd.starved);
}

TEST(CmcdTest, WhatIsMalformedIsLeftOut) {
  const Cmcd cmcd = parse_cmcd("bl=-5,d=x,sid=\"<script>\",br=99999999999999,,=,ot=,sid");
  EXPECT_EQ(cmcd.session, "");
  EXPECT_FALSE(cmcd.buffer_ms || cmcd.duration_ms || cmcd.kbps);
  EXPECT_EQ(parse_cmcd("sid=\"open").session, "open");
  EXPECT_EQ(parse_cmcd(std::string(100'000, ',')).session, "");
}

TEST(CmcdTest, ASessionsNameIsShortAndPlain) {
  EXPECT_EQ(session_name("a-b_c.9"), "a-b_c.9");
  EXPECT_EQ(session_name(""), "");
  EXPECT_EQ(session_name("a b"), "");
  EXPECT_EQ(session_name(std::string(65, 'a')), "");
}

TEST(ClientKindTest, BrowsersAreKnownThroughTheirDisguises) {
  const auto expect = [](std::string_view agent, std::string_view device, std::string_view browser) {
    const ClientKind kind = client_kind(agent);
    EXPECT_EQ(kind.device, device) << agent;
    EXPECT_EQ(kind.browser, browser) << agent;
  };
  expect("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36", "desktop",
         "chrome");
  expect("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0", "desktop", "edge");
  expect("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile/15E148 Safari/604.1", "mobile",
         "safari");
  expect("Mozilla/5.0 (iPad; CPU OS 17_0) Version/17.0 Safari/604.1", "tablet", "safari");
  expect("Mozilla/5.0 (Linux; Android 14; Pixel) Chrome/120.0 Mobile Safari/537.36", "mobile", "chrome");
  expect("Mozilla/5.0 (Linux; Android 14; Tab) Chrome/120.0 Safari/537.36", "tablet", "chrome");
  expect("Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) Version/6.0 Safari/537.36", "tv", "safari");
  expect("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "desktop", "firefox");
  expect("curl/7.88.1", "other", "other");
  expect("", "other", "other");
}

}  // namespace
}  // namespace mainstay::remote
