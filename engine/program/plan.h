// What the program is to show, as a value: the scenes, the inputs, and how what is on air came there. And what the
// program tells of it.
// Made by the studio for each change; held by the program.
// Thread-safety: immutable once given, so from any thread.
//
// A take says how the scene on air got there. Another number is another take: the program does what it says, once. More
// orders to the same take (a T-bar moves, a transition is to end) count up its `order`. So a plan can be replaced by
// the next at any time, and none is lost that matters.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/audio/mixer_readings.h"
#include "engine/show/show.h"
#include "engine/sources/label_painter.h"
#include "engine/sources/source.h"

namespace mainstay {

struct ProgramTake {
  enum class Drive { by_itself, by_hand, finished };

  std::int64_t number = 0;
  std::int64_t order = 0;
  show::Transition how = show::CutTransition{};
  std::int64_t frames = 0;      ///< that are mixed; 0: a cut
  std::string from;             ///< the scene that it takes off air
  std::int64_t turns_back = 0;  ///< the take whose transition is turned back by this one, if it still runs
  Drive drive = Drive::by_itself;
  double position = 0;                   ///< by hand: where the T-bar stands, 1 is the scene on air
  std::shared_ptr<Source> stinger = {};  ///< of a stinger that is ready: its pictures, frame 0 at the first mixed one
  FrameIndex cut = 0;                    ///< of its frames the first under which the new scene lies
};

struct ProgramBlack {
  std::int64_t order = 0;
  bool on = false;
  std::int64_t frames = 0;  ///< from the picture to black
};

/// An input that the program makes of others.
struct ProgramComposed {
  std::string scene_name;                          ///< a scene in scenes
  show::Scene scene;                               ///< of that name
  std::optional<show::MultiviewSource> multiview;  ///< or this, its cells written out
  std::map<std::string, show::Scene> scenes;       ///< that the multiview's cells show
  std::shared_ptr<const LabelPainter> labels;      ///< of the multiview; null: none
};

struct ProgramInput {
  std::string name;
  std::shared_ptr<Source> source;
  bool own_size = false;                                 ///< show::has_own_size
  bool rests = false;                                    ///< not pulled while nobody sees or hears it
  std::shared_ptr<const ProgramComposed> composed = {};  ///< then `source` is not pulled, it only has a status
};

struct ProgramPlan {
  show::Scene scene;                 ///< on air; layers name inputs
  std::vector<ProgramInput> inputs;  ///< pulled on every tick, but those that rest; those in the scene are heard
  show::Mixer mixer;                 ///< strips name inputs
  WantedBuses buses{};               ///< whose sound sinks want besides the program's
  std::string slate;                 ///< input shown when nothing of the scene is there; empty: dark grey
  std::int64_t number = 0;           ///< for the news of it
  std::string scene_name;
  std::optional<show::Scene> leaving;  ///< take.from, while it is in the show
  std::string preview_name;
  std::optional<show::Scene> preview;
  ProgramTake take;
  ProgramBlack black;
  std::shared_ptr<const ProgramComposed> multiview = {};  ///< the one that the window looks at; null: none
};

struct ProgramNews {
  enum class Kind {
    plan,                ///< frame n is the first that shows plan `number`
    transition_started,  ///< frame n is the first that is mixed, by take `number`
    transition_ended,    ///< frame n is the first that is not mixed any more
    black,               ///< frame n is the first that is wholly black, or wholly not (number 1, 0)
  };
  Kind kind = Kind::plan;
  std::int64_t number = 0;
  FrameIndex frame = 0;
  const char* how = "";  ///< transition_ended: "completed", "reversed", "cut", "interrupted"
};

}  // namespace mainstay
