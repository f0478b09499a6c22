// AMF0, the notation of RTMP's commands and metadata (Action Message Format AMF 0, Adobe 2006).
// Plain values and functions.
// Thread-safety: as any value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace mainstay::ffi {

/// Appends values to a buffer that it grows as needed.
class Amf0Writer {
 public:
  explicit Amf0Writer(std::vector<std::uint8_t>& out) : out_(out) {}

  Amf0Writer& number(double value);
  Amf0Writer& boolean(bool value);
  /// At most 65535 bytes; the rest is cut.
  Amf0Writer& string(std::string_view value);
  Amf0Writer& null();
  Amf0Writer& begin_object();
  /// `entries` is what a reader may expect; the end is marked all the same.
  Amf0Writer& begin_ecma_array(std::uint32_t entries);
  /// The name of the value written next, inside an object or ECMA array.
  Amf0Writer& name(std::string_view value);
  Amf0Writer& strings(std::span<const std::string_view> values);
  /// Ends an object or an ECMA array.
  Amf0Writer& end();

 private:
  std::vector<std::uint8_t>& out_;
};

/// One value. Types that carry nothing for us (dates, XML, references) come as Type::other.
struct Amf0Value {
  enum class Type { number, boolean, string, object, array, null, other };

  Type type = Type::null;
  double number = 0;
  bool boolean = false;
  std::string string;
  std::vector<Amf0Value> members;  ///< of an object or array
  std::vector<std::string> names;  ///< of an object's members, in their order; an array's have none

  /// The member `key`, or a null.
  const Amf0Value& operator[](std::string_view key) const;
};

/// All values of a message from a peer that is not trusted: at most 8 deep and 512 values. Errc::corrupt otherwise.
Result<std::vector<Amf0Value>> parse_amf0(std::span<const std::uint8_t> bytes);

}  // namespace mainstay::ffi
