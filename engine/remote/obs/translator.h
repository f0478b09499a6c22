// The studio's events as those of obs-websocket: what changed in the show is found by comparing it with what it was.
// Owned by the hub. Pure: what it needs to know comes with each call.
// Thread-safety: one thread at a time.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/remote/obs/show_view.h"

namespace mainstay::obs {

class Translator {
 public:
  /// True for events after which the show is another one: translate() then needs the show as it is now.
  static bool changes_show(std::string_view type);

  /// Where things stand before the first event.
  void begin(ShowView view, const Snapshot& snapshot);
  const ShowView& view() const { return view_; }

  /// What clients of obs-websocket are told of it, in this order; a VendorEvent with all of it comes last.
  std::vector<ObsEvent> translate(const Event& event, const Snapshot& snapshot);
  /// The same for an event that changes the show.
  std::vector<ObsEvent> translate(const Event& event, ShowView now, const Snapshot& snapshot);
  /// Events were missed: tells what is different from what was told.
  std::vector<ObsEvent> catch_up(ShowView now, const Snapshot& snapshot);

 private:
  using Out = std::vector<ObsEvent>;
  void change_show(ShowView now, Out& out);
  void scene(const std::string& name, Out& out);
  void transition(const Event& event, Out& out);
  bool streams() const;
  std::set<std::string> inputs_on_air() const;
  void inputs(Out& out);
  void tell_inputs(std::set<std::string>& told, std::set<std::string> now, bool active, Out& out);
  void stream(bool active, std::string_view state, Out& out);
  void record(const Event& event, Out& out);
  void leg(const Event& event, Out& out);
  void strip(const Event& event, Out& out);
  void media(const Event& event, Out& out);

  ShowView view_;
  std::string scene_;
  std::string stream_state_;
  std::string leaving_;                      // the scene that a transition takes off air
  std::set<std::string> active_;             // inputs on air
  std::set<std::string> showing_;            // inputs on air or in preview
  std::map<std::string, std::string> legs_;  // states, on air
  std::map<std::string, Json> strips_;       // settings that are not the defaults, or were not
  bool delivered_ = false;                   // a leg was live since the show went on air
};

/// What clients are told when one show becomes the other.
std::vector<ObsEvent> show_differences(const ShowView& before, const ShowView& after);

}  // namespace mainstay::obs
