// While a field has the focus, keys without Ctrl and Alt are the field's: Return ends what is typed and does not take a
// scene, Space and PageUp neither. Return and Esc give the keys back to the show.
// A function on widgets; the filter it installs belongs to the widget.
// Thread-safety: the user-interface thread.
#pragma once

#include <QWidget>

namespace mainstay::ui {

void keep_keys(QWidget* field);

}  // namespace mainstay::ui
