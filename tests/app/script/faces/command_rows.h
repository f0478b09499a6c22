// For each command a call that is right, and what has to be done before it.
// Constant tables.
// Thread-safety: immutable, so from any thread.
#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "tests/app/script/faces/world.h"

namespace mainstay::faces {

struct Row {
  std::string command;
  Json params = nullptr;  ///< by name; "$DIR" is the world's folder
  std::vector<Call> before = {};
  bool on_air = false;
  std::string until = {};   ///< an event to wait for, before the call
  bool shape_only = false;  ///< of the result keys and types are compared: its numbers are those of the moment
  std::optional<CallErrc> fails = {};  ///< where success would take peers: how it fails instead
};

const std::vector<Row>& command_rows();
/// For GoogleTest's messages.
inline void PrintTo(const Row& row, std::ostream* out) {
  *out << row.command;
}

}  // namespace mainstay::faces
