// Files and history: save, undo, roll back, tag, look at what changed.
#include <algorithm>

#include "engine/show/document.h"
#include "engine/show/json_patch.h"
#include "engine/studio/commands.h"
#include "engine/studio/event_json.h"

namespace mainstay {

namespace {

struct Path {
  std::string path;
};
struct Rollback {
  std::int64_t revision = 0;
  bool keep_scene = true;
};
struct Tag {
  std::string name;
  std::int64_t revision = 0;
};
struct Listing {
  int limit = 50;
  std::int64_t before = 0;
};
struct Diff {
  std::int64_t from = 0;
  std::int64_t to = 0;
};
struct Export {
  std::string path;
  std::int64_t revision = 0;
};

constexpr double kMostRevisions = 1e15;

show::FieldInfo revision() {
  return returns(show::FieldKind::object, "{revision}: the number of the show's revision.");
}

CallResult nothing_open() {
  return CallResult::failure(CallErrc::wrong_state, "no show is open");
}

CallResult not_there(const Error& error) {
  return error.code == Errc::invalid ? CallResult::failure(CallErrc::not_found, error.describe())
                                     : CallResult{nullptr, to_call_error(error)};
}

Json to_json(const Revision& r) {
  return {{"number", r.number},   {"at", rfc3339(r.at)}, {"author", r.author}, {"kind", to_string(r.kind)},
          {"message", r.message}, {"good", r.good},      {"tags", r.tags},     {"pointers", r.pointers}};
}

// A document of the history as anybody may see it.
Result<Json> shown(const History& history, std::int64_t number) {
  MAINSTAY_TRY(const Json document, history.document(number));
  const show::Parsed parsed = show::parse_value(document);
  if (!parsed.ok()) return make_error(Errc::corrupt, "revision {} cannot be read by this version", number);
  return show::redacted_value(parsed.show);
}

void add_files(CommandRegistry& registry, StudioCore& core) {
  registry.add({.name = "show.new",
                .help = "Begins with a new show: colour bars.",
                .role = Role::admin,
                .when = When::off_air,
                .result = revision()},
               show::Section<NoParams>("show.new", ""),
               [&core](const NoParams&, const Caller&, const Reply& reply) { core.make_new(reply); });
  registry.add({.name = "show.save",
                .help = "Writes the show to its file, whole or not at all.",
                .role = Role::admin,
                .result = returns(show::FieldKind::object, "{revision, path}")},
               show::Section<Path>("show.save", "")
                   .field("path", &Path::path, {.help = "Another file; empty: the one it came from."}),
               [&core](const Path& p, const Caller&, const Reply& reply) { core.save(p.path, reply); });
  registry.add({.name = "show.reload",
                .help = "Takes over the show file as another program left it; a revision like any other.",
                .role = Role::admin,
                .changes_show = true,
                .result = revision()},
               show::Section<NoParams>("show.reload", ""),
               [&core](const NoParams&, const Caller& caller, const Reply& reply) { core.reload(caller, reply); });
  registry.add(
      {.name = "show.export",
       .help = "Writes a revision to a file of its own, with its secrets, readable by you alone.",
       .role = Role::admin,
       .result = returns(show::FieldKind::object, "{path}")},
      show::Section<Export>("show.export", "")
          .field("path", &Export::path, {.help = "The file.", .required = true})
          .field("revision", &Export::revision, {.min = 0, .max = kMostRevisions, .help = "0: the newest."}),
      [&core](const Export& p, const Caller&, const Reply& reply) { core.export_to(p.path, p.revision, reply); });
}

void add_steps(CommandRegistry& registry, StudioCore& core) {
  const auto steps = [&core](StudioCore::Way way) {
    return [&core, way](const NoParams&, const Caller& caller, const Reply& reply) { core.step(way, caller, reply); };
  };
  registry.add({.name = "show.undo",
                .help = "Takes the last edit back, while on air too; the scene on air stays.",
                .changes_show = true,
                .result = revision()},
               show::Section<NoParams>("show.undo", ""), steps(StudioCore::Way::undo));
  registry.add({.name = "show.redo", .help = "Takes an undo back.", .changes_show = true, .result = revision()},
               show::Section<NoParams>("show.redo", ""), steps(StudioCore::Way::redo));
  registry.add({.name = "show.rollback",
                .help = "Brings the whole show back to a revision, while on air too; what both have runs on untouched.",
                .changes_show = true,
                .result = revision()},
               show::Section<Rollback>("show.rollback", "")
                   .field("revision", &Rollback::revision,
                          {.min = 1, .max = kMostRevisions, .help = "Its number.", .required = true})
                   .field("keep_scene", &Rollback::keep_scene,
                          {.help = "The scene on air stays on air, when the revision has it."}),
               [&core](const Rollback& p, const Caller& caller, const Reply& reply) {
                 core.rollback(p.revision, p.keep_scene, caller, reply);
               });
}

void add_tags(CommandRegistry& registry, StudioCore& core) {
  const auto answered = [](const Reply& reply) {
    return [reply](const Status& done) { reply(done ? CallResult{} : not_there(done.error())); };
  };
  registry.add(
      {.name = "show.tag",
       .help = "Names a revision: it is kept for good, and is what the show comes back with after three crashes."},
      show::Section<Tag>("show.tag", "")
          .field("name", &Tag::name, {.help = "The tag.", .required = true})
          .field("revision", &Tag::revision, {.min = 0, .max = kMostRevisions, .help = "0: the newest."}),
      [&core, answered](const Tag& p, const Caller&, const Reply& reply) {
        const auto history = core.history();
        const OpenShowPtr open = core.open_show();
        if (!history || !open) return reply(nothing_open());
        history->tag(p.name, p.revision != 0 ? p.revision : open->revision, answered(reply));
      });
  registry.add({.name = "show.untag", .help = "Takes a tag away; the revision stays as long as others do."},
               show::Section<Tag>("show.untag", "").field("name", &Tag::name, {.help = "The tag.", .required = true}),
               [&core, answered](const Tag& p, const Caller&, const Reply& reply) {
                 const auto history = core.history();
                 if (!history) return reply(nothing_open());
                 history->untag(p.name, answered(reply));
               });
}

void add_looks(CommandRegistry& registry, StudioCore& core) {
  registry.add(
      {.name = "show.history",
       .help = "The revisions of the show, the newest first.",
       .role = Role::view,
       .reads = true,
       .result = returns(show::FieldKind::object, "{number, at, author, kind, message, good, tags, pointers}",
                         show::FieldShape::list)},
      show::Section<Listing>("show.history", "")
          .field("limit", &Listing::limit, {.min = 1, .max = 1000, .help = "At most so many."})
          .field("before", &Listing::before,
                 {.min = 0, .max = kMostRevisions, .help = "Only those with lower numbers; 0: from the newest."}),
      [&core](const Listing& p, const Caller&, const Reply& reply) {
        const auto history = core.history();
        if (!history) return reply(nothing_open());
        const auto revisions = history->list(static_cast<std::size_t>(p.limit), p.before);
        if (!revisions) return reply(not_there(revisions.error()));
        Json list = Json::array();
        for (const Revision& r : *revisions) list.push_back(to_json(r));
        reply({std::move(list), std::nullopt});
      });
  registry.add(
      {.name = "show.diff",
       .help = "What differs between two revisions; secrets are shown as \"***\".",
       .role = Role::view,
       .reads = true,
       .result = returns(show::FieldKind::object, "An RFC 6902 JSON patch.", show::FieldShape::list)},
      show::Section<Diff>("show.diff", "")
          .field("from", &Diff::from, {.min = 1, .max = kMostRevisions, .help = "A revision.", .required = true})
          .field("to", &Diff::to, {.min = 0, .max = kMostRevisions, .help = "Another; 0: the newest."}),
      [&core](const Diff& p, const Caller&, const Reply& reply) {
        const auto history = core.history();
        const OpenShowPtr open = core.open_show();
        if (!history || !open) return reply(nothing_open());
        const auto from = shown(*history, p.from);
        if (!from) return reply(not_there(from.error()));
        const auto to = shown(*history, p.to != 0 ? p.to : open->revision);
        if (!to) return reply(not_there(to.error()));
        reply({show::make_patch(*from, *to), std::nullopt});
      });
}

}  // namespace

void add_history_commands(CommandRegistry& registry, StudioCore& core) {
  add_files(registry, core);
  add_steps(registry, core);
  add_tags(registry, core);
  add_looks(registry, core);
}

}  // namespace mainstay
