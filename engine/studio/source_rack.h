// The sources that run while the show is on air, and what the program is given of them.
// Owned by OnAir.
// Thread-safety: prepare(), commit(), look(), start() on the control thread; entries() from any.
//
// Run: every source that a scene shows (so that a cut finds it playing), every one that the mixer makes heard without a
// scene, the slate, and every ingest (so that a sender finds its listener). A source whose settings changed is made
// anew; the old one is shown until the new one is ready. An ingest has its port to give free first, a camera its
// device: there the new one starts when the old one is gone.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "engine/program/program.h"
#include "engine/show/layers.h"
#include "engine/show/secrets.h"
#include "engine/show/show.h"
#include "engine/sources/source.h"
#include "engine/studio/reaper.h"

namespace mainstay {

/// The scene on air: the one the show names, else its only or first one, else (with an empty name) its first source
/// alone.
show::Scene scene_on_air(const show::Show& show);
std::string scene_name_on_air(const show::Show& show);

class SourceRack {
 public:
  struct Services {
    Clock& clock;
    Log& log;
    const show::Secrets& secrets;
    Reaper& reaper;
    std::string show_dir;
  };
  explicit SourceRack(Services services) : services_(std::move(services)) {}

  /// What another document asks for, ready to be used; made by prepare(), of no effect until commit().
  struct Prepared {
    std::map<std::string, show::Source> resolved;  ///< of those that are new or changed
    show::Show show;
  };
  /// The error names the source.
  Result<Prepared> prepare(const show::Show& show) const;
  void commit(Prepared prepared);

  /// Takes in what became ready or free. True when the program needs another plan.
  bool look();
  /// What the program is to show, and how what is on air came there.
  Program::PlanPtr plan(std::int64_t number, const ProgramTake& take, const ProgramBlack& black);

  /// Somebody looks at the multiview that every show has: plans have it from the next one on. Any thread.
  void want_multiview() { multiview_wanted_ = true; }

  /// The one that runs under that name, or is about to. Errc::invalid when none does.
  Result<std::shared_ptr<Source>> running(const std::string& name) const;

  struct Entry {
    std::string name;
    show::Source config;
    std::shared_ptr<Source> source;          ///< what the program plays; null while the one before gives its port free
    std::shared_ptr<Source> next_or_source;  ///< the one that has this config, also when it is not shown yet
  };
  std::vector<Entry> entries() const;

 private:
  struct Running {
    show::Source config;
    show::Source resolved;
    std::shared_ptr<Source> source;
    std::shared_ptr<Source> next;   // takes over when it is ready
    Instant next_by = kNever;       // or at this time, ready or not
    std::weak_ptr<Source> leaving;  // must be gone before the source is made
  };

  bool wanted(const show::Show& show, const std::string& name, const show::Source& source) const;
  /// `before`: the one that it replaces.
  std::shared_ptr<Source> make(const std::string& name, const show::Source& resolved,
                               const Source* before = nullptr) const;
  std::shared_ptr<const ProgramComposed> label(std::shared_ptr<ProgramComposed> composed,
                                               std::set<std::string>& labels);
  void replace(const std::string& name, Running& running, const show::Source& config, show::Source resolved);

  const Services services_;
  std::shared_ptr<LabelPainter> labels_;  // made when first needed
  std::atomic<bool> multiview_wanted_{false};
  bool multiview_given_ = false;
  show::Show show_;
  mutable std::mutex mutex_;
  std::map<std::string, Running> running_;
};

}  // namespace mainstay
