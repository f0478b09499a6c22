// The ways into a studio, all behind one shape: a call in, its result out as the client of that face sees it.
// Owned by a test.
// Thread-safety: the test's thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/app/script/faces/world.h"

namespace mainstay::faces {

struct Face {
  std::string name;
  bool named = true;        ///< takes parameters by name
  bool positional = false;  ///< takes parameters by position
  /// What a client of it may do at most, and why no more.
  Role most = Role::admin;
  std::string reason = {};
  std::function<CallResult(World&, const Call&, Role)> call;
  /// A result as this face can say it.
  std::function<Json(const Json&)> says = [](const Json& value) { return value; };
};

const std::vector<Face>& all_faces();

}  // namespace mainstay::faces
