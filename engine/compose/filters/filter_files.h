// What filters need that takes a while to get, as it stands at the moment: tables and masks from files, and what
// filters work out of their settings before the first picture. All of it is made elsewhere, off the program thread.
// Owned by the studio's on-air wiring; outlives the program.
// Thread-safety: from any thread; does not wait for a disk.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/show/show_filters.h"

namespace mainstay {

class ColorCube;
class MaskImage;

class FilterFiles {
 public:
  virtual ~FilterFiles() = default;

  /// Every one of them was tried.
  virtual bool ready() const = 0;
  /// Counts up when anything came or changed.
  virtual std::uint64_t version() const = 0;
  /// The table of a .cube file; null: not there yet, or broken.
  virtual std::shared_ptr<const ColorCube> cube(const std::string& path) const = 0;
  /// A picture whose alpha or luma masks others; null: not there yet, or broken.
  virtual std::shared_ptr<const MaskImage> mask(const std::string& path) const = 0;
  /// What a filter with these settings works by (filter_tables.h); null: not made yet, or it needs nothing. As it
  /// stands here, made on the spot.
  virtual std::shared_ptr<const void> prepared(const show::Filter& filter) const;
};

}  // namespace mainstay
