// A scene on its way to a picture: its layers, joined with the inputs' slots, and the compositor that remembers what
// was made of them. The program has one each for what is on air, what is leaving and what is in preview; a scene that
// is taken brings its canvas along. Owned by the program. Thread-safety: the program thread only.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/compose/compositor.h"

namespace mainstay {

class Canvas {
 public:
  Canvas(int width, int height) : compositor_(width, height) {}

  /// An input as its number and whether its size is meant; -1: there is none.
  struct Found {
    int slot = -1;
    bool own_size = false;
  };
  void show(const std::string& name, const show::Scene& scene, const std::function<Found(const std::string&)>& find);

  const std::string& name() const { return name_; }
  /// Slots of the scene, each once.
  const std::vector<int>& heard() const { return heard_; }
  bool hears(int slot) const;

  /// `frames` by slot. Where nothing of the scene is there, what `slate` gives.
  FramePtr compose(std::span<const FramePtr> frames, const std::function<LayerPicture()>& slate);
  const CompositorStats& stats() const { return compositor_.stats(); }

 private:
  struct ShownLayer {
    show::Layer layer;
    Found input;
  };

  std::string name_;
  Compositor compositor_;
  std::vector<ShownLayer> layers_;
  std::vector<int> heard_;
  std::vector<LayerPicture> pictures_;
};

}  // namespace mainstay
