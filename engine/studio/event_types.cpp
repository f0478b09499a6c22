#include "engine/studio/event_types.h"

#include <algorithm>

namespace mainstay {

const std::vector<EventType>& event_types() {
  static const std::vector<EventType> types = [] {
    std::vector<EventType> all = {
        {"destination.offline", "the destination", "An offline run does not connect it.", {}},
        {"encoder.failed", "the rendition", "An encoder failed; it is rebuilt at the next IDR.", {}},
        {"encoder.plan", "the rendition", "How the rate was planned under its caps.", {}},
        {"encoder.rebuilt", "the rendition", "An encoder that had failed encodes again.", {}},
        {"encoder.slow", "encoders", "The end did not wait for the last frames of an encoder.", {}},
        {"history.warning", "the show file", "The history cannot be kept as it should.", {}},
        {"leg.recovered",
         "DESTINATION/ROLE",
         "A leg that was lost delivers again.",
         {{"outage_s", "how long it delivered nothing, in seconds"}}},
        {"leg.state",
         "DESTINATION/ROLE",
         "A leg changed its state.",
         {{"state", "idle, connecting, live, degraded, backoff or stopped"}, {"from", "the state before"}}},
        {"macro.ended", "the macro", "A macro ended.", {{"ok", "true or false"}}},
        {"macro.log", "the macro", "A macro wrote to its log.", {}},
        {"macro.started", "the macro", "A macro runs.", {}},
        {"mixer.changed",
         "the source, or the bus",
         "A strip or a bus of the mixer has other settings.",
         {{"kind", "strip or bus"},
          {"settings", "all of gain_db and mute, and of a strip solo, pan, mono, delay_ms and follow_video"}}},
        {"mixer.loudness",
         "program",
         "The integrated loudness left its target's tolerance, or came back.",
         {{"state", "off_target or on_target"},
          {"integrated_lufs", "where it stands"},
          {"target_lufs", "where it shall be"}}},
        {"preview.changed", "the scene, empty: none", "Another scene is in preview.", {{"from", "the scene before"}}},
        {"preview.studio_mode", "the show", "Studio mode was switched.", {{"on", "true or false"}}},
        {"program.black",
         "on or off",
         "A fade to black, or out of it, is done.",
         {{"on", "true or false"}, {"frame", "program frame that is the first to be so"}}},
        {"program.ended", "the show", "The show is off air.", {{"failure", "why it failed; empty when it did not"}}},
        {"program.failed", "the show", "The show did not go on air.", {}},
        {"program.scene",
         "the scene",
         "Another scene is on air.",
         {{"from", "the scene before"}, {"frame", "program frame it is shown from"}}},
        {"program.started", "the show", "The show is on air.", {}},
        {"program.starting", "the show", "The show is about to go on air.", {}},
        {"program.stopping", "the show", "The show is about to go off air.", {}},
        {"program.transition_ended",
         "the scene it led to",
         "A transition is over.",
         {{"from", "the scene it came from"},
          {"transition", "its name"},
          {"frame", "program frame that is the first not to be mixed"},
          {"how", "completed, cut (short), reversed (back to where it came from) or interrupted (by another one)"}}},
        {"program.transition_started",
         "the scene it leads to",
         "A transition runs.",
         {{"from", "the scene it comes from"},
          {"transition", "its name"},
          {"frame", "program frame that is the first to be mixed"}}},
        {"record.state",
         "record",
         "The recorder changed its state.",
         {{"state", "waiting, recording, failed or stopped"}, {"path", "the file"}}},
        {"remote.client",
         "the client's address",
         "A remote client came, left or was dropped.",
         {{"state", "connected, left or dropped"}}},
        {"remote.state",
         "the address",
         "A remote listener changed its state.",
         {{"state", "listening, failed or stopped"}}},
        {"show.changed",
         "the show",
         "A change of the show was accepted; it is a revision.",
         {{"revision", "its number"},
          {"kind", "edit, live (a cut), undo, redo, rollback or external"},
          {"pointers", "JSON pointers of what differs from the revision before (at most 100)"},
          {"message", "what the change was about"}}},
        {"show.file_changed", "the show file", "The file was changed from outside: show.reload takes it.", {}},
        {"show.opened", "the show file", "A show is open.", {{"revision", "its number"}}},
        {"show.recovered",
         "the show file",
         "The program had crashed; which revision it came back with.",
         {{"revision", "its number"}, {"crashes", "crashes in a row"}}},
        {"show.refused", "the show file", "A show was refused for its errors.", {}},
        {"show.rolled_back",
         "the show",
         "A change failed and was taken back as a whole.",
         {{"revision", "the revision that holds again"}, {"why", "what failed"}}},
        {"show.saved", "the show file", "The show was written to its file.", {{"revision", "its number"}}},
        {"source.item",
         "the source",
         "A playlist or slideshow shows another item.",
         {{"item", "the name of its file"}, {"from", "the one before"}}},
        {"source.state",
         "the source",
         "A source changed its state.",
         {{"state", "opening, live, stalled, ended or failed"}, {"from", "the state before"}}},
    };
    std::sort(all.begin(), all.end(), [](const EventType& a, const EventType& b) { return a.name < b.name; });
    return all;
  }();
  return types;
}

const EventType* find_event_type(std::string_view name) {
  const auto& all = event_types();
  const auto found = std::find_if(all.begin(), all.end(), [&](const EventType& type) { return type.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace mainstay
