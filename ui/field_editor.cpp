#include "ui/field_editor.h"

#include <QHBoxLayout>

#include "ui/field_editors.h"
#include "ui/field_keys.h"

namespace mainstay::ui {

namespace {

constexpr int kPaceMs = 50;     // as often as the engine is told while it moves
constexpr int kSettleMs = 400;  // until what the engine says is newer than what it was told

}  // namespace

FieldEditor::FieldEditor(const Theme& theme, const show::FieldInfo& field, QWidget* parent)
    : QWidget(parent), theme_(theme), field_(field) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme.gap(0.4));
  setToolTip(field_help(field));
  setAccessibleName(field_label(field));
  pace_.setInterval(kPaceMs);
  connect(&pace_, &QTimer::timeout, this, &FieldEditor::send);
  settle_.setSingleShot(true);
  settle_.setInterval(kSettleMs);
  connect(&settle_, &QTimer::timeout, this, &FieldEditor::settle);
}

void FieldEditor::add_part(QWidget* part, int stretch) {
  part->setToolTip(toolTip());
  part->setAccessibleName(accessibleName());
  keep_keys(part);
  static_cast<QHBoxLayout*>(layout())->addWidget(part, stretch);
}

void FieldEditor::show_value(const show::Json& value) {
  if (value == told_) return;
  told_ = value;
  if (!held_) display(told_);
}

void FieldEditor::reset() {
  if (field_.default_json.empty()) return;
  show::Json value = show::Json::parse(field_.default_json, nullptr, false);
  if (value.is_discarded() || value == this->value()) return;
  display(value);
  want(std::move(value), false);
}

void FieldEditor::want(show::Json value, bool moving) {
  held_ = std::move(value);
  settle_.start();
  if (moving && pace_.isActive()) return;  // the next beat takes it along
  send();
  moving ? pace_.start() : pace_.stop();
}

void FieldEditor::send() {
  if (!held_ || held_ == sent_) return in_hand() ? void() : pace_.stop();
  sent_ = held_;
  settle_.start();
  emit wanted(*held_);
}

void FieldEditor::settle() {
  if (in_hand()) return settle_.start();
  held_.reset();
  sent_.reset();
  display(told_);
}

QString field_label(const show::FieldInfo& field) {
  QString key = QString::fromStdString(field.key);
  for (const char* unit : {"_ms", "_db", "_s", "_lufs"}) {
    if (key.endsWith(QLatin1String(unit))) key.chop(static_cast<int>(std::char_traits<char>::length(unit)));
  }
  if (key == QLatin1String("hz")) return FieldEditor::tr("Frequency");
  if (key.size() == 1) return key.toUpper();
  key.replace(QLatin1Char('_'), QLatin1Char(' '));
  key[0] = key[0].toUpper();
  return key;
}

QString field_help(const show::FieldInfo& field) {
  QString text = QString::fromStdString(field.help);
  if (field.kind == show::FieldKind::number || field.kind == show::FieldKind::integer)
    text += QStringLiteral("\n") + QString::fromStdString(show::expectation(field));
  if (!field.default_json.empty() && field.default_json != "\"\"")
    text += FieldEditor::tr("\nA double click on the name: %1").arg(QString::fromStdString(field.default_json));
  return text;
}

FieldEditor* FieldEditor::make(const Theme& theme, const show::FieldInfo& field, const QString& files,
                               QWidget* parent) {
  if (field.shape != show::FieldShape::single) return nullptr;
  switch (field.kind) {
    case show::FieldKind::boolean:
      return new SwitchEditor(theme, field, parent);
    case show::FieldKind::integer:
    case show::FieldKind::number:
      return new NumberEditor(theme, field, parent);
    case show::FieldKind::word:
      return new WordEditor(theme, field, parent);
    case show::FieldKind::text:
      if (field.accepts == show::is_color) return new ColorEditor(theme, field, parent);
      if (field.key == "path") return new PathEditor(theme, field, files, parent);
      if (!field.words.empty()) return new WordEditor(theme, field, parent);
      return new TextEditor(theme, field, parent);
    default:
      return nullptr;
  }
}

}  // namespace mainstay::ui
