// The show document: open, read, edit, check.
#include "engine/show/check.h"
#include "engine/studio/commands.h"

namespace mainstay {

namespace {

struct Path {
  std::string path;
};
struct Pointer {
  std::string pointer;
};
struct Set {
  std::string pointer;
  Json value;
  std::string message;
  std::string on_failure = "keep";
};
struct Remove {
  std::string pointer;
  std::string message;
  std::string on_failure = "keep";
};
struct Patch {
  Json patch;
  std::string message;
  std::string on_failure = "keep";
};
struct Apply {
  Json show;
  std::string message;
  std::string on_failure = "keep";
};
struct Check {
  Json show;
};

constexpr const char* kPointerHelp = "RFC 6901 JSON pointer: /sources/clip/loop.";

show::FieldSpec message_spec() {
  return {.help = "What the change is about, for the history."};
}

show::FieldInfo revision() {
  return returns(show::FieldKind::object, "{revision}: the number of the show's revision.");
}

show::FieldSpec on_failure_spec() {
  return {.words = {"keep", "rollback"},
          .help =
              "What to do when a part that the change touches fails (a port in use, a file missing): keep the change "
              "and go on trying, or take it back as a whole; then the answer comes when all runs, or after 5 s."};
}

Change edit_of(std::function<Status(Json&)> edit, std::string message, const std::string& on_failure,
               const Caller& caller) {
  return {.edit = std::move(edit),
          .message = std::move(message),
          .caller = caller,
          .rollback_on_failure = on_failure == "rollback"};
}

std::string message_or(const std::string& message, std::string otherwise) {
  return message.empty() ? otherwise : message;
}

void add_reads(CommandRegistry& registry, StudioCore& core) {
  registry.add({.name = "show.get",
                .help = "The show document, or a part of it; secrets are shown as \"***\".",
                .role = Role::view,
                .reads = true,
                .result = returns(show::FieldKind::any, "The value at the pointer.")},
               show::Section<Pointer>("show.get", "")
                   .field("pointer", &Pointer::pointer, {.help = std::string(kPointerHelp) + " Empty: all of it."}),
               [&core](const Pointer& p, const Caller&, const Reply& reply) {
                 const OpenShowPtr open = core.open_show();
                 if (!open) return reply(CallResult::failure(CallErrc::wrong_state, "no show is open"));
                 const Json document = show::redacted_value(open->show);
                 const Json* const found = show::find_at(document, p.pointer);
                 if (found == nullptr) {
                   return reply(CallResult::failure(CallErrc::not_found,
                                                    fmt::format("the show has nothing at \"{}\"", p.pointer)));
                 }
                 reply({*found, std::nullopt});
               });
  registry.add({.name = "show.check",
                .help = "Says what is wrong with a document, or with the open show.",
                .role = Role::view,
                .reads = true,
                .result = returns(show::FieldKind::object, "{errors: [{pointer, message}]}: empty when it is valid.")},
               show::Section<Check>("show.check", "")
                   .field("show", &Check::show, {.help = "The document; absent: the open show."}),
               [&core](const Check& p, const Caller&, const Reply& reply) {
                 const OpenShowPtr open = core.open_show();
                 if (!open && p.show.is_null())
                   return reply(CallResult::failure(CallErrc::wrong_state, "no show is open"));
                 const OpenShow none;
                 const OpenShow& base = open ? *open : none;
                 const Edited edited = edit(base, p.show.is_null() ? base.value : p.show, core.secrets());
                 Json errors = Json::array();
                 for (const auto& e : edited.errors) errors.push_back({{"pointer", e.pointer}, {"message", e.message}});
                 reply({{{"errors", std::move(errors)}}, std::nullopt});
               });
}

void add_edits(CommandRegistry& registry, StudioCore& core) {
  registry.add({.name = "show.set",
                .help = "Sets one value of the show; what runs follows at once, with the least change.",
                .role = Role::admin,
                .changes_show = true,
                .result = revision()},
               show::Section<Set>("show.set", "")
                   .field("pointer", &Set::pointer, {.help = kPointerHelp, .required = true})
                   .field("value", &Set::value, {.help = "The value.", .required = true})
                   .field("message", &Set::message, message_spec())
                   .field("on_failure", &Set::on_failure, on_failure_spec()),
               [&core](const Set& p, const Caller& caller, const Reply& reply) {
                 core.change(edit_of([&](Json& document) { return show::set_at(document, p.pointer, p.value); },
                                     message_or(p.message, "set " + p.pointer), p.on_failure, caller),
                             reply);
               });
  registry.add({.name = "show.remove",
                .help = "Takes one value out of the show.",
                .role = Role::admin,
                .changes_show = true,
                .result = revision()},
               show::Section<Remove>("show.remove", "")
                   .field("pointer", &Remove::pointer, {.help = kPointerHelp, .required = true})
                   .field("message", &Remove::message, message_spec())
                   .field("on_failure", &Remove::on_failure, on_failure_spec()),
               [&core](const Remove& p, const Caller& caller, const Reply& reply) {
                 core.change(edit_of([&](Json& document) { return show::remove_at(document, p.pointer); },
                                     message_or(p.message, "remove " + p.pointer), p.on_failure, caller),
                             reply);
               });
  registry.add({.name = "show.patch",
                .help = "Several edits as one change: all of them or none.",
                .role = Role::admin,
                .changes_show = true,
                .result = revision()},
               show::Section<Patch>("show.patch", "")
                   .field("patch", &Patch::patch, {.help = "An RFC 6902 JSON patch.", .required = true})
                   .field("message", &Patch::message, message_spec())
                   .field("on_failure", &Patch::on_failure, on_failure_spec()),
               [&core](const Patch& p, const Caller& caller, const Reply& reply) {
                 core.change(edit_of([&](Json& document) { return show::patch_document(document, p.patch); },
                                     message_or(p.message, "patch"), p.on_failure, caller),
                             reply);
               });
  registry.add({.name = "show.apply",
                .help = "Brings the show to a whole document; \"***\" keeps the secret that was there.",
                .role = Role::admin,
                .changes_show = true,
                .result = revision()},
               show::Section<Apply>("show.apply", "")
                   .field("show", &Apply::show, {.help = "The document.", .required = true})
                   .field("message", &Apply::message, message_spec())
                   .field("on_failure", &Apply::on_failure, on_failure_spec()),
               [&core](const Apply& p, const Caller& caller, const Reply& reply) {
                 core.change(edit_of([&](Json& document) { return document = p.show, Status{}; },
                                     message_or(p.message, "apply a document"), p.on_failure, caller),
                             reply);
               });
}

}  // namespace

void add_show_commands(CommandRegistry& registry, StudioCore& core) {
  registry.add(
      {.name = "show.open",
       .help = "Reads and checks a show file; it becomes the open one only without an error.",
       .role = Role::admin,
       .when = When::off_air,
       .result = revision()},
      show::Section<Path>("show.open", "").field("path", &Path::path, {.help = "The show file.", .required = true}),
      [&core](const Path& p, const Caller&, const Reply& reply) { core.open(p.path, reply); });
  add_reads(registry, core);
  add_edits(registry, core);
}

}  // namespace mainstay
