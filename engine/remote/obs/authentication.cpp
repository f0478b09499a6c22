#include "engine/remote/obs/authentication.h"

#include "engine/ffi/crypto/crypto.h"

namespace mainstay::obs {

namespace {

constexpr std::size_t kRandomBytes = 32;

Result<std::string> random_text() {
  MAINSTAY_TRY(const std::string bytes, ffi::random_bytes(kRandomBytes));
  return ffi::base64(bytes);
}

}  // namespace

std::string auth_secret(std::string_view password, std::string_view salt) {
  return ffi::base64(ffi::sha256(std::string(password).append(salt)));
}

std::string auth_answer(std::string_view secret, std::string_view challenge) {
  return ffi::base64(ffi::sha256(std::string(secret).append(challenge)));
}

Result<Authentication> Authentication::make(const std::vector<Credential>& credentials) {
  Authentication made;
  MAINSTAY_TRY(made.salt_, random_text());
  for (const Credential& one : credentials) {
    made.secrets_.push_back({auth_secret(one.password, made.salt_), {one.role, one.name}});
  }
  return made;
}

Result<std::string> Authentication::challenge() {
  return random_text();
}

std::optional<Authentication::Who> Authentication::check(std::string_view answer, std::string_view challenge) const {
  std::optional<Who> who;
  for (const Secret& one : secrets_) {  // all of them, whichever fits: the time taken tells nothing
    const std::string expected = auth_answer(one.secret, challenge);
    if (ffi::equal_in_constant_time(expected, answer) && !who) who = one.who;
  }
  return who;
}

}  // namespace mainstay::obs
