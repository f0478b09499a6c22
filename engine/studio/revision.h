// A revision: one accepted change of the show, as the history keeps it.
// A plain value, owned by whoever asked for it.
// Thread-safety: as any value.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/time.h"
#include "engine/show/section.h"
#include "engine/studio/undo.h"

namespace mainstay {

enum class RevisionKind {
  open,      ///< a show was opened or made
  edit,      ///< a command changed it
  live,      ///< a cut: the scene on air alone
  undo,      ///< the document of an earlier revision came back
  redo,      ///< an undo was taken back
  rollback,  ///< the document of a chosen revision came back
  external,  ///< the file was changed by another program
};
const char* to_string(RevisionKind kind);
std::optional<RevisionKind> parse_revision_kind(std::string_view text);

struct Revision {
  std::int64_t number = 0;  ///< from 1, rising
  UtcInstant at;
  std::string author;  ///< "window", "script:nightly"
  RevisionKind kind = RevisionKind::edit;
  std::string message;
  UndoLinks links;    ///< only to revisions that are kept
  bool good = false;  ///< was on air for a while without trouble
  std::vector<std::string> tags;
  std::vector<std::string> pointers;  ///< what changed since the revision before: RFC 6901, at most show::kMostPointers
  show::Json patch;                   ///< the same as RFC 6902; null in lists, where it would be too much
};

/// A change to be stored.
struct Draft {
  std::string author;   ///< cut at 200 bytes
  std::string message;  ///< cut at 1000 bytes
  RevisionKind kind = RevisionKind::edit;
  UndoLinks links;  ///< engine/studio/undo.h
  std::shared_ptr<const show::Json> document;
};

}  // namespace mainstay
