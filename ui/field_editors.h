// Internal to ui/: the editors for each kind of value (field_editor.h).
// Owned as FieldEditor says.
// Thread-safety: the user-interface thread.
#pragma once

#include <QColorDialog>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QPointer>
#include <QSlider>

#include "engine/show/layers.h"
#include "ui/field_editor.h"

namespace mainstay::ui {

/// Where a number stands on its slider, 0 to 1: evenly; by its ratio where it spans more than a few octaves; or with
/// more room for what is small, where it begins at 0 and ends far away.
class NumberScale {
 public:
  explicit NumberScale(const show::FieldInfo& field);

  double place(double value) const;
  double value(double place) const;
  double min() const { return min_; }
  double max() const { return max_; }
  /// Digits after the point that make a difference.
  int decimals() const { return decimals_; }

 private:
  enum class Kind { even, ratio, square };
  double min_;
  double max_;
  Kind kind_ = Kind::even;
  int decimals_ = 0;
};

class NumberEditor final : public FieldEditor {
  Q_OBJECT

 public:
  NumberEditor(const Theme& theme, const show::FieldInfo& field, QWidget* parent);
  QSlider& slider() { return *slider_; }
  QDoubleSpinBox& box() { return *box_; }

 protected:
  void display(const show::Json& value) override;
  bool in_hand() const override { return slider_->isSliderDown(); }
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  show::Json json_of(double value) const;

  const NumberScale scale_;
  QSlider* slider_;
  QDoubleSpinBox* box_;
};

class WordEditor final : public FieldEditor {
  Q_OBJECT

 public:
  WordEditor(const Theme& theme, const show::FieldInfo& field, QWidget* parent);
  QComboBox& list() { return *list_; }

 protected:
  void display(const show::Json& value) override;

 private:
  QComboBox* list_;
};

class SwitchEditor final : public FieldEditor {
  Q_OBJECT

 public:
  SwitchEditor(const Theme& theme, const show::FieldInfo& field, QWidget* parent);

 protected:
  void display(const show::Json& value) override;

 private:
  class Switch* switch_;
};

class TextEditor : public FieldEditor {
  Q_OBJECT

 public:
  TextEditor(const Theme& theme, const show::FieldInfo& field, QWidget* parent);
  QLineEdit& line() { return *line_; }

 protected:
  void display(const show::Json& value) override;
  bool in_hand() const override { return line_->hasFocus() && line_->isModified(); }

 private:
  QLineEdit* line_;
};

/// A path, with a dialog beside the window to choose it in; never modal.
class PathEditor final : public TextEditor {
  Q_OBJECT

 public:
  PathEditor(const Theme& theme, const show::FieldInfo& field, QString files, QWidget* parent);
  void set_folder(const QString& folder) override { folder_ = folder; }
  void choose();

 private:
  const QString files_;
  QString folder_;
};

/// A colour: a box that shows it and opens a chooser, and its code.
class ColorEditor final : public TextEditor {
  Q_OBJECT

 public:
  ColorEditor(const Theme& theme, const show::FieldInfo& field, QWidget* parent);
  void choose();
  QColorDialog* dialog() const;

 protected:
  void display(const show::Json& value) override;
  bool in_hand() const override;

 private:
  class KeyBox* box_;
  QPointer<QColorDialog> dialog_;
};

/// As the show writes it: relative where the file lies in the show's folder.
QString path_for_show(const QString& path, const QString& folder);

}  // namespace mainstay::ui
