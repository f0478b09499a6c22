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

std::string help_on(const CommandRegistry& registry, const std::string& name) {
  if (const CommandInfo* info = registry.find(name)) return details(*info);
  std::string text;
  std::vector<std::string> known;
  for (const CommandInfo* info : registry.commands()) {
    known.push_back(info->name);
    if (info->name.rfind(name + ".", 0) != 0) continue;
    if (!text.empty()) text += "\n";
    text += fmt::format("{}\n    {}", usage_of(*info), info->help);
  }
  if (!text.empty()) return text;
  return fmt::format("there is no command {}{}", show::in_quotes(name), show::hint(name, known));
}

}  // namespace mainstay::script
