#include "engine/ffi/rtmp/amf0.h"

#include <librtmp/amf.h>

#include <algorithm>
#include <bit>
#include <utility>

namespace mainstay::ffi {

namespace {

constexpr int kDeepest = 8;
constexpr int kMostValues = 512;

AVal aval(std::string_view text) {
  // librtmp's AVal is not const-correct; the encoders only read.
  return {const_cast<char*>(text.data()), static_cast<int>(std::min<std::size_t>(text.size(), 0xFFFF))};
}

// Room for `size` bytes at the end of `out`, filled by one of librtmp's encoders.
template <class Encode>
void append(std::vector<std::uint8_t>& out, std::size_t size, Encode encode) {
  const std::size_t at = out.size();
  out.resize(at + size);
  auto* begin = reinterpret_cast<char*>(out.data() + at);
  const char* end = encode(begin, begin + size);
  out.resize(at + (end != nullptr ? static_cast<std::size_t>(end - begin) : 0));
}

class Parser {
 public:
  explicit Parser(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  bool at_end() const { return bytes_.empty(); }

  Status value(Amf0Value& out, int depth) {
    if (depth > kDeepest) return make_error(Errc::corrupt, "AMF0 nested too deeply");
    if (++values_ > kMostValues) return make_error(Errc::corrupt, "AMF0 with too many values");
    std::uint64_t marker = 0;
    MAINSTAY_CHECK(integer(1, marker));
    switch (marker) {
      case AMF_NUMBER:
        return number(out);
      case AMF_BOOLEAN: {
        std::uint64_t flag = 0;
        MAINSTAY_CHECK(integer(1, flag));
        out.type = Amf0Value::Type::boolean;
        out.boolean = flag != 0;
        return {};
      }
      case AMF_STRING:
        out.type = Amf0Value::Type::string;
        return text(2, out.string);
      case AMF_LONG_STRING:
        out.type = Amf0Value::Type::string;
        return text(4, out.string);
      case AMF_XML_DOC:
        out.type = Amf0Value::Type::other;
        return text(4, out.string);
      case AMF_OBJECT:
        return members(out, depth);
      case AMF_TYPED_OBJECT: {
        std::string class_name;
        MAINSTAY_CHECK(text(2, class_name));
        return members(out, depth);
      }
      case AMF_ECMA_ARRAY: {
        std::uint64_t count = 0;
        MAINSTAY_CHECK(integer(4, count));  // a hint only: the end is marked
        return members(out, depth);
      }
      case AMF_STRICT_ARRAY:
        return array(out, depth);
      case AMF_DATE:
        out.type = Amf0Value::Type::other;
        return skip(10);
      case AMF_REFERENCE:
        out.type = Amf0Value::Type::other;
        return skip(2);
      case AMF_NULL:
      case AMF_UNDEFINED:
      case AMF_UNSUPPORTED:
        out.type = Amf0Value::Type::null;
        return {};
      default:
        return make_error(Errc::corrupt, "AMF0 with an unknown type {}", marker);
    }
  }

 private:
  static Error cut_short() { return make_error(Errc::corrupt, "AMF0 cut short"); }

  Status integer(int size, std::uint64_t& out) {
    if (bytes_.size() < static_cast<std::size_t>(size)) return cut_short();
    out = 0;
    for (int i = 0; i < size; ++i) out = out << 8 | bytes_[static_cast<std::size_t>(i)];
    bytes_ = bytes_.subspan(static_cast<std::size_t>(size));
    return {};
  }

  Status skip(std::size_t size) {
    if (bytes_.size() < size) return cut_short();
    bytes_ = bytes_.subspan(size);
    return {};
  }

  Status text(int length_size, std::string& out) {
    std::uint64_t size = 0;
    MAINSTAY_CHECK(integer(length_size, size));
    if (bytes_.size() < size) return cut_short();
    out.assign(reinterpret_cast<const char*>(bytes_.data()), static_cast<std::size_t>(size));
    return skip(static_cast<std::size_t>(size));
  }

  Status number(Amf0Value& out) {
    std::uint64_t bits = 0;
    MAINSTAY_CHECK(integer(8, bits));
    out.type = Amf0Value::Type::number;
    out.number = std::bit_cast<double>(bits);
    return {};
  }

  Status members(Amf0Value& out, int depth) {
    out.type = Amf0Value::Type::object;
    while (true) {
      std::string key;
      MAINSTAY_CHECK(text(2, key));
      if (key.empty() && !bytes_.empty() && bytes_.front() == AMF_OBJECT_END) return skip(1);
      Amf0Value member;
      MAINSTAY_CHECK(value(member, depth + 1));
      out.names.push_back(std::move(key));
      out.members.push_back(std::move(member));
    }
  }

  Status array(Amf0Value& out, int depth) {
    out.type = Amf0Value::Type::array;
    std::uint64_t count = 0;
    MAINSTAY_CHECK(integer(4, count));
    for (std::uint64_t i = 0; i < count; ++i) {
      Amf0Value member;
      MAINSTAY_CHECK(value(member, depth + 1));
      out.members.push_back(std::move(member));
    }
    return {};
  }

  std::span<const std::uint8_t> bytes_;
  int values_ = 0;
};

}  // namespace

Amf0Writer& Amf0Writer::number(double value) {
  append(out_, 9, [&](char* at, char* end) { return AMF_EncodeNumber(at, end, value); });
  return *this;
}

Amf0Writer& Amf0Writer::boolean(bool value) {
  append(out_, 2, [&](char* at, char* end) { return AMF_EncodeBoolean(at, end, value ? 1 : 0); });
  return *this;
}

Amf0Writer& Amf0Writer::string(std::string_view value) {
  const AVal text = aval(value);
  append(out_, static_cast<std::size_t>(text.av_len) + 5,
         [&](char* at, char* end) { return AMF_EncodeString(at, end, &text); });
  return *this;
}

Amf0Writer& Amf0Writer::null() {
  out_.push_back(AMF_NULL);
  return *this;
}

Amf0Writer& Amf0Writer::begin_object() {
  out_.push_back(AMF_OBJECT);
  return *this;
}

Amf0Writer& Amf0Writer::begin_ecma_array(std::uint32_t entries) {
  out_.push_back(AMF_ECMA_ARRAY);
  append(out_, 4, [&](char* at, char* end) { return AMF_EncodeInt32(at, end, static_cast<int>(entries)); });
  return *this;
}

Amf0Writer& Amf0Writer::name(std::string_view value) {
  const AVal text = aval(value);
  append(out_, 2, [&](char* at, char* end) { return AMF_EncodeInt16(at, end, static_cast<short>(text.av_len)); });
  out_.insert(out_.end(), text.av_val, text.av_val + text.av_len);
  return *this;
}

Amf0Writer& Amf0Writer::strings(std::span<const std::string_view> values) {
  out_.push_back(AMF_STRICT_ARRAY);
  append(out_, 4, [&](char* at, char* end) { return AMF_EncodeInt32(at, end, static_cast<int>(values.size())); });
  for (const std::string_view value : values) string(value);
  return *this;
}

Amf0Writer& Amf0Writer::end() {
  append(out_, 3, [](char* at, char* end) { return AMF_EncodeInt24(at, end, AMF_OBJECT_END); });
  return *this;
}

const Amf0Value& Amf0Value::operator[](std::string_view key) const {
  static const Amf0Value nothing;
  const auto found = std::find(names.begin(), names.end(), key);
  return found != names.end() ? members[static_cast<std::size_t>(found - names.begin())] : nothing;
}

Result<std::vector<Amf0Value>> parse_amf0(std::span<const std::uint8_t> bytes) {
  Parser parser(bytes);
  std::vector<Amf0Value> out;
  while (!parser.at_end()) MAINSTAY_CHECK(parser.value(out.emplace_back(), 1));
  return out;
}

}  // namespace mainstay::ffi
