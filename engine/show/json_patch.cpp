#include "engine/show/json_patch.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/show/document_diff.h"

namespace mainstay::show {

namespace {

constexpr std::size_t kMostCopied = 500'000;  // values: a few copies of copies would fill the memory

using Path = std::vector<std::string>;

// RFC 6901: "" is the whole, else each token follows a '/', with ~1 for '/' and ~0 for '~'.
std::optional<Path> parse_pointer(const std::string& text) {
  Path path;
  if (text.empty()) return path;
  if (text.front() != '/') return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '/') {
      path.emplace_back();
    } else if (text[i] != '~') {
      path.back() += text[i];
    } else {
      if (++i == text.size() || (text[i] != '0' && text[i] != '1')) return std::nullopt;
      path.back() += text[i] == '0' ? '~' : '/';
    }
  }
  return path;
}

// RFC 6901 section 4: digits without a leading zero.
std::optional<std::size_t> parse_index(const std::string& token, std::size_t below) {
  if (token.empty() || token.size() > 9 || (token.size() > 1 && token.front() == '0')) return std::nullopt;
  std::size_t index = 0;
  for (const char c : token) {
    if (c < '0' || c > '9') return std::nullopt;
    index = index * 10 + static_cast<std::size_t>(c - '0');
  }
  return index < below ? std::optional(index) : std::nullopt;
}

Json* child(Json& parent, const std::string& token) {
  if (parent.is_object()) {
    const auto found = parent.find(token);
    return found == parent.end() ? nullptr : &*found;
  }
  if (!parent.is_array()) return nullptr;
  const auto index = parse_index(token, parent.size());
  return index ? &parent[*index] : nullptr;
}

Json* find(Json& document, const Path& path, std::size_t tokens) {
  Json* place = &document;
  for (std::size_t i = 0; i < tokens && place != nullptr; ++i) place = child(*place, path[i]);
  return place;
}

bool add(Json& document, const Path& path, Json value) {
  if (path.empty()) {
    document = std::move(value);
    return true;
  }
  Json* parent = find(document, path, path.size() - 1);
  if (parent == nullptr) return false;
  const std::string& token = path.back();
  if (parent->is_object()) {
    (*parent)[token] = std::move(value);
    return true;
  }
  if (!parent->is_array()) return false;
  const auto index = token == "-" ? std::optional(parent->size()) : parse_index(token, parent->size() + 1);
  if (!index) return false;
  parent->insert(parent->begin() + static_cast<std::ptrdiff_t>(*index), std::move(value));
  return true;
}

bool remove(Json& document, const Path& path) {
  if (path.empty() || find(document, path, path.size()) == nullptr) return false;
  Json& parent = *find(document, path, path.size() - 1);
  if (parent.is_object()) {
    parent.erase(path.back());
  } else {
    parent.erase(*parse_index(path.back(), parent.size()));
  }
  return true;
}

std::size_t values_in(const Json& json) {
  std::size_t values = 1;
  if (json.is_structured()) {
    for (const Json& value : json) values += values_in(value);
  }
  return values;
}

const std::string* text_of(const Json& operation, const char* key) {
  const auto found = operation.find(key);
  return found == operation.end() ? nullptr : found->get_ptr<const std::string*>();
}

class Application {
 public:
  explicit Application(Json& document) : document_(document) {}

  /// What is wrong, or nothing.
  std::string apply(const Json& operation) {
    if (!operation.is_object()) return "it is not an object";
    const std::string* op = text_of(operation, "op");
    const std::string* pointer = text_of(operation, "path");
    if (op == nullptr || pointer == nullptr) return "\"op\" and \"path\" must be texts";
    const auto path = parse_pointer(*pointer);
    if (!path) return fmt::format("\"{}\" is not a JSON pointer", *pointer);
    if (*op == "remove") return remove(document_, *path) ? "" : nothing_at(*pointer);
    if (*op == "move" || *op == "copy") return relocate(operation, *path, *pointer, *op == "move");

    const auto value = operation.find("value");
    if (*op != "add" && *op != "replace" && *op != "test")
      return "\"op\" must be add, remove, replace, move, copy or test";
    if (value == operation.end()) return "\"value\" is missing";
    if (*op == "add") return add(document_, *path, *value) ? "" : fmt::format("nothing can be added at {}", *pointer);
    Json* place = find(document_, *path, path->size());
    if (place == nullptr) return nothing_at(*pointer);
    if (*op == "replace") {
      *place = *value;
    } else if (!same_document(*place, *value)) {
      return fmt::format("the test of {} failed", *pointer);
    }
    return "";
  }

 private:
  static std::string nothing_at(const std::string& pointer) { return fmt::format("there is nothing at {}", pointer); }

  std::string relocate(const Json& operation, const Path& path, const std::string& pointer, bool move) {
    const std::string* from_pointer = text_of(operation, "from");
    if (from_pointer == nullptr) return "\"from\" must be a text";
    const auto from = parse_pointer(*from_pointer);
    if (!from) return fmt::format("\"{}\" is not a JSON pointer", *from_pointer);
    const Json* source = find(document_, *from, from->size());
    if (source == nullptr) return nothing_at(*from_pointer);
    if (move && path == *from) return "";
    if (move && path.size() > from->size() && std::equal(from->begin(), from->end(), path.begin()))
      return fmt::format("{} cannot move into itself", *from_pointer);
    if (!move && (copied_ += values_in(*source)) > kMostCopied) return "it copies too much";
    Json value = *source;
    if (move && !remove(document_, *from)) return "the whole document cannot move";
    return add(document_, path, std::move(value)) ? "" : fmt::format("nothing can be added at {}", pointer);
  }

  Json& document_;
  std::size_t copied_ = 0;
};

}  // namespace

Status apply_patch(Json& document, const Json& patch) {
  if (!patch.is_array()) return make_error(Errc::invalid, "a patch is a list of operations (RFC 6902)");
  if (patch.size() > kMostPatchOperations)
    return make_error(Errc::invalid, "the patch has more than {} operations", kMostPatchOperations);
  Application application(document);
  for (std::size_t i = 0; i < patch.size(); ++i) {
    if (const std::string wrong = application.apply(patch[i]); !wrong.empty())
      return make_error(Errc::invalid, "operation {}: {}", i, wrong);
  }
  return {};
}

}  // namespace mainstay::show
