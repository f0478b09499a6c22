// What the mixer's and the watchers' settings have to do with the rest of the show.
#include "engine/show/check_parts.h"
#include "engine/show/section.h"
#include "engine/show/suggest.h"

namespace mainstay::show {

void check_mixer(const Show& show, Findings& findings) {
  std::vector<std::string> sources;
  for (const auto& [name, source] : show.sources) sources.push_back(name);
  for (const auto& [name, strip] : show.mixer.strips) {
    const std::string pointer = pointer_to("/mixer/strips", name);
    if (!show.sources.contains(name))
      findings.add(pointer, "there is no source {} that this strip could be of{}", in_quotes(name),
                   hint(name, sources));
    if (!strip.duck) continue;
    if (strip.duck->by == name) {
      findings.add(pointer + "/duck/by", "a strip cannot make itself quieter: name another source");
    } else if (!show.sources.contains(strip.duck->by)) {
      findings.add(pointer + "/duck/by", "there is no source {}{}", in_quotes(strip.duck->by),
                   hint(strip.duck->by, sources));
    }
  }
}

void check_watchers(const Show& show, Findings& findings) {
  std::vector<std::string> sources;
  for (const auto& [name, source] : show.sources) sources.push_back(name);
  for (const auto& [name, set] : show.watchers.by_source) {
    if (!show.sources.contains(name))
      findings.add(pointer_to("/watchers/by_source", name), "there is no source {} that could be watched{}",
                   in_quotes(name), hint(name, sources));
  }
}

}  // namespace mainstay::show
