#include "ui/confirm.h"

namespace mainstay::ui {

Confirm::Confirm(Times times, QObject* parent) : QObject(parent) {
  deaf_.setSingleShot(true);
  deaf_.setInterval(times.deaf_ms);
  expiry_.setSingleShot(true);
  expiry_.setInterval(times.armed_ms);
  connect(&expiry_, &QTimer::timeout, this, &Confirm::disarm);
}

void Confirm::press() {
  if (!armed_) {
    armed_ = true;
    if (deaf_.interval() > 0) deaf_.start();
    expiry_.start();
    emit armed_changed(true);
    return;
  }
  if (deaf_.isActive()) return;
  disarm();
  emit confirmed();
}

void Confirm::disarm() {
  if (!armed_) return;
  armed_ = false;
  deaf_.stop();
  expiry_.stop();
  emit armed_changed(false);
}

}  // namespace mainstay::ui
