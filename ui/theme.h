// Colours, fonts and measures of the window. Everything is derived from one font size in logical pixels, so that it
// follows the desktop's font and scale.
// Owned by run_window(); panels hold a reference.
// Thread-safety: the user-interface thread.
#pragma once

#include <QColor>
#include <QFont>
#include <QString>

#include "ui/format.h"

class QApplication;
class QWidget;

namespace mainstay::ui {

struct Theme {
  // Red is on_air alone. Nothing else in the window, errors included, may use it or look like it.
  QColor window{0x12, 0x15, 0x1a};
  QColor panel{0x1a, 0x1e, 0x25};
  QColor raised{0x26, 0x2c, 0x36};
  QColor hover{0x32, 0x3a, 0x47};
  QColor edge{0x2c, 0x33, 0x3e};
  QColor text{0xe8, 0xeb, 0xf0};
  QColor dim{0xa3, 0xad, 0xbb};
  QColor faint{0x6e, 0x79, 0x88};
  QColor calm{0xa9, 0xcd, 0xf0};
  QColor focus{0x5b, 0x9b, 0xd5};
  QColor amber{0xf5, 0xb3, 0x35};
  QColor on_air{0xe3, 0x17, 0x2d};
  QColor preview{0x3f, 0xae, 0x5a};

  int unit = 13;  ///< height of ordinary text; all measures are multiples of it

  QFont plain;    ///< one unit
  QFont small;    ///< labels of numbers
  QFont strong;   ///< names
  QFont title;    ///< the show's name
  QFont state;    ///< a leg's state, read from two metres
  QFont number;   ///< numbers; all digits have one width
  QFont mono;     ///< JSON pointers, addresses
  QFont heading;  ///< of panels

  /// Sized after the desktop's font, never smaller than can be read.
  static Theme make();

  QColor color(Tone tone) const;
  int gap(double units) const { return qRound(unit * units); }
  QString style_sheet() const;
};

/// Fusion with this theme's palette, font and style sheet.
void apply_theme(QApplication& application, const Theme& theme);

/// Colours what a style sheet rule with [tone="…"] names.
void set_tone(QWidget& widget, Tone tone);

}  // namespace mainstay::ui
