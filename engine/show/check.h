// Whether a show that can be read also makes sense: names that exist, renditions within the caps of whoever sends
// them, addresses that can be used, files that are there.
// A function without state.
// Thread-safety: from any thread. With probe_files it touches the disk.
#pragma once

#include <string>
#include <vector>

#include "engine/show/parse.h"
#include "engine/show/secrets.h"
#include "engine/show/show.h"

namespace mainstay::show {

struct CheckContext {
  std::string show_dir = ".";        ///< relative paths are relative to this
  bool probe_files = true;           ///< look whether the files named are there
  const Secrets* secrets = nullptr;  ///< null: references are checked for their form only
};

/// Everything wrong with the show, sorted as it is found: names, encode and caps, addresses, files. Empty: it can go on
/// air.
std::vector<ShowError> check(const Show& show, const CheckContext& context);

}  // namespace mainstay::show
