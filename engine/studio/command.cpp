#include "engine/studio/command.h"

namespace mainstay {

const char* to_string(Face face) {
  constexpr const char* kWords[] = {"window", "console", "script", "macro", "api", "obs", "command_line", "engine"};
  return kWords[static_cast<int>(face)];
}

const char* to_string(Role role) {
  constexpr const char* kWords[] = {"view", "operate", "admin"};
  return kWords[static_cast<int>(role)];
}

const char* to_string(When when) {
  constexpr const char* kWords[] = {"always", "on_air", "off_air"};
  return kWords[static_cast<int>(when)];
}

const char* to_string(CallErrc code) {
  constexpr const char* kWords[] = {"unknown_command", "invalid_params", "invalid_show", "denied",   "wrong_state",
                                    "not_found",       "busy",           "failed",       "cancelled"};
  return kWords[static_cast<int>(code)];
}

CallResult CallResult::failure(CallErrc code, std::vector<show::ShowError> errors) {
  std::string message = to_line(errors.front());
  if (errors.size() > 1) message += fmt::format(" (and {} more)", errors.size() - 1);
  return failure(code, std::move(message), std::move(errors));
}

Json to_json(const CallError& error) {
  Json errors = Json::array();
  for (const show::ShowError& e : error.errors) errors.push_back({{"pointer", e.pointer}, {"message", e.message}});
  return {{"code", to_string(error.code)}, {"message", error.message}, {"errors", std::move(errors)}};
}

CallError to_call_error(const Error& error) {
  CallErrc code = CallErrc::failed;
  switch (error.code) {
    case Errc::again:
      code = CallErrc::busy;
      break;
    case Errc::invalid:
      code = CallErrc::wrong_state;
      break;
    case Errc::cancelled:
      code = CallErrc::cancelled;
      break;
    default:
      break;
  }
  return {code, error.describe(), {}};
}

}  // namespace mainstay
