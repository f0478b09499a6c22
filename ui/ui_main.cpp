#include "ui/ui_main.h"

#include <QApplication>
#include <QByteArray>
#include <QLoggingCategory>
#include <cstdio>

#include "ui/main_window.h"
#include "ui/screenshot.h"
#include "ui/studio_model.h"

namespace mainstay {

namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongInput = 2;

// Qt reads these once, before the application object is made.
void prepare_platform(const WindowOptions& options) {
  if (!options.screenshot.empty()) qputenv("QT_QPA_PLATFORM", "offscreen");
  // The offscreen plugin warns of everything that it has no screen for; stderr belongs to the engine's log.
  if (!options.screenshot.empty()) QLoggingCategory::setFilterRules(QStringLiteral("default.warning=false"));
  if (options.scale > 0) qputenv("QT_SCALE_FACTOR", QByteArray::number(options.scale));
}

int take_screenshot(QApplication& application, ui::MainWindow& window, ui::StudioModel& model,
                    const WindowOptions& options) {
  ui::Screenshot screenshot(window, model, QString::fromStdString(options.screenshot),
                            QString::fromStdString(options.show_path), QString::fromStdString(options.panel));
  QObject::connect(&screenshot, &ui::Screenshot::done, &window, &ui::MainWindow::end_and_quit);
  screenshot.begin();
  application.exec();
  return screenshot.exit_code();
}

// With quit_at_end a script waits for the process: every way in which the show can end, or not begin, ends it.
void quit_at_end(ui::MainWindow& window, ui::StudioModel& model, int& exit_code) {
  const auto leave = [&window, &exit_code](int code, const QString& why) {
    if (!why.isEmpty()) std::fprintf(stderr, "%s\n", qUtf8Printable(why));
    exit_code = code;
    window.end_and_quit();
  };
  QObject::connect(&model, &ui::StudioModel::show_ended, &window,
                   [leave](const QString& failure) { leave(failure.isEmpty() ? kDone : kFailed, failure); });
  QObject::connect(&model, &ui::StudioModel::start_failed, &window,
                   [leave](const QString& why) { leave(kFailed, why); });
  QObject::connect(&model, &ui::StudioModel::show_refused, &window,
                   [leave, &window] { leave(kWrongInput, window.refused().text()); });
}

int show_until_closed(QApplication& application, ui::MainWindow& window, ui::StudioModel& model,
                      const StudioPort& studio, const WindowOptions& options) {
  int exit_code = kDone;
  if (options.on_air) {
    const auto go = [&] {
      const Rate rate = studio.snapshot().program.rate;
      model.start(options.duration ? rate.frames_in(*options.duration) : 0);
    };
    // Once: a show that is opened by hand later goes on air by hand.
    QObject::connect(&model, &ui::StudioModel::show_opened, &model, go, Qt::SingleShotConnection);
  }
  if (options.quit_at_end) quit_at_end(window, model, exit_code);
  if (!options.show_path.empty()) window.open_show(QString::fromStdString(options.show_path));
  application.exec();
  return exit_code;
}

}  // namespace

int run_window(int argc, char** argv, StudioPort& studio, Clock& clock, const WindowOptions& options) {
  const auto panels = ui::Screenshot::panels();
  if (!options.panel.empty() && !panels.contains(QString::fromStdString(options.panel))) {
    std::fprintf(stderr, "there is no panel '%s': %s\n", options.panel.c_str(), qUtf8Printable(panels.join(", ")));
    return kWrongInput;
  }
  prepare_platform(options);
  QApplication application(argc, argv);
  QApplication::setApplicationName(QStringLiteral("Mainstay"));
  QApplication::setQuitOnLastWindowClosed(false);
  const ui::Theme theme = ui::Theme::make();
  ui::apply_theme(application, theme);
  const std::shared_ptr<ui::ConsolePort> console = options.console ? options.console() : nullptr;
  std::shared_ptr<void> beside = options.beside ? options.beside() : nullptr;
  ui::StudioModel model(studio, clock);
  ui::MainWindow window(theme, model, studio, clock, {}, console.get());
  QObject::connect(&window, &ui::MainWindow::finished, &application, &QApplication::quit, Qt::QueuedConnection);
  const std::stop_callback on_stop(options.stop, [&window] {
    QMetaObject::invokeMethod(&window, &ui::MainWindow::end_and_quit, Qt::QueuedConnection);
  });
  if (!options.screenshot.empty()) window.resize(options.screenshot_width, options.screenshot_height);
  window.show();
  const int code = options.screenshot.empty() ? show_until_closed(application, window, model, studio, options)
                                              : take_screenshot(application, window, model, options);
  beside.reset();
  return code;
}

}  // namespace mainstay
