#include "app/script_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>

#include "app/run_command.h"
#include "app/script/junit.h"
#include "app/script/script_files.h"
#include "app/script/script_host.h"

namespace mainstay {

namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongInput = 2;
constexpr std::size_t kMostSource = 16 * 1024 * 1024;

void say(const std::string& line) {
  fmt::print(stderr, "{}\n", line);
}

void print_line(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);  // whoever reads a pipe follows what happens
}

script::Options script_options(const Options& options) {
  script::Options made;
  const std::string folder = std::filesystem::path(options.file).parent_path().string();
  made.folder = folder.empty() ? "." : folder;
  made.arguments = options.arguments;
  made.allow_exec = options.allow_exec;
  made.caller.name = std::filesystem::path(options.file).filename().string();
  made.limits.total = options.time_limit;
  made.print = print_line;
  return made;
}

// Tests that failed, one line each, and how many there were.
bool tell_tests(const std::vector<script::TestResult>& tests) {
  std::size_t failed = 0;
  for (const script::TestResult& test : tests) {
    if (test.ok()) continue;
    ++failed;
    say(fmt::format("FAILED {}\n  {}", test.name, test.message));
  }
  if (!tests.empty()) say(fmt::format("{} tests, {} failed", tests.size(), failed));
  return failed == 0;
}

bool write_junit(const Options& options, const std::vector<script::TestResult>& tests, const script::Outcome& outcome) {
  if (options.junit.empty()) return true;
  std::FILE* file = std::fopen(options.junit.c_str(), "wb");
  const std::string xml = script::junit_xml(options.file, tests, outcome);
  const bool written = file != nullptr && std::fwrite(xml.data(), 1, xml.size(), file) == xml.size();
  const bool closed = file != nullptr && std::fclose(file) == 0;
  if (!written || !closed) say(fmt::format("cannot write {}: {}", options.junit, std::strerror(errno)));
  return written && closed;
}

int code_of(const script::Outcome& outcome) {
  if (outcome.end == script::End::exited) return outcome.code;
  if (outcome.end == script::End::syntax) return kWrongInput;
  return outcome.ok() ? kDone : kFailed;
}

// The script's thread is beyond reach: the show ends in good order, the process without it.
[[noreturn]] void leave(const ScriptServices& services, const Options& options) {
  say(fmt::format("{}: cannot be interrupted where it is: {}", options.file,
                  services.elsewhere ? "the program ends" : "the show and the program end"));
  end_show(services);
  services.log.flush();
  std::fflush(nullptr);
  std::_Exit(kFailed);
}

}  // namespace

void end_show(StudioPort& studio) {
  if (studio.snapshot().phase == Phase::off) return;
  const auto ended = std::make_shared<std::promise<void>>();  // outlives set_value
  studio.call("program.stop", nullptr, {.face = Face::command_line},
              [ended](const CallResult&) { ended->set_value(); });
  ended->get_future().get();
}

void end_show(const ScriptServices& services) {
  if (!services.elsewhere) end_show(services.studio);
}

int run_script(const ScriptServices& services, const Options& options, std::stop_token stop) {
  auto source = script::read_file(options.file, kMostSource);
  if (!source) return say(source.error().describe()), kWrongInput;
  if (!options.show.empty()) {
    if (const int code = check_show(services.studio, options); code != kDone) return code;
  }
  const script::Services given{services.clock, services.wall, services.log, services.studio};
  auto host = std::make_unique<script::ScriptHost>(given, script_options(options));
  const auto outcome = host->run({std::move(*source), options.file, false}, std::move(stop));
  if (!outcome) leave(services, options);
  const auto tests = host->tests();
  host.reset();  // offline: lets time go, so that the show can end
  end_show(services);

  const bool passed = tell_tests(tests);
  const bool written = write_junit(options, tests, *outcome);
  if (!outcome->message.empty()) say(outcome->message);
  const int code = code_of(*outcome);
  return code == kDone && !(passed && written) ? kFailed : code;
}

}  // namespace mainstay
