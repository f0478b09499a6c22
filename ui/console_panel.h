// The scripting console in the window: lines are typed, run by the session, and answered here.
// Owned by the main window; the theme and the port outlive it.
// Thread-safety: the user-interface thread. The session works on a thread of its own: the window stays alive whatever a
// script does, and what the script says arrives through a bounded feed, a batch at a time.
#pragma once

#include <QFrame>
#include <QTextEdit>
#include <QThreadPool>
#include <QTimer>
#include <memory>

#include "ui/console_feed.h"
#include "ui/console_input.h"
#include "ui/console_port.h"
#include "ui/widgets.h"

class QAction;

namespace mainstay::ui {

class ConsolePanel : public QFrame {
  Q_OBJECT

 public:
  static constexpr int kMostBlocks = 5000;

  ConsolePanel(const Theme& theme, ConsolePort& port, QWidget* parent = nullptr);
  ~ConsolePanel() override;

  /// As if it had been typed.
  void run(const QString& source);
  void interrupt();
  void clear();
  /// Buttons for the panel's heading.
  void add_button(QAction* action);
  void take_focus() { input_->setFocus(Qt::ShortcutFocusReason); }

  bool running() const { return running_ > 0; }
  QString text() const { return output_->toPlainText(); }
  QString hint() const { return hint_->text(); }
  QTextEdit& output() { return *output_; }
  ConsoleInput& input() { return *input_; }

 signals:
  void running_changed(bool running);
  /// exit() was called.
  void exit_wanted();

 private:
  enum class Ink { echo, plain, error, place };

  QWidget* make_heading_row();
  QWidget* make_input_row();
  void take_feed();
  void show_result(const ConsoleResult& result);
  void change_running(int by);
  void watch();
  /// A block a line.
  void append(const QString& text, Ink ink);
  void append_line(QTextCursor& cursor, const QString& line, Ink ink);

  const Theme& theme_;
  ConsolePort& port_;
  std::shared_ptr<ConsoleFeed> feed_;
  QTimer pace_;   ///< from the first entry to its batch
  QTimer watch_;  ///< while something runs
  int running_ = 0;
  bool told_stuck_ = false;
  QThreadPool saver_;  ///< one thread: the history goes to the disk

  QWidget* heading_;
  QLabel* hint_;
  QTextEdit* output_;
  ConsoleInput* input_;
};

}  // namespace mainstay::ui
