// Leaving: at once when off air; on air only after the question is answered, and with the show ended in good order.
// Owned by the main window; the model outlives it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QObject>
#include <QTimer>

#include "ui/studio_model.h"

namespace mainstay::ui {

class QuitFlow : public QObject {
  Q_OBJECT

 public:
  enum class State { none, asked, ending, done };

  explicit QuitFlow(StudioModel& model, QObject* parent = nullptr);

  /// Somebody wants to leave.
  void request();
  /// The answer is yes; also what a signal to the process means.
  void end_and_quit();
  void stay();
  State state() const { return state_; }

 signals:
  void state_changed();
  void finished();

 private:
  void set(State state);
  void finish();
  void look();

  StudioModel& model_;
  QTimer patience_;
  State state_ = State::none;
};

}  // namespace mainstay::ui
