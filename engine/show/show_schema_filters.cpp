// The fields of the filters of layers. Each key is declared here and nowhere else.
#include "engine/show/layers.h"
#include "engine/show/show_schema.h"

namespace mainstay::show {

namespace {

/// What all kinds have.
template <class T>
Section<T> filter(const char* kind, const char* help) {
  return Section<T>(kind, help)
      .alternative("filter")
      .field("name", &T::name,
             {.help = "Of its own in the layer; empty: its type, of a further filter of the same type with a number: "
                      "\"blur 2\"."})
      .field("enabled", &T::enabled, {.help = "false: the picture passes as it is."});
}

FieldSpec share(const char* help) {
  return {.min = 0, .max = 1, .help = help};
}

FieldSpec pixels(double max, const char* help) {
  return {.min = 0, .max = max, .unit = "px", .help = help};
}

template <class T>
Section<T> colors(const char* name, const char* help, double min, double max) {
  return Section<T>(name, help)
      .field("master", &T::master, {.min = min, .max = max, .help = "Of all three."})
      .field("r", &T::r, {.min = min, .max = max, .help = "Of red, besides."})
      .field("g", &T::g, {.min = min, .max = max, .help = "Of green, besides."})
      .field("b", &T::b, {.min = min, .max = max, .help = "Of blue, besides."});
}

}  // namespace

template <>
const Section<ChromaKeyFilter>& section_of<ChromaKeyFilter>() {
  static const auto section =
      filter<ChromaKeyFilter>("chroma_key", "Makes what has one colour transparent (a green or blue screen).")
          .field("color", &ChromaKeyFilter::color,
                 {.accepts = is_color, .format = "a colour as #rrggbb", .help = "The colour, as #rrggbb."})
          .field("similarity", &ChromaKeyFilter::similarity,
                 share("Distance from the colour (of Cb and Cr, 255 codes are 1) up to which nothing is left."))
          .field("smoothness", &ChromaKeyFilter::smoothness,
                 share("Distance beyond that over which the picture comes back; 0: a hard edge."))
          .field("spill", &ChromaKeyFilter::spill,
                 share("Distance beyond similarity over which the tint that the screen throws is taken off; 0: it "
                       "stays."));
  return section;
}

template <>
const Section<LumaKeyFilter>& section_of<LumaKeyFilter>() {
  static const auto section =
      filter<LumaKeyFilter>("luma_key", "Makes what is too dark or too bright transparent.")
          .field("low", &LumaKeyFilter::low, share("What is darker goes; 0: black, 1: white."))
          .field("high", &LumaKeyFilter::high, share("What is brighter goes."))
          .field("softness", &LumaKeyFilter::softness, share("Beyond either, over how much it fades; 0: a hard edge."))
          .field("invert", &LumaKeyFilter::invert, {.help = "true: what lies between goes, the rest stays."});
  return section;
}

template <>
const Section<ColorOffsets>& section_of<ColorOffsets>() {
  static const auto section =
      colors<ColorOffsets>("color offsets", "What is added to R', G' and B'; 0: nothing.", -1, 1);
  return section;
}

template <>
const Section<ColorFactors>& section_of<ColorFactors>() {
  static const auto section = colors<ColorFactors>("color factors", "A factor for R', G' and B'; 1: as it is.", 0.1, 8);
  return section;
}

template <>
const Section<ColorCorrectFilter>& section_of<ColorCorrectFilter>() {
  static const auto section =
      filter<ColorCorrectFilter>("color_correct",
                                 "Colours: gain, lift and gamma on R', G' and B', then contrast, brightness, "
                                 "saturation and hue on Y', Cb and Cr.")
          .field("lift", &ColorCorrectFilter::lift, {.help = "Moves black; white stays."})
          .field("gamma", &ColorCorrectFilter::gamma, {.help = "Moves the middle: above 1 brighter."})
          .field("gain", &ColorCorrectFilter::gain, {.help = "Moves white; black stays."})
          .field("saturation", &ColorCorrectFilter::saturation, {.min = 0, .max = 4, .help = "0: grey, 1: as it is."})
          .field("contrast", &ColorCorrectFilter::contrast,
                 {.min = 0, .max = 4, .help = "Around the middle grey; 1: as it is."})
          .field("brightness", &ColorCorrectFilter::brightness,
                 {.min = -1, .max = 1, .help = "Added; 1: from black to white."})
          .field("hue", &ColorCorrectFilter::hue, {.min = -180, .max = 180, .unit = "°", .help = "Turns all hues."});
  return section;
}

template <>
const Section<LutFilter>& section_of<LutFilter>() {
  static const auto section =
      filter<LutFilter>("lut", "Colours by a 3D table from a .cube file. A changed file is taken over while on air.")
          .field("path", &LutFilter::path,
                 {.help = "The file, with LUT_3D_SIZE from 2 to 65; a relative path is relative to the show file.",
                  .required = true})
          .field("amount", &LutFilter::amount, share("How much of it: 0 nothing, 1 all."));
  return section;
}

template <>
const Section<MaskFilter>& section_of<MaskFilter>() {
  static const auto section =
      filter<MaskFilter>("mask",
                         "Cuts a shape out of the picture: that of another picture, a rectangle with round corners, "
                         "or what both have in common.")
          .field("path", &MaskFilter::path,
                 {.help = "A picture that is stretched over the layer's; empty: none. A relative path is relative to "
                          "the show file."})
          .field("channel", &MaskFilter::channel,
                 {.help = "What of that picture says how much is seen: its alpha, or its luma (white: all)."})
          .field("invert", &MaskFilter::invert, {.help = "true: what the shape covers goes, the rest stays."})
          .field("radius", &MaskFilter::radius, pixels(4096, "Of the corners, in the picture's own pixels."))
          .field("feather", &MaskFilter::feather, pixels(256, "Over how much the edges fade, inwards."));
  return section;
}

template <>
const Section<BlurFilter>& section_of<BlurFilter>() {
  static const auto section = filter<BlurFilter>("blur", "Makes the picture soft: a Gaussian bell.")
                                  .field("radius", &BlurFilter::radius,
                                         pixels(128, "Twice its standard deviation, in the picture's own pixels."));
  return section;
}

template <>
const Section<SharpenFilter>& section_of<SharpenFilter>() {
  static const auto section =
      filter<SharpenFilter>("sharpen", "Makes edges in luma stand out (an unsharp mask of 5×5 pixels).")
          .field("amount", &SharpenFilter::amount, {.min = 0, .max = 4, .help = "0: as it is."});
  return section;
}

template <>
const Section<DelayFilter>& section_of<DelayFilter>() {
  static const auto section =
      filter<DelayFilter>("delay",
                          "Shows the picture later, by whole frames of the program. Its sound is delayed by its "
                          "strip's delay_ms; the layer's sound_ahead_ms in the state says what is missing.")
          .field("delay_ms", &DelayFilter::delay,
                 {.min = 0, .max = 2000, .help = "How much later; each frame of it is a picture held in memory."});
  return section;
}

template <>
const Section<DeinterlaceFilter>& section_of<DeinterlaceFilter>() {
  static const auto section =
      filter<DeinterlaceFilter>("deinterlace",
                                "Makes whole pictures of interlaced ones, one of each. They come one frame later.")
          .field("method", &DeinterlaceFilter::method, {.help = "bwdif, or yadif, which costs less."})
          .field("first", &DeinterlaceFilter::first, {.help = "The field that was taken first: top or bottom."});
  return section;
}

}  // namespace mainstay::show
