#include "ui/multiview_window.h"

#include <QCloseEvent>
#include <QKeyEvent>
#include <QVBoxLayout>

namespace mainstay::ui {

MultiviewWindow::MultiviewWindow(const Theme& theme, const StudioPort& port, Clock& clock, QWidget* parent)
    : QWidget(parent, Qt::Window), view_(new PictureView(theme, port, clock, Bus::multiview, this)) {
  setWindowTitle(tr("Multiview – Mainstay"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(view_);
  resize(960, 540);
}

void MultiviewWindow::closeEvent(QCloseEvent* event) {
  QWidget::closeEvent(event);
  emit closed();
}

void MultiviewWindow::mouseDoubleClickEvent(QMouseEvent*) {
  toggle_full_screen();
}

void MultiviewWindow::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_F11) return toggle_full_screen();
  if (event->key() != Qt::Key_Escape) return QWidget::keyPressEvent(event);
  isFullScreen() ? toggle_full_screen() : static_cast<void>(close());
}

void MultiviewWindow::toggle_full_screen() {
  setWindowState(windowState() ^ Qt::WindowFullScreen);
}

}  // namespace mainstay::ui
