#include "engine/studio/stream_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mainstay {
namespace {

constexpr const char* kSecret = "sixteen letters!";
const UtcInstant kNow{Seconds(1'700'000'000)};

TokenVerdict check(std::string_view token, std::string_view secret = kSecret, std::string_view stream = "live",
                   UtcInstant now = kNow) {
  return check_stream_token(token, secret, stream, now);
}

TEST(StreamTokenTest, IsGoodUntilItsSecondIsOver) {
  const std::string token = make_stream_token(kSecret, "live", kNow + Seconds(10));
  EXPECT_THAT(token, ::testing::MatchesRegex("v1\\.1700000010\\.[A-Za-z0-9_-]+"));
  EXPECT_EQ(check(token), TokenVerdict::good);
  EXPECT_EQ(check(token, kSecret, "live", kNow + Millis(10'999)), TokenVerdict::good);
  EXPECT_EQ(check(token, kSecret, "live", kNow + Seconds(11)), TokenVerdict::expired);
}

TEST(StreamTokenTest, IsOfOneSecretAndOneStream) {
  const std::string token = make_stream_token(kSecret, "live", kNow + Seconds(10));
  EXPECT_EQ(check(token, "another secret.."), TokenVerdict::forged);
  EXPECT_EQ(check(token, kSecret, "other"), TokenVerdict::forged);
  EXPECT_EQ(check(token, ""), TokenVerdict::forged);
}

TEST(StreamTokenTest, NoByteOfItCanBeChanged) {
  const std::string token = make_stream_token(kSecret, "live", kNow + Seconds(10));
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string other = token;
    other[i] = other[i] == '9' ? '8' : '9';
    EXPECT_EQ(check(other), TokenVerdict::forged) << i;
    EXPECT_EQ(check(token.substr(0, i)), i == 0 ? TokenVerdict::missing : TokenVerdict::forged) << i;
  }
  EXPECT_EQ(check(token + "A"), TokenVerdict::forged);
}

TEST(StreamTokenTest, WhatIsNoTokenIsForged) {
  for (const char* wrong :
       {"v1", "v1.", "v1..", "v1.1.", "v1.x.y", "v2.1700000010.a", "v1.99999999999999999999.a", "."})
    EXPECT_EQ(check(wrong), TokenVerdict::forged) << wrong;
}

TEST(StreamTokenTest, OfAForgedOneNothingIsToldOfItsTime) {
  std::string token = make_stream_token(kSecret, "live", kNow - Seconds(10));
  token.back() = token.back() == 'A' ? 'B' : 'A';
  EXPECT_EQ(check(token), TokenVerdict::forged);
}

}  // namespace
}  // namespace mainstay
