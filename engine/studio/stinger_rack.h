// The films of the show's stingers, each opened and decoded ahead, so that a take can begin with the next frame. One
// that is taken plays to its end while the next one of its kind gets ready.
// Owned by OnAir.
// Thread-safety: as OnAir: one thread at a time, but readiness(); nothing here waits, but take() offline.
//
// Rejected: opening a film when its transition is taken. That takes as long as a disk takes, and a take is a matter of
// a frame. One that is not ready in time is not waited for either: the take is a cut, and says why.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/show/secrets.h"
#include "engine/show/show.h"
#include "engine/sources/file_source.h"
#include "engine/studio/reaper.h"

namespace mainstay {

class StingerRack {
 public:
  struct Services {
    Clock& clock;
    Log& log;
    const show::Secrets& secrets;
    Reaper& reaper;
    std::string show_dir;
  };
  /// Of more than these, those whose names come first are kept ready.
  static constexpr std::size_t kMost = 8;

  explicit StingerRack(Services services) : services_(std::move(services)) {}

  /// Gets ready what the show declares.
  void use(const show::Show& show);

  struct Film {
    std::shared_ptr<Source> source;  ///< to be pulled from frame 0 on; whoever is done with it gives it to the reaper
    FrameIndex length = 0;
  };
  /// Errc::again: not ready; otherwise why it cannot be played.
  Result<Film> take(const std::string& transition);

  struct Readiness {
    std::string state = "off";  ///< "opening", "ready" or "failed"; "off": it is not kept ready
    std::string detail = {};    ///< why it failed
    FrameIndex length = 0;      ///< of its film; 0: not known yet
  };
  /// From any thread.
  Readiness readiness(const std::string& transition) const;

 private:
  struct Armed {
    show::StingerTransition config;
    std::shared_ptr<FilmSource> film;  // null: its path names what is not known
    std::string trouble;
    FrameIndex length = 0;  // of the film before, which was the same
  };

  void arm(const std::string& name, Armed& armed) const;

  const Services services_;
  show::Program format_;
  mutable std::mutex mutex_;  // of what readiness() reads; the one thread writes under it
  std::map<std::string, Armed> armed_;
};

}  // namespace mainstay
