// Pictures of another colour matrix brought to the program's BT.709, as limited-range codes.
// Plain functions.
// Thread-safety: from any thread.
#pragma once

#include "engine/media/frame.h"

namespace mainstay {

/// Writes `source` (i420, BT.601 or BT.2020) as BT.709 codes into `target`, which has its size rounded up to even.
/// Only the matrix changes: primaries and transfer are taken as they are, so BT.2020 keeps a little of its tint.
void to_bt709(const Frame& source, WritableFrame& target);

}  // namespace mainstay
