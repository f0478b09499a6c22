// The fields of scenes, their layers, and the ways from scene to scene. Each key is declared here and nowhere else.
#include "engine/show/layer_filters.h"
#include "engine/show/layers.h"
#include "engine/show/show_schema.h"

namespace mainstay::show {

namespace {

constexpr double kLongest = 60'000;  // ms of a transition

FieldSpec cut_off(const char* side) {
  return {.min = 0, .max = 16384, .unit = "px", .help = std::string("Cut off at the ") + side + '.'};
}

FieldSpec duration_spec() {
  return {.min = 0, .max = kLongest, .help = "How long it takes; to whole frames of the program, at least one."};
}

FieldSpec direction_spec() {
  return {.help = "Where the new picture moves to: left (it comes from the right), right, up or down."};
}

}  // namespace

template <>
const Section<Crop>& section_of<Crop>() {
  static const auto section =
      Section<Crop>("crop", "What is cut off a picture, in its own pixels, before it is turned and placed.")
          .field("left", &Crop::left, cut_off("left"))
          .field("top", &Crop::top, cut_off("top"))
          .field("right", &Crop::right, cut_off("right"))
          .field("bottom", &Crop::bottom, cut_off("bottom"));
  return section;
}

template <>
const Section<Layer>& section_of<Layer>() {
  static const auto section =
      Section<Layer>("layer", "A source placed in a scene.")
          .field("source", &Layer::source, {.help = "Name of the source.", .required = true})
          .field("x", &Layer::x, {.min = -16384, .max = 16384, .unit = "px", .help = "Left edge."})
          .field("y", &Layer::y, {.min = -16384, .max = 16384, .unit = "px", .help = "Top edge."})
          .field("width", &Layer::width,
                 {.min = 0, .max = 16384, .unit = "px", .help = "0: the program's; of a still picture, see fit."})
          .field("height", &Layer::height,
                 {.min = 0, .max = 16384, .unit = "px", .help = "0: the program's; of a still picture, see fit."})
          .field("fit", &Layer::fit,
                 {.help = "How the picture fills the layer: contain (whole picture, edges free), cover (no edges free, "
                          "picture cut), stretch (shape changed) or none (not scaled). Absent: contain; but a still "
                          "picture without width and height is shown in its own size, with one of them in its own "
                          "shape, and one larger than the program is contained in it."})
          .field("opacity", &Layer::opacity, {.min = 0, .max = 1, .help = "0: not seen, 1: opaque."})
          .field("visible", &Layer::visible, {.help = "Whether the layer is shown."})
          .field("name", &Layer::name,
                 {.help = "Of its own in the scene; empty: the source's name, of a further layer of the same source "
                          "with a number: \"logo 2\"."})
          .field("crop", &Layer::crop, {.help = "What is cut off the picture."})
          .field("rotate", &Layer::rotate,
                 {.numbers = {0, 90, 180, 270}, .unit = "°", .help = "Clockwise, after cropping and before fitting."})
          .field("blend", &Layer::blend,
                 {.help = "How its colours meet those below: normal (covers), add, multiply or screen."})
          .field("locked", &Layer::locked,
                 {.help = "true: commands do not move, change or remove the layer, until it is unlocked."})
          .field(
              "filters", &Layer::filters,
              {.max_items = kMostFilters,
               .help = "What is done to its picture, in this order: in its own size, after cropping and before it is "
                       "turned and fitted."});
  return section;
}

template <>
const Section<Scene>& section_of<Scene>() {
  static const auto section =
      Section<Scene>("scene", "Sources put together into one picture.")
          .field("layers", &Scene::layers, {.max_items = 64, .help = "Bottom first."})
          .field("transition", &Scene::transition, {.help = "By which it comes on air; empty: the show's transition."})
          .field("transition_ms", &Scene::transition_ms,
                 {.min = 0, .max = kLongest, .help = "How long that takes; absent: as the transition says."});
  return section;
}

template <>
const Section<CutTransition>& section_of<CutTransition>() {
  static const auto section = Section<CutTransition>("cut", "From one frame to the next.").alternative("transition");
  return section;
}

template <>
const Section<FadeTransition>& section_of<FadeTransition>() {
  static const auto section = Section<FadeTransition>("fade", "One picture dissolves into the other.")
                                  .alternative("transition")
                                  .field("duration_ms", &FadeTransition::duration, duration_spec());
  return section;
}

template <>
const Section<DipTransition>& section_of<DipTransition>() {
  static const auto section = Section<DipTransition>("dip", "Fades to a colour, then out of it.")
                                  .alternative("transition")
                                  .field("duration_ms", &DipTransition::duration, duration_spec())
                                  .field("color", &DipTransition::color,
                                         {.accepts = is_color, .format = "a colour as #rrggbb", .help = "The colour."});
  return section;
}

template <>
const Section<WipeTransition>& section_of<WipeTransition>() {
  static const auto section =
      Section<WipeTransition>("wipe", "An edge passes over the picture; behind it is the new one.")
          .alternative("transition")
          .field("duration_ms", &WipeTransition::duration, duration_spec())
          .field("shape", &WipeTransition::shape,
                 {.help = "Where the edge moves to: left, right, up, down, diagonal (to the lower right), or circle "
                          "(from the middle outwards)."})
          .field("softness", &WipeTransition::softness,
                 {.min = 0, .max = 1, .help = "Width of the edge, as a share of its way; 0: hard."});
  return section;
}

template <>
const Section<SlideTransition>& section_of<SlideTransition>() {
  static const auto section = Section<SlideTransition>("slide", "The new picture comes in over the old one.")
                                  .alternative("transition")
                                  .field("duration_ms", &SlideTransition::duration, duration_spec())
                                  .field("direction", &SlideTransition::direction, direction_spec());
  return section;
}

template <>
const Section<PushTransition>& section_of<PushTransition>() {
  static const auto section = Section<PushTransition>("push", "The new picture pushes the old one out.")
                                  .alternative("transition")
                                  .field("duration_ms", &PushTransition::duration, duration_spec())
                                  .field("direction", &PushTransition::direction, direction_spec());
  return section;
}

template <>
const Section<StingerTransition>& section_of<StingerTransition>() {
  static const auto section =
      Section<StingerTransition>("stinger",
                                 "A film with transparency that runs over the pictures; under it one gives way to the "
                                 "other. It takes as long as its file. A T-bar fades instead.")
          .alternative("transition")
          .field(
              "path", &StingerTransition::path,
              {.help = "The film: VP8 or VP9 with alpha in WebM, ProRes 4444, QuickTime RLE or PNG in MOV; at most 60 "
                       "s. A relative path is relative to the show file.",
               .required = true,
               .references = true})
          .field("cut_point_ms", &StingerTransition::cut_point,
                 {.min = 0, .max = kLongest, .help = "When the scene changes under it, from its beginning."})
          .field("audio", &StingerTransition::audio, {.help = "Whether its sound is heard."});
  return section;
}

}  // namespace mainstay::show
