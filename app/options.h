// The command line: what was asked for, and the help that says what can be.
// Plain values.
// Thread-safety: as any value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/log.h"
#include "engine/core/result.h"
#include "engine/core/time.h"

namespace mainstay {

enum class Subcommand { window, run, check, reference, script, console, call, help, version };

struct Options {
  Subcommand subcommand = Subcommand::window;
  std::string show;                    ///< path; empty: none
  std::optional<Nanos> duration;       ///< --for
  std::string report;                  ///< --report: path, "-" for stdout
  std::string secrets;                 ///< --secrets: path; empty: the user's own file
  std::string screenshot;              ///< --screenshot: path
  std::string panel;                   ///< --panel: of the screenshot
  std::string topic;                   ///< reference: which page
  std::string file;                    ///< script: path
  std::vector<std::string> arguments;  ///< script, console: what follows --; call: parameters
  std::string url;                     ///< call: of the running instance
  std::string command;                 ///< call: its name
  std::string connect;                 ///< --connect, and console's URL: the running instance that is meant
  std::string token;                   ///< --token
  std::string ca;                      ///< --ca
  std::string remote;                  ///< --remote: HOST:PORT of the API, for shows without a section "remote"
  std::string junit;                   ///< --junit: path
  std::optional<Nanos> time_limit;     ///< --time-limit
  bool allow_exec = false;             ///< --allow-exec
  bool offline = false;
  bool status = false;  ///< one line a second on stderr
  bool on_air = false;  ///< the window goes on air at once
  Log::Options log;
};

/// Errc::invalid with one line that says what is wrong and what is known.
Result<Options> parse_options(const std::vector<std::string>& arguments);

/// "90", "30s", "500ms", "5m", "1h30m".
Result<Nanos> parse_duration(std::string_view text);

std::string help_text();

}  // namespace mainstay
