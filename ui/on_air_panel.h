// The first thing to look at: is it on air, for how long, and does the program reach anybody.
// Owned by the main window; the theme outlives it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QFrame>

#include "ui/audience_card.h"
#include "ui/widgets.h"

namespace mainstay::ui {

class OnAirPanel : public QFrame {
  Q_OBJECT

 public:
  /// `copy_address`: of the player page.
  OnAirPanel(const Theme& theme, QAction* copy_address, QWidget* parent = nullptr);

  void show_snapshot(const Snapshot& snapshot);

  const FitLabel& tally() const { return *tally_; }
  const FitLabel& elapsed() const { return *elapsed_; }
  const ElidedLabel& delivery() const { return *delivery_; }
  const ElidedLabel& watches() const { return *watches_; }
  const Metric& late() const { return *late_; }
  const ElidedLabel& show_name() const { return *show_; }
  const ElidedLabel& format() const { return *format_; }
  const AudienceCard& audience() const { return *audience_; }

 private:
  const Theme& theme_;
  FitLabel* tally_;
  FitLabel* elapsed_;
  ElidedLabel* show_;
  ElidedLabel* format_;
  ElidedLabel* delivery_;
  ElidedLabel* watches_;  ///< only while something is raised
  Metric* rendered_;
  Metric* late_;
  Metric* repeated_;
  AudienceCard* audience_;  ///< only while the stream is served from here
  Rising late_news_;
  Rising repeated_news_;
};

}  // namespace mainstay::ui
