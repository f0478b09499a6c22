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

namespace {

void collect(const show::Json& before, const show::Json& after, const std::string& pointer, std::size_t limit,
             std::vector<std::string>& out) {
  if (out.size() >= limit || before == after) return;
  if (!before.is_object() || !after.is_object()) {
    out.push_back(pointer);
    return;
  }
  for (const auto& [key, value] : before.items()) {
    const std::string place = show::pointer_to(pointer, key);
    const auto other = after.find(key);
    if (other != after.end()) {
      collect(value, *other, place, limit, out);
    } else if (out.size() < limit) {
      out.push_back(place);
    }
  }
  for (const auto& [key, value] : after.items()) {
    if (!before.contains(key) && out.size() < limit) out.push_back(show::pointer_to(pointer, key));
  }
}

}  // namespace

std::vector<std::string> changed_pointers(const show::Json& before, const show::Json& after, std::size_t limit) {
  std::vector<std::string> out;
  collect(before, after, "", limit, out);
  return out;
}

}  // namespace mainstay
