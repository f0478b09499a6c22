#include "engine/studio/command_registry.h"

#include <fmt/format.h>

#include <cassert>

#include "engine/show/suggest.h"

namespace mainstay {

namespace {

// Parameters by position as an object by name; what is too many stays under a name that no command has.
Json named(const Json& list, const show::ObjectInfo& params) {
  Json object = Json::object();
  for (std::size_t i = 0; i < list.size() && i < params.fields.size(); ++i) {
    if (!list[i].is_null()) object[params.fields[i].key] = list[i];  // null: left out
  }
  return object;
}

std::string usage(const CommandInfo& info) {
  std::string text = info.name + "(";
  for (const show::FieldInfo& field : info.params.fields) {
    if (text.back() != '(') text += ", ";
    text += field.required ? field.key : "[" + field.key + "]";
  }
  return text + ")";
}

std::string said(const CommandInfo& info, const std::vector<show::ShowError>& errors) {
  const show::ShowError& first = errors.front();
  std::string text = fmt::format("{}: ", info.name);
  if (!first.pointer.empty()) text += first.pointer.substr(1) + ": ";
  text += first.message;
  if (errors.size() > 1) text += fmt::format(" (and {} more)", errors.size() - 1);
  return text;
}

}  // namespace

CommandInfo CommandRegistry::info_of(const Spec& spec, const show::ObjectInfo& params) {
  CommandInfo info{spec.name, spec.help, spec.role, spec.when, spec.changes_show, params, spec.result};
  info.params.name = spec.name;
  info.params.help = spec.help;
  return info;
}

const show::FieldInfo& CommandRegistry::params_place() {
  static const show::FieldInfo place = [] {
    show::FieldInfo field;
    field.kind = show::FieldKind::object;
    return field;
  }();
  return place;
}

void CommandRegistry::insert(Entry entry) {
  std::string name = entry.info.name;
  const auto [place, fresh] = entries_.emplace(std::move(name), std::move(entry));
  assert(fresh && "each command is declared once");
  (void)fresh;
  sorted_.clear();
  for (const auto& [key, e] : entries_) sorted_.push_back(&e.info);
}

const CommandInfo* CommandRegistry::find(std::string_view name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : &found->second.info;
}

CommandRegistry::Binding CommandRegistry::bind(const std::string& name, const Json& params,
                                               const Caller& caller) const {
  const auto failure = [](CallErrc code, std::string message, std::vector<show::ShowError> errors = {}) {
    return Binding{{}, CallError{code, std::move(message), std::move(errors)}};
  };
  const auto found = entries_.find(name);
  if (found == entries_.end()) {
    std::vector<std::string> known;
    for (const CommandInfo* info : sorted_) known.push_back(info->name);
    return failure(CallErrc::unknown_command,
                   fmt::format("there is no command {}{}", show::in_quotes(name), show::hint(name, known)));
  }
  const Entry& entry = found->second;
  if (caller.role < entry.info.role) {
    return failure(CallErrc::denied, fmt::format("{} needs the role {}; yours is {}", name, to_string(entry.info.role),
                                                 to_string(caller.role)));
  }
  if (params.is_array() && params.size() > entry.info.params.fields.size()) {
    return failure(CallErrc::invalid_params,
                   fmt::format("{}: {} parameters are too many: {}", name, params.size(), usage(entry.info)));
  }
  show::Reader reader;
  const Json object = params.is_array() ? named(params, entry.info.params) : params.is_null() ? Json::object() : params;
  Run run = entry.bind(object, reader);
  std::vector<show::ShowError> errors = std::move(reader).take();
  if (!errors.empty()) {
    std::string message = said(entry.info, errors);
    return failure(CallErrc::invalid_params, std::move(message), std::move(errors));
  }
  return {{&entry.info, entry.reads, std::move(run)}, std::nullopt};
}

}  // namespace mainstay
