#include "engine/studio/undo.h"

namespace mainstay {

UndoLinks links_after_edit(const UndoRow& current) {
  return {.undo_to = current.number, .redo_to = 0};
}

UndoLinks links_after_live(const UndoRow& current) {
  return current.links;
}

std::optional<UndoStep> undo_step(const UndoRow& current, const UndoLookup& lookup) {
  if (current.links.undo_to == 0) return std::nullopt;
  const auto target = lookup(current.links.undo_to);
  if (!target) return std::nullopt;
  return UndoStep{target->number, {.undo_to = target->links.undo_to, .redo_to = current.number}};
}

std::optional<UndoStep> redo_step(const UndoRow& current, const UndoLookup& lookup) {
  if (current.links.redo_to == 0) return std::nullopt;
  const auto target = lookup(current.links.redo_to);
  if (!target) return std::nullopt;
  return UndoStep{target->number, target->links};
}

}  // namespace mainstay
