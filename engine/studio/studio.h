// The facade of the engine: open a show, put it on air, watch it, end it. All clients (window, command line, scripts,
// remote) use this and nothing else.
// Owned by main(); two can live in one process.
// Thread-safety: all members from any thread. Commands return at once, run in order on the control thread and report
// through `done`, called there; reads are snapshots and never wait for the engine.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/result.h"
#include "engine/media/frame.h"
#include "engine/show/parse.h"
#include "engine/show/secrets.h"
#include "engine/studio/snapshot.h"

namespace mainstay {

class Studio {
 public:
  using Done = std::function<void(Status)>;
  /// The errors of a show that was refused; empty when it was accepted.
  using Opened = std::function<void(std::vector<show::ShowError>)>;

  Studio(Clock& clock, Log& log, show::Secrets& secrets);
  ~Studio();
  Studio(const Studio&) = delete;
  Studio& operator=(const Studio&) = delete;

  // --- commands ----------------------------------------------------------------------------------------------------
  /// Reads and checks a show; it becomes the open one only without an error. Refused while on air.
  void open_show(std::string path, Opened done = {});
  /// Goes on air with the open show. `frames` > 0 ends after exactly that many.
  void start(std::int64_t frames = 0, Done done = {});
  /// Ends in good order (trailers, unpublish), within 3 s.
  void stop(Done done = {});
  /// Cuts a leg's back-off short. An empty role means both.
  void retry_now(std::string destination, std::string role = {}, Done done = {});
  /// Standby with `return: manual`: back to the main leg.
  void take_main(std::string destination, Done done = {});

  // --- reads -------------------------------------------------------------------------------------------------------
  Snapshot snapshot() const;
  /// The program's latest picture; null when off air.
  FramePtr program_picture() const;
  /// At most `limit` events with numbers above `after`, oldest first. History is bounded: older ones are gone.
  std::vector<Event> events(std::int64_t after, std::size_t limit = 1000) const;
  /// The report of the last or running show, one JSON object (docs/architecture.md, command line).
  std::string report_json() const;
  /// Why the last show failed while running; empty when it did not.
  std::string failure() const;

  /// Called on the control thread when the show has ended, by command or by itself. At most one listener.
  void on_ended(std::function<void()> listener);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mainstay
