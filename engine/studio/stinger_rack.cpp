#include "engine/studio/stinger_rack.h"

#include <utility>

namespace mainstay {

void StingerRack::use(const show::Show& show) {
  format_ = show.program;
  std::map<std::string, Armed> next;
  std::unique_lock lock(mutex_);
  for (const auto& [name, transition] : show.transitions) {
    const auto* stinger = std::get_if<show::StingerTransition>(&transition);
    if (stinger == nullptr || next.size() >= kMost) continue;
    const auto known = armed_.find(name);
    // What is heard and where it cuts changes nothing of the film.
    if (known != armed_.end() && known->second.config.path == stinger->path) {
      next[name] = std::move(known->second);
      armed_.erase(known);
      next[name].config = *stinger;
      continue;
    }
    next[name].config = *stinger;
    arm(name, next[name]);
  }
  std::swap(armed_, next);
  lock.unlock();
  for (auto& [name, gone] : next) services_.reaper.take(std::move(gone.film));
}

void StingerRack::arm(const std::string& name, Armed& armed) const {
  show::FileSource file;
  file.path = armed.config.path;
  const Result<show::Source> resolved = services_.secrets.resolve(show::Source(file));
  armed.film = nullptr;
  armed.trouble.clear();
  if (!resolved) {
    armed.trouble = resolved.error().describe();
    return;
  }
  armed.film = std::make_shared<FilmSource>(std::get<show::FileSource>(*resolved),
                                            SourceContext{.name = name,
                                                          .clock = services_.clock,
                                                          .log = services_.log,
                                                          .rate = format_.rate,
                                                          .width = format_.width,
                                                          .height = format_.height,
                                                          .hold = format_.hold,
                                                          .show_dir = services_.show_dir});
  armed.film->start();
}

Result<StingerRack::Film> StingerRack::take(const std::string& transition) {
  const auto found = armed_.find(transition);
  if (found == armed_.end())
    return make_error(Errc::invalid, "more than {} stingers are declared, and it is one of the others", kMost);
  Armed& armed = found->second;
  if (!armed.film) return make_error(Errc::invalid, "{}", armed.trouble);
  const bool offline = services_.clock.offline();
  if (offline) armed.film->await_open();  // what is shown depends on no thread's pace
  const SourceStatus status = armed.film->status();
  if (status.state == SourceState::failed) {
    const std::string why = status.detail;
    std::lock_guard lock(mutex_);
    services_.reaper.take(std::move(armed.film));
    arm(transition, armed);  // its file may be there by the next time
    return make_error(Errc::io, "{}", why);
  }
  if ((!offline && !armed.film->ready()) || armed.film->length() == 0)
    return make_error(Errc::again, "it is not decoded yet");
  std::lock_guard lock(mutex_);
  const FrameIndex length = armed.film->length();
  Film film{std::move(armed.film), length};
  arm(transition, armed);
  armed.length = length;
  return film;
}

StingerRack::Readiness StingerRack::readiness(const std::string& transition) const {
  std::lock_guard lock(mutex_);
  const auto found = armed_.find(transition);
  if (found == armed_.end()) return {};
  const Armed& armed = found->second;
  if (!armed.film) return {"failed", armed.trouble, 0};
  const SourceStatus status = armed.film->status();
  if (status.state == SourceState::failed) return {"failed", status.detail, 0};
  const FrameIndex length = armed.film->length();
  return {armed.film->ready() && length > 0 ? "ready" : "opening", "", length > 0 ? length : armed.length};
}

}  // namespace mainstay
