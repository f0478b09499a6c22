#include "ui/format.h"

#include <QStringList>
#include <array>
#include <cmath>
#include <map>
#include <string>

namespace mainstay::ui {

namespace {

constexpr Seconds kSlowConnect{2};
constexpr QChar kNarrowSpace(0x202F);
const QString kUnknown = QStringLiteral("–");

QString with_groups(const QString& digits) {
  QString out;
  const auto size = digits.size();
  for (qsizetype i = 0; i < size; ++i) {
    const bool start = i == 0 || (i == 1 && digits[0] == QLatin1Char('-'));
    if (!start && (size - i) % 3 == 0) out += kNarrowSpace;
    out += digits[i];
  }
  return out;
}

}  // namespace

const char* to_string(Tone tone) {
  switch (tone) {
    case Tone::quiet:
      return "quiet";
    case Tone::calm:
      return "calm";
    case Tone::warning:
      return "warning";
    case Tone::error:
      break;
  }
  return "error";
}

QString elapsed_text(Nanos elapsed) {
  const auto total = std::max<std::int64_t>(0, std::chrono::duration_cast<Seconds>(elapsed).count());
  const auto two = [](std::int64_t value) { return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0')); };
  const std::int64_t hours = total / 3600;
  const QString rest = two(total / 60 % 60) + QLatin1Char(':') + two(total % 60);
  if (hours < 100) return two(hours) + QLatin1Char(':') + rest;
  return QStringLiteral("%1d %2:%3").arg(hours / 24).arg(two(hours % 24), rest);
}

QString count_text(std::int64_t value) {
  return with_groups(QString::number(value));
}

QString kbps_text(double kbps) {
  if (!std::isfinite(kbps)) return kUnknown;
  return count_text(std::llround(kbps));
}

QString millis_text(Nanos value) {
  if (value <= Nanos{0}) return kUnknown;
  return count_text(std::max<std::int64_t>(1, std::chrono::round<Millis>(value).count()));
}

namespace {

QString media_time(std::int64_t ms) {
  const std::int64_t tenths = ms / 100;
  const std::int64_t minutes = tenths / 600;
  const QString rest = QStringLiteral("%1.%2").arg(tenths / 10 % 60, 2, 10, QLatin1Char('0')).arg(tenths % 10);
  if (minutes < 60) return QStringLiteral("%1:%2").arg(minutes).arg(rest);
  return QStringLiteral("%1:%2:%3").arg(minutes / 60).arg(minutes % 60, 2, 10, QLatin1Char('0')).arg(rest);
}

}  // namespace

QString media_time_text(std::int64_t position_ms, std::optional<std::int64_t> duration_ms) {
  const QString position = media_time(position_ms);
  return duration_ms ? position + QStringLiteral(" / ") + media_time(*duration_ms) : position;
}

QString seconds_text(Nanos value) {
  return QString::number(std::max(0.0, seconds(value)), 'f', 1);
}

QString bytes_text(std::int64_t bytes) {
  static constexpr std::array<const char*, 4> kUnits{"kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return QString::number(value, 'f', unit == 0 ? 0 : 1) + kNarrowSpace + QLatin1String(kUnits[unit]);
}

QString rate_text(const Rate& rate) {
  const bool whole = rate.num % rate.den == 0;
  return QString::number(rate.fps(), 'f', whole ? 0 : 2) + QStringLiteral(" fps");
}

QString phase_word(Phase phase) {
  switch (phase) {
    case Phase::off:
      return QStringLiteral("OFF AIR");
    case Phase::starting:
      return QStringLiteral("STARTING");
    case Phase::on_air:
      return QStringLiteral("ON AIR");
    case Phase::stopping:
      break;
  }
  return QStringLiteral("ENDING");
}

QString leg_word(LegState state) {
  switch (state) {
    case LegState::idle:
      return QStringLiteral("STANDBY");
    case LegState::connecting:
      return QStringLiteral("CONNECTING");
    case LegState::live:
      return QStringLiteral("LIVE");
    case LegState::degraded:
      return QStringLiteral("DEGRADED");
    case LegState::backoff:
      return QStringLiteral("DOWN");
    case LegState::stopped:
      break;
  }
  return QStringLiteral("STOPPED");
}

Tone leg_tone(const LegSnapshot& leg) {
  switch (leg.state) {
    case LegState::idle:
    case LegState::stopped:
      return Tone::quiet;
    case LegState::connecting:
      // With a detail it is not the first attempt: a leg that is lost stays amber until it is back.
      return leg.in_state > kSlowConnect || !leg.detail.empty() ? Tone::warning : Tone::quiet;
    case LegState::live:
      return leg.stepped_down() ? Tone::warning : Tone::calm;
    case LegState::degraded:
      return Tone::warning;
    case LegState::backoff:
      break;
  }
  return Tone::error;
}

Tone source_tone(const SourceSnapshot& source) {
  if (source.state == "live") return Tone::calm;
  if (source.state == "stalled") return Tone::warning;
  if (source.state == "failed") return Tone::error;
  // An ended source that nobody watches is over; one that is on air shows its last picture for ever.
  if (source.state == "ended" && source.on_air) return Tone::warning;
  return Tone::quiet;
}

Tone encoder_tone(const EncoderSnapshot& encoder) {
  if (!encoder.error.empty()) return Tone::error;
  if (encoder.frames == 0) return Tone::quiet;
  return encoder.dropped > 0 ? Tone::warning : Tone::calm;
}

Tone recorder_tone(const RecorderSnapshot& recorder) {
  if (recorder.state == "failed") return Tone::error;
  return recorder.state == "recording" ? Tone::calm : Tone::quiet;
}

Tone Rising::tone(std::int64_t value) {
  constexpr int kLooks = 100;
  if (last_ >= 0 && value > last_) {
    news_for_ = kLooks;
  } else if (value < last_) {
    news_for_ = 0;  // a new show
  } else if (news_for_ > 0) {
    --news_for_;
  }
  last_ = value;
  return news_for_ > 0 ? Tone::warning : Tone::quiet;
}

namespace {

// A show whose only way out is the stream that is packaged and served here.
Line served_line(const Snapshot& snapshot) {
  const bool failed = snapshot.hls->state == "failed" || (snapshot.audience && snapshot.audience->state == "failed");
  if (failed) return {QStringLiteral("Not served: nobody gets this"), Tone::error};
  if (snapshot.hls->state == "live") return {QStringLiteral("Served to viewers from here"), Tone::calm};
  return {QStringLiteral("Serving begins"), Tone::quiet};
}

// What a leg that stepped down sends, in a word that leaves room for its name; its card says why.
QString lower_rung(const LegSnapshot& leg) {
  if (leg.rendition_height > 0) return QStringLiteral("at %1p").arg(leg.rendition_height);
  return QStringLiteral("at %1").arg(QString::fromStdString(leg.rendition));
}

}  // namespace

Line delivery_line(const Snapshot& snapshot) {
  if (snapshot.phase == Phase::off) return {};
  if (snapshot.legs.empty() && snapshot.hls) return served_line(snapshot);
  if (snapshot.legs.empty()) {
    return snapshot.recorder ? Line{QStringLiteral("No destinations: recorded only"), Tone::warning}
                             : Line{QStringLiteral("No destinations: nobody gets this"), Tone::warning};
  }
  int live = 0;
  int resting = 0;
  QStringList troubled;
  for (const LegSnapshot& leg : snapshot.legs) {
    const Tone tone = leg_tone(leg);
    if (leg.state == LegState::live || leg.state == LegState::degraded) ++live;
    if (leg.state == LegState::idle) ++resting;
    if (tone == Tone::warning || tone == Tone::error) {
      troubled << QString::fromStdString(leg.destination + "/" + leg.role) + QLatin1Char(' ') +
                      (leg.state == LegState::live ? lower_rung(leg) : leg_word(leg.state).toLower());
    }
  }
  const int wanted = static_cast<int>(snapshot.legs.size()) - resting;
  if (live == 0 && !troubled.isEmpty()) return {QStringLiteral("No leg is live: nobody gets this"), Tone::error};
  if (live == 0) return {QStringLiteral("Connecting"), Tone::quiet};
  QString text = QStringLiteral("%1 of %2 legs live").arg(live).arg(wanted);
  if (!troubled.isEmpty()) {
    text += QStringLiteral(": ") + troubled.first();
    if (troubled.size() > 1) text += QStringLiteral(", %1 more").arg(troubled.size() - 1);
    return {text, Tone::warning};
  }
  if (resting > 0) text += QStringLiteral(", %1 in standby").arg(resting);
  return {text, live == wanted ? Tone::calm : Tone::quiet};
}

Line watch_line(const Snapshot& snapshot) {
  static const std::map<std::string, QString> words{{"freeze", QStringLiteral("frozen")},
                                                    {"black", QStringLiteral("black")},
                                                    {"silence", QStringLiteral("silent")},
                                                    {"clipping", QStringLiteral("clipping")},
                                                    {"av_sync", QStringLiteral("out of sync")}};
  QStringList program;
  QStringList sources;
  for (const WatchSnapshot& watch : snapshot.watches) {
    const auto word = words.find(watch.kind);
    const QString subject = watch.program ? QStringLiteral("Program") : QString::fromStdString(watch.subject);
    (watch.program ? program : sources) << subject + QLatin1Char(' ') +
                                               (word != words.end() ? word->second
                                                                    : QString::fromStdString(watch.kind));
  }
  const QStringList all = program + sources;
  if (all.isEmpty()) return {};
  return {all.join(QStringLiteral("  ·  ")), Tone::warning};
}

}  // namespace mainstay::ui
