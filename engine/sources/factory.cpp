#include "engine/sources/factory.h"

#include <type_traits>
#include <utility>
#include <variant>

#include "engine/sources/bars_source.h"
#include "engine/sources/file_source.h"
#include "engine/sources/image_source.h"
#include "engine/sources/ingest/ingest_source.h"

namespace mainstay {

std::unique_ptr<Source> make_source(const show::Source& config, SourceContext context) {
  return std::visit(
      [&](const auto& kind) -> std::unique_ptr<Source> {
        using Kind = std::decay_t<decltype(kind)>;
        if constexpr (std::is_same_v<Kind, show::FileSource>)
          return std::make_unique<FileSource>(kind, std::move(context));
        else if constexpr (std::is_same_v<Kind, show::BarsSource>)
          return std::make_unique<BarsSource>(kind, std::move(context));
        else if constexpr (std::is_same_v<Kind, show::ColorSource>)
          return std::make_unique<ColorSource>(kind, std::move(context));
        else if constexpr (std::is_same_v<Kind, show::ImageSource>)
          return std::make_unique<ImageSource>(kind, std::move(context));
        else
          return make_ingest_source(kind, std::move(context));
      },
      config);
}

}  // namespace mainstay
