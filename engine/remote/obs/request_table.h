// All requests this server answers, each declared once: its fields, who may make it, and its handler. What is not in
// the table is answered with 204; a part of the engine that lands adds its rows.
// Owned by the hub; built once.
// Thread-safety: immutable once built, so from any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/remote/obs/request.h"

namespace mainstay::obs {

enum class FieldType { text, number, boolean, object, any };

struct RequestField {
  std::string name;
  FieldType type = FieldType::text;
  bool required = false;
  std::optional<double> min = {};
  std::optional<double> max = {};
  bool may_be_empty = false;  ///< texts
};

struct RequestRow {
  std::string type;  ///< "GetSceneList"
  Role role = Role::view;
  std::vector<RequestField> fields;
  Handler handler;
};

class RequestTable {
 public:
  /// With all the rows there are.
  RequestTable();

  void add(RequestRow row);
  const RequestRow* find(std::string_view type) const;
  /// Sorted: what GetVersion lists.
  std::vector<std::string> types() const;

  /// Checks the type, the role and the fields, then runs the handler; the call is answered in any case. `data` that is
  /// no object counts as none.
  void run(const std::string& type, const CallPtr& call) const;

 private:
  std::map<std::string, RequestRow, std::less<>> rows_;
};

/// What is wrong with the data of a request; none when nothing is.
std::optional<Answer> check_fields(const RequestRow& row, const Json& data);

// The rows, by subject.
void add_general_requests(RequestTable& table);
void add_config_requests(RequestTable& table);
void add_scene_requests(RequestTable& table);
void add_transition_requests(RequestTable& table);
void add_scene_item_requests(RequestTable& table);
void add_scene_item_edits(RequestTable& table);
void add_input_requests(RequestTable& table);
void add_mixer_requests(RequestTable& table);
void add_filter_requests(RequestTable& table);
void add_media_requests(RequestTable& table);
void add_output_requests(RequestTable& table);
void add_screenshot_requests(RequestTable& table);
void add_vendor_requests(RequestTable& table);

// Fields that many requests have.
inline RequestField required(std::string name, FieldType type = FieldType::text) {
  return {.name = std::move(name), .type = type, .required = true};
}
inline RequestField optional_field(std::string name, FieldType type = FieldType::text) {
  return {.name = std::move(name), .type = type};
}

}  // namespace mainstay::obs
