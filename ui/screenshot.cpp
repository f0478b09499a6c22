#include "ui/screenshot.h"

#include <QPixmap>
#include <cstdio>

namespace mainstay::ui {

namespace {

// Long enough for legs to connect and for a bitrate of a whole second.
constexpr Millis kAir{4000};
constexpr int kPatienceMs = 20'000;
constexpr int kEmptyWindowMs = 400;
constexpr int kSettleMs = 300;

}  // namespace

Screenshot::Screenshot(MainWindow& window, StudioModel& model, QString out_png, QString show_path)
    : window_(window), model_(model), out_png_(std::move(out_png)), show_path_(std::move(show_path)) {
  patience_.setSingleShot(true);
  connect(&patience_, &QTimer::timeout, this, [this] { save(); });
}

void Screenshot::begin() {
  if (show_path_.isEmpty()) return patience_.start(kEmptyWindowMs);
  exit_code_ = 1;  // until it is seen on air
  patience_.start(kPatienceMs);
  connect(&model_, &StudioModel::show_opened, this, [this] { model_.start(); });
  connect(&model_, &StudioModel::show_refused, this, [this] {
    exit_code_ = 2;
    save_soon();
  });
  connect(&model_, &StudioModel::start_failed, this, [this] {
    exit_code_ = 1;
    save_soon();
  });
  connect(&model_, &StudioModel::show_ended, this, &Screenshot::save_soon);
  connect(&model_, &StudioModel::updated, this, &Screenshot::look);
  window_.open_show(show_path_);
}

void Screenshot::look() {
  const Snapshot& snapshot = model_.snapshot();
  if (snapshot.phase == Phase::on_air && snapshot.elapsed >= kAir && window_.picture().has_picture()) {
    exit_code_ = 0;
    save();
  }
}

// A panel that has just come up still has to be laid out, and the events that belong to it are on their way.
void Screenshot::save_soon() {
  patience_.start(kSettleMs);
}

void Screenshot::save() {
  if (std::exchange(saved_, true)) return;
  patience_.stop();
  if (!window_.grab().save(out_png_, "PNG")) {
    std::fprintf(stderr, "mainstay: the screenshot cannot be written to %s: does the folder exist?\n",
                 qUtf8Printable(out_png_));
    exit_code_ = 1;
  }
  emit done();
}

}  // namespace mainstay::ui
