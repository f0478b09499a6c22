// Two presses for what cannot be taken back: the first arms, the second within three seconds does it. A double click
// counts as one press.
// Owned by the main window.
// Thread-safety: the user-interface thread.
#pragma once

#include <QObject>
#include <QTimer>

namespace mainstay::ui {

class Confirm : public QObject {
  Q_OBJECT

 public:
  struct Times {
    int deaf_ms = 400;    ///< after the first press, presses belong to a double click
    int armed_ms = 3000;  ///< then a first press is needed again
  };

  explicit Confirm(QObject* parent = nullptr) : Confirm(Times{}, parent) {}
  explicit Confirm(Times times, QObject* parent = nullptr);

  void press();
  void disarm();
  bool armed() const { return armed_; }

 signals:
  void armed_changed(bool armed);
  void confirmed();

 private:
  QTimer deaf_;
  QTimer expiry_;
  bool armed_ = false;
};

}  // namespace mainstay::ui
