#include "engine/studio/stream_token.h"

#include <fmt/format.h>

#include <charconv>

#include "engine/ffi/crypto/crypto.h"

namespace mainstay {

namespace {

constexpr std::string_view kVersion = "v1.";
constexpr std::size_t kMostDigits = 11;  // of seconds: beyond the year 5000

// The name has no line break (the show's check), so no two pairs give one text.
std::string signature(std::string_view secret, std::string_view stream, std::string_view expires) {
  return ffi::base64url(ffi::hmac_sha256(secret, fmt::format("mainstay-stream-v1\n{}\n{}", stream, expires)));
}

}  // namespace

std::string make_stream_token(std::string_view secret, std::string_view stream, UtcInstant expires) {
  const std::string second = std::to_string(std::chrono::floor<Seconds>(expires).time_since_epoch().count());
  return fmt::format("{}{}.{}", kVersion, second, signature(secret, stream, second));
}

TokenVerdict check_stream_token(std::string_view token, std::string_view secret, std::string_view stream,
                                UtcInstant now) {
  if (token.empty()) return TokenVerdict::missing;
  if (secret.empty() || !token.starts_with(kVersion)) return TokenVerdict::forged;
  token.remove_prefix(kVersion.size());
  const std::size_t dot = token.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot > kMostDigits) return TokenVerdict::forged;
  const std::string_view expires = token.substr(0, dot);
  if (expires.find_first_not_of("0123456789") != std::string_view::npos) return TokenVerdict::forged;
  // The signature first: what is told about the time is told to those alone who have a real token.
  if (!ffi::equal_in_constant_time(token.substr(dot + 1), signature(secret, stream, expires)))
    return TokenVerdict::forged;
  std::int64_t second = 0;
  std::from_chars(expires.data(), expires.data() + expires.size(), second);
  return std::chrono::floor<Seconds>(now).time_since_epoch().count() <= second ? TokenVerdict::good
                                                                               : TokenVerdict::expired;
}

const char* to_string(TokenVerdict verdict) {
  switch (verdict) {
    case TokenVerdict::good:
      return "the token is good";
    case TokenVerdict::missing:
      return "this stream is for those who have a token: ?token=…";
    case TokenVerdict::forged:
      return "this token is not one of this stream";
    case TokenVerdict::expired:
      return "this token has expired: ask for another one";
  }
  return "";
}

}  // namespace mainstay
