// The filters of a layer: what is done to its picture, in its own size, before it is turned, scaled and laid. Declared
// in show_schema_filters.cpp; show.h includes this.
// Owned by whoever holds the copy; a value.
// Thread-safety: as any value.
//
// Every kind has a name (empty: see layer_filters.h, filter_names()) and can be switched off without being lost.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "engine/core/time.h"

namespace mainstay::show {

/// Takes one colour out: distances are those of Cb and Cr, of 255 steps, brought to 1.
struct ChromaKeyFilter {
  std::string name;
  bool enabled = true;
  std::string color = "#00ff00";  ///< #rrggbb
  double similarity = 0.4;        ///< up to this distance nothing is left
  double smoothness = 0.08;       ///< over which it comes back
  double spill = 0.1;             ///< over which the colour's own tint comes back

  friend bool operator==(const ChromaKeyFilter&, const ChromaKeyFilter&) = default;
};

/// Keeps what is between two levels of luma (0: black, 1: white).
struct LumaKeyFilter {
  std::string name;
  bool enabled = true;
  double low = 0.1;
  double high = 1;
  double softness = 0.05;
  bool invert = false;

  friend bool operator==(const LumaKeyFilter&, const LumaKeyFilter&) = default;
};

/// What is added: `master` to all three.
struct ColorOffsets {
  double master = 0;
  double r = 0;
  double g = 0;
  double b = 0;

  friend bool operator==(const ColorOffsets&, const ColorOffsets&) = default;
};

/// By what is multiplied: `master` all three.
struct ColorFactors {
  double master = 1;
  double r = 1;
  double g = 1;
  double b = 1;

  friend bool operator==(const ColorFactors&, const ColorFactors&) = default;
};

struct ColorCorrectFilter {
  std::string name;
  bool enabled = true;
  ColorOffsets lift;
  ColorFactors gamma;
  ColorFactors gain;
  double saturation = 1;
  double contrast = 1;
  double brightness = 0;
  double hue = 0;  ///< degrees

  friend bool operator==(const ColorCorrectFilter&, const ColorCorrectFilter&) = default;
};

struct LutFilter {
  std::string name;
  bool enabled = true;
  std::string path;   ///< .cube
  double amount = 1;  ///< 0: as it came, 1: as the table says

  friend bool operator==(const LutFilter&, const LutFilter&) = default;
};

enum class MaskChannel { alpha, luma };

/// Cuts a shape out: a picture's, a rectangle's with round corners, or both.
struct MaskFilter {
  std::string name;
  bool enabled = true;
  std::string path;  ///< a picture, stretched to the layer's; empty: none
  MaskChannel channel = MaskChannel::alpha;
  bool invert = false;
  double radius = 0;   ///< of the corners
  double feather = 0;  ///< width of the edge's fade, inwards

  friend bool operator==(const MaskFilter&, const MaskFilter&) = default;
};

struct BlurFilter {
  std::string name;
  bool enabled = true;
  double radius = 8;  ///< twice the standard deviation

  friend bool operator==(const BlurFilter&, const BlurFilter&) = default;
};

struct SharpenFilter {
  std::string name;
  bool enabled = true;
  double amount = 0.5;

  friend bool operator==(const SharpenFilter&, const SharpenFilter&) = default;
};

struct DelayFilter {
  std::string name;
  bool enabled = true;
  Millis delay{100};  ///< delay_ms

  friend bool operator==(const DelayFilter&, const DelayFilter&) = default;
};

enum class DeinterlaceMethod { bwdif, yadif };
enum class FieldOrder { top, bottom };

struct DeinterlaceFilter {
  std::string name;
  bool enabled = true;
  DeinterlaceMethod method = DeinterlaceMethod::bwdif;
  FieldOrder first = FieldOrder::top;

  friend bool operator==(const DeinterlaceFilter&, const DeinterlaceFilter&) = default;
};

using Filter = std::variant<ChromaKeyFilter, LumaKeyFilter, ColorCorrectFilter, LutFilter, MaskFilter, BlurFilter,
                            SharpenFilter, DelayFilter, DeinterlaceFilter>;

}  // namespace mainstay::show
