// The window: arranges the panels and hands them what the model sees.
// Owned by run_window(); the theme, the model, the port and the clock outlive it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QMainWindow>

#include "ui/chain_panel.h"
#include "ui/confirm.h"
#include "ui/console_panel.h"
#include "ui/event_log_panel.h"
#include "ui/filter_panel.h"
#include "ui/left_column.h"
#include "ui/legs_panel.h"
#include "ui/macro_keys.h"
#include "ui/mix_panel.h"
#include "ui/mixer_panel.h"
#include "ui/multiview_window.h"
#include "ui/notice_bar.h"
#include "ui/on_air_panel.h"
#include "ui/picture_view.h"
#include "ui/quit_flow.h"
#include "ui/refused_panel.h"
#include "ui/strip_filter_panel.h"
#include "ui/studio_model.h"
#include "ui/window_actions.h"

class QStackedWidget;

namespace mainstay::ui {

class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  /// `console` null: the window has no console.
  MainWindow(const Theme& theme, StudioModel& model, const StudioPort& port, Clock& clock,
             Confirm::Times confirm_times = {}, ConsolePort* console = nullptr);

  void open_show(const QString& path);
  /// Ends the show, if there is one, and closes without asking.
  void end_and_quit() { quit_.end_and_quit(); }
  /// In place of the events, or the events again.
  void show_console(bool shown);
  void show_mixer(bool shown);
  void show_filters(bool shown);
  void show_strip_filters(bool shown);
  /// In a window of its own.
  void show_multiview(bool shown);

  // For tests and screenshots.
  const WindowActions& actions_table() const { return actions_; }
  const MacroKeys& macros() const { return macros_; }
  PictureView& picture() { return *picture_; }
  PictureView& preview() { return *preview_; }
  MultiviewWindow& multiview() { return *multiview_; }
  MixPanel& mix() { return *mix_; }
  OnAirPanel& on_air() { return *on_air_; }
  LegsPanel& legs() { return *legs_; }
  ChainPanel& chain() { return *chain_; }
  EventLogPanel& events() { return *events_; }
  MixerPanel& mixer() { return *mixer_; }
  FilterPanel& filters() { return *filters_; }
  StripFilterPanel& strip_filters() { return *strip_filters_; }
  /// Null without a console.
  ConsolePanel* console() { return console_; }
  NoticeBar& notice() { return *notice_; }
  RefusedPanel& refused() { return *refused_; }
  bool shows_refused() const;
  const Confirm& stop_confirm() const { return stop_confirm_; }
  const QLabel& wall_clock() const { return *wall_clock_; }

 signals:
  void finished();

 protected:
  void closeEvent(QCloseEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  WindowHandlers handlers();
  QWidget* make_header();
  QWidget* make_left();
  QWidget* make_right();
  MixPanel* make_mix();
  QWidget* make_pictures(const StudioPort& port);
  void make_lowest();
  void add_mix_handlers(WindowHandlers& handlers);
  void add_lowest_handlers(WindowHandlers& handlers);
  void refresh_mix(const Snapshot& snapshot);
  void refresh_filters();
  void show_lowest(LeftColumn::Lowest which, bool shown);
  void connect_model();
  void connect_console();
  void take_events(const std::vector<Event>& events);
  void note_file_change(const QString& what);
  void refresh();
  void refresh_notice();
  void refresh_clock();
  void ask_for_show();
  void arm_stop(bool armed);
  void show_refused(const QString& path, const std::vector<show::ShowError>& errors);
  void toggle_full_screen();
  void dismiss();
  void pop_up_menu();

  const Theme& theme_;
  StudioModel& model_;
  Clock& clock_;
  Confirm stop_confirm_;
  QuitFlow quit_;
  WindowActions actions_;
  MacroKeys macros_;
  QString last_path_;
  QString problem_;       ///< what went wrong last, until it is dismissed
  QString file_changed_;  ///< what happened to the show's file outside, until it is taken over or dismissed
  QString keys_taken_;    ///< which keys of macros are the window's, until it is dismissed
  ConsolePort* const console_port_;

  QWidget* header_;
  QLabel* wall_clock_;
  QToolButton* stop_button_;
  QToolButton* menu_button_;
  NoticeBar* notice_;
  QStackedWidget* stage_;
  QWidget* pictures_;  ///< preview and program, side by side
  PictureView* preview_;
  PictureView* picture_;
  MultiviewWindow* multiview_;
  MixPanel* mix_;
  RefusedPanel* refused_;
  ChainPanel* chain_;
  LeftColumn* left_;
  EventLogPanel* events_;
  MixerPanel* mixer_;
  FilterPanel* filters_;
  StripFilterPanel* strip_filters_;
  ConsolePanel* console_ = nullptr;
  QWidget* right_;
  OnAirPanel* on_air_;
  LegsPanel* legs_;
};

}  // namespace mainstay::ui
