// libsrt's statistics as our values.
// Only .cpp files of engine/ffi/srt include this header.
// Thread-safety: plain functions.
#pragma once

#include <srt/srt.h>

#include "engine/ffi/srt/srt_stats.h"

namespace mainstay::ffi::srt {

SrtStats to_stats(const SRT_TRACEBSTATS& perf);
SrtDetails to_details(const SRT_TRACEBSTATS& perf);

}  // namespace mainstay::ffi::srt
