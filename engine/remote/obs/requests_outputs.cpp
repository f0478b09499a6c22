// Outputs: the stream, which is the whole show; the recording; and each leg.
#include <fmt/format.h>

#include "engine/remote/obs/lookup.h"
#include "engine/remote/obs/output_status.h"

namespace mainstay::obs {

namespace {

enum class Turn { on, off, toggle };

Snapshot snapshot_of(const CallPtr& call) {
  return call->services.studio.snapshot();
}

/// Starts, stops or toggles: refuses what is so already, and answers a toggle with the new state.
void turn(const CallPtr& call, Turn turn, bool active, const std::string& start, const std::string& stop, Json params,
          std::function<Json()> stopped = {}) {
  if (turn == Turn::on && active) return call->fail(RequestStatus::output_running, "It is running already.");
  if (turn == Turn::off && !active) return call->fail(RequestStatus::output_not_running, "It is not running.");
  command_value(call, active ? stop : start, std::move(params), [call, turn, active, stopped](const Json&) {
    if (turn == Turn::toggle) return call->succeed({{"outputActive", !active}});
    call->succeed(turn == Turn::off && stopped ? stopped() : Json(nullptr));
  });
}

Handler stream_turn(Turn how) {
  return [how](const CallPtr& call) {
    turn(call, how, stream_active(snapshot_of(call)), "program.start", "program.stop", Json::object());
  };
}

// A recording that the show wants but that does not run, as off air, counts as not running.
Handler record_turn(Turn how) {
  return [how](const CallPtr& call) {
    const Snapshot snapshot = snapshot_of(call);
    const std::string path = snapshot.recorder ? snapshot.recorder->path : std::string();
    turn(call, how, record_active(snapshot), "record.start", "record.stop", Json::object(), [path] {
      return Json{{"outputPath", path}};
    });
  };
}

Handler output_turn(Turn how) {
  return [how](const CallPtr& call) {
    with_output(call, [call, how](const ShowView&, const OutputView& output) {
      const bool active = output_active(output, snapshot_of(call));
      if (output.destination.empty()) {
        return turn(call, how, active, "record.start", "record.stop", Json::object());
      }
      turn(call, how, active, "destination.start", "destination.stop", {{"name", output.destination}});
    });
  };
}

void get_output_list(const CallPtr& call) {
  with_show(call, [call](const ShowView& view) {
    const Snapshot snapshot = snapshot_of(call);
    Json list = Json::array();
    for (const OutputView& output : view.outputs()) list.push_back(output_entry(output, snapshot));
    call->succeed({{"outputs", std::move(list)}});
  });
}

void get_output_status(const CallPtr& call) {
  with_output(call, [call](const ShowView&, const OutputView& output) {
    call->succeed(output_status(output, snapshot_of(call)));
  });
}

Handler not_there(std::string what) {
  return [what = std::move(what)](const CallPtr& call) {
    call->fail(RequestStatus::invalid_resource_state, fmt::format("There is no {} here.", what));
  };
}

}  // namespace

void add_output_requests(RequestTable& table) {
  table.add({"GetStreamStatus", Role::view, {}, [](const CallPtr& call) {
               call->succeed(stream_status(snapshot_of(call)));
             }});
  table.add({"StartStream", Role::operate, {}, stream_turn(Turn::on)});
  table.add({"StopStream", Role::operate, {}, stream_turn(Turn::off)});
  table.add({"ToggleStream", Role::operate, {}, stream_turn(Turn::toggle)});

  table.add({"GetRecordStatus", Role::view, {}, [](const CallPtr& call) {
               call->succeed(record_status(snapshot_of(call)));
             }});
  table.add({"StartRecord", Role::operate, {}, record_turn(Turn::on)});
  table.add({"StopRecord", Role::operate, {}, record_turn(Turn::off)});
  table.add({"ToggleRecord", Role::operate, {}, record_turn(Turn::toggle)});
  table.add({"SplitRecordFile", Role::operate, {}, [](const CallPtr& call) {
               if (!record_active(snapshot_of(call))) {
                 return call->fail(RequestStatus::output_not_running, "It is not running.");
               }
               command(call, "record.split", Json::object());
             }});

  table.add({"GetOutputList", Role::view, {}, get_output_list});
  table.add({"GetOutputStatus", Role::view, {required("outputName")}, get_output_status});
  table.add({"StartOutput", Role::operate, {required("outputName")}, output_turn(Turn::on)});
  table.add({"StopOutput", Role::operate, {required("outputName")}, output_turn(Turn::off)});
  table.add({"ToggleOutput", Role::operate, {required("outputName")}, output_turn(Turn::toggle)});

  // As OBS answers where these are not set up.
  table.add({"GetReplayBufferStatus", Role::view, {}, not_there("replay buffer")});
  table.add({"GetVirtualCamStatus", Role::view, {}, not_there("virtual camera")});
}

}  // namespace mainstay::obs
