#include "engine/remote/obs/codec.h"

#include <cmath>
#include <utility>
#include <vector>

#include "engine/remote/obs/protocol.h"

namespace mainstay::obs {

namespace {

// The length of the UTF-8 sequence that begins the text; 0: none does (Unicode 15, table 3-7).
std::size_t sequence(std::string_view text) {
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto tail = [&](std::size_t i) { return (at(i) & 0xC0u) == 0x80u; };
  const unsigned lead = at(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if ((lead == 0xE0 && at(1) < 0xA0) || (lead == 0xED && at(1) > 0x9F)) return 0;
    return tail(1) && tail(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if ((lead == 0xF0 && at(1) < 0x90) || (lead == 0xF4 && at(1) > 0x8F)) return 0;
    return tail(1) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

// Builds the value as the library's own builder would, but within the limits: that one calls itself for each level and
// believes what a length says.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override {
    return std::isfinite(value) ? add(value) : stop("a number is not finite");
  }
  bool binary(binary_t&) override { return stop("binary data has no place in a message"); }
  bool string(string_t& value) override { return is_utf8(value) ? add(std::move(value)) : stop("a text is not UTF-8"); }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return open_.pop_back(), true; }
  bool end_array() override { return open_.pop_back(), true; }
  bool key(string_t& name) override {
    if (!is_utf8(name)) return stop("a key is not UTF-8");
    if (open_.back()->size() >= kMostKeys) return stop("an object has too many keys");
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return stop("it is not well formed");
  }

  Json& root() { return root_; }
  const std::string& complaint() const { return complaint_; }

 private:
  static constexpr std::size_t kMostKeys = 1024;  // a key is looked up by walking over them

  bool stop(const char* why) {
    if (complaint_.empty()) complaint_ = why;
    return false;
  }

  Json* place(Json value) {
    if (open_.empty()) return &(root_ = std::move(value));
    if (open_.back()->is_array()) return &open_.back()->emplace_back(std::move(value));
    return &((*open_.back())[key_] = std::move(value));
  }

  bool add(Json value) {
    if (++values_ > kMaxValues) return stop("it holds too many values");
    place(std::move(value));
    return true;
  }

  bool open(Json container) {
    if (open_.size() >= static_cast<std::size_t>(kMaxNesting)) return stop("it is nested too deeply");
    if (++values_ > kMaxValues) return stop("it holds too many values");
    open_.push_back(place(std::move(container)));
    return true;
  }

  Json root_;
  std::vector<Json*> open_;
  std::string key_;
  std::string complaint_;
  std::size_t values_ = 0;
};

}  // namespace

std::optional<Encoding> encoding_of(std::string_view subprotocol) {
  if (subprotocol.empty() || subprotocol == kJsonProtocol) return Encoding::json;
  if (subprotocol == kMsgpackProtocol) return Encoding::msgpack;
  return std::nullopt;
}

Result<Json> decode(std::string_view bytes, Encoding encoding) {
  if (bytes.size() > kMaxMessage) {
    return make_error(Errc::corrupt, "a message of {} bytes is longer than {}", bytes.size(), kMaxMessage);
  }
  Builder builder;
  const auto format = encoding == Encoding::json ? Json::input_format_t::json : Json::input_format_t::msgpack;
  if (!Json::sax_parse(bytes.begin(), bytes.end(), &builder, format)) {
    return make_error(Errc::corrupt, "the message cannot be decoded: {}",
                      builder.complaint().empty() ? "it is not well formed" : builder.complaint());
  }
  return std::move(builder.root());
}

std::string encode(const Json& value, Encoding encoding) {
  if (encoding == Encoding::json) return value.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string out;
  Json::to_msgpack(value, out);
  return out;
}

std::size_t encoded_size(const Json& value) {
  constexpr std::size_t kNumber = 16;
  std::size_t size = kNumber;
  if (value.is_string()) size += value.get_ref<const std::string&>().size();
  if (value.is_array()) {
    for (const Json& entry : value) size += encoded_size(entry);
  }
  if (value.is_object()) {
    for (const auto& [key, entry] : value.items()) size += key.size() + encoded_size(entry);
  }
  return size;
}

}  // namespace mainstay::obs
