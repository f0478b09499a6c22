// The origin: serves the stream that is packaged here, its player page and the figures of its viewers, as the show's
// section "hls" asks for it.
// Owned by main() (its OriginKeeper), beside the studio, which lives longer.
// Thread-safety: all members from any thread but the server's own.
//
// It has a server of its own (remote/server.h, threads "origin", "origin-2", …, one a core): however many viewers come,
// the API and whoever works with it do not notice.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "engine/core/log.h"
#include "engine/remote/listener_slot.h"
#include "engine/remote/origin/audience_alerts.h"
#include "engine/remote/origin/audience_book.h"
#include "engine/remote/origin/audience_store.h"
#include "engine/remote/origin/origin_router.h"
#include "engine/studio/audience.h"

namespace mainstay::remote {

class Origin final : public AudienceHost {
 public:
  struct Options {
    Notify notify = {};  ///< remote.state, hls.alert; called on several threads
    ShelfSource shelf = [] { return ShelfPtr(); };
  };

  Origin(Clock& clock, Log& log, Options options);
  ~Origin() override;
  Origin(const Origin&) = delete;
  Origin& operator=(const Origin&) = delete;

  /// Brings the listener to what is asked for. Viewers stay connected through a change that is not one of the address.
  /// With an error, what could not be changed stays as it was.
  Status apply(const std::optional<OriginSettings>& wanted);

  /// Looks whether viewers are served as the show's limits want it, and tells what changed. When it wants to be called
  /// again; kNever: there is nothing to look at.
  Instant watch();

  /// "127.0.0.1:8080": where it really listens; empty: nowhere.
  std::string address() const;

  // --- AudienceHost ---
  std::optional<AudienceSnapshot> audience() const override;
  show::Json viewers() const override;

 private:
  class Kept;
  std::string page_url(const OriginSettings& settings) const;
  void set_state(std::string page, std::optional<std::string> failure);
  AudienceFigures figures() const;
  void use_limits(const show::HlsAlerts& limits);
  void tell(const std::vector<AudienceAlerts::Change>& changes);

  Clock& clock_;
  Log& log_;
  const ShelfSource shelf_;
  const std::shared_ptr<RateLimit> rate_;
  const std::shared_ptr<Kept> kept_;  ///< shared with the book
  const std::shared_ptr<AudienceBook> book_;
  std::mutex apply_mutex_;  // taken before the other
  mutable std::mutex mutex_;
  std::string address_;
  std::string page_;
  std::optional<std::string> failure_;  ///< absent: nothing is to be served; empty: it is served
  mutable std::mutex figures_mutex_;
  mutable std::optional<AudienceFigures> figures_;  ///< of the last second
  mutable Instant figures_at_{};
  const Notify notify_;
  mutable std::mutex alerts_mutex_;
  AudienceAlerts alerts_;
  Instant next_look_{};
  const std::unique_ptr<Server> server_;
  ListenerSlot slot_;
};

}  // namespace mainstay::remote
