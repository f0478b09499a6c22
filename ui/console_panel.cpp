#include "ui/console_panel.h"

#include <QAction>
#include <QHBoxLayout>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTextBlock>
#include <QVBoxLayout>

#include "ui/actions.h"

namespace mainstay::ui {

namespace {

constexpr int kPaceMs = 30;
constexpr int kWatchMs = 500;
// A block longer than this would hold up the window while it is laid out.
constexpr qsizetype kLongestBlock = 1000;

// Columns only line up when their line is not broken.
bool is_row(const QString& line) {
  static const QRegularExpression gap(QStringLiteral("\\S {2,}\\S|[│┃|─]"));
  return line.contains(gap);
}

// Its lines, those too long in pieces; only as many as are not pushed out again at once.
QStringList blocks_of(const QString& text) {
  QStringList lines = text.split(QLatin1Char('\n'));
  while (lines.size() > 1 && lines.last().isEmpty()) lines.removeLast();
  if (lines.size() > ConsolePanel::kMostBlocks) lines = lines.mid(lines.size() - ConsolePanel::kMostBlocks);
  QStringList blocks;
  for (const QString& line : lines) {
    for (qsizetype from = 0; from == 0 || from < line.size(); from += kLongestBlock) {
      blocks << line.mid(from, kLongestBlock);
    }
  }
  return blocks;
}

}  // namespace

ConsolePanel::ConsolePanel(const Theme& theme, ConsolePort& port, QWidget* parent)
    : QFrame(parent), theme_(theme), port_(port) {
  setObjectName(QStringLiteral("panel"));
  feed_ = std::make_shared<ConsoleFeed>(this, [this] { pace_.start(); });
  pace_.setSingleShot(true);
  pace_.setInterval(kPaceMs);
  connect(&pace_, &QTimer::timeout, this, &ConsolePanel::take_feed);
  watch_.setInterval(kWatchMs);
  connect(&watch_, &QTimer::timeout, this, &ConsolePanel::watch);
  saver_.setMaxThreadCount(1);

  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(theme.gap(0.8), theme.gap(0.4), theme.gap(0.4), theme.gap(0.4));
  layout->setSpacing(theme.gap(0.2));
  layout->addWidget(make_heading_row());
  output_ = new QTextEdit(this);
  output_->setReadOnly(true);
  output_->setUndoRedoEnabled(false);
  output_->setFont(theme.mono);
  output_->setFrameShape(QFrame::NoFrame);
  output_->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  output_->document()->setMaximumBlockCount(kMostBlocks);
  output_->document()->setDocumentMargin(0);
  output_->setTabChangesFocus(true);
  output_->setAccessibleName(tr("Console output"));
  output_->setPlaceholderText(
      tr("Try help for all there is, legs for the state, program.cut(\"…\") for a command.\n"
         "Tab completes, Shift+Enter adds a line, Up brings back what was typed."));
  output_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
  output_->setMinimumHeight(QFontMetrics(theme.mono).lineSpacing() * 3);
  QPalette palette = output_->palette();
  palette.setColor(QPalette::PlaceholderText, theme.dim);
  output_->setPalette(palette);
  layout->addWidget(output_, 1);
  layout->addWidget(make_input_row());

  port_.on_output([feed = feed_](ConsoleLine line) {
    const auto kind = line.is_error ? ConsoleFeed::Entry::Kind::error : ConsoleFeed::Entry::Kind::printed;
    feed->add({kind, {.text = std::move(line.text)}});
  });
}

ConsolePanel::~ConsolePanel() {
  port_.on_output({});
  feed_->close();
}

QWidget* ConsolePanel::make_heading_row() {
  heading_ = new QWidget(this);
  auto* row = new QHBoxLayout(heading_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(theme_.gap(0.4));
  hint_ = make_label(theme_.small, {}, heading_);
  hint_->setObjectName(QStringLiteral("dim"));
  row->addWidget(make_heading(theme_, tr("CONSOLE"), heading_));
  row->addWidget(hint_);
  row->addStretch();
  return heading_;
}

QWidget* ConsolePanel::make_input_row() {
  auto* row = new QFrame(this);
  row->setObjectName(QStringLiteral("input"));
  row->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(theme_.gap(0.4), theme_.gap(0.1), theme_.gap(0.2), theme_.gap(0.1));
  layout->setSpacing(theme_.gap(0.2));
  QLabel* prompt = make_label(theme_.mono, QStringLiteral("›"), row);
  prompt->setObjectName(QStringLiteral("dim"));
  input_ = new ConsoleInput(theme_, port_, row);
  prompt->setBuddy(input_);
  layout->addWidget(prompt, 0, Qt::AlignTop);
  layout->addWidget(input_, 1);
  prompt->setContentsMargins(0, qRound(input_->document()->documentMargin()), 0, 0);
  connect(input_, &ConsoleInput::submitted, this, &ConsolePanel::run);
  connect(input_, &ConsoleInput::interrupt_wanted, this, &ConsolePanel::interrupt);
  return row;
}

void ConsolePanel::run(const QString& source) {
  take_feed();  // what was said before comes before
  append(QStringLiteral("› ") + QString(source).replace(QLatin1Char('\n'), QStringLiteral("\n  ")), Ink::echo);
  output_->verticalScrollBar()->setValue(output_->verticalScrollBar()->maximum());
  // Counted first: the answer may be there before evaluate() returns.
  change_running(1);
  const bool taken = port_.evaluate(source.toStdString(), [feed = feed_](ConsoleResult result) {
    feed->add({ConsoleFeed::Entry::Kind::result, std::move(result)});
  });
  if (!taken) {
    append(tr("Too much is waiting: let it end, or interrupt it"), Ink::error);
    change_running(-1);
  }
  saver_.start([&port = port_, entry = source.toStdString()] { port.remember(entry); });
}

void ConsolePanel::interrupt() {
  if (running()) port_.interrupt();
}

void ConsolePanel::clear() {
  output_->clear();
}

void ConsolePanel::add_button(QAction* action) {
  QToolButton* button = make_button(action, heading_);
  button->setObjectName(QStringLiteral("small"));
  button->setFont(theme_.small);
  static_cast<QHBoxLayout*>(heading_->layout())->addWidget(button);
}

void ConsolePanel::take_feed() {
  const ConsoleFeed::Batch batch = feed_->take();
  if (batch.lost > 0) append(tr("… %n line(s) were printed too fast to show", nullptr, int(batch.lost)), Ink::echo);
  using Kind = ConsoleFeed::Entry::Kind;
  // Lines of a kind are laid out together: that is much faster than one by one.
  QString said;
  Kind kind = Kind::printed;
  const auto show_said = [&] {
    if (!said.isNull()) append(std::exchange(said, {}), kind == Kind::error ? Ink::error : Ink::plain);
  };
  for (const ConsoleFeed::Entry& entry : batch.entries) {
    if (entry.kind != kind) show_said();
    if (entry.kind == Kind::result) {
      show_result(entry.result);
      continue;
    }
    kind = entry.kind;
    if (!said.isNull()) said += QLatin1Char('\n');
    said += QString::fromStdString(entry.result.text);
  }
  show_said();
}

void ConsolePanel::show_result(const ConsoleResult& result) {
  if (!result.text.empty()) append(QString::fromStdString(result.text), Ink::plain);
  if (!result.ok) {
    append(QString::fromStdString(result.error), Ink::error);
    // A stack of one place is the error's own place.
    if (result.stack.find('\n') != std::string::npos) append(QString::fromStdString(result.stack), Ink::place);
  }
  change_running(-1);
  if (result.exit) emit exit_wanted();
}

void ConsolePanel::change_running(int by) {
  const bool before = running();
  running_ += by;
  if (running() == before) return;
  told_stuck_ = false;
  input_->set_running(running());
  running() ? watch_.start() : watch_.stop();
  hint_->setText(running() ? tr("Running; Esc interrupts") : QString());
  emit running_changed(running());
}

void ConsolePanel::watch() {
  if (!port_.is_stuck() || std::exchange(told_stuck_, true)) return;
  append(
      tr("This line cannot be interrupted where it is: it goes on until it ends by itself. The show is not touched."),
      Ink::error);
}

void ConsolePanel::append(const QString& text, Ink ink) {
  const QScrollBar& bar = *output_->verticalScrollBar();
  const bool follows = bar.value() >= bar.maximum();
  QTextCursor cursor(output_->document());
  cursor.movePosition(QTextCursor::End);
  cursor.beginEditBlock();
  const QStringList lines = blocks_of(text);
  for (const QString& line : lines) append_line(cursor, line, ink);
  cursor.endEditBlock();
  if (follows) output_->verticalScrollBar()->setValue(output_->verticalScrollBar()->maximum());
}

void ConsolePanel::append_line(QTextCursor& cursor, const QString& line, Ink ink) {
  QTextBlockFormat block;
  block.setNonBreakableLines(is_row(line));
  QTextCharFormat format;
  format.setFont(theme_.mono);
  // Never red: that is for what is on air.
  const bool amber = ink == Ink::error || ink == Ink::place;
  format.setForeground(ink == Ink::echo ? theme_.dim : amber ? theme_.amber : theme_.text);
  format.setFontWeight(ink == Ink::error ? QFont::Bold : QFont::Normal);
  if (output_->document()->isEmpty()) {
    cursor.setBlockFormat(block);
  } else {
    cursor.insertBlock(block);
  }
  cursor.insertText(ink == Ink::place ? QStringLiteral("  ") + line : line, format);
}

}  // namespace mainstay::ui
