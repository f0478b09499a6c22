#include "engine/studio/open_show.h"

#include <fmt/format.h>

#include "engine/show/check.h"
#include "engine/show/suggest.h"
#include "engine/studio/event_types.h"

namespace mainstay {

std::vector<show::ShowError> check_macros(const show::Show& show) {
  std::vector<std::string> known;
  for (const EventType& type : event_types()) known.push_back(type.name);
  std::vector<show::ShowError> errors;
  for (const auto& [name, macro] : show.macros) {
    if (macro.on.empty() || find_event_type(macro.on) != nullptr) continue;
    errors.push_back({show::pointer_to("/macros", name) + "/on",
                      fmt::format("there is no event {}{}", show::in_quotes(macro.on), show::hint(macro.on, known))});
  }
  return errors;
}

Edited edit(const OpenShow& before, const show::Json& document, const show::Secrets& secrets) {
  show::Parsed parsed = show::parse_value(document);
  if (parsed.ok()) parsed.errors = show::restore_secrets(parsed.show, before.show);
  if (parsed.ok()) {
    secrets.hide_literals(parsed.show);
    parsed.errors = show::check(parsed.show, {.show_dir = before.dir, .probe_files = false, .secrets = &secrets});
  }
  if (parsed.ok()) parsed.errors = check_macros(parsed.show);
  if (!parsed.ok()) {
    for (show::ShowError& error : parsed.errors) error.message = secrets.redactor().redact(error.message);
    return {nullptr, std::move(parsed.errors)};
  }
  auto after = std::make_shared<OpenShow>(before);
  after->show = std::move(parsed.show);
  after->value = show::to_value(after->show);
  return {std::move(after), {}};
}

}  // namespace mainstay
