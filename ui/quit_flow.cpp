#include "ui/quit_flow.h"

namespace mainstay::ui {

namespace {

// A show ends within three seconds; an engine that does not is ended by its destructor.
constexpr int kPatienceMs = 6000;

}  // namespace

QuitFlow::QuitFlow(StudioModel& model, QObject* parent) : QObject(parent), model_(model) {
  patience_.setSingleShot(true);
  patience_.setInterval(kPatienceMs);
  connect(&patience_, &QTimer::timeout, this, &QuitFlow::finish);
  connect(&model, &StudioModel::updated, this, &QuitFlow::look);
}

void QuitFlow::set(State state) {
  if (state == state_) return;
  state_ = state;
  emit state_changed();
}

void QuitFlow::request() {
  if (state_ == State::ending || state_ == State::done) return;
  if (model_.busy()) {
    set(State::asked);
  } else {
    finish();
  }
}

void QuitFlow::end_and_quit() {
  if (state_ == State::ending || state_ == State::done) return;
  if (!model_.busy()) return finish();
  set(State::ending);
  patience_.start();
  model_.stop();
}

void QuitFlow::stay() {
  if (state_ == State::asked) set(State::none);
}

void QuitFlow::look() {
  if (model_.busy()) return;
  if (state_ == State::ending) finish();
  if (state_ == State::asked) set(State::none);  // it has ended meanwhile: the question is void
}

void QuitFlow::finish() {
  if (state_ == State::done) return;
  patience_.stop();
  set(State::done);
  emit finished();
}

}  // namespace mainstay::ui
