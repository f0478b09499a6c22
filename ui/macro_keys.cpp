#include "ui/macro_keys.h"

#include <QAction>
#include <QStringList>
#include <QWidget>
#include <algorithm>
#include <iterator>

#include "ui/actions.h"

namespace mainstay::ui {

namespace {

QKeySequence keys_of(const MacroSnapshot& macro) {
  return QKeySequence(QString::fromStdString(macro.key), QKeySequence::PortableText);
}

}  // namespace

MacroKeys::MacroKeys(QWidget* window, std::function<void(const std::string&)> run)
    : QObject(window), window_(window), run_(std::move(run)) {}

std::vector<std::pair<QKeySequence, QString>> MacroKeys::own_keys() const {
  std::vector<std::pair<QKeySequence, QString>> keys;
  for (const QAction* action : window_->findChildren<QAction*>()) {
    if (actions_.contains(action) || action->shortcut().isEmpty()) continue;
    keys.emplace_back(action->shortcut(), action->text());
  }
  return keys;
}

// Both may change: legs bring a key each.
bool MacroKeys::show_macros(const std::vector<MacroSnapshot>& macros) {
  std::vector<MacroSnapshot> wanted;
  std::copy_if(macros.begin(), macros.end(), std::back_inserter(wanted), [](const auto& m) { return !m.key.empty(); });
  if (wanted.empty() && macros_.empty()) return false;
  auto own = own_keys();
  const auto same_key = [](const auto& a, const auto& b) { return a.first == b.first; };
  if (wanted == macros_ && std::equal(own.begin(), own.end(), own_.begin(), own_.end(), same_key)) return false;
  macros_ = std::move(wanted);
  own_ = std::move(own);
  make_actions();
  return true;
}

void MacroKeys::make_actions() {
  qDeleteAll(actions_);
  actions_.clear();
  QStringList taken;
  for (const MacroSnapshot& macro : macros_) {
    const QString name = QString::fromStdString(macro.name);
    QKeySequence keys = keys_of(macro);
    QString help = tr("Starts the macro %1 of the show").arg(name);
    const auto owner = std::find_if(own_.begin(), own_.end(), [&](const auto& one) { return one.first == keys; });
    if (owner != own_.end()) {
      const QString shown = keys.toString(QKeySequence::NativeText);
      taken << tr("%1 starts “%2”, not the macro %3").arg(shown, owner->second, name);
      help += tr("; its key %1 is that of “%2”").arg(shown, owner->second);
      keys = {};
    }
    actions_ << make_action(window_, {"macro.run", name, help, keys}, [this, name = macro.name] { run_(name); });
  }
  collisions_ = taken.isEmpty() ? QString() : taken.join(QStringLiteral("; ")) + tr(": give it another key.");
}

}  // namespace mainstay::ui
