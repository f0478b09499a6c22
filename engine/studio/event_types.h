// The kinds of event there are, each declared once: the reference page and the remote descriptions come from here.
// Owned by the program image (constant tables).
// Thread-safety: immutable, so from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mainstay {

struct EventType {
  std::string name;                                       ///< "leg.state"
  std::string subject;                                    ///< what Event::subject names: "DESTINATION/ROLE"
  std::string help;                                       ///< when it comes, in one line
  std::vector<std::pair<std::string, std::string>> data;  ///< keys of Event::data and what they hold
};

/// Sorted by name.
const std::vector<EventType>& event_types();
/// Null when there is none.
const EventType* find_event_type(std::string_view name);

}  // namespace mainstay
