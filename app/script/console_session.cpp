#include "app/script/console_session.h"

#include <regex>

#include "app/script/completion.h"
#include "app/script/source_scan.h"

namespace mainstay::script {

namespace {

// `help` and `help destination.start` without brackets and quotes, as people type it.
std::string with_help_call(std::string source) {
  static const std::regex help(R"(\s*help(?:\s+([\w.$]+))?\s*;?\s*)");
  std::smatch found;
  if (!std::regex_match(source, found, help)) return source;
  return found[1].matched ? "help(\"" + found[1].str() + "\")" : "help()";
}

ui::ConsoleResult result_of(Outcome outcome) {
  ui::ConsoleResult result;
  result.exit = outcome.end == End::exited;
  result.code = outcome.code;
  result.ok = outcome.ok() || result.exit;
  result.text = std::move(outcome.value);
  result.error = std::move(outcome.message);
  result.stack = std::move(outcome.stack);
  return result;
}

}  // namespace

ConsoleSession::ConsoleSession(const Services& services, Options options, std::string history_path)
    : services_(services), history_(std::move(history_path)), host_(services, with_output(std::move(options))) {
  host_.on_error([this](const Outcome& outcome) { say({outcome.message, true}); });
}

Options ConsoleSession::with_output(Options options) {
  options.print = [this](std::string_view text) { say({std::string(text)}); };
  if (!options.limits.computing) options.limits.computing = kComputingLimit;
  return options;
}

void ConsoleSession::say(ui::ConsoleLine line) {
  std::function<void(ui::ConsoleLine)> listener;
  {
    std::lock_guard lock(mutex_);
    listener = on_output_;
  }
  if (listener) listener(std::move(line));
}

bool ConsoleSession::evaluate(std::string source, std::function<void(ui::ConsoleResult)> done) {
  Evaluation evaluation{with_lasting_names(with_help_call(std::move(source))), "console", true};
  return host_.evaluate(std::move(evaluation),
                        [done = std::move(done)](Outcome outcome) { done(result_of(std::move(outcome))); });
}

bool ConsoleSession::unfinished(std::string_view source) const {
  return is_unfinished(source);
}

ui::ConsoleCompletion ConsoleSession::complete(std::string_view line, std::size_t cursor) const {
  return script::complete(services_.studio, host_.globals(), line, cursor);
}

std::vector<std::string> ConsoleSession::history() const {
  std::lock_guard lock(mutex_);
  return history_.entries();
}

void ConsoleSession::remember(std::string source) {
  std::lock_guard lock(mutex_);
  const auto kept = history_.add(services_.log.redactor().redact(source));
  if (!kept && !history_failed_)
    services_.log.warning("console", "the history is not kept: {}", kept.error().describe());
  history_failed_ = !kept;
}

void ConsoleSession::on_output(std::function<void(ui::ConsoleLine)> listener) {
  std::lock_guard lock(mutex_);
  on_output_ = std::move(listener);
}

}  // namespace mainstay::script
