// All that a client may do with the engine: call commands, read the state, follow the events. The window, the console,
// scripts, macros and the remote faces know nothing else; the Studio is behind it, in tests often a fake.
// Owned by main().
// Thread-safety: all members from any thread; none blocks.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/media/frame.h"
#include "engine/studio/command.h"
#include "engine/studio/event_types.h"
#include "engine/studio/snapshot.h"

namespace mainstay {

class CommandRegistry;

class StudioPort {
 public:
  virtual ~StudioPort() = default;

  /// The declarations behind `call`.
  virtual const CommandRegistry& registry() const = 0;
  /// Runs a command. Commands run in the order of their calls; those that only read may overtake. The answer comes
  /// through `reply`, exactly once, on a thread of the engine (or on this one, for what only reads).
  virtual void call(std::string command, Json params, Caller caller, Reply reply) = 0;

  virtual Snapshot snapshot() const = 0;
  /// The same as JSON (docs/commands.md, state.get): {"phase", "show", "program", "sources", "scenes", "encoders",
  /// "legs", "recorder", …}, without secrets.
  virtual Json state() const = 0;
  /// The program's latest picture; null when off air.
  virtual FramePtr program_picture() const = 0;
  /// The latest picture of the scene in preview; null when off air or nothing is there. It is made while it is asked
  /// for: the first call gives null.
  virtual FramePtr preview_picture() const = 0;
  /// The latest picture of a multiview: of the source of that name, or with no name the one that every show has. Made
  /// while it is asked for, as above.
  virtual FramePtr multiview_picture(const std::string& source) const {
    (void)source;
    return nullptr;
  }
  /// The latest picture that a source gave, in its own size. It is kept while it is asked for: the first call gives
  /// null; null also of a source that rests or gives no pictures.
  virtual FramePtr source_picture(const std::string& source) const {
    (void)source;
    return nullptr;
  }

  /// At most `limit` events with numbers above `after`, oldest first. History is bounded: older ones are gone.
  virtual std::vector<Event> events(std::int64_t after, std::size_t limit) const = 0;
  /// `listener` is called, on the thread it happened on, after each event (then ask events() for it); it must not
  /// block. It is not called any more once the returned handle is gone.
  virtual std::shared_ptr<void> on_event(std::function<void()> listener) = 0;
};

}  // namespace mainstay
