// The main window's table of actions.
// Owned by the main window.
// Thread-safety: the user-interface thread.
#pragma once

#include <functional>

#include "engine/studio/snapshot.h"
#include "ui/actions.h"

class QMenu;

namespace mainstay::ui {

/// What the actions do; the main window fills this in.
struct WindowHandlers {
  std::function<void()> open;
  std::function<void()> reload;
  std::function<void()> save;
  std::function<void()> undo;
  std::function<void()> redo;
  std::function<void()> take_over;
  std::function<void()> start;
  std::function<void()> stop;
  std::function<void()> retry_all;
  std::function<void()> take_main;
  std::function<void()> cut;
  std::function<void()> take;
  std::function<void()> black;
  std::function<void(int steps)> scene;
  std::function<void(int steps)> layer;
  std::function<void()> filters;
  std::function<void()> add_filter;
  std::function<void()> enable_filter;
  std::function<void(int steps)> filter;
  std::function<void()> remove_filter;
  std::function<void()> match_sound;
  std::function<void()> add_layer;
  std::function<void()> layer_visible;
  std::function<void()> layer_locked;
  std::function<void()> media_pause;
  std::function<void()> media_restart;
  std::function<void()> media_next;
  std::function<void()> studio_mode;
  std::function<void()> multiview;
  std::function<void()> full_screen;
  std::function<void()> utc;
  std::function<void()> copy_events;
  std::function<void()> follow_events;
  std::function<void()> mixer;
  std::function<void()> reset_loudness;
  std::function<void()> strip_filters;
  std::function<void()> add_band;
  std::function<void()> remove_strip_filter;
  std::function<void()> listen;
  std::function<void()> mute_monitor;
  std::function<void()> monitor_devices;
  std::function<void()> console;  ///< empty, as the two below: there is no console
  std::function<void()> clear_console;
  std::function<void()> interrupt;
  std::function<void()> copy_address;
  std::function<void()> copy_errors;
  std::function<void()> dismiss;
  std::function<void()> menu;
  std::function<void()> quit;
  std::function<void()> end_and_quit;
};

struct WindowActions {
  QAction* open = nullptr;
  QAction* reload = nullptr;
  QAction* save = nullptr;
  QAction* undo = nullptr;
  QAction* redo = nullptr;
  QAction* take_over = nullptr;  ///< enabled by the window, when the file was changed
  QAction* start = nullptr;
  QAction* stop = nullptr;
  QAction* retry_all = nullptr;
  QAction* take_main = nullptr;
  QAction* cut = nullptr;
  QAction* take = nullptr;
  QAction* black = nullptr;
  QAction* scene_next = nullptr;
  QAction* scene_previous = nullptr;
  QAction* layer_up = nullptr;  ///< these two are enabled by the mix panel
  QAction* layer_down = nullptr;
  QAction* filters = nullptr;
  QAction* add_filter = nullptr;  ///< these six are enabled by the filter panel
  QAction* enable_filter = nullptr;
  QAction* filter_earlier = nullptr;
  QAction* filter_later = nullptr;
  QAction* remove_filter = nullptr;
  QAction* match_sound = nullptr;
  QAction* add_layer = nullptr;
  QAction* layer_visible = nullptr;
  QAction* layer_locked = nullptr;
  QAction* media_pause = nullptr;  ///< these three are enabled by the mix panel
  QAction* media_restart = nullptr;
  QAction* media_next = nullptr;
  QAction* studio_mode = nullptr;
  QAction* multiview = nullptr;
  QAction* full_screen = nullptr;
  QAction* utc = nullptr;
  QAction* copy_events = nullptr;
  QAction* follow_events = nullptr;
  QAction* mixer = nullptr;
  QAction* reset_loudness = nullptr;
  QAction* strip_filters = nullptr;
  QAction* add_band = nullptr;  ///< enabled by the strips' filter panel, as the next
  QAction* remove_strip_filter = nullptr;
  QAction* listen = nullptr;  ///< enabled and checked by the monitor panel
  QAction* mute_monitor = nullptr;
  QAction* monitor_devices = nullptr;
  QAction* console = nullptr;        ///< null, as the two below, without a console
  QAction* clear_console = nullptr;  ///< these two work while the console is shown
  QAction* interrupt = nullptr;
  QAction* copy_address = nullptr;  ///< enabled by the on-air panel
  QAction* copy_errors = nullptr;
  QAction* dismiss = nullptr;
  QAction* menu = nullptr;
  QAction* quit = nullptr;
  QAction* end_and_quit = nullptr;

  static WindowActions make(QWidget* window, const WindowHandlers& handlers);
  /// Only what makes sense now can be pressed.
  void enable_for(const Snapshot& snapshot) const;
  /// `macros`: those of the show.
  void fill(QMenu& menu, const QList<QAction*>& macros) const;
};

}  // namespace mainstay::ui
