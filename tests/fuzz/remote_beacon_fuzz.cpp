// Any bytes as the report of a player page: no crash, and what is taken of it makes figures that can be.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/remote/origin/audience_book.h"
#include "engine/remote/origin/audience_pages.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mainstay;
  using namespace mainstay::remote;
  const auto require = [](bool holds) {
    if (!holds) std::abort();
  };
  const auto beacon = parse_beacon({reinterpret_cast<const char*>(data), size});
  if (!beacon) return 0;
  require(size <= Beacon::kMostBytes);
  ManualClock clock;
  int ended = 0;
  AudienceBook book(clock, [&](const SessionRecord&) { ++ended; });
  book.report("192.0.2.1", "fuzz", *beacon);
  clock.advance(Seconds(5));
  Beacon later = *beacon;
  later.number += 1;
  later.watch_ms += 5000;
  book.report("192.0.2.1", "fuzz", later);
  const AudienceFigures figures = book.figures();
  require(figures.viewers == (beacon->ended ? 0 : 1) && figures.all().sessions == 1);
  require(figures.all().watch_s >= 0 && figures.all().watch_s <= 60);
  require(figures.rebuffer_ratio >= 0 && figures.rebuffer_ratio <= 1);
  (void)players_json(figures).dump();
  (void)metrics_page(figures, {});
  book.end_all();
  require(ended == 1);
  return 0;
}
