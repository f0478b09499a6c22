// Any bytes as the index of the segments on disk: what is taken of it is listed by a later run, which goes on.
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "engine/core/clock.h"
#include "engine/package/segment_index.h"
#include "engine/package/stream_shelf.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mainstay;
  using namespace mainstay::package;
  static const auto store = std::make_shared<SegmentStore>("/nonexistent/fuzz");
  const auto require = [](bool holds) {
    if (!holds) std::abort();
  };
  std::istringstream lines(std::string(reinterpret_cast<const char*>(data), size));
  std::vector<KeptSegment> left;
  for (std::string line; std::getline(lines, line) && left.size() < 64;) {
    auto kept = parse_index_line(line);
    if (!kept) continue;
    require(kept->segment.uri.find('/') == std::string::npos && kept->rendition != "..");
    const auto again = parse_index_line(index_line(*kept));
    require(again && again->segment.msn == kept->segment.msn && again->segment.date == kept->segment.date);
    left.push_back(*std::move(kept));
  }
  ManualClock clock;
  const auto shelf = std::make_shared<StreamShelf>(clock);
  shelf->set_up({.target_duration_s = 2, .window_segments = 20, .memory_segments = 6, .dash = true},
                {{"v0", MediaKind::video}, {"a0", MediaKind::audio}});
  shelf->use_store(store, left);
  const auto stream = std::make_shared<StreamInfo>();
  stream->codec = Codec::h264;
  const std::string map = shelf->add_init("v0", 1000, stream, {1});
  for (std::int64_t msn = 1000; msn < 1004; ++msn) {
    Segment segment;
    segment.msn = msn;
    segment.begin_us = (msn - 1000) * 2'000'000;
    segment.map = map;
    segment.discontinuity = msn == 1000;
    shelf->begin("v0", segment);
    shelf->add_part("v0", 2'000'000, true, {1, 2, 3});
    shelf->end("v0", 2'000'000);
    shelf->publish();
  }
  shelf->finish();
  require(shelf->find("v0/index.m3u8") != nullptr);
  return 0;
}
