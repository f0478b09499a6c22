// Where levels stand on faders and meters, and how they read: pure functions.
// Plain values.
// Thread-safety: any thread.
#pragma once

#include <QString>

namespace mainstay::ui {

/// 0 at the bottom (silence) to 1 at the top (+12 dB); 0 dB at 0.75, more room where one works.
double fader_place(double db);
/// The level at that place, in tenths of a decibel; -100 at the bottom.
double fader_db(double place);
/// 0 at -60 dBFS and below to 1 at 0 dBFS.
double meter_place(double db);

/// "−6.0", "+3.5", "0.0"; "−∞" for silence.
QString level_text(double db);
/// "−23.1"; "–" for nothing to tell.
QString loudness_text(double lufs);

}  // namespace mainstay::ui
