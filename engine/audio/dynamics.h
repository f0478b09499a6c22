// The dynamics of a strip: gate, compressor, limiter, ducking. Both sides get the same gain, so that the stereo picture
// stands still. None has a latency. Switched off, or taken away, each lets go with its own release.
// Owned by a strip.
// Thread-safety: one thread at a time.
#pragma once

#include <optional>
#include <span>

#include "engine/audio/step_gain.h"
#include "engine/show/mixer.h"

namespace mainstay {

class Gate {
 public:
  void set(const std::optional<show::Gate>& settings);
  bool is_idle() const { return !on_ && gain_ == 1; }
  void process(const Planes& data);
  float gain() const { return gain_; }

 private:
  bool on_ = false;
  float open_above_ = 0;
  float close_below_ = 0;
  float closed_gain_ = 0;
  int hold_ = 0;
  StepDecay attack_;
  StepDecay release_;
  bool open_ = false;
  int held_ = 0;
  float gain_ = 1;
};

class Compressor {
 public:
  void set(const std::optional<show::Compressor>& settings);
  bool is_idle() const { return !on_ && gain_ == 1; }
  void process(const Planes& data);
  /// How much it takes away now, in dB; without the makeup gain.
  float reduction_db() const { return reduction_db_; }
  /// What the settled curve takes away from a peak of that level.
  float curve_db(float level_db) const;

 private:
  bool on_ = false;
  float threshold_db_ = 0;
  float slope_ = 0;  // dB taken away for each dB above the threshold
  float knee_db_ = 0;
  StepDecay attack_;
  StepDecay release_;
  StepPeak peak_;
  float makeup_db_ = 0;
  float made_up_db_ = 0;  // follows makeup_db_
  float reduction_db_ = 0;
  float gain_ = 1;
};

/// No sample above the ceiling: the gain falls within the sample that needs it.
class StripLimiter {
 public:
  void set(const std::optional<show::StripLimiter>& settings);
  bool is_idle() const { return !on_ && gain_ == 1; }
  void process(const Planes& data);
  float gain() const { return static_cast<float>(gain_); }

 private:
  void find_gains(std::span<float> peaks, float ceiling);

  bool on_ = false;
  float ceiling_ = 1;
  double rise_ = 0;  // share of what is missing to 1 that comes back with a sample
  double gain_ = 1;  // in float it would stop short of 1
};

class Ducker {
 public:
  void set(const std::optional<show::Duck>& settings);
  bool is_idle() const { return !on_ && gain_ == 1; }
  /// `key`, times `key_gain`, is what is to be heard.
  void process(const PlanesView& key, float key_gain, const Planes& data);
  float gain() const { return gain_; }

 private:
  bool on_ = false;
  float threshold_ = 0;
  float amount_db_ = 0;
  int hold_ = 0;
  StepDecay attack_;
  StepDecay release_;
  int held_ = 0;
  float reduction_db_ = 0;
  float gain_ = 1;
};

}  // namespace mainstay
