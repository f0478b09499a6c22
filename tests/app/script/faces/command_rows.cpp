#include "tests/app/script/faces/command_rows.h"

namespace mainstay::faces {

const std::vector<Row>& command_rows() {
  static const Call kChange{"show.set", {{"pointer", "/name"}, {"value", "Changed"}}};
  static const Call kLayer{"layer.add", {{"scene", "Bars"}, {"source", "blue"}}};
  static const Call kTag{"show.tag", {{"name", "good"}}};
  static const Json kPatch = Json::parse(R"([{"op": "replace", "path": "/name", "value": "Patched"}])");
  static const Json kSmall = Json::parse(R"({"mainstay": 1, "name": "Small", "program": {"width": 160, "height": 90},
    "sources": {"bars": {"type": "bars"}}, "scenes": {"Only": {"layers": [{"source": "bars"}]}}, "on_air": "Only"})");
  static const std::vector<Row> rows{
      {"command.help", {{"name", "program.cut"}}},
      {"command.list"},
      {"destination.retry", {{"name", "platform"}, {"role", "main"}}, {}, true},
      {"destination.start", {{"name", "spare"}}},
      {"destination.stop", {{"name", "platform"}}},
      {"destination.take_main", {{"name", "nowhere"}}, {}, true, {}, false, CallErrc::not_found},
      {"event.list", {{"after", 0}, {"limit", 1}}},
      {"event.types"},
      {"layer.add",
       {{"scene", "Bars"},
        {"source", "blue"},
        {"name", "patch"},
        {"position", 1},
        {"values", {{"width", 40}, {"height", 20}}}}},
      {"layer.move", {{"scene", "Bars"}, {"layer", "blue"}, {"position", 0}}, {kLayer}},
      {"layer.remove", {{"scene", "Bars"}, {"layer", "blue"}}, {kLayer}},
      {"layer.set", {{"scene", "Bars"}, {"layer", "bars"}, {"values", {{"opacity", 0.5}}}}},
      {"macro.list"},
      {"macro.run", {{"name", "hello"}}},
      {"macro.stop", {{"name", "waits"}}, {{"macro.run", {{"name", "waits"}}}}, false, "macro.started"},
      {"mixer.bus", {{"bus", "aux1"}, {"gain_db", -3}, {"mute", true}}},
      {"mixer.filter", {{"strip", "blue"}, {"filter", "gate"}, {"settings", {{"threshold_db", -40}}}}},
      {"mixer.limiter", {{"ceiling_db", -2}}},
      {"mixer.reset_loudness", {{"bus", "program"}}, {}, true},
      {"mixer.send", {{"strip", "blue"}, {"bus", "aux1"}, {"gain_db", -6}}},
      {"mixer.set", {{"strip", "blue"}, {"gain_db", -6.5}, {"mute", true}}},
      {"preview.set", {{"scene", "Blue"}}},
      {"preview.studio_mode", {{"on", false}}},
      {"program.auto", {{"scene", "Blue"}, {"transition", "wipe"}, {"duration_ms", 200}}},
      {"program.cut", {{"scene", "Blue"}}},
      {"program.fade_to_black", {{"state", "on"}, {"duration_ms", 0}}, {}, true},
      {"program.start", {{"frames", 0}}},
      {"program.stop", nullptr, {}, true},
      {"program.transition", {{"position", 0.5}, {"transition", "fade"}}, {{"preview.set", {{"scene", "Blue"}}}}, true},
      {"record.start"},
      {"record.stop", nullptr, {{"record.start"}}},
      {"scene.add", {{"name", "Copy"}, {"copy_of", "Bars"}}},
      {"scene.remove", {{"name", "Blue"}}},
      {"scene.rename", {{"name", "Blue"}, {"to", "Azure"}}},
      {"scene.set", {{"name", "Blue"}, {"values", {{"transition", "push"}, {"transition_ms", 300}}}}},
      {"show.apply", {{"show", kSmall}, {"message", "a small one"}, {"on_failure", "rollback"}}},
      {"show.check", {{"show", {{"mainstay", 1}, {"name", 7}}}}},
      {"show.diff", {{"from", 1}, {"to", 2}}, {kChange}},
      {"show.export", {{"path", "$DIR/exported.json"}, {"revision", 1}}},
      {"show.get", {{"pointer", "/sources"}}},
      {"show.history", {{"limit", 2}, {"before", 0}}, {kChange, kTag}},
      {"show.new"},
      {"show.open", {{"path", "$DIR/other.json"}}},
      {"show.patch", {{"patch", kPatch}, {"message", "a patch"}}},
      {"show.redo", nullptr, {kChange, {"show.undo"}}},
      {"show.reload", nullptr, {kChange}},
      {"show.remove", {{"pointer", "/destinations/spare"}, {"message", "no spare"}}},
      {"show.rollback", {{"revision", 1}, {"keep_scene", false}}, {kChange}},
      {"show.save", {{"path", "$DIR/saved.json"}}, {kChange}},
      {"show.set", {{"pointer", "/sources/blue/color"}, {"value", "#00ff00"}, {"message", "green"}}},
      {"show.tag", {{"name", "good"}, {"revision", 1}}},
      {"show.undo", nullptr, {kChange}},
      {"show.untag", {{"name", "good"}}, {kTag}},
      {"source.next", {{"name", "count"}}, {}, true, {}, false, CallErrc::failed},
      {"source.restart", {{"name", "count"}}, {}, true},
      {"state.get", {{"path", "/show"}}},
      {"state.report", nullptr, {}, true, {}, true},
      {"transition.choose", {{"name", "slide"}, {"duration_ms", 250}}},
      {"transition.set", {{"name", "iris"}, {"values", {{"type", "wipe"}, {"shape", "circle"}}}}},
  };
  return rows;
}

}  // namespace mainstay::faces
