// The box beside a list of filters: a line of what to do when there is none, and a form that scrolls.
// Owned by its panel.
// Thread-safety: the user-interface thread.
#pragma once

#include <QFrame>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/widgets.h"

namespace mainstay::ui {

struct FilterBox {
  QFrame* panel = nullptr;
  QVBoxLayout* layout = nullptr;  ///< the hint, the form
  WrapLabel* hint = nullptr;
  QScrollArea* scroll = nullptr;
};

FilterBox make_filter_box(const Theme& theme, QWidget* parent);

}  // namespace mainstay::ui
