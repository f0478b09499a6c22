// The line that is typed into the console, or several: history with Up and Down, completion with Tab.
// Owned by its panel; the theme and the port outlive it.
// Thread-safety: the user-interface thread. Asks the port only for what does not block.
#pragma once

#include <QPlainTextEdit>
#include <QPointer>
#include <QStringList>

#include "ui/completion_list.h"
#include "ui/console_port.h"

namespace mainstay::ui {

class ConsoleInput : public QPlainTextEdit {
  Q_OBJECT

 public:
  static constexpr int kMostRows = 8;  // more scroll inside
  static constexpr int kMostHistory = 1000;

  ConsoleInput(const Theme& theme, const ConsolePort& port, QWidget* parent = nullptr);
  ~ConsoleInput() override;

  /// While something runs, Esc and Ctrl+C are for it.
  void set_running(bool running) { running_ = running; }
  void add_history(const QString& source);
  /// Null until there was something to complete.
  const CompletionList* completions() const { return completions_; }

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 signals:
  void submitted(const QString& source);
  void interrupt_wanted();

 protected:
  bool event(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  bool completing() const { return completions_ != nullptr && completions_->isVisible(); }
  bool press_while_completing(const QKeyEvent& event);
  bool press(const QKeyEvent& event);
  bool for_what_runs(const QKeyEvent& event) const;
  void press_return(bool more);
  void press_tab();
  bool recall(int step);
  void replace_all(const QString& text);
  void offer_completions();
  void accept(const QString& text, int begin);
  void stop_completing();
  int height_of(int rows) const;

  const Theme& theme_;
  const ConsolePort& port_;
  QPointer<CompletionList> completions_;
  int completion_begin_ = 0;
  QStringList history_;  // oldest first
  qsizetype recalled_ = 0;
  QString draft_;  ///< what was typed before Up was pressed
  bool running_ = false;
};

}  // namespace mainstay::ui
