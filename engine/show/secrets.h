// Where references in a show get their values: ${secret:NAME} from a file only its owner can read, ${env:NAME} from
// the environment. Resolved at use and never stored; what was resolved is told to the redactor, so that no log line,
// report or message shows it.
// Owned by main(); passed down by reference.
// Thread-safety: all members from any thread. The file is read at each use: a changed key counts at the next connect.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/core/log.h"
#include "engine/core/result.h"
#include "engine/show/show.h"

namespace mainstay::show {

class Secrets {
 public:
  struct Options {
    /// A JSON object of names and texts; empty: default_file().
    std::string file = {};
    /// Looks up an environment variable; empty: the process's own.
    std::function<std::optional<std::string>(const std::string&)> env = {};
  };

  explicit Secrets(Redactor& redactor) : Secrets(redactor, Options{}) {}
  Secrets(Redactor& redactor, Options options);

  /// $XDG_CONFIG_HOME/mainstay/secrets.json, or ~/.config/mainstay/secrets.json.
  static std::string default_file();
  const std::string& file() const { return options_.file; }

  /// The text with its references replaced. Errc::invalid: a reference is not well formed, or what it names is not
  /// there, with where to put it. Errc::io: the file cannot be used. Never shows a value.
  Result<std::string> resolve(const std::string& text) const;

  /// All texts of a part of the show, ready for use; its literal secrets are told to the redactor too. The error names
  /// the key.
  Result<LegConfig> resolve(const LegConfig& leg) const;
  Result<Source> resolve(const Source& source) const;
  Result<Record> resolve(const Record& record) const;
  Result<Remote> resolve(const Remote& remote) const;
  Result<Hls> resolve(const Hls& hls) const;

  /// Tells the redactor the keys and passphrases that stand in the show itself. Call before anything of it is logged.
  void hide_literals(const Show& show) const;

  const Redactor& redactor() const { return redactor_; }

 private:
  enum class Hide { all, secrets_only };

  Result<std::string> look_up_secret(const std::string& name) const;
  Result<std::string> look_up_env(const std::string& name) const;
  Result<std::string> replace(const std::string& text, Hide hide) const;
  template <class T>
  Result<T> resolve_section(T part) const;

  Redactor& redactor_;
  Options options_;
};

}  // namespace mainstay::show
