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

std::string gesture_of(const Change& change) {
  return change.gesture.empty() ? std::string() : fmt::format("{} {}", author_of(change.caller), change.gesture);
}

UndoLinks links_for(const Change& change, const UndoRow& current) {
  if (change.links) return *change.links;
  return change.kind == RevisionKind::live ? links_after_live(current) : links_after_edit(current);
}

}  // namespace

// A change that was checked, on its way to what runs and to the history.
struct StudioCore::PendingChange {
  Change change;  // its edit is done
  OpenShowPtr before;
  std::shared_ptr<OpenShow> after;
  std::shared_ptr<OnAir> air;  // null: off air
  OnAir::Preparation preparation;
  Reply reply;
};

void StudioCore::change(const Change& change, const Reply& reply) {
  if (gesture_of(change) != gesture_.key) end_gesture();
  const OpenShowPtr before = open_show();
  if (!before || !history()) return reply(CallResult::failure(CallErrc::wrong_state, "no show is open"));
  if (change.rollback_on_failure && settling_.size() >= kMostSettling)
    return reply(CallResult::failure(CallErrc::busy, "too many changes wait to be settled: try again"));
  show::Json document = before->value;
  if (const Status edited = change.edit(document); !edited)
    return reply(CallResult::failure(CallErrc::invalid_params, edited.error().describe()));
  Edited edited = edit(*before, document, secrets_);
  if (!edited.errors.empty()) return reply(CallResult::failure(CallErrc::invalid_show, std::move(edited.errors)));
  // Nothing changed: no revision. An undo always moves on, or the next one would come to the same place.
  if (!change.links && edited.show->show == before->show)
    return reply({{{"revision", before->revision}}, std::nullopt});

  PendingChange pending{change, before, std::move(edited.show), on_air(), {}, reply};
  pending.change.edit = nullptr;
  if (!pending.air) return store(std::move(pending));
  if (change.kind != RevisionKind::live && pending.air->is_crowded()) {  // a cut is never refused
    return reply(CallResult::failure(
        CallErrc::busy, "parts of earlier changes are still ending (a dead network or disk?): try again in a moment"));
  }
  if (!pending.air->opens_encoders(pending.after->show)) {
    pending.preparation = pending.air->prepare(pending.after->show);
    return store(std::move(pending));
  }
  const auto shared = std::make_shared<PendingChange>(std::move(pending));
  aside([shared] { shared->preparation = shared->air->prepare(shared->after->show); },
        [this, shared] { store(std::move(*shared)); });
}

void StudioCore::store(PendingChange pending) {
  const auto& [change, before, after, air, preparation, reply] = pending;
  if (air && !preparation.prepared) {
    std::vector<show::ShowError> errors = preparation.errors;
    for (show::ShowError& error : errors) error.message = log_.redactor().redact(error.message);
    return reply(CallResult::failure(CallErrc::failed, std::move(errors)));
  }
  if (join_gesture(pending)) return;
  const auto history = this->history();
  const bool settles = air && change.rollback_on_failure;
  const auto answer = std::make_shared<Answer>(settles ? Reply() : reply);
  const auto number =
      history->append({author_of(change.caller), change.message, change.kind, links_for(change, history->current()),
                       std::make_shared<const show::Json>(after->value)},
                      [answer](const Status& status) { answer->stored(status); });
  if (!number) return reply({nullptr, to_call_error(number.error())});
  after->revision = *number;
  if (air) air->commit(std::move(*pending.preparation.prepared), change.take);
  if (air && after->show.on_air != before->show.on_air) {
    Cut cut{air->plan_number(), before->show.on_air, after->show.on_air, air->take_number(), change.take.name};
    if (!cut.transition.empty()) transitions_.push_back(cut);
    if (transitions_.size() > kMostCuts) transitions_.pop_front();
    pending_cuts_.push_back(std::move(cut));
    if (pending_cuts_.size() > kMostCuts) pending_cuts_.pop_front();
  }
  if (settles) {
    settling_.push_back({before, *number, parts_of(show::differing_pointers(before->value, after->value)),
                         clock_.now() + kSettleLimit, change.caller, reply});
  }
  accept(before, after, change);
  answer->number(*number);
  if (!change.gesture.empty())
    gesture_ = {gesture_of(change), open_show(), author_of(change.caller), change.message, clock_.now()};
}

bool StudioCore::join_gesture(PendingChange& pending) {
  const Change& change = pending.change;
  if (change.gesture.empty() || gesture_of(change) != gesture_.key || clock_.now() - gesture_.last > kGesturePause)
    return false;
  pending.after->revision = pending.before->revision;
  if (pending.air) pending.air->commit(std::move(*pending.preparation.prepared));
  gesture_.last = clock_.now();
  gesture_.message = change.message;
  gesture_.moved = true;
  if (!told_) told_ = pending.before;
  {
    std::lock_guard lock(mutex_);
    show_ = pending.after;
  }
  tell_gesture();
  pending.reply({{{"revision", pending.before->revision}}, std::nullopt});
  return true;
}

void StudioCore::end_gesture() {
  if (gesture_.moved) {
    const auto history = this->history();
    const OpenShowPtr open = open_show();
    if (!history || !open) return gesture_ = {}, void();
    // Undo takes the whole of it back, not the part after its first step.
    const auto number =
        history->append({gesture_.author, gesture_.message, RevisionKind::edit, links_after_live(history->current()),
                         std::make_shared<const show::Json>(open->value)});
    if (!number) return;  // too much waits: at the next look
    auto stored = std::make_shared<OpenShow>(*open);
    stored->revision = *number;
    Change change{.edit = nullptr, .message = gesture_.message, .caller = {}};
    const OpenShowPtr began = gesture_.stored;
    gesture_ = {};
    accept(began, std::move(stored), change);
  }
  gesture_ = {};
}

void StudioCore::tell_gesture() {
  const Instant now = clock_.now();
  const OpenShowPtr open = open_show();
  if (!told_ || told_ == open || gesture_.key.empty() || now - told_at_ < kTellPause) return;
  const OpenShowPtr before = std::exchange(told_, open);
  told_at_ = now;
  tell_mixer(before->show, open->show);
  Json pointers = show::differing_pointers(before->value, open->value);
  if (pointers.empty()) return;
  events_.add(LogLevel::debug, "show.changing", open->show.name, gesture_.message,
              {{"revision", open->revision}, {"pointers", std::move(pointers)}, {"message", gesture_.message}});
}

void StudioCore::tell_mixer(const show::Show& before, const show::Show& after) {
  if (before.mixer == after.mixer) return;
  const auto tell = [&](const std::string& name, const char* kind, const Json& from, Json to) {
    if (from == to) return;
    events_.add(LogLevel::debug, "mixer.changed", name, fmt::format("{} {}: {}", kind, name, to.dump()),
                {{"kind", kind}, {"settings", std::move(to)}});
  };
  const MixerSnapshot from = mixer_snapshot(before);
  const MixerSnapshot to = mixer_snapshot(after);
  for (const StripSnapshot& strip : to.strips) {
    const auto was = std::find_if(from.strips.begin(), from.strips.end(),
                                  [&](const StripSnapshot& s) { return s.name == strip.name; });
    tell(strip.name, "strip", settings_json(was != from.strips.end() ? *was : StripSnapshot{}), settings_json(strip));
  }
  for (std::size_t i = 0; i < to.buses.size(); ++i)
    tell(to.buses[i].name, "bus", settings_json(from.buses[i]), settings_json(to.buses[i]));
}

void StudioCore::accept(const OpenShowPtr& before, std::shared_ptr<OpenShow> after, const Change& change) {
  const std::int64_t revision = after->revision;
  Json pointers = show::differing_pointers(before->value, after->value);
  const std::string name = after->show.name;
  const OpenShowPtr now = std::move(after);
  const OpenShowPtr last = told_ ? std::exchange(told_, nullptr) : open_show();
  told_at_ = clock_.now();
  {
    std::lock_guard lock(mutex_);
    show_ = now;
  }
  tell_mixer(last ? last->show : before->show, now->show);
  events_.add(LogLevel::debug, "show.changed", name, fmt::format("revision {}: {}", revision, change.message),
              {{"revision", revision},
               {"kind", to_string(change.kind)},
               {"pointers", std::move(pointers)},
               {"message", change.message}});
  tell_edits(before->show, now->show);
}

void StudioCore::heard(const ProgramNews& news) {
  switch (news.kind) {
    case ProgramNews::Kind::plan:
      return plan_taken(news.number, news.frame);
    case ProgramNews::Kind::transition_started: {
      const auto cut = std::find_if(transitions_.begin(), transitions_.end(),
                                    [&](const Cut& one) { return one.take == news.number; });
      if (cut == transitions_.end()) return;
      events_.add(LogLevel::debug, "program.transition_started", cut->to,
                  fmt::format("{} from frame {}", cut->transition, news.frame),
                  {{"from", cut->from}, {"transition", cut->transition}, {"frame", news.frame}});
      return;
    }
    case ProgramNews::Kind::transition_ended:
      return take_ended(news.number, news.frame, news.how);
    case ProgramNews::Kind::black:
      events_.add(LogLevel::info, "program.black", news.number != 0 ? "on" : "off",
                  fmt::format("{} from frame {}", news.number != 0 ? "black" : "the picture again", news.frame),
                  {{"on", news.number != 0}, {"frame", news.frame}});
  }
}

void StudioCore::take_ended(std::int64_t take, FrameIndex n, const char* how) {
  const auto cut =
      std::find_if(transitions_.begin(), transitions_.end(), [&](const Cut& one) { return one.take == take; });
  if (cut == transitions_.end()) return;
  events_.add(LogLevel::debug, "program.transition_ended", cut->to, fmt::format("{} at frame {}", how, n),
              {{"from", cut->from}, {"transition", cut->transition}, {"frame", n}, {"how", how}});
  transitions_.erase(transitions_.begin(), std::next(cut));  // and those that never began
}

/// What a change means to a producer, besides being one.
void StudioCore::tell_edits(const show::Show& before, const show::Show& after) {
  const auto seen = [](const show::Show& show) { return show.studio_mode ? show.preview : std::string(); };
  if (seen(before) != seen(after)) {
    events_.add(LogLevel::debug, "preview.changed", seen(after),
                seen(after).empty() ? "nothing in preview" : "in preview", {{"from", seen(before)}});
  }
  if (before.studio_mode != after.studio_mode) {
    events_.add(LogLevel::debug, "preview.studio_mode", after.name, after.studio_mode ? "on" : "off",
                {{"on", after.studio_mode}});
  }
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
    if (control_.is_held()) {  // another one is being taken back
      settling_.push_back(s);
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

namespace {

// To the document of another revision; `stays`: what stays on air and in preview, when it is there; null: nothing.
Change change_to(const show::Json& document, const show::Show* stays, RevisionKind kind, std::string message,
                 const Caller& caller) {
  return {.edit =
              [&document, keep = stays != nullptr, on_air = stays ? stays->on_air : std::string(),
               preview = stays ? stays->preview : std::string()](show::Json& out) {
                out = document;
                if (!keep) return Status{};
                const auto has = [&](const std::string& scene) {
                  return out.contains("scenes") && out["scenes"].contains(scene);
                };
                if (has(on_air)) out["on_air"] = on_air;
                if (has(preview)) out["preview"] = preview;
                return Status{};
              },
          .kind = kind,
          .message = std::move(message),
          .caller = caller};
}

}  // namespace

void StudioCore::step(Way way, const Caller& caller, const Reply& reply) {
  end_gesture();
  const auto history = this->history();
  const OpenShowPtr open = open_show();
  if (!history || !open) return reply(CallResult::failure(CallErrc::wrong_state, "no show is open"));
  struct Found {
    std::optional<UndoStep> step;
    Result<show::Json> document = show::Json();
  };
  const auto found = std::make_shared<Found>();
  const bool undo = way == Way::undo;
  aside(
      [history, found, undo] {
        found->step = undo ? undo_step(history->current(), history->undo_lookup())
                           : redo_step(history->current(), history->undo_lookup());
        if (found->step) found->document = history->document(found->step->target);
      },
      [this, open, found, undo, caller, reply] {
        if (!found->step) {
          return reply(CallResult::failure(CallErrc::wrong_state,
                                           undo ? "there is nothing to undo" : "there is nothing to redo"));
        }
        if (!found->document) return reply({nullptr, to_call_error(found->document.error())});
        // A cut is no edit: undo never changes what the audience sees, when it need not.
        Change change =
            change_to(*found->document, &open->show, undo ? RevisionKind::undo : RevisionKind::redo,
                      fmt::format("{} to revision {}", undo ? "undo" : "redo", found->step->target), caller);
        change.links = found->step->links;
        this->change(change, reply);
      });
}

void StudioCore::rollback(std::int64_t revision, bool keep_scene, const Caller& caller, const Reply& reply) {
  end_gesture();
  const auto history = this->history();
  const OpenShowPtr open = open_show();
  if (!history || !open) return reply(CallResult::failure(CallErrc::wrong_state, "no show is open"));
  const auto document = std::make_shared<Result<show::Json>>(show::Json());
  aside([=] { *document = history->document(revision); },
        [=, this] {
          if (!*document) return reply(CallResult::failure(CallErrc::not_found, document->error().describe()));
          change(change_to(**document, keep_scene ? &open->show : nullptr, RevisionKind::rollback,
                           fmt::format("roll back to revision {}", revision), caller),
                 reply);
        });
}

}  // namespace mainstay
