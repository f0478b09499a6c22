// A scene on its way to a picture: its layers, joined with the inputs' slots, and the compositor that remembers what
// was made of them. The program has one each for what is on air, what is leaving and what is in preview, and for every
// scene that lies in others; a scene that is taken brings its canvas along. Owned by the program. Thread-safety: the
// program thread only.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/compose/compositor.h"
#include "engine/compose/filters/filter_chain.h"

namespace mainstay {

class Canvas {
 public:
  /// What the filters of its layers need.
  struct Filters {
    Rate rate{30, 1};
    const FilterFiles* files = nullptr;
  };

  Canvas(int width, int height, Filters filters, Compositor::Ground ground = Compositor::Ground::black)
      : filters_(filters), compositor_(width, height, ground) {}

  /// An input as its number and whether its size is meant; -1: there is none.
  struct Found {
    int slot = -1;
    bool own_size = false;
    bool composed = false;        ///< the program makes its picture of others
    std::vector<int> heard = {};  ///< then: the slots that lie in it
    std::vector<int> seen = {};   ///< of those, the ones whose layers are visible
  };
  void show(const std::string& name, const show::Scene& scene, const std::function<Found(const std::string&)>& find);

  const std::string& name() const { return name_; }
  /// Slots of the scene and of what lies in it, each once; composed ones are not among them.
  const std::vector<int>& heard() const { return heard_; }
  bool hears(int slot) const;
  /// The same, without those whose layers are hidden.
  bool sees(int slot) const;
  /// Composed slots of its own visible layers: to be made before compose().
  const std::vector<int>& composed() const { return composed_; }

  /// `frames` by slot, in the program's frame `tick`. Where nothing of the scene is there, what `slate` gives; without
  /// one, null.
  FramePtr compose(std::span<const FramePtr> frames, const std::function<LayerPicture()>& slate, std::int64_t tick);
  /// In place of compose() in a tick in which nobody sees it: what is delayed goes on being fed.
  void keep_up(std::span<const FramePtr> frames, std::int64_t tick);
  const CompositorStats& stats() const { return compositor_.stats(); }

 private:
  struct ShownLayer {
    show::Layer layer;
    int slot = 0;
    bool own_size = false;
    std::string name;
    std::unique_ptr<FilterChain> filters;  ///< null: none; otherwise it does the layer's crop too
    show::Crop crop;
  };

  ShownLayer shown(const show::Layer& layer, std::string name, std::vector<ShownLayer>& before) const;

  const Filters filters_;
  std::string name_;
  Compositor compositor_;
  std::vector<ShownLayer> layers_;
  std::vector<int> heard_;
  std::vector<int> seen_;
  std::vector<int> composed_;
  std::vector<LayerPicture> pictures_;
};

}  // namespace mainstay
