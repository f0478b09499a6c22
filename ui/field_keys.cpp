#include "ui/field_keys.h"

#include <QKeyEvent>

namespace mainstay::ui {

namespace {

bool is_plain(const QKeyEvent& key) {
  const bool function = key.key() >= Qt::Key_F1 && key.key() <= Qt::Key_F35;
  return !function && (key.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) == 0;
}

class FieldKeys final : public QObject {
 public:
  explicit FieldKeys(QWidget* field) : QObject(field), field_(field) {}

  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() == QEvent::ShortcutOverride && is_plain(static_cast<QKeyEvent&>(*event))) {
      event->accept();
      return true;
    }
    if (event->type() == QEvent::KeyPress) {
      const int key = static_cast<QKeyEvent*>(event)->key();
      const bool ends = key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Escape;
      // After the field has made of it what it makes.
      if (ends)
        QMetaObject::invokeMethod(
            field_, [field = field_] { field->clearFocus(); }, Qt::QueuedConnection);
    }
    return QObject::eventFilter(watched, event);
  }

 private:
  QWidget* const field_;
};

}  // namespace

void keep_keys(QWidget* field) {
  field->installEventFilter(new FieldKeys(field));
}

}  // namespace mainstay::ui
