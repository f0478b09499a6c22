// Where a transition stands, frame by frame: an automatic one of so many frames, or one whose position a T-bar gives.
// Owned by the program.
// Thread-safety: one thread at a time; a plain value without a clock: it counts frames.
//
// Of an automatic transition of N frames, frame k of them (from 1) shows position k/(N+1), and the frame after the last
// is wholly the new scene. One that is turned back goes the way it came, frame for frame. A T-bar takes over from
// wherever the transition stands, and an automatic one goes on from wherever the T-bar left it.
#pragma once

#include <cstdint>

namespace mainstay {

class TransitionRun {
 public:
  struct Point {
    bool mixed = false;      ///< false: wholly the scene that it goes to
    double position = 1;     ///< of the way from the scene that was first to the second, whichever way it goes
    bool backwards = false;  ///< it goes back to the first
    double done = 1;         ///< of the way since it began or was turned: what sound follows
  };

  /// A new one, of at least one frame; whatever ran is forgotten.
  void begin(std::int64_t frames);
  /// The T-bar: 0 is where it comes from, 1 where it goes to. Only while it runs.
  void hold_at(double position);
  /// By itself again, from where it stands. Only while it runs.
  void go_on();
  /// Back to where it came from. Only while it runs.
  void turn_back();
  /// At its end from the next frame on.
  void finish();

  bool running() const { return running_; }
  /// What the next frame shows.
  Point next();

 private:
  double end() const { return backwards_ ? 0 : way_; }

  bool running_ = false;
  bool by_hand_ = false;
  bool backwards_ = false;
  double way_ = 1;   // in frames: N + 1
  double at_ = 0;    // of `way_`
  double from_ = 0;  // where it began or was turned
};

}  // namespace mainstay
