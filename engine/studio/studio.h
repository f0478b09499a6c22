// The engine behind its port: opens a show, puts it on air, changes it while it runs, watches it, ends it.
// Owned by main(); two can live in one process.
// Thread-safety: as StudioPort: any thread, nothing blocks. Commands run in order on the control thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/show/secrets.h"
#include "engine/studio/audience.h"
#include "engine/studio/macro_host.h"
#include "engine/studio/open_show.h"
#include "engine/studio/studio_port.h"

namespace mainstay {

namespace package {
class Shelf;
}

class Studio final : public StudioPort {
 public:
  struct Options {
    bool keep_history = true;  ///< beside the show file; never on an offline clock
  };

  Studio(Clock& clock, Log& log, show::Secrets& secrets) : Studio(clock, log, secrets, Options{}) {}
  Studio(Clock& clock, Log& log, show::Secrets& secrets, Options options);
  /// Ends the show that is on air in good order.
  ~Studio() override;
  Studio(const Studio&) = delete;
  Studio& operator=(const Studio&) = delete;

  const CommandRegistry& registry() const override;
  void call(std::string command, Json params, Caller caller, Reply reply) override;
  Snapshot snapshot() const override;
  Json state() const override;
  FramePtr program_picture() const override;
  FramePtr preview_picture() const override;
  FramePtr multiview_picture(const std::string& source) const override;
  FramePtr source_picture(const std::string& source) const override;
  std::vector<Event> events(std::int64_t after, std::size_t limit) const override;
  std::shared_ptr<void> on_event(std::function<void()> listener) override;

  /// For the parts beside the engine that main() makes. Null when no show is open.
  OpenShowPtr open_show() const;
  /// What the packager of the show on air (or of the last one, which has ended) gives out; null: it has none.
  std::shared_ptr<package::Shelf> shelf() const;
  /// Returns when the commands called before are answered, or after `limit`: before the end of what carries the
  /// answers.
  void drain(Nanos limit);
  /// Who runs macros; null: nobody. Not called any more once use_macros(nullptr) has returned.
  void use_macros(MacroHost* host);
  /// Who knows the viewers; null: nobody. As use_macros().
  void use_audience(AudienceHost* host);
  /// An event of such a part; `type` is one of event_types(); the part has logged it itself.
  void note(LogLevel level, std::string type, std::string subject, std::string message, Json data = Json::object());

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mainstay
