// How the open show changes: the one way for edits, cuts, undo, rollback, and files changed from outside.
#include <algorithm>

#include "engine/show/check.h"
#include "engine/show/document_diff.h"
#include "engine/show/parse.h"
#include "engine/studio/studio_core.h"

namespace mainstay {

namespace {

constexpr std::size_t kMostCuts = 256;  // waiting for their frame
constexpr std::size_t kMostSettling = 64;

std::string first_of(const std::vector<show::ShowError>& errors) {
  std::string text = to_line(errors.front());
  if (errors.size() > 1) text += fmt::format(" (and {} more)", errors.size() - 1);
  return text;
}

std::string author_of(const Caller& caller) {
  return caller.name.empty() ? to_string(caller.face) : fmt::format("{}:{}", to_string(caller.face), caller.name);
}

// "sources/clip", "destinations/platform", "record": the parts that pointers lead into.
std::vector<std::string> parts_of(const std::vector<std::string>& pointers) {
  std::vector<std::string> parts;
  for (const std::string& pointer : pointers) {
    const std::size_t first = pointer.find('/', 1);
    std::string part = pointer.substr(1, first == std::string::npos ? first : pointer.find('/', first + 1) - 1);
    if (part.starts_with("record")) part = "record";
    if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(std::move(part));
  }
  return parts;
}

// A change is answered when its number is known and it is stored, whichever comes last.
class Answer {
 public:
  explicit Answer(Reply reply) : reply_(std::move(reply)) {}
  void number(std::int64_t revision) {
    std::unique_lock lock(mutex_);
    revision_ = revision;
    finish(lock);
  }
  void stored(const Status& status) {
    std::unique_lock lock(mutex_);
    stored_ = true;
    if (!status) warning_ = status.error().describe();
    finish(lock);
  }

 private:
  void finish(std::unique_lock<std::mutex>& lock) {
    if (!stored_ || revision_ == 0 || !reply_) return;
    const Reply reply = std::exchange(reply_, nullptr);
    Json value{{"revision", revision_}};
    if (!warning_.empty()) value["warning"] = "it holds, but the history could not store it: " + warning_;
    lock.unlock();
    reply({std::move(value), std::nullopt});
  }

  std::mutex mutex_;
  Reply reply_;
  std::int64_t revision_ = 0;
  bool stored_ = false;
  std::string warning_;
};

// Whether one of the latest revisions has this document.
bool history_has(const History& history, const show::Json& document) {
  const auto latest = history.list(History::kMostListed);
  if (!latest) return false;
  return std::any_of(latest->begin(), latest->end(), [&](const Revision& revision) {
    const auto known = history.document(revision.number);
    return known && show::same_document(*known, document);
  });
}

UndoLinks links_for(const Change& change, const UndoRow& current) {
  if (change.links) return *change.links;
  return change.kind == RevisionKind::live ? links_after_live(current) : links_after_edit(current);
}

}  // namespace

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

void StudioCore::change(const Change& change, const Reply& reply) {
  const OpenShowPtr before = open_show();
  const auto history = this->history();
  if (!before || !history) return reply(CallResult::failure(CallErrc::wrong_state, "no show is open"));
  if (change.rollback_on_failure && settling_.size() >= kMostSettling)
    return reply(CallResult::failure(CallErrc::busy, "too many changes wait to be settled: try again"));
  show::Json document = before->value;
  if (const Status edited = change.edit(document); !edited)
    return reply(CallResult::failure(CallErrc::invalid_params, edited.error().describe()));
  Edited edited = edit(*before, document, secrets_);
  if (!edited.errors.empty()) {
    std::string text = first_of(edited.errors);
    return reply(CallResult::failure(CallErrc::invalid_show, std::move(text), std::move(edited.errors)));
  }
  // Nothing changed: no revision. An undo always moves on, or the next one would come to the same place.
  if (!change.links && edited.show->show == before->show)
    return reply({{{"revision", before->revision}}, std::nullopt});

  const auto air = on_air();
  std::optional<OnAir::Prepared> prepared;
  if (air) {
    OnAir::Preparation preparation = air->prepare(edited.show->show);
    if (!preparation.prepared) {
      for (show::ShowError& error : preparation.errors) error.message = log_.redactor().redact(error.message);
      std::string text = first_of(preparation.errors);
      return reply(CallResult::failure(CallErrc::failed, std::move(text), std::move(preparation.errors)));
    }
    prepared = std::move(preparation.prepared);
  }
  const bool settles = air && change.rollback_on_failure;
  const auto answer = std::make_shared<Answer>(settles ? Reply() : reply);
  const auto number =
      history->append({author_of(change.caller), change.message, change.kind, links_for(change, history->current()),
                       std::make_shared<const show::Json>(edited.show->value)},
                      [answer](const Status& status) { answer->stored(status); });
  if (!number) return reply({nullptr, to_call_error(number.error())});
  edited.show->revision = *number;
  if (prepared) air->commit(std::move(*prepared));
  const std::shared_ptr<OpenShow> after = std::move(edited.show);
  if (air && after->show.on_air != before->show.on_air) {
    pending_cuts_.push_back({air->plan_number(), before->show.on_air, after->show.on_air});
    if (pending_cuts_.size() > kMostCuts) pending_cuts_.pop_front();
  }
  if (settles) {
    settling_.push_back({before, *number, parts_of(show::differing_pointers(before->value, after->value)),
                         clock_.now() + kSettleLimit, change.caller, reply});
  }
  accept(before, after, change);
  answer->number(*number);
}

void StudioCore::accept(const OpenShowPtr& before, std::shared_ptr<OpenShow> after, const Change& change) {
  const std::int64_t revision = after->revision;
  Json pointers = show::differing_pointers(before->value, after->value);
  const std::string name = after->show.name;
  {
    std::lock_guard lock(mutex_);
    show_ = std::move(after);
  }
  events_.add(LogLevel::debug, "show.changed", name, fmt::format("revision {}: {}", revision, change.message),
              {{"revision", revision},
               {"kind", to_string(change.kind)},
               {"pointers", std::move(pointers)},
               {"message", change.message}});
}

void StudioCore::plan_taken(std::int64_t plan, FrameIndex n) {
  if (pending_cuts_.empty() || pending_cuts_.front().plan > plan) return;
  // Of several cuts between two frames only the last was ever seen.
  while (pending_cuts_.size() > 1 && pending_cuts_[1].plan <= plan) pending_cuts_.pop_front();
  const Cut cut = std::move(pending_cuts_.front());
  pending_cuts_.pop_front();
  events_.add(LogLevel::info, "program.scene", cut.to, fmt::format("on air from frame {}", n),
              {{"from", cut.from}, {"frame", n}});
}

void StudioCore::settle() {
  const auto air = on_air();
  std::vector<Settling> ready;
  const auto settled = [&](const Settling& s) {
    return !air || clock_.now() >= s.until || !air->troubles(s.parts).empty() || air->settled(s.parts);
  };
  const auto first =
      std::stable_partition(settling_.begin(), settling_.end(), [&](const Settling& s) { return !settled(s); });
  std::move(first, settling_.end(), std::back_inserter(ready));
  settling_.erase(first, settling_.end());
  for (const Settling& s : ready) {
    const std::vector<std::string> troubles = air ? air->troubles(s.parts) : std::vector<std::string>{};
    if (troubles.empty()) {
      s.reply({{{"revision", s.revision}}, std::nullopt});
      continue;
    }
    const OpenShowPtr now = open_show();
    const std::string why = troubles.front();
    if (!now || now->revision != s.revision) {
      s.reply(
          CallResult::failure(CallErrc::failed, fmt::format("{}; not taken back, as the show has changed since", why)));
      continue;
    }
    Change back{.edit = [&](show::Json& document) { return document = s.before->value, Status{}; },
                .kind = RevisionKind::rollback,
                .message = fmt::format("take back revision {}: {}", s.revision, why),
                .caller = s.caller};
    change(back, [this, s, why](const CallResult& result) {
      const Json revision = result.ok() ? result.value["revision"] : Json(0);
      events_.add(LogLevel::warning, "show.rolled_back", s.before->show.name, why,
                  {{"revision", revision}, {"why", why}});
      s.reply(CallResult::failure(CallErrc::failed, result.ok()
                                                        ? why + "; the change was taken back as a whole"
                                                        : why + "; taking it back failed: " + result.error->message));
    });
  }
}

void StudioCore::step(Way way, const Caller& caller, const Reply& reply) {
  const auto history = this->history();
  const OpenShowPtr open = open_show();
  if (!history || !open) return reply(CallResult::failure(CallErrc::wrong_state, "no show is open"));
  const bool undo = way == Way::undo;
  const auto step = undo ? undo_step(history->current(), history->undo_lookup())
                         : redo_step(history->current(), history->undo_lookup());
  if (!step) {
    return reply(
        CallResult::failure(CallErrc::wrong_state, undo ? "there is nothing to undo" : "there is nothing to redo"));
  }
  const auto document = history->document(step->target);
  if (!document) return reply({nullptr, to_call_error(document.error())});
  const Json on_air = open->show.on_air;
  Change change{.edit =
                    [&](show::Json& out) {
                      out = *document;
                      // A cut is no edit: undo never changes what the audience sees, when it need not.
                      if (out.contains("scenes") && out["scenes"].contains(on_air)) out["on_air"] = on_air;
                      return Status{};
                    },
                .kind = undo ? RevisionKind::undo : RevisionKind::redo,
                .message = fmt::format("{} to revision {}", undo ? "undo" : "redo", step->target),
                .caller = caller,
                .links = step->links};
  this->change(change, reply);
}

void StudioCore::rollback(std::int64_t revision, bool keep_scene, const Caller& caller, const Reply& reply) {
  const auto history = this->history();
  const OpenShowPtr open = open_show();
  if (!history || !open) return reply(CallResult::failure(CallErrc::wrong_state, "no show is open"));
  const auto document = history->document(revision);
  if (!document) return reply(CallResult::failure(CallErrc::not_found, document.error().describe()));
  const Json on_air = open->show.on_air;
  Change change{.edit =
                    [&](show::Json& out) {
                      out = *document;
                      if (keep_scene && out.contains("scenes") && out["scenes"].contains(on_air))
                        out["on_air"] = on_air;
                      return Status{};
                    },
                .kind = RevisionKind::rollback,
                .message = fmt::format("roll back to revision {}", revision),
                .caller = caller};
  this->change(change, reply);
}

void StudioCore::save(const std::string& path, const Reply& reply) {
  const OpenShowPtr open = open_show();
  if (!open) return reply(CallResult::failure(CallErrc::wrong_state, "no show is open"));
  const std::string to = path.empty() ? open->path : path;
  if (to.empty()) return reply(CallResult::failure(CallErrc::invalid_params, "show.save: name the file: path"));
  const std::int64_t revision = open->revision;
  keeper_.save(to, show::to_json(open->show), [this, to, revision, reply](const Status& saved) {
    if (!saved) return reply(CallResult::failure(CallErrc::failed, saved.error().describe()));
    if (!control_.post([this, to, revision] { was_saved(to, revision); })) was_saved(to, revision);
    reply({{{"revision", revision}, {"path", to}}, std::nullopt});
  });
}

void StudioCore::export_to(const std::string& path, std::string text, const Reply& reply) {
  keeper_.export_to(path, std::move(text), [path, reply](const Status& written) {
    reply(written ? CallResult{{{"path", path}}, std::nullopt}
                  : CallResult::failure(CallErrc::failed, written.error().describe()));
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
  show::Parsed parsed = show::load_show(open->path);
  if (!parsed.ok()) return reply(refuse(open->path, std::move(parsed.errors)));
  const show::Json document = show::to_value(parsed.show);
  change({.edit = [&](show::Json& out) { return out = document, Status{}; },
          .kind = RevisionKind::external,
          .message = "take over " + open->path,
          .caller = caller},
         [this, reply, path = open->path](const CallResult& result) {
           if (result.ok()) {
             const std::int64_t revision = result.value["revision"];
             control_.post([this, path, revision] { was_saved(path, revision); });
           }
           reply(result);
         });
}

}  // namespace mainstay
