#include "engine/remote/obs/request_table.h"

#include <fmt/format.h>

#include <utility>

#include "engine/show/suggest.h"

namespace mainstay::obs {

namespace {

bool fits(FieldType type, const Json& value) {
  switch (type) {
    case FieldType::text:
      return value.is_string();
    case FieldType::number:
      return value.is_number();
    case FieldType::boolean:
      return value.is_boolean();
    case FieldType::object:
      return value.is_object();
    case FieldType::any:
      return true;
  }
  return false;
}

const char* to_string(FieldType type) {
  switch (type) {
    case FieldType::text:
      return "a string";
    case FieldType::number:
      return "a number";
    case FieldType::boolean:
      return "a boolean";
    case FieldType::object:
      return "an object";
    case FieldType::any:
      return "a value";
  }
  return "a value";
}

std::optional<Answer> check_field(const RequestField& field, const Json& value) {
  if (!fits(field.type, value)) {
    return Answer::failure(RequestStatus::field_type,
                           fmt::format("`{}` must be {}.", field.name, to_string(field.type)));
  }
  if (field.type == FieldType::number) {
    const double number = value.get<double>();
    if ((field.min && number < *field.min) || (field.max && number > *field.max)) {
      const std::string from = field.min ? fmt::format(" from {}", *field.min) : "";
      const std::string to = field.max ? fmt::format(" up to {}", *field.max) : "";
      return Answer::failure(RequestStatus::field_out_of_range,
                             fmt::format("`{}` must be a number{}{}.", field.name, from, to));
    }
  }
  if (field.type == FieldType::text && !field.may_be_empty && value.get_ref<const std::string&>().empty()) {
    return Answer::failure(RequestStatus::field_empty, fmt::format("`{}` must not be empty.", field.name));
  }
  return std::nullopt;
}

}  // namespace

std::optional<Answer> check_fields(const RequestRow& row, const Json& data) {
  bool any_required = false;
  for (const RequestField& field : row.fields) any_required |= field.required;
  if (any_required && !data.is_object()) {
    return Answer::failure(RequestStatus::missing_data, fmt::format("{} needs `requestData`, an object.", row.type));
  }
  if (!data.is_object()) return std::nullopt;
  for (const RequestField& field : row.fields) {
    const auto found = data.find(field.name);
    if (found == data.end() || (found->is_null() && field.type != FieldType::any)) {
      if (field.required) {
        return Answer::failure(RequestStatus::missing_field, fmt::format("`{}` is missing.", field.name));
      }
      continue;
    }
    if (auto wrong = check_field(field, *found)) return wrong;
  }
  return std::nullopt;
}

RequestTable::RequestTable() {
  add_general_requests(*this);
  add_config_requests(*this);
  add_scene_requests(*this);
  add_transition_requests(*this);
  add_scene_item_requests(*this);
  add_scene_item_edits(*this);
  add_input_requests(*this);
  add_mixer_requests(*this);
  add_filter_requests(*this);
  add_media_requests(*this);
  add_output_requests(*this);
  add_screenshot_requests(*this);
  add_vendor_requests(*this);
}

void RequestTable::add(RequestRow row) {
  std::string type = row.type;
  const bool fresh = rows_.emplace(std::move(type), std::move(row)).second;
  assert(fresh && "each request is declared once");
  (void)fresh;
}

const RequestRow* RequestTable::find(std::string_view type) const {
  const auto found = rows_.find(type);
  return found == rows_.end() ? nullptr : &found->second;
}

std::vector<std::string> RequestTable::types() const {
  std::vector<std::string> out;
  for (const auto& [type, row] : rows_) out.push_back(type);
  return out;
}

void RequestTable::run(const std::string& type, const CallPtr& call) const {
  const RequestRow* const row = find(type);
  if (row == nullptr) {
    return call->fail(RequestStatus::unknown_request_type,
                      fmt::format("This server does not answer {} requests.", show::in_quotes(type)));
  }
  if (call->caller.role < row->role) {
    return call->fail(RequestStatus::cannot_act,
                      fmt::format("{} needs the role {}; yours is {}.", type, mainstay::to_string(row->role),
                                  mainstay::to_string(call->caller.role)));
  }
  if (auto wrong = check_fields(*row, call->data)) return call->answer(std::move(*wrong));
  row->handler(call);
}

}  // namespace mainstay::obs
