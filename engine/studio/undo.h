// Undo and redo in a history that only grows: which revision each goes back to, and what the new one remembers.
// Functions without state.
// Thread-safety: from any thread.
//
// Nothing is ever taken out of the history: an undo is a new revision with the document of an old one. Each revision
// carries two numbers: `undo_to`, what undo from it goes back to, and `redo_to`, what redo from it goes forward to.
//   edit, rollback   undo goes back to where it was made; nothing to redo
//   undo             to what the revision gone back to had; redo leads to where undo was called
//   redo             both of what the revision gone forward to had
//   live (a cut)     as before it: undo after a cut takes back the edit before the cut
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

namespace mainstay {

/// 0: nowhere.
struct UndoLinks {
  std::int64_t undo_to = 0;
  std::int64_t redo_to = 0;
  friend bool operator==(const UndoLinks&, const UndoLinks&) = default;
};

/// A revision and its links; number 0: the history is empty.
struct UndoRow {
  std::int64_t number = 0;
  UndoLinks links;
  friend bool operator==(const UndoRow&, const UndoRow&) = default;
};

/// The revision whose document comes back, and the links of the new revision that holds it.
struct UndoStep {
  std::int64_t target = 0;
  UndoLinks links;
  friend bool operator==(const UndoStep&, const UndoStep&) = default;
};

/// The row of a revision; nothing when the history no longer has it.
using UndoLookup = std::function<std::optional<UndoRow>(std::int64_t number)>;

/// Links of the revision made at `current` by an edit or a rollback, and by a cut.
UndoLinks links_after_edit(const UndoRow& current);
UndoLinks links_after_live(const UndoRow& current);
/// Nothing when there is nothing to undo or redo, or it is too long ago to be kept.
std::optional<UndoStep> undo_step(const UndoRow& current, const UndoLookup& lookup);
std::optional<UndoStep> redo_step(const UndoRow& current, const UndoLookup& lookup);

}  // namespace mainstay
