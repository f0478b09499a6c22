// Pictures of what runs, as image files: of the program, of preview, of a multiview, of a single source.
#include "engine/ffi/crypto/crypto.h"
#include "engine/show/paths.h"
#include "engine/studio/commands.h"

namespace mainstay {

namespace {

// As base64 it has a third more, and no connection lets more than four megabytes wait.
constexpr std::size_t kMostBytes = 2'500'000;
constexpr double kMostSide = 4096;

struct Asked {
  std::string of = "program";
  std::string name;
  int width = 0;
  int height = 0;
  std::string format = "png";
  int quality = -1;
};
struct Saved : Asked {
  std::string path;
};

CallResult invalid(std::string message) {
  return CallResult::failure(CallErrc::invalid_params, std::move(message));
}

/// An answer instead, when there is no such thing to look at.
std::optional<CallResult> check(const show::Show& show, const Asked& p) {
  const auto found = show.sources.find(p.name);
  const bool known = found != show.sources.end();
  if (p.of == "source" && p.name.empty()) return invalid("of a source: name it");
  if (p.of != "source" && p.of != "multiview") {
    return p.name.empty() ? std::nullopt : std::optional(invalid("name: only of a source or a multiview"));
  }
  if (p.name.empty()) return std::nullopt;
  if (!known) return CallResult::failure(CallErrc::not_found, fmt::format("no source is called '{}'", p.name));
  if (p.of == "multiview" && !std::holds_alternative<show::MultiviewSource>(found->second))
    return invalid(fmt::format("'{}' is no multiview", p.name));
  return std::nullopt;
}

std::function<FramePtr()> tap(const StudioCore& core, const Asked& p) {
  if (p.of == "preview") return [&core] { return core.preview_picture(); };
  if (p.of == "multiview") return [&core, name = p.name] { return core.multiview_picture(name); };
  if (p.of == "source") return [&core, name = p.name] { return core.source_picture(name); };
  return [&core] { return core.picture(); };
}

CallResult answer(const Asked& p, const std::string& path, Result<ImageFile> image) {
  if (!image) {
    if (image.error().code == Errc::cancelled)
      return CallResult::failure(CallErrc::cancelled, image.error().describe());
    const std::string what = p.name.empty() ? p.of : fmt::format("{} '{}'", p.of, p.name);
    return CallResult::failure(CallErrc::failed, fmt::format("{}: {}", what, image.error().describe()));
  }
  Json value{{"width", image->size.width}, {"height", image->size.height}};
  if (!path.empty()) {
    value["path"] = path;
    return {std::move(value), std::nullopt};
  }
  if (image->bytes.size() > kMostBytes) {
    return CallResult::failure(CallErrc::failed,
                               fmt::format("the picture has {} bytes, more than {}: ask for a smaller one, or for jpeg",
                                           image->bytes.size(), kMostBytes));
  }
  value["format"] = p.format;
  value["image"] = ffi::base64(image->bytes);
  return {std::move(value), std::nullopt};
}

void order(StudioCore& core, const Asked& p, const std::string& path, const Reply& reply) {
  const OpenShowPtr open = core.open_show();
  if (auto wrong = check(open->show, p)) return reply(*std::move(wrong));
  PictureOrder picture;
  picture.picture = tap(core, p);
  picture.inside = {p.width, p.height};
  picture.options.format = p.format == "jpeg" ? ffi::ImageFormat::jpeg : ffi::ImageFormat::png;
  picture.options.quality = p.quality;
  if (!path.empty()) picture.path = show::expand_path(path, open->dir);
  picture.done = [p, reply, path = picture.path](Result<ImageFile> image) { reply(answer(p, path, std::move(image))); };
  if (!core.pictures().take(std::move(picture)))
    reply(CallResult::failure(CallErrc::busy, "too many pictures are waiting: try again"));
}

/// What is looked at and how, behind the parameters that there are.
template <class P>
show::Section<P> asked(show::Section<P> parameters) {
  const auto at = [](auto member) {
    return static_cast<std::remove_reference_t<decltype(Asked{}.*member)> P::*>(member);
  };
  return parameters
      .field("of", at(&Asked::of),
             {.words = {"program", "preview", "multiview", "source"}, .help = "What is looked at."})
      .field("name", at(&Asked::name),
             {.help = "Of a source, or of a multiview that the show has; empty: the multiview that every show has."})
      .field("width", at(&Asked::width),
             {.min = 0, .max = kMostSide, .unit = "px", .help = "Not wider than that; 0: as it is."})
      .field("height", at(&Asked::height),
             {.min = 0, .max = kMostSide, .unit = "px", .help = "Not higher than that; 0: as it is."})
      .field("format", at(&Asked::format), {.words = {"png", "jpeg"}, .help = "Of the file."})
      .field("quality", at(&Asked::quality),
             {.min = -1,
              .max = 100,
              .help = "Of jpeg: 0 the smallest file, 100 the best; of png how little time is spent on packing; -1: a "
                      "good one."});
}

}  // namespace

void add_picture_commands(CommandRegistry& registry, StudioCore& core) {
  registry.add({.name = "picture.get",
                .help = "A picture of what runs. A source's is in its own size, as it comes; what is transparent lies "
                        "on black.",
                .role = Role::view,
                .when = When::on_air,
                .result = returns(show::FieldKind::object, "{width, height, format, image}: the image as base64.")},
               asked(show::Section<Asked>("picture.get", "")),
               [&core](const Asked& p, const Caller&, const Reply& reply) { order(core, p, {}, reply); });
  // Who may name any path may write anywhere.
  registry.add({.name = "picture.save",
                .help = "The same as picture.get, into a file, which is replaced as a whole.",
                .role = Role::admin,
                .when = When::on_air,
                .result = returns(show::FieldKind::object, "{width, height, path}")},
               asked(show::Section<Saved>("picture.save", "")
                         .field("path", &Saved::path,
                                {.help = "The file; a relative path is relative to the show file.", .required = true})),
               [&core](const Saved& p, const Caller&, const Reply& reply) {
                 p.path.empty() ? reply(invalid("path: name the file")) : order(core, p, p.path, reply);
               });
}

}  // namespace mainstay
