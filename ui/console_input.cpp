#include "ui/console_input.h"

#include <QKeyEvent>
#include <QTextBlock>
#include <algorithm>

namespace mainstay::ui {

namespace {

bool is_return(const QKeyEvent& event) {
  return event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter;
}

QString common_start(const std::vector<ConsoleCandidate>& candidates) {
  QString common = QString::fromStdString(candidates.front().text);
  for (const ConsoleCandidate& candidate : candidates) {
    const QString text = QString::fromStdString(candidate.text);
    const auto same = std::mismatch(common.begin(), common.end(), text.begin(), text.end()).first - common.begin();
    common.truncate(same);
  }
  return common;
}

}  // namespace

ConsoleInput::ConsoleInput(const Theme& theme, const ConsolePort& port, QWidget* parent)
    : QPlainTextEdit(parent), theme_(theme), port_(port) {
  setFont(theme.mono);
  setFrameShape(QFrame::NoFrame);
  setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
  document()->setDocumentMargin(theme.gap(0.2));
  setAccessibleName(tr("Console input"));
  setPlaceholderText(tr("Type a command; help lists them"));
  for (const std::string& entry : port.history()) add_history(QString::fromStdString(entry));
  connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this,
          [this] { updateGeometry(); });
}

ConsoleInput::~ConsoleInput() {
  delete completions_;
}

void ConsoleInput::add_history(const QString& source) {
  if (history_.isEmpty() || history_.last() != source) history_ << source;
  if (history_.size() > kMostHistory) history_.removeFirst();
  recalled_ = history_.size();
}

int ConsoleInput::height_of(int rows) const {
  return rows * QFontMetrics(font()).lineSpacing() + 2 * qRound(document()->documentMargin()) + 2 * frameWidth();
}

QSize ConsoleInput::sizeHint() const {
  // A plain text document measures its height in rows.
  return {theme_.gap(20), height_of(std::clamp(qRound(document()->size().height()), 1, kMostRows))};
}

QSize ConsoleInput::minimumSizeHint() const {
  return {theme_.gap(10), height_of(1)};
}

bool ConsoleInput::for_what_runs(const QKeyEvent& event) const {
  const bool copies = textCursor().hasSelection();
  return running_ && (event.key() == Qt::Key_Escape || (event.matches(QKeySequence::Copy) && !copies));
}

bool ConsoleInput::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto& key = static_cast<const QKeyEvent&>(*event);
    // Ctrl+Enter runs a line in many consoles: whoever presses it here does not want a show on air.
    if (is_return(key) || for_what_runs(key) || (key.key() == Qt::Key_Escape && completing())) {
      event->accept();
      return true;
    }
  }
  return QPlainTextEdit::event(event);
}

void ConsoleInput::keyPressEvent(QKeyEvent* event) {
  if (completing() && press_while_completing(*event)) return;
  if (press(*event)) return;
  QPlainTextEdit::keyPressEvent(event);
  if (completing()) offer_completions();
}

bool ConsoleInput::press_while_completing(const QKeyEvent& event) {
  switch (event.key()) {
    case Qt::Key_Up:
    case Qt::Key_Backtab:
      completions_->move_selection(-1);
      return true;
    case Qt::Key_Down:
      completions_->move_selection(1);
      return true;
    case Qt::Key_Escape:
      stop_completing();
      return true;
    case Qt::Key_Tab:
    case Qt::Key_Return:
    case Qt::Key_Enter:
      accept(completions_->selected(), completion_begin_);
      stop_completing();
      return true;
    default:
      return false;
  }
}

bool ConsoleInput::press(const QKeyEvent& event) {
  if (for_what_runs(event)) {
    emit interrupt_wanted();
    return true;
  }
  if (is_return(event)) return press_return(event.modifiers() & Qt::ShiftModifier), true;
  switch (event.key()) {
    case Qt::Key_Tab:
      return press_tab(), true;
    case Qt::Key_Up:
      return textCursor().blockNumber() == 0 && recall(-1);
    case Qt::Key_Down:
      return textCursor().blockNumber() == blockCount() - 1 && recall(1);
    default:
      return false;
  }
}

void ConsoleInput::press_return(bool more) {
  const QString source = toPlainText();
  if (more || (!source.trimmed().isEmpty() && port_.unfinished(source.toStdString()))) return insertPlainText("\n");
  if (source.trimmed().isEmpty()) return;
  replace_all({});
  draft_.clear();
  add_history(source);
  emit submitted(source);
}

void ConsoleInput::press_tab() {
  // From an empty line Tab goes on to the next part of the window, as everywhere.
  if (toPlainText().isEmpty()) {
    focusNextChild();
    return;
  }
  offer_completions();
  if (!completing()) return;
  if (completions_->count() == 1) {
    accept(completions_->selected(), completion_begin_);
    stop_completing();
  }
}

bool ConsoleInput::recall(int step) {
  const qsizetype wanted = recalled_ + step;
  if (wanted < 0 || wanted > history_.size()) return false;
  if (recalled_ == history_.size()) draft_ = toPlainText();
  replace_all(wanted == history_.size() ? draft_ : history_[wanted]);
  recalled_ = wanted;
  return true;
}

void ConsoleInput::replace_all(const QString& text) {
  // Not setPlainText(): Ctrl+Z brings back what was there.
  QTextCursor cursor = textCursor();
  cursor.select(QTextCursor::Document);
  cursor.insertText(text);
  cursor.movePosition(QTextCursor::End);
  setTextCursor(cursor);
}

void ConsoleInput::offer_completions() {
  // The port counts in bytes of UTF-8, the document in UTF-16. The line of the cursor is what is completed.
  const QTextCursor cursor = textCursor();
  const std::string typed = cursor.block().text().left(cursor.positionInBlock()).toStdString();
  const ConsoleCompletion found = port_.complete(typed, typed.size());
  const QString prefix = QString::fromStdString(typed.substr(std::min(found.begin, typed.size())));
  const bool whole = found.candidates.size() == 1 && QString::fromStdString(found.candidates[0].text) == prefix;
  if (found.candidates.empty() || whole) return stop_completing();
  completion_begin_ = cursor.position() - static_cast<int>(prefix.size());
  const QString common = common_start(found.candidates);
  if (!completing() && common.size() > prefix.size()) accept(common, completion_begin_);
  if (completions_ == nullptr) completions_ = new CompletionList(theme_, window());
  completions_->show_candidates(found.candidates, mapTo(window(), QPoint(0, -theme_.gap(0.2))), width());
}

void ConsoleInput::accept(const QString& text, int begin) {
  QTextCursor cursor = textCursor();
  cursor.setPosition(begin, QTextCursor::KeepAnchor);
  cursor.insertText(text);
  setTextCursor(cursor);
}

void ConsoleInput::stop_completing() {
  if (completions_ != nullptr) completions_->hide();
}

void ConsoleInput::focusOutEvent(QFocusEvent* event) {
  stop_completing();
  QPlainTextEdit::focusOutEvent(event);
}

}  // namespace mainstay::ui
