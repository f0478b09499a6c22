#include "ui/level_scale.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mainstay::ui {

namespace {

struct Point {
  double db;
  double place;
};

constexpr std::array<Point, 7> kFader{
    {{-100, 0}, {-60, 0.05}, {-40, 0.17}, {-20, 0.38}, {-10, 0.55}, {0, 0.75}, {12, 1}}};
constexpr std::array<Point, 5> kMeter{{{-60, 0}, {-40, 0.2}, {-20, 0.5}, {-9, 0.75}, {0, 1}}};
constexpr double kNothing = -99;

template <std::size_t N>
double place_of(const std::array<Point, N>& scale, double db) {
  if (db <= scale.front().db) return 0;
  for (std::size_t i = 1; i < N; ++i) {
    if (db > scale[i].db) continue;
    const double share = (db - scale[i - 1].db) / (scale[i].db - scale[i - 1].db);
    return scale[i - 1].place + share * (scale[i].place - scale[i - 1].place);
  }
  return 1;
}

QString signed_text(double value) {
  const double tenths = std::round(value * 10) / 10;
  const QString digits = QString::number(std::abs(tenths), 'f', 1);
  if (tenths == 0) return digits;
  return (tenths < 0 ? QChar(0x2212) : QLatin1Char('+')) + digits;
}

}  // namespace

double fader_place(double db) {
  return place_of(kFader, db);
}

double fader_db(double place) {
  if (place <= 0.002) return kFader.front().db;
  for (std::size_t i = 1; i < kFader.size(); ++i) {
    if (place > kFader[i].place) continue;
    const double share = (place - kFader[i - 1].place) / (kFader[i].place - kFader[i - 1].place);
    return std::round((kFader[i - 1].db + share * (kFader[i].db - kFader[i - 1].db)) * 10) / 10;
  }
  return kFader.back().db;
}

double meter_place(double db) {
  return place_of(kMeter, db);
}

QString level_text(double db) {
  return db <= kNothing ? QString(QChar(0x2212)) + QChar(0x221e) : signed_text(db);
}

QString loudness_text(double lufs) {
  return lufs <= kNothing ? QString(QChar(0x2013)) : signed_text(lufs);
}

}  // namespace mainstay::ui
