#include "engine/sources/ingest/amf0.h"

#include <bit>

namespace mainstay {

namespace {

// Type markers (AMF0 2.1).
enum Marker : std::uint8_t {
  kNumber = 0,
  kBoolean = 1,
  kString = 2,
  kObject = 3,
  kNull = 5,
  kUndefined = 6,
  kEcmaArray = 8,
  kObjectEnd = 9,
  kStrictArray = 10,
  kDate = 11,
  kLongString = 12,
  kUnsupported = 13,
  kXml = 15,
  kTypedObject = 16,
};

class Reader {
 public:
  Reader(std::span<const std::uint8_t> bytes, const AmfLimits& limits) : left_(bytes), limits_(limits) {}

  bool empty() const { return left_.empty(); }

  Result<AmfValue> value(int depth) {
    if (depth > limits_.depth) return make_error(Errc::corrupt, "AMF0 objects nested deeper than {}", limits_.depth);
    if (++values_ > limits_.values) return make_error(Errc::corrupt, "more than {} AMF0 values", limits_.values);
    MAINSTAY_TRY(const std::uint64_t marker, integer(1));
    AmfValue result;
    switch (marker) {
      case kNumber:
        return number(AmfValue::Kind::number);
      case kDate:
        return date();
      case kBoolean: {
        MAINSTAY_TRY(const std::uint64_t byte, integer(1));
        return AmfValue::of(byte != 0);
      }
      case kString:
        return string(2);
      case kLongString:
      case kXml:
        return string(4);
      case kNull:
      case kUnsupported:
        return AmfValue::null();
      case kUndefined:
        return AmfValue();
      case kTypedObject: {
        MAINSTAY_TRY([[maybe_unused]] const AmfValue class_name, string(2));
        return object(depth, AmfValue::Kind::object);
      }
      case kObject:
        return object(depth, AmfValue::Kind::object);
      case kEcmaArray: {
        MAINSTAY_TRY([[maybe_unused]] const std::uint64_t count, integer(4));  // a hint that senders get wrong
        return object(depth, AmfValue::Kind::array);
      }
      case kStrictArray:
        return strict_array(depth);
      default:
        return make_error(Errc::corrupt, "AMF0 type {} is unknown", marker);
    }
  }

 private:
  Result<std::uint64_t> integer(std::size_t size) {
    if (left_.size() < size) return Error{Errc::corrupt, "an AMF0 value is cut short", nullptr};
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8 | left_[i];
    left_ = left_.subspan(size);
    return value;
  }

  Result<AmfValue> number(AmfValue::Kind kind) {
    MAINSTAY_TRY(const std::uint64_t bits, integer(8));
    AmfValue result = AmfValue::of(std::bit_cast<double>(bits));
    result.kind = kind;
    return result;
  }

  Result<AmfValue> date() {
    MAINSTAY_TRY(AmfValue result, number(AmfValue::Kind::date));
    MAINSTAY_TRY([[maybe_unused]] const std::uint64_t zone, integer(2));  // reserved, always 0
    return result;
  }

  Result<AmfValue> string(std::size_t length_bytes) {
    MAINSTAY_TRY(const std::uint64_t length, integer(length_bytes));
    if (length > limits_.text) return make_error(Errc::corrupt, "an AMF0 string of {} bytes", length);
    if (left_.size() < length) return Error{Errc::corrupt, "an AMF0 string is cut short", nullptr};
    AmfValue result = AmfValue::of(std::string_view(reinterpret_cast<const char*>(left_.data()), length));
    left_ = left_.subspan(length);
    return result;
  }

  Result<AmfValue> object(int depth, AmfValue::Kind kind) {
    AmfValue result;
    result.kind = kind;
    for (;;) {
      MAINSTAY_TRY(AmfValue name, string(2));
      if (name.string.empty()) {
        if (left_.empty()) return Error{Errc::corrupt, "an AMF0 object is cut short", nullptr};
        if (left_.front() == kObjectEnd) {
          left_ = left_.subspan(1);
          return result;
        }
      }
      MAINSTAY_TRY(AmfValue member, value(depth + 1));
      result.members.push_back({std::move(name.string), std::move(member)});
    }
  }

  Result<AmfValue> strict_array(int depth) {
    MAINSTAY_TRY(const std::uint64_t count, integer(4));
    AmfValue result;
    result.kind = AmfValue::Kind::array;
    for (std::uint64_t i = 0; i < count; ++i) {  // ends early by the limit on values, or when the bytes end
      MAINSTAY_TRY(AmfValue member, value(depth + 1));
      result.members.push_back({std::string(), std::move(member)});
    }
    return result;
  }

  std::span<const std::uint8_t> left_;
  const AmfLimits& limits_;
  int values_ = 0;
};

void write_integer(std::vector<std::uint8_t>& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

void write_text(std::vector<std::uint8_t>& out, std::string_view text) {
  text = text.substr(0, 0xFFFF);
  write_integer(out, text.size(), 2);
  out.insert(out.end(), text.begin(), text.end());
}

void write_members(const AmfValue& value, std::vector<std::uint8_t>& out) {
  for (const auto& [name, member] : value.members) {
    write_text(out, name);
    write_amf0(member, out);
  }
  write_text(out, {});
  out.push_back(kObjectEnd);
}

}  // namespace

AmfValue AmfValue::of(double value) {
  AmfValue result;
  result.kind = Kind::number;
  result.number = value;
  return result;
}

AmfValue AmfValue::of(bool value) {
  AmfValue result;
  result.kind = Kind::boolean;
  result.boolean = value;
  return result;
}

AmfValue AmfValue::of(std::string_view value) {
  AmfValue result;
  result.kind = Kind::string;
  result.string = value;
  return result;
}

AmfValue AmfValue::of(const char* value) {
  return of(std::string_view(value));
}

AmfValue AmfValue::null() {
  AmfValue result;
  result.kind = Kind::null;
  return result;
}

AmfValue AmfValue::object(std::vector<AmfMember> members) {
  AmfValue result;
  result.kind = Kind::object;
  result.members = std::move(members);
  return result;
}

const AmfValue* AmfValue::find(std::string_view name) const {
  for (const auto& [key, member] : members) {
    if (key == name) return &member;
  }
  return nullptr;
}

Result<std::vector<AmfValue>> read_amf0(std::span<const std::uint8_t> bytes, const AmfLimits& limits) {
  Reader reader(bytes, limits);
  std::vector<AmfValue> values;
  while (!reader.empty()) {
    MAINSTAY_TRY(AmfValue value, reader.value(0));
    values.push_back(std::move(value));
  }
  return values;
}

void write_amf0(const AmfValue& value, std::vector<std::uint8_t>& out) {
  switch (value.kind) {
    case AmfValue::Kind::number:
      out.push_back(kNumber);
      return write_integer(out, std::bit_cast<std::uint64_t>(value.number), 8);
    case AmfValue::Kind::date:
      out.push_back(kDate);
      write_integer(out, std::bit_cast<std::uint64_t>(value.number), 8);
      return write_integer(out, 0, 2);
    case AmfValue::Kind::boolean:
      out.push_back(kBoolean);
      return out.push_back(value.boolean ? 1 : 0);
    case AmfValue::Kind::string:
      if (value.string.size() > 0xFFFF) {
        out.push_back(kLongString);
        write_integer(out, value.string.size(), 4);
        out.insert(out.end(), value.string.begin(), value.string.end());
        return;
      }
      out.push_back(kString);
      return write_text(out, value.string);
    case AmfValue::Kind::object:
      out.push_back(kObject);
      return write_members(value, out);
    case AmfValue::Kind::array:
      out.push_back(kEcmaArray);
      write_integer(out, value.members.size(), 4);
      return write_members(value, out);
    case AmfValue::Kind::null:
      return out.push_back(kNull);
    case AmfValue::Kind::undefined:
      return out.push_back(kUndefined);
  }
}

}  // namespace mainstay
