#include "tests/engine/remote/origin/viewer.h"

#include <fmt/format.h>

namespace mainstay::remote::testing {

using package::testing::ReadPart;
using package::testing::ReadPlaylist;
using package::testing::ReadSegment;
using package::testing::Update;

void Board::put(const std::string& rendition, ReadPlaylist playlist) {
  std::lock_guard lock(mutex_);
  playlists_[rendition] = std::move(playlist);
}

std::map<std::string, ReadPlaylist> Board::but(const std::string& rendition) const {
  std::lock_guard lock(mutex_);
  auto others = playlists_;
  others.erase(rendition);
  return others;
}

Viewer::Viewer(PackagedStream& stream, Board& board, std::string rendition, bool pictures)
    : stream_(stream), board_(board), rendition_(std::move(rendition)), pictures_(pictures), client_(stream.port()) {}

std::string Viewer::get(const std::string& target, const std::string& header) {
  client_.send("GET /live/" + target + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n");
  return client_.response();
}

std::string Viewer::body(const std::string& target) {
  const std::string response = get(rendition_ + "/" + target);
  if (status_of(response) != 200) breach(fmt::format("{} for {}/{}", status_of(response), rendition_, target));
  return body_of(response);
}

void Viewer::watch(const std::function<void(const ReadPlaylist&)>& at_update) try {
  std::string target = "index.m3u8";
  while (true) {
    take(body(target));
    if (at_update) at_update(last_);
    if (last_.ended || last_.segments.empty()) return;
    const ReadSegment& end = last_.segments.back();
    const bool whole = !end.uri.empty();
    target =
        fmt::format("index.m3u8?_HLS_msn={}&_HLS_part={}", end.msn + (whole ? 1 : 0), whole ? 0 : end.parts.size());
  }
} catch (const std::exception& broken) {
  breach(broken.what());
  stream_.give_up();
}

void Viewer::take(const std::string& text) {
  ++updates_;
  Update update = package::testing::update_of(rendition_, pictures_, text);
  update.before = last_.text.empty() ? nullptr : &last_;
  update.others = board_.but(rendition_);
  for (std::string& what : package::testing::breaches_of(update)) breach(std::move(what));
  take_delta(update.now);
  look_after_what_left(update.now);
  board_.put(rendition_, update.now);
  last_ = std::move(update.now);
  take_media(last_);
}

// RFC 8216bis 6.3.7: with the playlist before it, a delta update is the whole.
void Viewer::take_delta(const ReadPlaylist& now) {
  if (now.segments.empty() || now.ended || last_.text.empty()) return;
  const ReadPlaylist delta = package::testing::read_playlist(body("index.m3u8?_HLS_skip=YES"));
  deltas_ += delta.skipped > 0 ? 1 : 0;
  if (delta.skipped > 0 && delta.version < 9) breach("SKIP in version " + std::to_string(delta.version));

  if (const std::string other = package::testing::difference(package::testing::rebuilt(last_, delta), now);
      !other.empty())
    breach(fmt::format("{}: a delta update makes another playlist: {}", rendition_, other));
}

void Viewer::take_media(const ReadPlaylist& now) {
  bool ended_one = false;
  for (const ReadSegment& segment : now.segments) {
    Seen& seen = segments_[segment.msn];
    if (!maps_.contains(segment.map)) maps_[segment.map] = body(segment.map);
    for (std::size_t i = seen.parts.size(); i < segment.parts.size(); ++i)
      seen.parts.push_back(segment.parts[i].gap ? std::string() : body(segment.parts[i].uri));
    if (!segment.uri.empty() && seen.bytes.empty() && !segment.gap) {
      seen.bytes = body(segment.uri);
      ended_one = true;
    }
    // As it was when it became whole: later on its parts are listed no longer.
    if (!segment.uri.empty() && seen.segment.uri.empty()) seen.segment = segment;
  }
  if (pictures_ && ended_one) take_iframes(now);
}

void Viewer::take_iframes(const ReadPlaylist& now) {
  Update update = package::testing::update_of(rendition_, true, body("iframes.m3u8"));
  update.iframes = true;
  update.others = {{rendition_, now}};
  for (std::string& what : package::testing::breaches_of(update)) breach("I-frames: " + std::move(what));
  for (const ReadSegment& picture : update.now.segments) {
    Seen& seen = segments_[picture.msn];
    if (seen.key_picture.empty()) seen.key_picture = body(picture.uri);
  }
}

// RFC 8216bis 6.2.2: what left a playlist stays as long as the playlist that named it was; parts three target durations
// (6.2.2).
void Viewer::look_after_what_left(const ReadPlaylist& now) {
  constexpr Nanos kShort = Millis(100);
  const Instant present = stream_.clock().now();
  for (const ReadSegment& then : last_.segments) {
    const ReadSegment* still = nullptr;
    for (const ReadSegment& segment : now.segments) still = segment.msn == then.msn ? &segment : still;
    if (still == nullptr && !then.uri.empty() && !then.gap) {
      const auto stays = std::chrono::duration<double>(then.duration + last_.listed());
      to_stay_.emplace_back(present + std::chrono::duration_cast<Nanos>(stays) - kShort, then.uri);
    }
    if ((still == nullptr || still->parts.empty()) && !then.parts.empty() && !now.ended)
      to_stay_.emplace_back(present + 3 * Seconds(now.target_duration) - kShort, then.parts.back().uri);
  }
  // Each is asked for once, the moment before it may go.
  std::deque<std::pair<Instant, std::string>> rest;
  for (const auto& [until, uri] : to_stay_) {
    if (until > present + Millis(400)) {
      rest.emplace_back(until, uri);
    } else if (status_of(get(rendition_ + "/" + uri)) != 200) {
      breach(fmt::format("{}: {} left too early", rendition_, uri));
    }
  }
  to_stay_ = std::move(rest);
}

}  // namespace mainstay::remote::testing
