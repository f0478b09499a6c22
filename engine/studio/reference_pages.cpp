#include "engine/studio/reference_pages.h"

#include <fmt/format.h>

#include "engine/studio/event_types.h"

namespace mainstay {

namespace {

std::string signature(const CommandInfo& info) {
  std::string text;
  for (const show::FieldInfo& field : info.params.fields) {
    if (!text.empty()) text += ", ";
    text += field.required ? field.key : "[" + field.key + "]";
  }
  return info.name + "(" + text + ")";
}

// A table's cell: one line, its bars escaped.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? "\\|" : std::string(1, c);
  return out;
}

std::string default_of(const show::FieldInfo& field) {
  if (field.required) return "required";
  return field.default_json.empty() ? "–" : "`" + field.default_json + "`";
}

std::string when_text(When when) {
  switch (when) {
    case When::on_air:
      return ", on air only";
    case When::off_air:
      return ", off air only";
    case When::always:
      break;
  }
  return "";
}

std::string command_text(const CommandInfo& info) {
  std::string text =
      fmt::format("### {}\n\n`{}` · role {}{}{}\n\n{}\n", info.name, signature(info), to_string(info.role),
                  when_text(info.when), info.changes_show ? ", a revision" : "", info.help);
  if (!info.params.fields.empty()) {
    text += "\n| parameter | what it has to be | default | |\n|---|---|---|---|\n";
    for (const show::FieldInfo& field : info.params.fields) {
      text += fmt::format("| `{}` | {} | {} | {} |\n", field.key, cell(show::expectation(field)), default_of(field),
                          cell(field.help));
    }
  }
  if (!info.result.help.empty()) {
    const char* const list = info.result.shape == show::FieldShape::list ? "A list of " : "";
    text += fmt::format("\nGives back: {}{}\n", list, info.result.help);
  }
  return text + "\n";
}

}  // namespace

std::string commands_markdown(const CommandRegistry& registry) {
  std::string text =
      "# Commands\n\n"
      "Made from the declarations: `mainstay reference commands > docs/commands.md`.\n\n"
      "The same commands are functions of the scripting console (`program.cut(\"Main\")`), methods of the remote API "
      "(JSON-RPC), calls of `mainstay call`, and what stands behind each action of the window. Parameters go by name "
      "or "
      "by position. A command that changes the show is a revision in its history.\n\n"
      "A failed call says what the caller can do about it: `unknown_command`, `invalid_params`, `invalid_show` (with a "
      "pointer for each error), `denied`, `wrong_state`, `not_found`, `busy`, `failed` or `cancelled`.\n";
  std::string subject;
  for (const CommandInfo* info : registry.commands()) {
    const std::string begins = info->name.substr(0, info->name.find('.'));
    if (begins != subject) text += fmt::format("\n## {}\n\n", subject = begins);
    text += command_text(*info);
  }
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

std::string events_markdown() {
  std::string text =
      "# Events\n\n"
      "Made from the declarations: `mainstay reference events > docs/events.md`.\n\n"
      "Events are numbered from 1 up by one; a client asks for those after the last it saw (`event.list`, "
      "`events.subscribe`). Each has `number`, `at` (RFC 3339, UTC), `level`, `type`, `subject`, `message` for people "
      "and `data` for programs. The latest 2000 are kept.\n\n"
      "| type | subject | when | data |\n|---|---|---|---|\n";
  for (const EventType& type : event_types()) {
    std::string data;
    for (const auto& [key, help] : type.data) data += fmt::format("{}`{}`: {}", data.empty() ? "" : "; ", key, help);
    text += fmt::format("| `{}` | {} | {} | {} |\n", type.name, cell(type.subject), cell(type.help), cell(data));
  }
  return text;
}

}  // namespace mainstay
