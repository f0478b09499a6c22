#include "ui/actions.h"

#include <QStyle>
#include <QStyleOptionToolButton>
#include <algorithm>

namespace mainstay::ui {

namespace {

// As wide as its widest text, whatever it shows now.
class SteadyButton : public QToolButton {
 public:
  SteadyButton(QWidget* parent, QStringList texts) : QToolButton(parent), texts_(std::move(texts)) {}

  QSize sizeHint() const override {
    const QSize own = QToolButton::sizeHint();
    // As QToolButton measures it: the advance alone may round to a pixel more or less.
    const auto width_of = [this](const QString& text) {
      return fontMetrics().size(Qt::TextShowMnemonic, text).width();
    };
    const int now = width_of(text());
    int widest = now;
    for (const QString& other : texts_) widest = std::max(widest, width_of(other));
    return {own.width() + widest - now, own.height()};
  }
  QSize minimumSizeHint() const override { return sizeHint(); }

 private:
  QStringList texts_;
};

}  // namespace

QAction* make_action(QWidget* owner, const ActionText& text, std::function<void()> run) {
  auto* action = new QAction(text.text, owner);
  action->setProperty("command", QString::fromLatin1(text.command));
  action->setShortcut(text.shortcut);
  action->setShortcutContext(Qt::WindowShortcut);
  // A key that is held down is one press: it must not confirm what its first press asked.
  action->setAutoRepeat(false);
  const QString keys = text.shortcut.toString(QKeySequence::NativeText);
  action->setToolTip(keys.isEmpty() ? text.help : QStringLiteral("%1 (%2)").arg(text.help, keys));
  QObject::connect(action, &QAction::triggered, owner, [run = std::move(run)] { run(); });
  owner->addAction(action);
  return action;
}

QToolButton* make_button(QAction* action, QWidget* parent, const QStringList& other_texts) {
  auto* button = new SteadyButton(parent, other_texts);
  button->setDefaultAction(action);
  button->setToolButtonStyle(Qt::ToolButtonTextOnly);
  // Not by a click: a focused button would be pressed by the space bar long after.
  button->setFocusPolicy(Qt::TabFocus);
  return button;
}

QString command_of(const QAction& action) {
  return action.property("command").toString();
}

}  // namespace mainstay::ui
