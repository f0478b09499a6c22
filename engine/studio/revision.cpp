#include "engine/studio/revision.h"

namespace mainstay {

const char* to_string(RevisionKind kind) {
  switch (kind) {
    case RevisionKind::open:
      return "open";
    case RevisionKind::edit:
      return "edit";
    case RevisionKind::live:
      return "live";
    case RevisionKind::undo:
      return "undo";
    case RevisionKind::redo:
      return "redo";
    case RevisionKind::rollback:
      return "rollback";
    case RevisionKind::external:
      return "external";
  }
  return "unknown";
}

std::optional<RevisionKind> parse_revision_kind(std::string_view text) {
  for (const RevisionKind kind : {RevisionKind::open, RevisionKind::edit, RevisionKind::live, RevisionKind::undo,
                                  RevisionKind::redo, RevisionKind::rollback, RevisionKind::external}) {
    if (text == to_string(kind)) return kind;
  }
  return std::nullopt;
}

}  // namespace mainstay
