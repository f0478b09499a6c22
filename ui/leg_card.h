// One leg: where it goes, whether it delivers, and what to do when it does not.
// Owned by the legs panel; the theme outlives it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QFrame>
#include <functional>

#include "ui/widgets.h"

class QAction;
class QToolButton;

namespace mainstay::ui {

class LegCard : public QFrame {
  Q_OBJECT

 public:
  /// `number` counts the cards from 1; the first nine have a shortcut of their own (Alt+number).
  LegCard(const Theme& theme, int number, std::function<void(const std::string&, const std::string&)> retry,
          QWidget* parent = nullptr);

  void show_leg(const LegSnapshot& leg);

  QString state() const { return state_->text(); }
  Tone tone() const { return tone_; }
  QString retry_text() const { return wait_->text(); }
  QString detail() const { return detail_->text(); }
  const Metric& bitrate() const { return *bitrate_; }
  QAction& retry_action() const { return *retry_; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QLayout* make_top();
  QLayout* make_numbers();
  QLayout* make_address();
  void show_retry(const LegSnapshot& leg);

  const Theme& theme_;
  std::string destination_;
  std::string role_;
  Tone tone_ = Tone::quiet;
  ElidedLabel* name_;
  QLabel* role_label_;
  QLabel* state_;
  ElidedLabel* url_;
  Metric* bitrate_;
  Metric* rtt_;
  Metric* queue_;
  Metric* connects_;
  Metric* dropped_;
  Rising drops_news_;
  WrapLabel* detail_;
  QLabel* wait_;
  QAction* retry_;
  QToolButton* button_;
};

}  // namespace mainstay::ui
