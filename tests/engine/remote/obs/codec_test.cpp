// Messages in both encodings: what comes out is what went in, and what is too much or broken is refused.
#include "engine/remote/obs/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mainstay::obs {
namespace {

using ::testing::HasSubstr;

std::string complaint(std::string_view bytes, Encoding encoding) {
  const auto decoded = decode(bytes, encoding);
  return decoded ? std::string() : decoded.error().message;
}

TEST(ObsCodec, whatever_is_encoded_is_decoded_the_same) {
  const Json values[] = {
      Json{{"op", 6}, {"d", {{"requestType", "GetVersion"}, {"requestId", "1"}}}},
      Json{{"text", "Größe 🎥 \"quoted\" \n"}, {"empty", ""}, {"null", nullptr}, {"yes", true}},
      Json{{"numbers", {0, -1, 127, 128, 65536, -2147483649, 9007199254740993, 0.5, -1e300, 18446744073709551615u}}},
      Json{{"nested", {{{"a", Json::array({Json::array({Json::object()})})}}}}},
  };
  for (const Json& value : values) {
    for (const Encoding encoding : {Encoding::json, Encoding::msgpack}) {
      const auto decoded = decode(encode(value, encoding), encoding);
      ASSERT_TRUE(decoded) << decoded.error().message;
      EXPECT_EQ(*decoded, value);
    }
  }
}

TEST(ObsCodec, subprotocols_name_the_encoding) {
  EXPECT_EQ(encoding_of(""), Encoding::json);
  EXPECT_EQ(encoding_of("obswebsocket.json"), Encoding::json);
  EXPECT_EQ(encoding_of("obswebsocket.msgpack"), Encoding::msgpack);
  EXPECT_EQ(encoding_of("graphql-ws"), std::nullopt);
}

TEST(ObsCodec, nesting_is_bounded_before_it_is_built) {
  EXPECT_TRUE(decode(std::string(32, '[') + std::string(32, ']'), Encoding::json));
  EXPECT_THAT(complaint(std::string(33, '[') + std::string(33, ']'), Encoding::json), HasSubstr("nested"));
  EXPECT_THAT(complaint(std::string(900'000, '['), Encoding::json), HasSubstr("nested"));
  EXPECT_THAT(complaint(std::string(900'000, '\x91'), Encoding::msgpack), HasSubstr("nested"));
}

TEST(ObsCodec, sizes_are_bounded) {
  EXPECT_THAT(complaint(std::string(kMaxMessage + 1, ' '), Encoding::json), HasSubstr("longer"));
  std::string many = "[0";
  for (std::size_t i = 0; i < kMaxValues; ++i) many += ",0";
  EXPECT_THAT(complaint(many + "]", Encoding::json), HasSubstr("too many values"));
  EXPECT_THAT(complaint(std::string("\xdd\xff\xff\xff\xff", 5), Encoding::msgpack), HasSubstr("well formed"));
  EXPECT_THAT(complaint(std::string("\xdb\xff\xff\xff\xff", 5), Encoding::msgpack), HasSubstr("well formed"));
}

TEST(ObsCodec, broken_messages_are_refused) {
  for (const char* text : {"", "{", "nul", "{\"a\":}", "[1,]", "{} {}", "\xff", "\"\xc3\x28\""}) {
    EXPECT_FALSE(decode(text, Encoding::json)) << text;
  }
  for (const std::string& bytes :
       {std::string(), std::string("\xc1", 1), std::string("\x81\xa1", 2), std::string("\xc0\xc0", 2)}) {
    EXPECT_FALSE(decode(bytes, Encoding::msgpack));
  }
}

TEST(ObsCodec, what_json_cannot_say_is_refused_in_messagepack_too) {
  EXPECT_THAT(complaint(std::string("\xc4\x01x", 3), Encoding::msgpack), HasSubstr("binary"));
  EXPECT_THAT(complaint(std::string("\xa2\xc3\x28", 3), Encoding::msgpack), HasSubstr("UTF-8"));
  EXPECT_THAT(complaint(std::string("\xa3\xed\xa0\x80", 4), Encoding::msgpack), HasSubstr("UTF-8"));
  EXPECT_THAT(complaint(std::string("\x81\xa1\xff\x01", 4), Encoding::msgpack), HasSubstr("UTF-8"));
  EXPECT_THAT(complaint(std::string("\xca\x7f\xc0\x00\x00", 5), Encoding::msgpack), HasSubstr("finite"));
}

TEST(ObsCodec, sizes_are_not_underestimated) {
  const Json value{{"name", std::string(1000, 'x')}, {"list", Json::array({1, 2, 3})}};
  EXPECT_GE(encoded_size(value), encode(value, Encoding::json).size());
}

}  // namespace
}  // namespace mainstay::obs
