// Filters of layers: what single keys cannot say.
#include <map>

#include "engine/show/check_parts.h"
#include "engine/show/layer_filters.h"
#include "engine/show/suggest.h"

namespace mainstay::show {

void check_filters(const std::vector<Filter>& filters, const std::string& pointer, Findings& findings) {
  std::map<std::string, std::size_t> names;
  for (std::size_t i = 0; i < filters.size(); ++i) {
    const std::string at = fmt::format("{}/{}", pointer, i);
    if (const auto* key = std::get_if<LumaKeyFilter>(&filters[i]); key != nullptr && key->low > key->high)
      findings.add(at + "/low", "nothing lies between {} and {}: \"low\" must not be above \"high\"", key->low,
                   key->high);
    if (const auto* lut = std::get_if<LutFilter>(&filters[i]); lut != nullptr && lut->path.empty())
      findings.add(at + "/path", "the path is empty: name a .cube file");
    const std::string& name = own_name(filters[i]);
    if (name.empty()) continue;
    const auto [first, fresh] = names.emplace(name, i);
    if (fresh) continue;
    findings.add(at + "/name", "the layer's filter {} is named {} too: give each a name of its own", first->second,
                 in_quotes(name));
  }
}

}  // namespace mainstay::show
