#include "ui/field_editors.h"

#include <QColorDialog>
#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <algorithm>
#include <cmath>

#include "ui/field_keys.h"
#include "ui/key_box.h"

namespace mainstay::ui {

namespace {

constexpr int kSteps = 1000;
constexpr double kOctaves = 50;  // of so many times the least and more: by ratio
constexpr double kFar = 100;

QString text_of(const show::Json& value) {
  return value.is_string() ? QString::fromStdString(value.get<std::string>()) : QString();
}

}  // namespace

// --- numbers ---------------------------------------------------------------------------------------------------------

NumberScale::NumberScale(const show::FieldInfo& field)
    : min_(field.min.value_or(-1'000'000)), max_(field.max.value_or(1'000'000)) {
  if (min_ > 0 && max_ / min_ >= kOctaves) kind_ = Kind::ratio;
  if (min_ == 0 && max_ >= kFar) kind_ = Kind::square;
  if (field.kind == show::FieldKind::number) decimals_ = max_ - min_ <= 50 ? 2 : max_ - min_ <= 1000 ? 1 : 0;
}

double NumberScale::place(double value) const {
  const double v = std::clamp(value, min_, max_);
  if (kind_ == Kind::ratio) return std::log(v / min_) / std::log(max_ / min_);
  const double share = (v - min_) / (max_ - min_);
  return kind_ == Kind::square ? std::sqrt(share) : share;
}

double NumberScale::value(double place) const {
  const double p = std::clamp(place, 0.0, 1.0);
  double v = min_ + p * (max_ - min_);
  if (kind_ == Kind::ratio) v = min_ * std::pow(max_ / min_, p);
  if (kind_ == Kind::square) v = min_ + p * p * (max_ - min_);
  const double steps = std::pow(10.0, decimals_);
  return std::clamp(std::round(v * steps) / steps, min_, max_);
}

NumberEditor::NumberEditor(const Theme& theme, const show::FieldInfo& field, QWidget* parent)
    : FieldEditor(theme, field, parent), scale_(field) {
  slider_ = new QSlider(Qt::Horizontal, this);
  slider_->setRange(0, kSteps);
  slider_->setMinimumWidth(theme.gap(4));
  slider_->installEventFilter(this);
  box_ = new QDoubleSpinBox(this);
  box_->setDecimals(scale_.decimals());
  box_->setRange(scale_.min(), scale_.max());
  box_->setSingleStep(std::pow(10.0, -scale_.decimals()));
  box_->setButtonSymbols(QAbstractSpinBox::NoButtons);
  box_->setKeyboardTracking(false);
  box_->setFocusPolicy(Qt::StrongFocus);
  box_->setAlignment(Qt::AlignRight);
  if (!field.unit.empty()) box_->setSuffix(QStringLiteral(" ") + QString::fromStdString(field.unit));
  box_->setFixedWidth(theme.gap(6.2));
  box_->installEventFilter(this);
  add_part(slider_, 1);
  add_part(box_);
  connect(slider_, &QSlider::valueChanged, this, [this](int step) {
    const double value = scale_.value(static_cast<double>(step) / kSteps);
    const QSignalBlocker quiet(box_);
    box_->setValue(value);
    want(json_of(value), true);
  });
  connect(slider_, &QSlider::sliderReleased, this, [this] { want(json_of(box_->value()), false); });
  connect(box_, &QDoubleSpinBox::valueChanged, this, [this](double value) {
    const QSignalBlocker quiet(slider_);
    slider_->setValue(qRound(scale_.place(value) * kSteps));
    want(json_of(value), false);
  });
}

show::Json NumberEditor::json_of(double value) const {
  if (field_.kind == show::FieldKind::integer) return static_cast<std::int64_t>(std::llround(value));
  const double steps = std::pow(10.0, scale_.decimals());
  return std::round(value * steps) / steps;
}

void NumberEditor::display(const show::Json& value) {
  if (!value.is_number()) return;
  const auto number = value.get<double>();
  const QSignalBlocker quiet(slider_);
  const QSignalBlocker quiet_too(box_);
  slider_->setValue(qRound(scale_.place(number) * kSteps));
  const auto* typed = box_->findChild<QLineEdit*>();
  if (!box_->hasFocus() || typed == nullptr || !typed->isModified()) box_->setValue(number);
}

// A wheel that scrolls the panel must not change what happens to lie under it.
bool NumberEditor::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Wheel && !static_cast<QWidget*>(watched)->hasFocus()) {
    event->ignore();
    return true;
  }
  return FieldEditor::eventFilter(watched, event);
}

// --- words and switches ----------------------------------------------------------------------------------------------

WordEditor::WordEditor(const Theme& theme, const show::FieldInfo& field, QWidget* parent)
    : FieldEditor(theme, field, parent) {
  list_ = new QComboBox(this);
  list_->setFocusPolicy(Qt::StrongFocus);
  for (const std::string& word : field.words) {
    const QString text = QString::fromStdString(word);
    list_->addItem(QString(text).replace('_', ' '), text);
  }
  add_part(list_, 1);
  connect(list_, &QComboBox::activated, this, [this] { want(list_->currentData().toString().toStdString(), false); });
}

void WordEditor::display(const show::Json& value) {
  list_->setCurrentIndex(list_->findData(text_of(value)));
}

SwitchEditor::SwitchEditor(const Theme& theme, const show::FieldInfo& field, QWidget* parent)
    : FieldEditor(theme, field, parent) {
  switch_ = new Switch(theme, this);
  add_part(switch_);
  static_cast<QBoxLayout*>(layout())->addStretch(1);
  connect(switch_, &Switch::switched, this, [this](bool on) { want(on, false); });
}

void SwitchEditor::display(const show::Json& value) {
  switch_->set_on(value.is_boolean() && value.get<bool>());
}

// --- texts -----------------------------------------------------------------------------------------------------------

TextEditor::TextEditor(const Theme& theme, const show::FieldInfo& field, QWidget* parent)
    : FieldEditor(theme, field, parent) {
  line_ = new QLineEdit(this);
  line_->setMinimumWidth(theme.gap(4));
  add_part(line_, 1);
  connect(line_, &QLineEdit::editingFinished, this, [this] {
    if (!line_->isModified()) return;
    line_->setModified(false);
    want(line_->text().toStdString(), false);
  });
}

void TextEditor::display(const show::Json& value) {
  if (in_hand()) return;
  line_->setText(text_of(value));
}

QString path_for_show(const QString& path, const QString& folder) {
  if (folder.isEmpty()) return path;
  const QString relative = QDir(folder).relativeFilePath(path);
  return relative.startsWith(QLatin1String("..")) ? path : relative;
}

PathEditor::PathEditor(const Theme& theme, const show::FieldInfo& field, QString files, QWidget* parent)
    : TextEditor(theme, field, parent), files_(std::move(files)) {
  auto* key = new KeyBox(theme, tr("…"), this);
  add_part(key);
  key->setToolTip(tr("Chooses the file"));
  key->setAccessibleName(tr("Choose file"));
  connect(key, &KeyBox::pressed, this, &PathEditor::choose);
}

void PathEditor::choose() {
  const QString now = QDir(folder_).absoluteFilePath(line().text());
  auto* dialog = new QFileDialog(this, tr("Choose file"), QFileInfo(now).path(), files_);
  dialog->setFileMode(QFileDialog::ExistingFile);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setModal(false);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
    const QString text = path_for_show(path, folder_);
    line().setText(text);
    want(text.toStdString(), false);
  });
  dialog->show();
}

ColorEditor::ColorEditor(const Theme& theme, const show::FieldInfo& field, QWidget* parent)
    : TextEditor(theme, field, parent) {
  line().setMaxLength(7);
  box_ = new KeyBox(theme, {}, this);
  static_cast<QBoxLayout*>(layout())->insertWidget(0, box_);
  keep_keys(box_);
  box_->setToolTip(tr("Chooses the colour, also from the screen"));
  box_->setAccessibleName(tr("Choose colour"));
  connect(box_, &KeyBox::pressed, this, &ColorEditor::choose);
}

void ColorEditor::display(const show::Json& value) {
  TextEditor::display(value);
  box_->set_color(QColor(text_of(value)));
}

bool ColorEditor::in_hand() const {
  return TextEditor::in_hand() || (dialog_ && dialog_->isVisible() && dialog_->isActiveWindow());
}

QColorDialog* ColorEditor::dialog() const {
  return dialog_;
}

// What is chosen is seen at once: the dialog has nothing to confirm.
void ColorEditor::choose() {
  if (dialog_) return dialog_->raise();
  dialog_ = new QColorDialog(QColor(text_of(value())), this);
  dialog_->setWindowTitle(tr("Colour"));
  dialog_->setOptions(QColorDialog::DontUseNativeDialog | QColorDialog::NoButtons);
  dialog_->setAttribute(Qt::WA_DeleteOnClose);
  dialog_->setModal(false);
  connect(dialog_, &QColorDialog::currentColorChanged, this, [this](const QColor& color) {
    line().setText(color.name());
    box_->set_color(color);
    want(color.name().toStdString(), true);
  });
  dialog_->show();
}

}  // namespace mainstay::ui
