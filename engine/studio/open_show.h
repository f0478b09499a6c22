// The show that is open, as one immutable value: each accepted change makes a new one.
// Owned by the studio; shared with whoever reads it.
// Thread-safety: immutable, so from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/show/document.h"
#include "engine/show/secrets.h"

namespace mainstay {

struct OpenShow {
  show::Show show;
  show::Json value;  ///< show::to_value(show)
  std::string path;  ///< the file; empty: never saved
  std::string dir;   ///< relative paths are relative to this
  std::int64_t revision = 0;
  std::int64_t saved_revision = 0;  ///< what the file holds
};

using OpenShowPtr = std::shared_ptr<const OpenShow>;

/// What is wrong with the macros of a show: events that they wait for and that do not exist.
std::vector<show::ShowError> check_macros(const show::Show& show);

/// The show with another document. The errors say why it would not be a valid one; then nothing is made. Does not touch
/// the disk: what files hold shows when they are played.
struct Edited {
  std::shared_ptr<OpenShow> show;
  std::vector<show::ShowError> errors;
};
Edited edit(const OpenShow& before, const show::Json& document, const show::Secrets& secrets);

}  // namespace mainstay
