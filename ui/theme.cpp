#include "ui/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontInfo>
#include <QFontMetrics>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>
#include <QWidget>
#include <algorithm>

namespace mainstay::ui {

namespace {

constexpr int kSmallestUnit = 13;
constexpr int kLargestUnit = 40;

bool has_even_digits(const QFont& font) {
  const QFontMetrics metrics(font);
  const int zero = metrics.horizontalAdvance(QLatin1Char('0'));
  for (char digit = '1'; digit <= '9'; ++digit) {
    if (metrics.horizontalAdvance(QLatin1Char(digit)) != zero) return false;
  }
  return true;
}

// A family made for screens, where there is one; otherwise whatever the desktop uses.
QString family() {
  const QStringList present = QFontDatabase::families();
  for (const char* name : {"Inter", "Noto Sans", "Source Sans 3", "DejaVu Sans"}) {
    if (present.contains(QLatin1String(name))) return QLatin1String(name);
  }
  return QFontInfo(QApplication::font()).family();
}

QFont sized(const QString& name, double pixels, int weight) {
  QFont font(name);
  font.setPixelSize(std::max(1, qRound(pixels)));
  font.setWeight(static_cast<QFont::Weight>(weight));
  return font;
}

}  // namespace

Theme Theme::make() {
  Theme theme;
  theme.unit = std::clamp(QFontInfo(QApplication::font()).pixelSize(), kSmallestUnit, kLargestUnit);
  const double u = theme.unit;
  const QString name = family();
  theme.plain = sized(name, u, QFont::Normal);
  theme.small = sized(name, u * 0.85, QFont::Normal);
  theme.strong = sized(name, u * 1.1, QFont::Bold);
  theme.title = sized(name, u * 1.4, QFont::Bold);
  theme.state = sized(name, u * 2.0, QFont::Bold);
  theme.number = sized(name, u * 1.4, QFont::Bold);
  theme.heading = sized(name, u * 0.85, QFont::Bold);
  theme.heading.setLetterSpacing(QFont::AbsoluteSpacing, u * 0.1);
  theme.mono = QFontDatabase::systemFont(QFontDatabase::FixedFont);
  theme.mono.setPixelSize(theme.unit);
  if (!has_even_digits(theme.number)) {
    theme.number = theme.mono;
    theme.number.setPixelSize(qRound(u * 1.4));
    theme.number.setBold(true);
  }
  return theme;
}

QColor Theme::color(Tone tone) const {
  switch (tone) {
    case Tone::quiet:
      return dim;
    case Tone::calm:
      return calm;
    case Tone::warning:
    case Tone::error:
      break;
  }
  return amber;
}

QString Theme::style_sheet() const {
  // Fonts are set in code, where the widths of number fields are computed from them.
  QString sheet = QStringLiteral(R"(
QToolTip { background: @raised; color: @text; border: 1px solid @edge; padding: @p3px; }
QSplitter::handle { background: @window; }
QScrollBar:vertical { background: transparent; width: @p8px; margin: 0; }
QScrollBar::handle:vertical { background: @hover; border-radius: @p3px; min-height: @p20px; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; width: 0; height: 0; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QFrame#panel { background: @panel; border-radius: @p4px; }
QLabel:disabled, QLabel#dim, QLabel#heading { color: @dim; }
QLabel[tone="quiet"] { color: @dim; }
QLabel[tone="calm"] { color: @calm; }
QLabel[tone="warning"], QLabel[tone="error"] { color: @amber; }
QToolButton { background: @raised; color: @text; border: 1px solid @edge; border-radius: @p4px; padding: @p5px @p10px; }
QToolButton:hover { background: @hover; }
QToolButton:focus { border-color: @focus; }
QToolButton:pressed, QToolButton:checked { background: @edge; border-color: @focus; }
QToolButton:disabled { background: @panel; color: @faint; border-color: @raised; }
QToolButton#small { padding: @p2px @p6px; }
QToolButton#primary:enabled { border-color: @focus; }
QToolButton[armed="true"] { background: @amber; color: @window; border-color: @amber; }
QToolButton::menu-indicator { image: none; }
QMenu { background: @raised; color: @text; border: 1px solid @edge; padding: @p4px; }
QMenu::item { padding: @p5px @p20px @p5px @p10px; }
QMenu::item:selected { background: @hover; }
QMenu::item:disabled { color: @faint; }
QMenu::separator { height: 1px; background: @edge; margin: @p4px; }
QScrollBar:horizontal { background: transparent; height: @p8px; margin: 0; }
QScrollBar::handle:horizontal { background: @hover; border-radius: @p3px; min-width: @p20px; }
QTextEdit { background: @panel; border: none; }
QFrame#input { background: @window; border: 1px solid @edge; border-radius: @p4px; }
QPlainTextEdit { background: transparent; border: none; }
QListView#completion { background: @raised; border: 1px solid @edge; }
QListView { background: @panel; border: none; outline: none; }
QComboBox, QAbstractSpinBox, QLineEdit { background: @raised; color: @text; border: 1px solid @edge; border-radius: @p4px; padding: @p3px @p6px; }
QAbstractSpinBox QLineEdit { background: transparent; border: none; padding: 0; }
QLineEdit:focus, QAbstractSpinBox:focus { border-color: @focus; }
QComboBox:disabled, QAbstractSpinBox:disabled, QLineEdit:disabled { color: @faint; border-color: @raised; }
QComboBox::drop-down { border: none; width: @p20px; }
QComboBox QAbstractItemView { background: @raised; border: 1px solid @edge; selection-background-color: @hover; }
QSlider::groove:horizontal { background: @window; border: 1px solid @edge; height: @p8px; border-radius: @p4px; }
QSlider::sub-page:horizontal { background: @edge; border-radius: @p4px; }
QSlider::handle:horizontal { background: @text; width: @p10px; margin: -@p5px 0; border-radius: @p2px; }
QSlider::handle:horizontal:disabled { background: @faint; }
)");
  const auto color_name = [&](const char* token, const QColor& value) {
    sheet.replace(QLatin1String(token), value.name());
  };
  color_name("@window", window);
  color_name("@panel", panel);
  color_name("@raised", raised);
  color_name("@hover", hover);
  color_name("@edge", edge);
  color_name("@text", text);
  color_name("@dim", dim);
  color_name("@faint", faint);
  color_name("@calm", calm);
  color_name("@focus", focus);
  color_name("@amber", amber);
  for (const int pixels : {20, 10, 8, 6, 5, 4, 3, 2}) {  // long names first: @p20 before @p2
    sheet.replace(QStringLiteral("@p%1px").arg(pixels), QStringLiteral("%1px").arg(gap(pixels / 13.0)));
  }
  return sheet;
}

void apply_theme(QApplication& application, const Theme& theme) {
  QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  QPalette palette;
  palette.setColor(QPalette::Window, theme.window);
  palette.setColor(QPalette::WindowText, theme.text);
  palette.setColor(QPalette::Base, theme.panel);
  palette.setColor(QPalette::AlternateBase, theme.raised);
  palette.setColor(QPalette::Text, theme.text);
  palette.setColor(QPalette::Button, theme.raised);
  palette.setColor(QPalette::ButtonText, theme.text);
  palette.setColor(QPalette::PlaceholderText, theme.faint);
  palette.setColor(QPalette::Highlight, theme.hover);
  palette.setColor(QPalette::HighlightedText, theme.text);
  palette.setColor(QPalette::ToolTipBase, theme.raised);
  palette.setColor(QPalette::ToolTipText, theme.text);
  palette.setColor(QPalette::Link, theme.calm);
  for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
    palette.setColor(QPalette::Disabled, role, theme.faint);
  }
  QApplication::setPalette(palette);
  QApplication::setFont(theme.plain);
  application.setStyleSheet(theme.style_sheet());
}

void set_tone(QWidget& widget, Tone tone) {
  const QString name = QLatin1String(to_string(tone));
  if (widget.property("tone").toString() == name) return;
  widget.setProperty("tone", name);
  widget.style()->unpolish(&widget);
  widget.style()->polish(&widget);
}

}  // namespace mainstay::ui
