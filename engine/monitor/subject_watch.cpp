#include "engine/monitor/subject_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/audio/decibel.h"
#include "engine/audio/planes.h"

namespace mainstay {

namespace {

constexpr double kLeastDb = -120;

double db(double ratio) {
  return ratio <= 1e-6 ? kLeastDb : 20 * std::log10(ratio);
}

float peak_of(const AudioBlock& block) {
  float peak = 0;
  for (int c = 0; c < block.channels; ++c) peak = std::max(peak, mainstay::peak_of(block.plane(c)));
  return peak;
}

std::int64_t count_from(const AudioBlock& block, float level) {
  return std::count_if(block.data.begin(), block.data.end(), [&](float v) { return std::abs(v) >= level; });
}

std::optional<Nanos> when(bool wrong, Nanos at) {
  return wrong ? std::optional(at) : std::nullopt;
}

}  // namespace

const char* to_string(WatchKind kind) {
  switch (kind) {
    case WatchKind::freeze:
      return "freeze";
    case WatchKind::black:
      return "black";
    case WatchKind::silence:
      return "silence";
    case WatchKind::clipping:
      return "clipping";
    case WatchKind::av_sync:
      return "av_sync";
  }
  return "freeze";
}

namespace {

std::string describe_offset(const RaisedWatch& watch) {
  std::string text =
      fmt::format("sound is {:.0f} ms {} the picture", std::abs(watch.value), watch.value > 0 ? "ahead of" : "behind");
  if (watch.set_ms >= 1)
    text += fmt::format(": filters delay the picture by {:.0f} ms more than the strip the sound; raise its delay_ms",
                        watch.set_ms);
  if (watch.set_ms <= -1)
    text += fmt::format(": the strip delays the sound by {:.0f} ms more than filters the picture", -watch.set_ms);
  return text;
}

}  // namespace

std::string describe(const WatchNews& news) {
  const double lasted = seconds(news.at - news.watch.since);
  const double value = news.watch.value;
  switch (news.watch.kind) {
    case WatchKind::freeze:
      return news.raised ? fmt::format("the picture has not changed for {:.1f} s", lasted)
                         : fmt::format("the picture changes again after {:.1f} s", lasted);
    case WatchKind::black:
      return news.raised ? fmt::format("black for {:.1f} s", lasted)
                         : fmt::format("not black any more after {:.1f} s", lasted);
    case WatchKind::silence:
      return news.raised ? fmt::format("silent for {:.1f} s", lasted)
                         : fmt::format("heard again after {:.1f} s", lasted);
    case WatchKind::clipping:
      return news.raised ? fmt::format("{:.0f} samples at full scale within a second", value)
                         : fmt::format("no more samples at full scale, after {:.1f} s", lasted);
    case WatchKind::av_sync:
      return news.raised ? describe_offset(news.watch)
                         : fmt::format("sound and picture are together again after {:.1f} s", lasted);
  }
  return {};
}

void SubjectWatch::see(const Seen& seen, const show::WatchSet& wanted, Nanos clear, std::vector<WatchNews>& news) {
  if (!wanted.enabled) return forget(seen.at, news);
  if (seen.looks && seen.picture) see_picture(seen, wanted, clear, news);
  if (seen.sound) see_sound(seen, wanted, clear, news);
  if (seen.looks) see_offset(seen, wanted.av_sync, clear, news);
}

void SubjectWatch::see_picture(const Seen& seen, const show::WatchSet& wanted, Nanos clear,
                               std::vector<WatchNews>& news) {
  if (!wanted.freeze.enabled) drop(WatchKind::freeze, seen.at, news);
  if (!wanted.black.enabled) drop(WatchKind::black, seen.at, news);
  if (!wanted.freeze.enabled && !wanted.black.enabled) return probe_.forget();
  if (seen.meant) probe_.forget();  // what stood still meanwhile does not count afterwards
  const double noise = std::pow(10, wanted.freeze.noise_db / 20);
  const PictureProbe::Reading reading =
      probe_.look(seen.picture, seen.at, {.black_level = wanted.black.level, .noise = noise});
  if (wanted.freeze.enabled) {
    const bool still = !reading.first && reading.change <= noise && !seen.meant;
    judge(WatchKind::freeze, seen.at, when(still, reading.still_since), db(reading.change), wanted.freeze.after, clear,
          news);
  }
  if (wanted.black.enabled) {
    const bool black = reading.black_share >= wanted.black.share && !seen.meant;
    judge(WatchKind::black, seen.at, when(black, seen.at), reading.black_share, wanted.black.after, clear, news);
  }
}

void SubjectWatch::see_sound(const Seen& seen, const show::WatchSet& wanted, Nanos clear,
                             std::vector<WatchNews>& news) {
  const float peak = seen.audio && (wanted.silence.enabled || wanted.clipping.enabled) ? peak_of(*seen.audio) : 0;
  if (wanted.silence.enabled) {
    const bool silent = peak < gain_of(wanted.silence.level_db) && !seen.meant;
    judge(WatchKind::silence, seen.at, when(silent, seen.at), db(peak), wanted.silence.after, clear, news);
  } else {
    drop(WatchKind::silence, seen.at, news);
  }
  if (wanted.clipping.enabled) {
    const std::int64_t count = clipped_lately(seen, peak, gain_of(wanted.clipping.level_db));
    judge(WatchKind::clipping, seen.at, when(count >= wanted.clipping.count, seen.at), static_cast<double>(count),
          Nanos{0}, clear, news);
  } else {
    drop(WatchKind::clipping, seen.at, news);
  }
}

std::int64_t SubjectWatch::clipped_lately(const Seen& seen, float peak, float level) {
  if (peak >= level) {
    clipped_.emplace_back(seen.at, count_from(*seen.audio, level));
    clipped_sum_ += clipped_.back().second;
  }
  while (!clipped_.empty() && seen.at - clipped_.front().first >= Seconds(1)) {
    clipped_sum_ -= clipped_.front().second;
    clipped_.pop_front();
  }
  return clipped_sum_;
}

void SubjectWatch::see_offset(const Seen& seen, const show::AvSyncWatch& wanted, Nanos clear,
                              std::vector<WatchNews>& news) {
  if (!wanted.enabled) return drop(WatchKind::av_sync, seen.at, news);
  const Nanos offset = seen.av_offset.value_or(Nanos{0});
  const bool apart = seen.av_offset && std::chrono::abs(offset) > wanted.limit;
  sign(WatchKind::av_sync).set_ms = seconds(seen.set) * 1000;
  judge(WatchKind::av_sync, seen.at, when(apart, seen.at), seconds(offset) * 1000, wanted.after, clear, news);
}

void SubjectWatch::judge(WatchKind kind, Nanos at, std::optional<Nanos> wrong_from, double value, Nanos after,
                         Nanos clear, std::vector<WatchNews>& news) {
  Sign& s = sign(kind);
  const Nanos since = s.condition.since();
  s.value = value;
  const Condition::Change change = s.condition.see(at, wrong_from, after, clear);
  tell(kind, change, change == Condition::Change::raised ? s.condition.since() : since, at, news);
}

void SubjectWatch::drop(WatchKind kind, Nanos at, std::vector<WatchNews>& news) {
  Sign& s = sign(kind);
  const Nanos since = s.condition.since();
  tell(kind, s.condition.forget(), since, at, news);
}

void SubjectWatch::forget(Nanos at, std::vector<WatchNews>& news) {
  for (int i = 0; i < kWatchKinds; ++i) drop(static_cast<WatchKind>(i), at, news);
  probe_.forget();
  clipped_.clear();
  clipped_sum_ = 0;
}

RaisedWatch SubjectWatch::raised(WatchKind kind, Nanos since) const {
  const Sign& s = signs_[static_cast<std::size_t>(kind)];
  return {subject_, program_, kind, since, s.value, s.set_ms};
}

void SubjectWatch::tell(WatchKind kind, Condition::Change change, Nanos since, Nanos at,
                        std::vector<WatchNews>& news) const {
  if (change == Condition::Change::none) return;
  news.push_back({raised(kind, since), change == Condition::Change::raised, at});
}

void SubjectWatch::list_raised(std::vector<RaisedWatch>& out) const {
  for (int i = 0; i < kWatchKinds; ++i) {
    const Sign& s = signs_[static_cast<std::size_t>(i)];
    if (s.condition.is_raised()) out.push_back(raised(static_cast<WatchKind>(i), s.condition.since()));
  }
}

}  // namespace mainstay
