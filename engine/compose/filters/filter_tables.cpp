#include "engine/compose/filters/filter_tables.h"

#include <type_traits>
#include <variant>

#include "engine/compose/filters/chroma_key.h"
#include "engine/compose/filters/lut.h"
#include "engine/compose/filters/mask_image.h"

namespace mainstay {

namespace {

using Made = std::shared_ptr<const void>;

struct Maker {
  const FilterFiles* files;

  Made operator()(const show::ChromaKeyFilter& settings) const { return std::make_shared<const ChromaTable>(settings); }
  Made operator()(const show::LutFilter& settings) const {
    const auto cube = files != nullptr && !settings.path.empty() ? files->cube(settings.path) : nullptr;
    return cube ? std::make_shared<const LutTable>(*cube, settings.amount) : nullptr;
  }
  Made operator()(const show::MaskFilter& settings) const {
    return files != nullptr && !settings.path.empty() ? files->mask(settings.path) : nullptr;
  }
  template <class Other>
  Made operator()(const Other&) const {
    return nullptr;
  }
};

show::Filter without_name(show::Filter filter) {
  std::visit([](auto& settings) { settings.name.clear(); }, filter);
  return filter;
}

}  // namespace

std::shared_ptr<const void> prepare_filter(const show::Filter& filter, const FilterFiles* files) {
  return std::visit(Maker{files}, filter);
}

bool needs_table(const show::Filter& filter) {
  return std::holds_alternative<show::ChromaKeyFilter>(filter) || std::holds_alternative<show::LutFilter>(filter);
}

bool same_table(const show::Filter& a, const show::Filter& b) {
  return a.index() == b.index() && without_name(a) == without_name(b);
}

std::shared_ptr<const void> FilterFiles::prepared(const show::Filter& filter) const {
  return prepare_filter(filter, this);
}

}  // namespace mainstay
