#include "app/call_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "engine/remote/client.h"

namespace mainstay {

namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongInput = 2;

int say(int code, const std::string& line) {
  fmt::print(stderr, "{}\n", line);
  return code;
}

bool wrong_call(CallErrc code) {
  return code == CallErrc::unknown_command || code == CallErrc::invalid_params || code == CallErrc::invalid_show;
}

}  // namespace

remote::CallOptions connection_of(const Options& options) {
  // Better than on the command line, where every user of the machine could read it.
  const char* token = std::getenv("MAINSTAY_TOKEN");
  remote::CallOptions connection;
  connection.token = options.token.empty() && token != nullptr ? token : options.token;
  connection.ca_file = options.ca;
  return connection;
}

int call_command(Clock& clock, const Options& options, std::stop_token stop) {
  const auto target = remote::parse_target(options.url);
  if (!target) return say(kWrongInput, target.error().describe());
  const auto params = remote::parse_call_words(options.arguments);
  if (!params) return say(kWrongInput, params.error().describe());
  const auto answer =
      remote::call_remote(*target, options.command, *params, connection_of(options), clock, std::move(stop));
  if (!answer) return say(kFailed, answer.error().describe());
  if (answer->ok()) {
    if (!answer->value.is_null()) {
      fmt::print("{}\n", answer->value.dump(2, ' ', false, Json::error_handler_t::replace));
    }
    return kDone;
  }
  for (const show::ShowError& error : answer->error->errors) {
    if (answer->error->errors.size() > 1) fmt::print(stderr, "{}\n", to_line(error));
  }
  return say(wrong_call(answer->error->code) ? kWrongInput : kFailed, answer->error->message);
}

}  // namespace mainstay
