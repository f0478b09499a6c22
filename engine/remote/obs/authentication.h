// Who a client of obs-websocket is: a password proven by two SHA-256 digests, and the role it stands for.
// Owned by the hub: one salt for all clients, a challenge for each.
// Thread-safety: immutable once made, so from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"
#include "engine/studio/command.h"

namespace mainstay::obs {

/// A password and what who knows it may do.
struct Credential {
  std::string password;  ///< never logged
  Role role = Role::operate;
  std::string name;  ///< of the person or client, for the history
};

/// base64(sha256(password + salt))
std::string auth_secret(std::string_view password, std::string_view salt);
/// base64(sha256(secret + challenge)): what a client sends that knows the password.
std::string auth_answer(std::string_view secret, std::string_view challenge);

class Authentication {
 public:
  /// Errc::io when the system gives no random salt. Without credentials everybody is let in.
  static Result<Authentication> make(const std::vector<Credential>& credentials);

  bool required() const { return !secrets_.empty(); }
  const std::string& salt() const { return salt_; }
  /// A new one for each client, as base64.
  static Result<std::string> challenge();

  struct Who {
    Role role = Role::operate;
    std::string name;
  };
  /// Whose password the answer proves. Takes as long for a wrong answer as for a right one.
  std::optional<Who> check(std::string_view answer, std::string_view challenge) const;

 private:
  struct Secret {
    std::string secret;
    Who who;
  };
  std::string salt_;
  std::vector<Secret> secrets_;
};

}  // namespace mainstay::obs
