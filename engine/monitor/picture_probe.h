// Looks at pictures through a sieve: how much of one is black, and since when it has not changed.
// Owned by a subject's watch.
// Thread-safety: one thread at a time.
//
// One brightness in 8×8 is looked at: 1/64 of a picture, 32,400 of 1080p, which is what makes it cheap. What is smaller
// than that may change unseen. A picture is compared with the one from which on nothing changed, not with the one
// before: a slow fade adds up, as in FFmpeg's freezedetect. A picture that is given out again is not looked at again.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/core/time.h"
#include "engine/media/frame.h"

namespace mainstay {

class PictureProbe {
 public:
  struct Limits {
    double black_level = 0.1;  ///< brightest that is black, 0 to 1
    double noise = 0.001;      ///< mean difference that is no change, of full scale
  };
  struct Reading {
    double black_share = 0;
    double change = 1;     ///< mean difference against the picture at `still_since`; 1 when there is none
    Nanos still_since{0};  ///< when the picture came that has not changed since
    bool first = false;    ///< nothing to compare it with
  };

  Reading look(const FramePtr& frame, Nanos at, const Limits& limits);
  void forget();

 private:
  void sample(const Frame& frame);
  double black_share(double level) const;
  double difference() const;

  std::vector<std::uint8_t> samples_;    // limited range, 16 to 235
  std::vector<std::uint8_t> reference_;  // of the picture at still_since_
  std::weak_ptr<const Frame> last_;
  Nanos still_since_{0};
  int width_ = 0;  // of the pictures in samples_ and reference_
  int height_ = 0;
};

}  // namespace mainstay
