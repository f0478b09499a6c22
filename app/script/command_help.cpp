#include "app/script/command_help.h"

#include <fmt/format.h>

#include "engine/show/suggest.h"

namespace mainstay::script {

namespace {

std::string details(const CommandInfo& info) {
  std::string text = usage_of(info) + "\n  " + info.help + "\n";
  for (const show::FieldInfo& field : info.params.fields) {
    text += fmt::format("  {:<12} {}", field.key, show::expectation(field));
    if (!field.default_json.empty()) text += fmt::format(", default {}", field.default_json);
    if (!field.required && field.default_json.empty()) text += ", may be left out";
    if (!field.help.empty()) text += fmt::format("\n  {:<12} {}", "", field.help);
    text += "\n";
  }
  if (!info.result.help.empty()) text += fmt::format("  returns      {}\n", info.result.help);
  text += fmt::format("  needs the role {}", to_string(info.role));
  if (info.when == When::on_air) text += "; only on air";
  if (info.when == When::off_air) text += "; only off air";
  if (info.changes_show) text += "; is a revision of the show";
  return text;
}

}  // namespace

std::string usage_of(const CommandInfo& info) {
  std::string text = info.name + "(";
  for (const show::FieldInfo& field : info.params.fields) {
    if (text.back() != '(') text += ", ";
    text += field.required ? field.key : "[" + field.key + "]";
  }
  return text + ")";
}

const std::vector<Builtin>& builtins() {
  static const std::vector<Builtin> all = {
      {"afterEach", "afterEach(fn)", "Runs fn after each test."},
      {"args", "args", "The words after -- on the command line."},
      {"assert", "assert(condition, [message])", "Throws an AssertionError when the condition does not hold."},
      {"beforeEach", "beforeEach(fn)", "Runs fn before each test."},
      {"exec", "exec(command, [arguments], [seconds])", "Runs a program: {code, stdout, stderr}. Needs --allow-exec."},
      {"exit", "exit([code])", "Ends the script."},
      {"expect", "expect(value).toBe(wanted)",
       "toBe, toEqual, toBeGreaterThan, toBeLessThan, toBeCloseTo, toContain, toMatch, toThrow; .not"},
      {"help", "help([what])", "This list, or all of one command."},
      {"include", "include(file)", "Runs another file of the script's folder."},
      {"inspect", "inspect(value)", "The value as text."},
      {"log", "log(values…)", "Writes a line to the log."},
      {"now", "now()", "Seconds since the script began, on the program's clock."},
      {"off", "off(event, [fn])", "Ends on()."},
      {"on", "on(event, fn)",
       "Calls fn with each such event while the script waits; \"leg.*\" and \"*\" match several."},
      {"phase", "phase", "off, starting, on_air or stopping."},
      {"print", "print(values…)", "Writes a line to stdout."},
      {"readText", "readText(file)", "The text of a file under the script's folder."},
      {"sleep", "sleep(seconds)", "Waits, on the program's clock."},
      {"table", "table(rows)", "Prints a list of objects, or an object of objects, as a table."},
      {"test", "test(name, fn)", "Runs a test now; one that fails makes the exit code 1."},
      {"waitFor", "waitFor(event or fn, [seconds = 60], [filter])",
       "Waits for an event or for fn to return something true, and gives it."},
      {"writeText", "writeText(file, text)", "Writes a file under the script's folder."},
  };
  return all;
}

std::string help_on_all(const CommandRegistry& registry) {
  std::string text;
  for (const CommandInfo* info : registry.commands()) text += fmt::format("{}\n    {}\n", usage_of(*info), info->help);
  for (const Builtin& builtin : builtins()) text += fmt::format("{}\n    {}\n", builtin.usage, builtin.help);
  return text + "State: phase, program, legs, sources, scenes, encoders, recorder, show; as in legs.platform.main.kbps";
}

std::string help_on(const CommandRegistry& registry, const std::string& name) {
  if (const CommandInfo* info = registry.find(name)) return details(*info);
  for (const Builtin& builtin : builtins()) {
    if (builtin.name == name) return builtin.usage + "\n    " + builtin.help;
  }
  std::string text;
  std::vector<std::string> known;
  for (const CommandInfo* info : registry.commands()) {
    known.push_back(info->name);
    if (info->name.rfind(name + ".", 0) != 0) continue;
    if (!text.empty()) text += "\n";
    text += fmt::format("{}\n    {}", usage_of(*info), info->help);
  }
  if (!text.empty()) return text;
  for (const Builtin& builtin : builtins()) known.push_back(builtin.name);
  return fmt::format("there is no command or function {}{}", show::in_quotes(name), show::hint(name, known));
}

}  // namespace mainstay::script
