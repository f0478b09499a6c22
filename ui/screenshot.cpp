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
constexpr int kConsoleMs = 5000;
const QString kConsole = QStringLiteral("console");
const QString kMixer = QStringLiteral("mixer");
const QString kFilters = QStringLiteral("filters");
const QString kSoundFilters = QStringLiteral("sound_filters");
const QString kMultiview = QStringLiteral("multiview");

}  // namespace

Screenshot::Screenshot(MainWindow& window, StudioModel& model, QString out_png, QString show_path, QString panel)
    : window_(window),
      model_(model),
      out_png_(std::move(out_png)),
      show_path_(std::move(show_path)),
      panel_(std::move(panel)) {
  window_.show_console(panel_ == kConsole);
  if (panel_ == kMixer) window_.show_mixer(true);
  if (panel_ == kSoundFilters) window_.show_strip_filters(true);
  if (panel_ == kMultiview) window_.show_multiview(true);
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

QStringList Screenshot::panels() {
  return {QStringLiteral("picture"),
          QStringLiteral("chain"),
          QStringLiteral("events"),
          kMixer,
          kFilters,
          kSoundFilters,
          kConsole,
          QStringLiteral("onair"),
          QStringLiteral("legs"),
          kMultiview};
}

QWidget& Screenshot::subject() const {
  if (panel_ == QLatin1String("picture")) return window_.picture();
  if (panel_ == QLatin1String("chain")) return window_.chain();
  if (panel_ == QLatin1String("events")) return window_.events();
  if (panel_ == QLatin1String("onair")) return window_.on_air();
  if (panel_ == QLatin1String("legs")) return window_.legs();
  if (panel_ == kMultiview) return window_.multiview();
  return window_;  // the console, the mixer and the filters too: where it has its place belongs to how it looks
}

// A console that nobody has used shows nothing: a table and an error, one after the other.
void Screenshot::type_examples() {
  if (std::exchange(typed_, true)) return;
  patience_.start(kConsoleMs);
  ConsolePanel* const console = window_.console();
  connect(console, &ConsolePanel::running_changed, this, [this, console](bool running) {
    if (running) return;
    if (examples_.isEmpty()) return save_soon();
    console->run(examples_.takeFirst());
  });
  console->run(examples_.takeFirst());
}

void Screenshot::look() {
  const Snapshot& snapshot = model_.snapshot();
  // Once there are layers to choose one of.
  if (panel_ == kFilters && !window_.filters().isVisible() && !snapshot.scenes.empty()) window_.show_filters(true);
  const PictureView& picture = panel_ == kMultiview ? window_.multiview().view() : window_.picture();
  if (snapshot.phase == Phase::on_air && snapshot.elapsed >= kAir && picture.has_picture()) {
    exit_code_ = 0;
    panel_ == kConsole&& window_.console() != nullptr ? type_examples() : save();
  }
}

// A panel that has just come up still has to be laid out, and the events that belong to it are on their way.
void Screenshot::save_soon() {
  patience_.start(kSettleMs);
}

void Screenshot::save() {
  if (std::exchange(saved_, true)) return;
  patience_.stop();
  if (!subject().grab().save(out_png_, "PNG")) {
    std::fprintf(stderr, "mainstay: the screenshot cannot be written to %s: does the folder exist?\n",
                 qUtf8Printable(out_png_));
    exit_code_ = 1;
  }
  emit done();
}

}  // namespace mainstay::ui
