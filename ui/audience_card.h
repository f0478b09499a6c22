// Who watches the stream that is served from here: its address with a button that copies it, how many, how well.
// Owned by the on-air panel; the theme outlives it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QAction>
#include <QWidget>
#include <optional>

#include "engine/studio/audience.h"
#include "ui/widgets.h"

namespace mainstay::ui {

class AudienceCard : public QWidget {
  Q_OBJECT

 public:
  /// `copy`: copies the address; it is enabled while there is one.
  AudienceCard(const Theme& theme, QAction* copy, QWidget* parent = nullptr);

  /// Hidden while nothing is served. `stream`: its address, for when the origin tells none.
  void show_audience(std::optional<AudienceSnapshot> audience, const std::string& stream);

  QString address() const { return address_->text(); }
  const ElidedLabel& address_label() const { return *address_; }
  const Metric& viewers() const { return *viewers_; }
  const Metric& latency() const { return *latency_; }
  const Metric& startup() const { return *startup_; }
  const Metric& waiting() const { return *waiting_; }
  const ElidedLabel& alerts() const { return *alerts_; }

 private:
  const Theme& theme_;
  QAction* copy_;
  ElidedLabel* address_;
  Metric* viewers_;
  Metric* latency_;
  Metric* startup_;
  Metric* waiting_;
  ElidedLabel* alerts_;  ///< only while a limit is exceeded
};

}  // namespace mainstay::ui
