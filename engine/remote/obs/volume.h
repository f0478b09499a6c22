// The mixer as clients of obs-websocket know it: levels as factors and decibels, balance from 0 to 1, meters.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/remote/obs/show_view.h"
#include "engine/studio/mixer_snapshot.h"

namespace mainstay::obs {

/// The strip of an input as the document has it, with defaults for what it does not say.
StripSnapshot strip_of(const ShowView& view, const std::string& input);

double volume_mul(double db);
/// -100 for nothing.
double volume_db(double mul);
double balance_of(double pan);
double pan_of(double balance);

/// {"1": program, "2" to "5": aux1 to aux4, "6": false}
Json audio_tracks(const ShowView& view, const std::string& input);
/// OBS_MONITORING_TYPE_…: in solo the strip is monitored, and goes out as well when it goes to program.
std::string monitor_type(const ShowView& view, const std::string& input);

/// What clients are told when a strip's settings become others: `before`, `after` as event mixer.changed has them.
std::vector<ObsEvent> strip_differences(const std::string& input, const std::string& uuid, const Json& before,
                                        const Json& after);
/// The event InputVolumeMeters.
ObsEvent volume_meters(const Snapshot& snapshot);

}  // namespace mainstay::obs
