// AMF0 values (Adobe's Action Message Format 0, file format specification of 2007): what RTMP's commands are written
// in. Plain values and two functions. Thread-safety: as any value.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace mainstay {

struct AmfMember;

struct AmfValue {
  enum class Kind { number, boolean, string, object, null, undefined, array, date };

  Kind kind = Kind::undefined;
  double number = 0;  ///< number; date: milliseconds since 1970
  bool boolean = false;
  std::string string;
  /// object, array: members in their order (an array's have their index as name or none).
  std::vector<AmfMember> members;

  static AmfValue of(double value);
  static AmfValue of(bool value);
  static AmfValue of(std::string_view value);
  static AmfValue of(const char* value);
  static AmfValue null();
  static AmfValue object(std::vector<AmfMember> members);

  /// The member called `name`; null when there is none.
  const AmfValue* find(std::string_view name) const;
  bool is_string() const { return kind == Kind::string; }
};

struct AmfMember {
  std::string name;
  AmfValue value;
};

struct AmfLimits {
  int depth = 16;                ///< objects within objects
  int values = 2048;             ///< in one message
  std::size_t text = 64u << 10;  ///< bytes of one string
};

/// All values of a message. Errc::corrupt: cut short, of an unknown type, or beyond a limit.
Result<std::vector<AmfValue>> read_amf0(std::span<const std::uint8_t> bytes, const AmfLimits& limits = {});

void write_amf0(const AmfValue& value, std::vector<std::uint8_t>& out);

}  // namespace mainstay
