#include "ui/field_form.h"

#include <QGridLayout>
#include <QMouseEvent>
#include <algorithm>

namespace mainstay::ui {

namespace {

constexpr double kTwoColumns = 38;  // in units: from this width on
constexpr double kNameWidth = 6.4;

/// A double click brings the key back to what it holds by itself.
class FieldName final : public ElidedLabel {
 public:
  FieldName(const Theme& theme, FieldEditor& editor, QWidget* parent)
      : ElidedLabel(theme, theme.plain, parent), editor_(editor) {
    set_color(theme.dim);
  }

 protected:
  void mouseDoubleClickEvent(QMouseEvent*) override { editor_.reset(); }

 private:
  FieldEditor& editor_;
};

QString name_of(const show::FieldInfo& outer, const show::FieldInfo& inner) {
  return inner.key == "master" ? field_label(outer) : field_label(outer) + QStringLiteral(" ") + field_label(inner);
}

}  // namespace

FieldForm::FieldForm(const Theme& theme, const show::ObjectInfo& object, Options options, QWidget* parent)
    : QWidget(parent), theme_(theme), grid_(new QGridLayout(this)) {
  grid_->setContentsMargins(0, 0, theme.gap(0.4), 0);
  grid_->setHorizontalSpacing(theme.gap(0.5));
  grid_->setVerticalSpacing(theme.gap(0.15));
  for (const show::FieldInfo& field : object.fields) {
    const auto& left_out = options.without;
    if (std::find(left_out.begin(), left_out.end(), field.key) != left_out.end()) continue;
    if (field.kind == show::FieldKind::object && field.shape == show::FieldShape::single && field.objects.size() == 1) {
      for (const show::FieldInfo& inner : field.objects.front()->fields)
        add_row(inner, field.key, inner.key, name_of(field, inner), options);
      continue;
    }
    const show::FieldInfo* shown = &field;
    if (const auto words = options.words.find(field.key); words != options.words.end()) {
      shown = &narrowed_.emplace_back(field);
      narrowed_.back().words = words->second;
    }
    add_row(*shown, field.key, {}, field_label(field), options);
  }
  arrange(1);
}

void FieldForm::add_row(const show::FieldInfo& field, const std::string& key, const std::string& inner,
                        const QString& name, const Options& options) {
  FieldEditor* const editor = FieldEditor::make(theme_, field, options.files, this);
  if (editor == nullptr) return;
  editor->set_folder(options.folder);
  editor->setAccessibleName(name);
  auto* const label = new FieldName(theme_, *editor, this);
  label->set_text(name);
  label->setToolTip(editor->toolTip());
  label->setFixedWidth(theme_.gap(kNameWidth));
  const Row row{key, inner, label, editor};
  rows_.push_back(row);
  editors_.push_back(editor);
  connect(editor, &FieldEditor::wanted, this, [this, row](const show::Json& value) { ask(row, value); });
}

void FieldForm::ask(const Row& row, const show::Json& value) {
  if (row.inner.empty()) return emit wanted(row.key, value);
  // Commands set keys of the filter itself: an object within goes as a whole, as it stands under all hands.
  show::Json whole = show::Json::object();
  for (const Row& other : rows_) {
    if (other.key == row.key) whole[other.inner] = other.editor->value();
  }
  whole[row.inner] = value;
  emit wanted(row.key, whole);
}

void FieldForm::show_values(const show::Json& values) {
  if (!values.is_object()) return;
  values_ = values;
  for (const Row& row : rows_) {
    auto at = values_.find(row.key);
    if (at == values_.end()) continue;
    if (row.inner.empty()) {
      row.editor->show_value(*at);
    } else if (const auto inner = at->find(row.inner); at->is_object() && inner != at->end()) {
      row.editor->show_value(*inner);
    }
  }
}

FieldEditor* FieldForm::editor(const std::string& key, const std::string& inner) const {
  const auto found =
      std::find_if(rows_.begin(), rows_.end(), [&](const Row& row) { return row.key == key && row.inner == inner; });
  return found == rows_.end() ? nullptr : found->editor;
}

// Down the first column, then down the second: as one reads a list.
void FieldForm::arrange(int columns) {
  if (columns == columns_) return;
  columns_ = columns;
  while (grid_->count() > 0) delete grid_->takeAt(0);
  const auto count = static_cast<int>(rows_.size());
  const int high = (count + columns - 1) / columns;
  for (int i = 0; i < count; ++i) {
    const int column = high == 0 ? 0 : i / high * 3;
    const int line = high == 0 ? 0 : i % high;
    grid_->addWidget(rows_[static_cast<std::size_t>(i)].name, line, column, Qt::AlignVCenter);
    grid_->addWidget(rows_[static_cast<std::size_t>(i)].editor, line, column + 1, Qt::AlignVCenter);
  }
  for (int column = 0; column < 6; ++column) {
    grid_->setColumnStretch(column, column % 3 == 1 && column / 3 < columns ? 1 : 0);
    grid_->setColumnMinimumWidth(column, column == 2 && columns == 2 ? theme_.gap(0.8) : 0);
  }
  for (int row = 0; row <= count; ++row) grid_->setRowStretch(row, row == high ? 1 : 0);  // the rest is at the bottom
}

void FieldForm::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  arrange(width() >= theme_.gap(kTwoColumns) ? 2 : 1);
}

}  // namespace mainstay::ui
