// The open show's file and history: opening, recovering after a crash, saving, and taking over what others wrote.
#include <algorithm>

#include "engine/show/check.h"
#include "engine/show/document_diff.h"
#include "engine/show/parse.h"
#include "engine/show/paths.h"
#include "engine/studio/probe.h"
#include "engine/studio/studio_core.h"

namespace mainstay {

namespace {

CallResult nothing_open() {
  return CallResult::failure(CallErrc::wrong_state, "no show is open");
}

// Whether one of the latest revisions has this document.
bool history_has(const History& history, const show::Json& document) {
  const auto latest = history.list(History::kMostListed);
  if (!latest) return false;
  return std::any_of(latest->begin(), latest->end(), [&](const Revision& revision) {
    const auto known = history.document(revision.number);
    return known && show::same_document(*known, document);
  });
}

}  // namespace

CallResult StudioCore::refuse(const std::string& path, std::vector<show::ShowError> errors) {
  for (show::ShowError& error : errors) error.message = log_.redactor().redact(error.message);
  CallResult refused = CallResult::failure(CallErrc::invalid_show, std::move(errors));
  events_.add(LogLevel::debug, "show.refused", path,
              fmt::format("{} errors; the first: {}", refused.error->errors.size(), refused.error->message));
  return refused;
}

void StudioCore::open(const std::string& path, const Reply& reply) {
  if (on_air())
    return reply(CallResult::failure(CallErrc::wrong_state, "a show is on air: end it before opening another"));
  end_gesture();
  answer_aside([this, path] { return open_now(path); }, reply);
}

void StudioCore::make_new(const Reply& reply) {
  if (on_air())
    return reply(CallResult::failure(CallErrc::wrong_state, "a show is on air: end it before making another"));
  end_gesture();
  answer_aside([this] { return make_new_now(); }, reply);
}

CallResult StudioCore::open_now(const std::string& path) {
  show::Parsed parsed = show::load_show(path);
  const std::string dir = show::directory_of(path);
  if (parsed.ok()) {
    secrets_.hide_literals(parsed.show);
    parsed.errors = show::check(parsed.show, {.show_dir = dir, .probe_files = true, .secrets = &secrets_});
    if (parsed.ok()) parsed.errors = check_macros(parsed.show);
    if (parsed.ok()) parsed.errors = probe(parsed.show, dir, log_);
  }
  if (!parsed.ok()) return refuse(path, std::move(parsed.errors));
  auto opened = std::make_shared<OpenShow>();
  opened->show = std::move(parsed.show);
  opened->value = show::to_value(opened->show);
  opened->path = path;
  opened->dir = dir;
  return begin(std::move(opened), fmt::format("open {}", path));
}

CallResult StudioCore::make_new_now() {
  auto opened = std::make_shared<OpenShow>();
  opened->show = show::parse_show(R"({"mainstay": 1, "program": {}, "sources": {"bars": {"type": "bars"}}})").show;
  opened->value = show::to_value(opened->show);
  opened->dir = ".";
  return begin(std::move(opened), "new show");
}

CallResult StudioCore::begin(std::shared_ptr<OpenShow> opened, const std::string& message) {
  {
    std::lock_guard lock(mutex_);
    history_.reset();  // the file is one history's at a time
  }
  const ShowKeeper::Opened kept = keeper_.open(opened->path);
  const std::shared_ptr<History> history = keeper_.history();
  if (!kept.warning.empty()) events_.add(LogLevel::warning, "history.warning", opened->path, kept.warning);
  // A file that no revision has was changed since the crash: whoever did that wants it as it is.
  const bool changed_since = kept.revision && history && !history_has(*history, opened->value);
  if (changed_since) {
    events_.add(LogLevel::warning, "show.recovered", opened->path,
                "the last run of this show ended in a crash; the show file was changed since, so it is used as it is",
                {{"revision", 0}, {"crashes", kept.crashes}});
  } else if (!kept.sentence.empty()) {
    const bool back = recover(*opened, kept);
    const std::int64_t revision = back ? *kept.revision : 0;
    events_.add(LogLevel::warning, "show.recovered", opened->path, kept.sentence,
                {{"revision", revision}, {"crashes", kept.crashes}});
  }
  if (history) {
    const UndoRow current = history->current();
    const auto newest = current.number != 0 ? history->document(current.number) : Result<show::Json>(show::Json());
    if (newest && show::same_document(*newest, opened->value)) {
      opened->revision = current.number;
    } else if (auto number = history->append({"engine", message, RevisionKind::open,
                                              current.number != 0 ? links_after_edit(current) : UndoLinks{},
                                              std::make_shared<const show::Json>(opened->value)})) {
      opened->revision = *number;
    }
  }
  if (opened->saved_revision == 0 && !opened->path.empty()) opened->saved_revision = opened->revision;
  if (kept.revision && !changed_since && !opened->path.empty() && opened->saved_revision == opened->revision &&
      !kept.sentence.empty())
    opened->saved_revision = 0;  // the file holds something else
  const std::int64_t revision = opened->revision;
  const std::string path = opened->path;
  {
    std::lock_guard lock(mutex_);
    show_ = std::move(opened);
    history_ = history;
    last_.reset();
    failure_.clear();
  }
  events_.add(LogLevel::debug, "show.opened", path, "open", {{"revision", revision}});
  return {{{"revision", revision}}, std::nullopt};
}

// The document that the history says to begin with; false when it is not valid here any more.
bool StudioCore::recover(OpenShow& opened, const ShowKeeper::Opened& kept) {
  const std::shared_ptr<History> history = keeper_.history();
  if (!kept.revision || !history) return false;
  const auto document = history->document(*kept.revision);
  if (!document) return false;
  Edited edited = edit(opened, *document, secrets_);
  if (!edited.show) return false;
  opened = std::move(*edited.show);
  return true;
}

void StudioCore::save(const std::string& path, const Reply& reply) {
  end_gesture();
  const OpenShowPtr open = open_show();
  if (!open) return reply(nothing_open());
  const std::string to = path.empty() ? open->path : path;
  if (to.empty()) return reply(CallResult::failure(CallErrc::invalid_params, "show.save: name the file: path"));
  const std::int64_t revision = open->revision;
  keeper_.save(to, show::to_json(open->show), [this, to, revision, reply](const Status& saved) {
    if (!saved) return reply(CallResult::failure(CallErrc::failed, saved.error().describe()));
    if (!control_.post([this, to, revision] { was_saved(to, revision); })) was_saved(to, revision);
    reply({{{"revision", revision}, {"path", to}}, std::nullopt});
  });
}

void StudioCore::export_to(const std::string& path, std::int64_t revision, const Reply& reply) {
  end_gesture();
  const auto history = this->history();
  const OpenShowPtr open = open_show();
  if (!history || !open) return reply(nothing_open());
  const auto document = std::make_shared<Result<show::Json>>(show::Json());
  aside([=] { *document = history->document(revision != 0 ? revision : open->revision); },
        [this, path, document, reply] {
          if (!*document) return reply(CallResult::failure(CallErrc::not_found, document->error().describe()));
          keeper_.export_to(path, (*document)->dump(2) + "\n", [path, reply](const Status& written) {
            reply(written ? CallResult{{{"path", path}}, std::nullopt}
                          : CallResult::failure(CallErrc::failed, written.error().describe()));
          });
        });
}

void StudioCore::was_saved(const std::string& path, std::int64_t revision) {
  {
    std::lock_guard lock(mutex_);
    if (!show_) return;
    auto now = std::make_shared<OpenShow>(*show_);
    now->path = path;
    now->saved_revision = revision;
    show_ = std::move(now);
  }
  events_.add(LogLevel::info, "show.saved", path, fmt::format("revision {} saved", revision), {{"revision", revision}});
}

void StudioCore::file_changed(const std::string& path, const ShowFile::Change& change) {
  const OpenShowPtr open = open_show();
  if (!open || open->path != path) return;
  events_.add(LogLevel::warning, "show.file_changed", path,
              change.removed ? "the show file is gone: show.save writes it again"
                             : "the show file was changed by another program: show.reload takes it over");
}

void StudioCore::reload(const Caller& caller, const Reply& reply) {
  const OpenShowPtr open = open_show();
  if (!open || open->path.empty()) return reply(CallResult::failure(CallErrc::wrong_state, "no show file is open"));
  const auto parsed = std::make_shared<show::Parsed>();
  aside([path = open->path, parsed] { *parsed = show::load_show(path); },
        [this, path = open->path, parsed, caller, reply] {
          if (!parsed->ok()) return reply(refuse(path, std::move(parsed->errors)));
          const show::Json document = show::to_value(parsed->show);
          change({.edit = [&](show::Json& out) { return out = document, Status{}; },
                  .kind = RevisionKind::external,
                  .message = "take over " + path,
                  .caller = caller},
                 [this, reply, path](const CallResult& result) {
                   if (result.ok()) {
                     const std::int64_t revision = result.value["revision"];
                     control_.post_news([this, path, revision] { was_saved(path, revision); });
                   }
                   reply(result);
                 });
        });
}

}  // namespace mainstay
