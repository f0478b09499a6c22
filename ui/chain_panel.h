// The rest of the chain: sources, encoders and the recorder, a row each with its state and what it says of itself.
// Owned by the main window; the theme outlives it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QFrame>
#include <vector>

#include "ui/widgets.h"

class QVBoxLayout;

namespace mainstay::ui {

/// What one row shows.
struct ChainRow {
  QString name;
  QString state;
  QString detail;
  Tone tone = Tone::quiet;
};

std::vector<ChainRow> source_rows(const Snapshot& snapshot);
/// Encoders, then the recorder.
std::vector<ChainRow> output_rows(const Snapshot& snapshot);

/// A heading over rows, or a hint where there are none. Scrolls when there are many.
class ChainList : public QFrame {
  Q_OBJECT

 public:
  ChainList(const Theme& theme, const QString& heading, QWidget* parent = nullptr);

  void show_rows(const std::vector<ChainRow>& rows, const QString& hint);
  int row_count() const { return static_cast<int>(rows_.size()); }
  QString hint() const { return hint_->text(); }

 private:
  class Row;

  const Theme& theme_;
  QWidget* list_;
  QVBoxLayout* list_layout_;
  WrapLabel* hint_;
  std::vector<Row*> rows_;
};

class ChainPanel : public QWidget {
  Q_OBJECT

 public:
  explicit ChainPanel(const Theme& theme, QWidget* parent = nullptr);

  void show_snapshot(const Snapshot& snapshot);
  const ChainList& sources() const { return *sources_; }
  const ChainList& outputs() const { return *outputs_; }

 private:
  ChainList* sources_;
  ChainList* outputs_;
};

}  // namespace mainstay::ui
