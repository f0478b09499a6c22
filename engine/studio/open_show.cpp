#include "engine/studio/open_show.h"

#include "engine/show/check.h"

namespace mainstay {

Edited edit(const OpenShow& before, const show::Json& document, const show::Secrets& secrets) {
  show::Parsed parsed = show::parse_value(document);
  if (parsed.ok()) parsed.errors = show::restore_secrets(parsed.show, before.show);
  if (parsed.ok()) {
    secrets.hide_literals(parsed.show);
    parsed.errors = show::check(parsed.show, {.show_dir = before.dir, .probe_files = false, .secrets = &secrets});
  }
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
