// What filters read from files, by its path, as it stands at the moment: tables and masks are loaded elsewhere, off the
// program thread.
// Owned by the studio's on-air wiring; outlives the program.
// Thread-safety: from any thread; does not wait for a disk.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace mainstay {

class ColorCube;
class MaskImage;

class FilterFiles {
 public:
  virtual ~FilterFiles() = default;

  /// Every one of them was tried.
  virtual bool ready() const = 0;
  /// Counts up when one of them came or changed.
  virtual std::uint64_t version() const = 0;
  /// The table of a .cube file; null: not there yet, or broken.
  virtual std::shared_ptr<const ColorCube> cube(const std::string& path) const = 0;
  /// A picture whose alpha or luma masks others; null: not there yet, or broken.
  virtual std::shared_ptr<const MaskImage> mask(const std::string& path) const = 0;
};

}  // namespace mainstay
