// Decoder configuration records, built from the parameter sets an encoder gives: avcC and hvcC (ISO/IEC 14496-15), av1C
// (AV1 in ISOBMFF). And the walk over Annex B that they share with the packets.
// Plain functions; the bytes may come from anywhere and are checked.
// Thread-safety: plain functions.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/core/result.h"

namespace mainstay {

/// Calls `each` for every NAL unit of `bytes` (Annex B: start codes of three or four bytes). False when there is none.
bool for_each_nal(std::span<const std::uint8_t> bytes, const std::function<void(std::span<const std::uint8_t>)>& each);

/// Each takes Annex B (AV1: OBUs with sizes), or a record that is one already. Errc::corrupt says what is missing.
Result<std::vector<std::uint8_t>> make_avcc(std::span<const std::uint8_t> parameter_sets);
Result<std::vector<std::uint8_t>> make_hvcc(std::span<const std::uint8_t> parameter_sets);
Result<std::vector<std::uint8_t>> make_av1c(std::span<const std::uint8_t> sequence_header);

/// One open bitstream unit, its header and size included. Types as in the AV1 specification, 6.2.2.
struct Av1Obu {
  int type = 0;
  std::span<const std::uint8_t> whole;
  std::span<const std::uint8_t> payload;
};

/// Calls `each` for every unit. Errc::corrupt for a unit without size that is not the last, or one cut short.
Status for_each_obu(std::span<const std::uint8_t> bytes, const std::function<void(const Av1Obu&)>& each);

}  // namespace mainstay
