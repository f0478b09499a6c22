#include "engine/show/levels.h"

#include <array>
#include <cstdint>
#include <span>

namespace mainstay::show {

namespace {

struct Level {
  std::string_view name;
  std::int64_t per_second;   // H.264: macroblocks; HEVC: luma samples
  std::int64_t per_picture;  // the same units
  std::int64_t kbps;
  std::int64_t buffer_kbits;
};

// H.264 Table A-1: MaxMBPS, MaxFS, MaxBR, MaxCPB. The last two in units of 1000 bits (baseline, main).
constexpr std::array<Level, 20> kH264{{{"1", 1485, 99, 64, 175},
                                       {"1b", 1485, 99, 128, 350},
                                       {"1.1", 3000, 396, 192, 500},
                                       {"1.2", 6000, 396, 384, 1000},
                                       {"1.3", 11880, 396, 768, 2000},
                                       {"2", 11880, 396, 2000, 2000},
                                       {"2.1", 19800, 792, 4000, 4000},
                                       {"2.2", 20250, 1620, 4000, 4000},
                                       {"3", 40500, 1620, 10000, 10000},
                                       {"3.1", 108000, 3600, 14000, 14000},
                                       {"3.2", 216000, 5120, 20000, 20000},
                                       {"4", 245760, 8192, 20000, 25000},
                                       {"4.1", 245760, 8192, 50000, 62500},
                                       {"4.2", 522240, 8704, 50000, 62500},
                                       {"5", 589824, 22080, 135000, 135000},
                                       {"5.1", 983040, 36864, 240000, 240000},
                                       {"5.2", 2073600, 36864, 240000, 240000},
                                       {"6", 4177920, 139264, 240000, 240000},
                                       {"6.1", 8355840, 139264, 480000, 480000},
                                       {"6.2", 16711680, 139264, 800000, 800000}}};

// H.265 Table A.8 (MaxLumaPs, MaxCPB) and A.9 (MaxLumaSr, MaxBR), main tier.
constexpr std::array<Level, 13> kHevc{{{"1", 552960, 36864, 128, 350},
                                       {"2", 3686400, 122880, 1500, 1500},
                                       {"2.1", 7372800, 245760, 3000, 3000},
                                       {"3", 16588800, 552960, 6000, 6000},
                                       {"3.1", 33177600, 983040, 10000, 10000},
                                       {"4", 66846720, 2228224, 12000, 12000},
                                       {"4.1", 133693440, 2228224, 20000, 20000},
                                       {"5", 267386880, 8912896, 25000, 25000},
                                       {"5.1", 534773760, 8912896, 40000, 40000},
                                       {"5.2", 1069547520, 8912896, 60000, 60000},
                                       {"6", 1069547520, 35651584, 60000, 60000},
                                       {"6.1", 2139095040, 35651584, 120000, 120000},
                                       {"6.2", 4278190080, 35651584, 240000, 240000}}};

std::span<const Level> levels_of(Codec codec) {
  if (codec == Codec::h264) return kH264;
  if (codec == Codec::hevc) return kHevc;
  return {};
}

// What the stream asks of a level, in the table's units.
struct Demand {
  std::int64_t per_second;
  std::int64_t per_picture;
  std::int64_t widest;  // the larger side, which may not exceed sqrt(8 · per_picture)
  std::int64_t kbps;
  std::int64_t buffer_kbits;
  const char* unit;
};

Demand demand_of(const StreamLoad& load) {
  Demand demand{};
  const bool h264 = load.codec == Codec::h264;
  const std::int64_t block = h264 ? 16 : 1;
  const std::int64_t width = (load.width + block - 1) / block;
  const std::int64_t height = (load.height + block - 1) / block;
  demand.unit = h264 ? "macroblocks" : "luma samples";
  demand.widest = width > height ? width : height;
  demand.per_picture = width * height;
  demand.per_second = mul_div(demand.per_picture, load.rate.num, load.rate.den, Rounding::up);
  // Table A-2, cpbBrVclFactor: 1000 for baseline and main, 1250 for high. (Higher profiles allow more still.)
  const bool high =
      h264 && !(load.profile == "baseline" || load.profile == "constrained_baseline" || load.profile == "main");
  demand.kbps = high ? mul_div(load.kbps, 4, 5, Rounding::up) : load.kbps;
  demand.buffer_kbits = high ? mul_div(load.vbv_kbits, 4, 5, Rounding::up) : load.vbv_kbits;
  return demand;
}

// What of the level is too small, or nothing.
std::string shortfall(const Demand& demand, const Level& level, const StreamLoad& load) {
  if (demand.per_picture > level.per_picture || demand.widest * demand.widest > 8 * level.per_picture) {
    return fmt::format("a picture of {}×{} is larger than the {} {} it allows", load.width, load.height,
                       level.per_picture, demand.unit);
  }
  if (demand.per_second > level.per_second) {
    return fmt::format("{}×{} at {} frames/s makes {} {}/s, it allows {}", load.width, load.height, load.rate.str(),
                       demand.per_second, demand.unit, level.per_second);
  }
  if (demand.kbps > level.kbps) return fmt::format("it does not allow {} kb/s", load.kbps);
  if (demand.buffer_kbits > level.buffer_kbits)
    return fmt::format("its buffer does not hold the {} kbit that kbps and vbv_ms ask for", load.vbv_kbits);
  return {};
}

}  // namespace

int level_number(std::string_view level) {
  if (level == "1b") return 10;  // as 1: the same size and rate
  if (level.empty() || level.size() > 3 || level[0] < '1' || level[0] > '9') return 0;
  const int whole = (level[0] - '0') * 10;
  if (level.size() == 1) return whole;
  if (level.size() != 3 || level[1] != '.' || level[2] < '0' || level[2] > '9') return 0;
  return whole + (level[2] - '0');
}

Status fits_level(const StreamLoad& load, std::string_view level) {
  const std::span<const Level> levels = levels_of(load.codec);
  if (levels.empty()) return {};
  const Demand demand = demand_of(load);
  const bool plain = level != "1b";
  for (const Level& entry : levels) {
    const bool same =
        plain ? entry.name != "1b" && level_number(entry.name) == level_number(level) : entry.name == level;
    if (!same) continue;
    const std::string why = shortfall(demand, entry, load);
    if (why.empty()) return {};
    for (const Level& higher : levels) {
      if (shortfall(demand, higher, load).empty())
        return make_error(Errc::invalid, "level {} is too low: {}; level {} would do", level, why, higher.name);
    }
    return make_error(Errc::invalid, "level {} is too low: {}; no level would do", level, why);
  }
  std::string names;
  for (const Level& entry : levels) names += (names.empty() ? "" : ", ") + std::string(entry.name);
  return make_error(Errc::invalid, "{} has no such level; it has {}", to_string(load.codec), names);
}

}  // namespace mainstay::show
