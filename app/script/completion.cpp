#include "app/script/completion.h"

#include <algorithm>
#include <cctype>

#include "app/script/command_help.h"
#include "engine/studio/event_types.h"

namespace mainstay::script {

namespace {

using Candidates = std::vector<ui::ConsoleCandidate>;

constexpr std::size_t kMostCandidates = 500;

bool is_path(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' || c == '.';
}

std::string first_line(std::string text) {
  return text.substr(0, text.find('\n'));
}

void add_keys(const Json& json, Candidates& out) {
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) {
      out.push_back(
          {key, value.is_structured() ? "" : first_line(value.dump(-1, ' ', false, Json::error_handler_t::replace))});
    }
  } else if (json.is_array()) {
    for (const Json& item : json) {
      if (item.is_string()) out.push_back({item.get<std::string>(), ""});
      if (item.is_object() && item.contains("name") && item["name"].is_string())
        out.push_back({item["name"].get<std::string>(), ""});
    }
  }
}

Candidates global_names(const StudioPort& studio, const std::vector<std::string>& globals) {
  Candidates out;
  for (const CommandInfo* info : studio.registry().commands()) {
    out.push_back({info->name.substr(0, info->name.find('.')), "commands"});
  }
  for (const char* name : {"program", "legs", "sources", "scenes", "encoders", "recorder", "hls", "show", "phase"}) {
    out.push_back({name, "state"});
  }
  for (const Builtin& builtin : builtins()) out.push_back({builtin.name, builtin.usage + ": " + builtin.help});
  for (const std::string& name : globals) out.push_back({name, ""});
  return out;
}

// Behind "a.b.": commands of the namespace, and what the state has there.
Candidates members(const StudioPort& studio, const std::string& path) {
  Candidates out;
  for (const CommandInfo* info : studio.registry().commands()) {
    if (info->name.rfind(path + ".", 0) == 0)
      out.push_back({info->name.substr(path.size() + 1), usage_of(*info) + ": " + info->help});
  }
  const Json state = studio.state();
  const Json* at = &state;
  for (std::size_t begin = 0; begin <= path.size() && at != nullptr;) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    const auto found = at->is_object() ? at->find(path.substr(begin, end - begin)) : at->end();
    at = at->is_object() && found != at->end() ? &*found : nullptr;
    begin = end + 1;
  }
  if (at != nullptr && at->is_object()) add_keys(*at, out);
  return out;
}

// Within the quotes of the first argument: names of what the command is about.
Candidates arguments(const StudioPort& studio, const std::string& function) {
  Candidates out;
  if (function == "on" || function == "off" || function == "waitFor") {
    for (const EventType& type : event_types()) out.push_back({type.name, type.help});
    return out;
  }
  if (function == "help") {
    for (const CommandInfo* info : studio.registry().commands()) out.push_back({info->name, info->help});
    return out;
  }
  const CommandInfo* const info = studio.registry().find(function);
  if (info == nullptr || info->params.fields.empty()) return out;
  const show::FieldInfo& first = info->params.fields.front();
  for (const std::string& word : first.words) out.push_back({word, ""});
  const std::string subject = function.substr(0, function.find('.'));
  const char* const part = first.key == "scene"       ? "scenes"
                           : subject == "destination" ? "legs"
                           : subject == "source"      ? "sources"
                                                      : "";
  const Json state = studio.state();
  if (state.contains(part)) add_keys(state[part], out);
  return out;
}

// The function whose first argument's quotes are open before `begin`: `program.cut("`.
std::string function_before(std::string_view line, std::size_t begin) {
  if (begin < 2 || (line[begin - 1] != '"' && line[begin - 1] != '\'') || line[begin - 2] != '(') return {};
  std::size_t from = begin - 2;
  while (from > 0 && is_path(line[from - 1])) --from;
  return std::string(line.substr(from, begin - 2 - from));
}

}  // namespace

ui::ConsoleCompletion complete(const StudioPort& studio, const std::vector<std::string>& globals, std::string_view line,
                               std::size_t cursor) {
  line = line.substr(0, std::min(cursor, line.size()));
  std::size_t begin = line.size();
  while (begin > 0 && is_path(line[begin - 1])) --begin;
  ui::ConsoleCompletion completion;
  const std::string function = line.rfind("help ", 0) == 0 && begin == 5 ? "help" : function_before(line, begin);
  std::string_view typed = line.substr(begin);
  const std::size_t dot = typed.rfind('.');
  if (!function.empty()) {
    completion.candidates = arguments(studio, function);
  } else if (dot != std::string_view::npos) {
    completion.candidates = members(studio, std::string(typed.substr(0, dot)));
    begin += dot + 1;
    typed.remove_prefix(dot + 1);
  } else if (!typed.empty()) {
    completion.candidates = global_names(studio, globals);
  }
  completion.begin = begin;
  Candidates& all = completion.candidates;
  std::erase_if(all, [&](const auto& candidate) { return candidate.text.rfind(typed, 0) != 0; });
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.text < b.text; });
  all.erase(std::unique(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.text == b.text; }),
            all.end());
  if (all.size() > kMostCandidates) all.resize(kMostCandidates);
  return completion;
}

}  // namespace mainstay::script
