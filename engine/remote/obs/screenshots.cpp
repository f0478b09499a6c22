#include "engine/remote/obs/screenshots.h"

namespace mainstay::obs {

const std::vector<std::string>& image_formats() {
  static const std::vector<std::string> names = {"png", "jpg", "jpeg"};
  return names;
}

std::optional<ffi::ImageFormat> image_format(std::string_view name) {
  if (name == "png") return ffi::ImageFormat::png;
  if (name == "jpg" || name == "jpeg") return ffi::ImageFormat::jpeg;
  return std::nullopt;
}

}  // namespace mainstay::obs
