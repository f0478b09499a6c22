// What a command is: its declaration, who calls it, and how it is answered.
// Declarations are owned by the CommandRegistry; the rest are plain values.
// Thread-safety: as any value; a declaration is immutable once registered.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/show/field_info.h"
#include "engine/show/parse.h"
#include "engine/show/section.h"

namespace mainstay {

using show::Json;

/// Where a call comes from; the history names it as the author.
enum class Face { window, console, script, macro, api, obs, command_line, engine };
const char* to_string(Face face);

/// What a caller may do; each role may do what those before it may.
enum class Role { view, operate, admin };
const char* to_string(Role role);

struct Caller {
  Face face = Face::engine;
  Role role = Role::admin;
  std::string name;  ///< of the person or client, as it gives itself; may be empty
};

/// When a command may be called.
enum class When { always, on_air, off_air };
const char* to_string(When when);

/// The declaration. `params.fields` in order are also the positional parameters; `result` says what is returned.
struct CommandInfo {
  std::string name;  ///< "destination.start": SUBJECT.VERB
  std::string help;  ///< one line
  Role role = Role::operate;
  When when = When::always;
  bool changes_show = false;  ///< accepted, it is a revision in the history
  show::ObjectInfo params;
  show::FieldInfo result;  ///< kind, shape and help; `any` with the help alone for what docs describe
};

/// Why a call failed, by what the caller can do about it.
enum class CallErrc {
  unknown_command,  ///< no such command
  invalid_params,   ///< wrong parameters: `errors` says which
  invalid_show,     ///< the document would not be a valid show: `errors` has the pointers
  denied,           ///< the caller's role does not allow it
  wrong_state,      ///< not now: on air, off air, nothing open, nothing to undo
  not_found,        ///< what it names is not there
  busy,             ///< too much is waiting: try again
  failed,           ///< it was tried and failed
  cancelled,        ///< the studio ended first
};
const char* to_string(CallErrc code);

struct CallError {
  CallErrc code = CallErrc::failed;
  std::string message;                  ///< one line: what, where, what to do; without secrets
  std::vector<show::ShowError> errors;  ///< pointers into the parameters or the document
};

/// What comes back: a value, or an error.
struct CallResult {
  Json value;  ///< null for commands without a result, and with an error
  std::optional<CallError> error;
  bool ok() const { return !error; }

  static CallResult failure(CallErrc code, std::string message, std::vector<show::ShowError> errors = {}) {
    return {nullptr, CallError{code, std::move(message), std::move(errors)}};
  }
  /// The message is the first of the errors, of which there is one at least, and how many more there are.
  static CallResult failure(CallErrc code, std::vector<show::ShowError> errors);
};

/// Called exactly once, on any thread; must not block.
using Reply = std::function<void(CallResult)>;

/// {"code": "not_found", "message": …, "errors": [{"pointer", "message"}…]}: the same error on every face.
Json to_json(const CallError& error);
/// An Error from below as the failure of a call.
CallError to_call_error(const Error& error);

}  // namespace mainstay
