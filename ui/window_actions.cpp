#include "ui/window_actions.h"

#include <QCoreApplication>
#include <QMenu>
#include <algorithm>

namespace mainstay::ui {

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("WindowActions", text);
}

QKeySequence keys(const char* text) {
  return QKeySequence(QLatin1String(text), QKeySequence::PortableText);
}

QAction* add_to(QWidget* window, const char* command, const char* text, const char* help, const char* shortcut,
                const std::function<void()>& run) {
  return make_action(window, {command, tr(text), tr(help), keys(shortcut)}, run);
}

void make_filter_actions(WindowActions& a, QWidget* window, const WindowHandlers& h) {
  a.filters = add_to(window, "view.filters", "Filters",
                     "Shows the filters of the chosen layer in place of the events, or puts them away", "Ctrl+Shift+F",
                     h.filters);
  a.filters->setCheckable(true);
  a.add_filter =
      add_to(window, "view.add_filter", "Add…", "Gives the chosen layer another filter", "Ctrl+Alt+A", h.add_filter);
  a.enable_filter = add_to(window, "filter.enable", "Switch filter", "Switches the chosen filter on or off",
                           "Ctrl+Alt+E", h.enable_filter);
  a.filter_earlier = add_to(window, "filter.move", "Earlier", "The chosen filter works before the one above it",
                            "Ctrl+Alt+Up", [run = h.filter] { run(-1); });
  a.filter_later = add_to(window, "filter.move", "Later", "The chosen filter works after the one below it",
                          "Ctrl+Alt+Down", [run = h.filter] { run(1); });
  a.remove_filter = add_to(window, "filter.remove", "Take off", "Takes the chosen filter off the layer",
                           "Ctrl+Alt+Backspace", h.remove_filter);
  a.match_sound = add_to(window, "mixer.set", "Match sound",
                         "Delays the sound of the chosen layer’s source until it is with the picture again",
                         "Ctrl+Alt+S", h.match_sound);
}

void make_mix_actions(WindowActions& a, QWidget* window, const WindowHandlers& h) {
  a.cut = add_to(window, "program.cut", "CUT", "Takes what is in preview, from one frame to the next", "Space", h.cut);
  a.take = add_to(window, "program.auto", "AUTO", "Takes what is in preview by the transition", "Return", h.take);
  a.black = add_to(window, "program.fade_to_black", "Fade to black", "Fades the program to black, or out of it again",
                   "Ctrl+Shift+B", h.black);
  a.scene_next = add_to(window, "preview.set", "Next scene", "Puts the next scene into preview", "PgDown",
                        [run = h.scene] { run(1); });
  a.scene_previous = add_to(window, "preview.set", "Previous scene", "Puts the scene before into preview", "PgUp",
                            [run = h.scene] { run(-1); });
  a.layer_up = add_to(window, "layer.move", "Up", "Moves the chosen layer above the next one", "Ctrl+Up",
                      [run = h.layer] { run(1); });
  a.layer_down = add_to(window, "layer.move", "Down", "Moves the chosen layer below the next one", "Ctrl+Down",
                        [run = h.layer] { run(-1); });
  make_filter_actions(a, window, h);
  a.add_layer = add_to(window, "view.add_layer", "Add", "Puts a source, or another scene, on top of the layers",
                       "Ctrl+Shift+A", h.add_layer);
  a.layer_visible =
      add_to(window, "layer.set", "Show or hide layer", "Shows or hides the chosen layer", "Ctrl+H", h.layer_visible);
  a.layer_locked = add_to(window, "layer.set", "Lock or unlock layer",
                          "Keeps the chosen layer where it is, or lets go of it", "Ctrl+K", h.layer_locked);
  a.media_pause = add_to(window, "source.pause", "Pause", "Holds the file or playlist, or lets it go on", "Ctrl+Space",
                         h.media_pause);
  a.media_restart = add_to(window, "source.restart", "Restart", "Plays the file or playlist from its beginning",
                           "Ctrl+Home", h.media_restart);
  a.media_next =
      add_to(window, "source.next", "Next item", "The playlist goes on to its next item", "Ctrl+PgDown", h.media_next);
  for (QAction* action : {a.media_pause, a.media_restart, a.media_next}) action->setEnabled(false);
  a.studio_mode = add_to(window, "preview.studio_mode", "Studio mode",
                         "Scenes are looked at in preview before they are taken", "Ctrl+T", h.studio_mode);
  a.studio_mode->setCheckable(true);
}

}  // namespace

WindowActions WindowActions::make(QWidget* window, const WindowHandlers& handlers) {
  const auto add = [window](const char* command, const char* text, const char* help, const char* shortcut,
                            const std::function<void()>& run) {
    return add_to(window, command, text, help, shortcut, run);
  };
  WindowActions a;
  make_mix_actions(a, window, handlers);
  a.open = add("show.open", "Open show…", "Opens a show file; nothing goes on air by itself", "Ctrl+O", handlers.open);
  a.reload = add("show.open", "Open again", "Reads the same show file again", "Ctrl+R", handlers.reload);
  a.save = add("show.save", "Save show", "Writes the show to its file", "Ctrl+S", handlers.save);
  a.undo = add("show.undo", "Undo", "Takes the last change of the show back, also on air", "Ctrl+Z", handlers.undo);
  a.redo = add("show.redo", "Redo", "Makes the change again that was taken back last", "Ctrl+Shift+Z", handlers.redo);
  a.take_over = add("show.reload", "Take over file", "Takes over what was changed in the show’s file from outside",
                    "Ctrl+Shift+R", handlers.take_over);
  a.take_over->setEnabled(false);
  a.start = add("program.start", "Go on air", "Puts the open show on air", "Ctrl+Return", handlers.start);
  a.stop = add("program.stop", "End show", "Ends the show in good order; asks for a second press within three seconds",
               "Ctrl+.", handlers.stop);
  a.retry_all =
      add("destination.retry", "Retry all", "Connects all legs that are down at once", "F5", handlers.retry_all);
  a.take_main = add("destination.take_main", "Take main", "Standby destinations go back to their main leg", "Ctrl+M",
                    handlers.take_main);
  a.multiview = add("view.multiview", "Multiview", "Program, preview and the scenes at once, in a window of their own",
                    "Shift+F11", handlers.multiview);
  a.multiview->setCheckable(true);
  a.full_screen = add("view.full_screen", "Full screen", "The program alone on the whole screen; Esc returns", "F11",
                      handlers.full_screen);
  a.utc = add("view.utc", "UTC", "Shows the clock and the events in UTC instead of local time", "Ctrl+U", handlers.utc);
  a.utc->setCheckable(true);
  a.copy_events = add("events.copy", "Copy", "Copies the selected events, or all, to the clipboard", "Ctrl+Shift+C",
                      handlers.copy_events);
  a.follow_events =
      add("events.follow", "Newest", "Goes to the newest event and follows again", "Ctrl+End", handlers.follow_events);
  a.mixer = add("view.mixer", "Mixer", "Shows faders and meters in place of the events, or puts them away",
                "Ctrl+Shift+M", handlers.mixer);
  a.mixer->setCheckable(true);
  a.reset_loudness =
      add("mixer.reset_loudness", "Reset loudness", "Integrated loudness and loudness range of the program start anew",
          "Ctrl+Shift+L", handlers.reset_loudness);
  a.strip_filters =
      add("view.strip_filters", "Sound filters",
          "Shows gate, equaliser, compressor and so on of a strip in place of the mixer, or puts them away",
          "Ctrl+Alt+F", handlers.strip_filters);
  a.strip_filters->setCheckable(true);
  a.add_band = add("mixer.filter", "Add band", "Gives the equaliser another band", "Ctrl+Alt+B", handlers.add_band);
  a.remove_strip_filter = add("mixer.filter", "Take off", "Takes the chosen filter off the strip, or its last band",
                              "Ctrl+Shift+Backspace", handlers.remove_strip_filter);
  a.listen = add("monitor.set", "Listen", "What the mixer’s monitor names is heard at this machine, or nothing",
                 "Ctrl+Alt+L", handlers.listen);
  a.listen->setCheckable(true);
  a.mute_monitor = add("monitor.set", "Mute monitor", "Silence at this machine; the program is not touched",
                       "Ctrl+Alt+M", handlers.mute_monitor);
  a.monitor_devices = add("monitor.devices", "Devices", "Looks for the sound devices of this machine again",
                          "Ctrl+Alt+D", handlers.monitor_devices);
  if (handlers.console) {
    a.console = add("view.console", "Console", "Shows the scripting console in place of the events, or puts it away",
                    "Ctrl+J", handlers.console);
    a.console->setCheckable(true);
    a.interrupt = add("console.interrupt", "Interrupt", "Ends what runs in the console; the show is not touched",
                      "Ctrl+B", handlers.interrupt);
    a.interrupt->setEnabled(false);
    a.clear_console = add("console.clear", "Clear", "Empties the console’s output", "Ctrl+L", handlers.clear_console);
    a.clear_console->setEnabled(false);
  }
  a.copy_address = add("view.copy_address", "Copy address", "Copies the address of the player page to the clipboard",
                       "Ctrl+Shift+P", handlers.copy_address);
  a.copy_errors = add("show.copy_errors", "Copy errors", "Copies the refused show’s errors to the clipboard",
                      "Ctrl+Shift+E", handlers.copy_errors);
  a.dismiss = add("view.dismiss", "Close", "Closes this message, or leaves the full screen", "Esc", handlers.dismiss);
  a.menu = add("view.menu", "Menu", "All actions with their shortcuts", "F10", handlers.menu);
  a.quit = add("app.quit", "Quit", "Closes Mainstay; asks first while on air", "Ctrl+Q", handlers.quit);
  a.end_and_quit = add("program.stop", "End show and quit", "Ends the show in good order, then closes Mainstay",
                       "Ctrl+Shift+Q", handlers.end_and_quit);
  a.end_and_quit->setEnabled(false);
  return a;
}

void WindowActions::enable_for(const Snapshot& snapshot) const {
  const bool off = snapshot.phase == Phase::off;
  const bool known = !snapshot.show_name.empty() || !snapshot.show_path.empty();
  const auto any_leg = [&](auto test) { return std::any_of(snapshot.legs.begin(), snapshot.legs.end(), test); };
  open->setEnabled(off);
  reload->setEnabled(off);
  for (QAction* action : {save, undo, redo, mute_monitor}) action->setEnabled(known);
  reset_loudness->setEnabled(snapshot.phase == Phase::on_air);
  start->setEnabled(off && known);
  stop->setEnabled(snapshot.phase == Phase::starting || snapshot.phase == Phase::on_air);
  const ProgramSnapshot& program = snapshot.program;
  const bool scenes = known && !snapshot.scenes.empty();
  const bool ready = scenes && program.studio_mode && !program.preview.empty();
  cut->setEnabled(ready);
  take->setEnabled(ready);
  black->setEnabled(snapshot.phase == Phase::on_air);
  for (QAction* action : {scene_next, scene_previous, add_layer, layer_visible, layer_locked, filters})
    action->setEnabled(scenes);
  studio_mode->setEnabled(known);
  studio_mode->setChecked(program.studio_mode);
  retry_all->setEnabled(any_leg([](const LegSnapshot& leg) { return leg.state == LegState::backoff; }));
  take_main->setEnabled(!off && any_leg([](const LegSnapshot& leg) { return leg.role == "backup"; }));
}

void WindowActions::fill(QMenu& popup, const QList<QAction*>& macros) const {
  popup.addActions({open, reload, save, take_over});
  popup.addSeparator();
  popup.addActions({undo, redo});
  popup.addSeparator();
  popup.addActions({start, stop, retry_all, take_main});
  popup.addSeparator();
  popup.addActions({cut, take, black, scene_next, scene_previous, studio_mode});
  popup.addActions({add_layer, layer_up, layer_down, layer_visible, layer_locked});
  popup.addActions({filters, add_filter, enable_filter, filter_earlier, filter_later, remove_filter});
  popup.addActions({media_pause, media_restart, media_next});
  popup.addSeparator();
  popup.addActions(
      {mixer, reset_loudness, strip_filters, add_band, remove_strip_filter, listen, mute_monitor, monitor_devices});
  if (console != nullptr) popup.addActions({console, interrupt, clear_console});
  popup.addActions({multiview, full_screen, utc, copy_events, follow_events, copy_address});
  if (!macros.isEmpty()) popup.addSection(tr("Macros"));
  popup.addActions(macros);
  popup.addSeparator();
  popup.addAction(quit);
}

}  // namespace mainstay::ui
