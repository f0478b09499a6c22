#include "app/script/script_bridge.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "app/script/command_help.h"
#include "app/script/script_exec.h"
#include "app/script/text.h"
#include "engine/show/suggest.h"
#include "engine/studio/command_registry.h"
#include "engine/studio/event_json.h"
#include "engine/studio/event_types.h"

namespace mainstay::script {

namespace {

constexpr std::size_t kEventsAtOnce = 2000;
constexpr int kDeepestInclude = 32;

QString text_of(const Json& json) {
  return QString::fromStdString(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Json json_of(const QString& text) {
  return Json::parse(text.toStdString(), nullptr, false);
}

std::vector<std::string> words_of(const Json& list) {
  std::vector<std::string> words;
  for (const Json& item : list) {
    if (item.is_string()) words.push_back(item.get<std::string>());
  }
  return words;
}

// A key of an object, an index of a list, or the name of what is in a list.
const Json* child_of(const Json& json, const std::string& key) {
  if (json.is_object()) {
    const auto found = json.find(key);
    return found == json.end() ? nullptr : &*found;
  }
  if (!json.is_array()) return nullptr;
  for (const Json& item : json) {
    if (item.is_object() && item.value("name", Json()) == Json(key)) return &item;
  }
  return nullptr;
}

}  // namespace

ScriptBridge::ScriptBridge(QJSEngine& engine, const Services& services, const Options& options, ScriptTime& time,
                           ScriptMeter& meter, Hooks hooks)
    : engine_(engine),
      services_(services),
      options_(options),
      time_(time),
      meter_(meter),
      hooks_(std::move(hooks)),
      files_(options.folder) {
  const auto before = services_.studio.events(0, std::numeric_limits<std::size_t>::max());
  if (!before.empty()) last_event_ = before.back().number;
}

void ScriptBridge::fail(const Error& error) {
  engine_.throwError(QJSValue::GenericError, QString::fromStdString(error.describe()));
}

QString ScriptBridge::commands() const {
  Json list = Json::array();
  for (const CommandInfo* info : services_.studio.registry().commands()) {
    Json params = Json::array();
    for (const show::FieldInfo& field : info->params.fields) {
      const bool any = field.kind == show::FieldKind::any || field.kind == show::FieldKind::object ||
                       field.shape == show::FieldShape::map;
      params.push_back({{"key", field.key}, {"any", any}});
    }
    list.push_back({{"name", info->name}, {"help", info->help}, {"usage", usage_of(*info)}, {"params", params}});
  }
  return text_of(list);
}

QString ScriptBridge::eventTypes() const {
  Json list = Json::array();
  for (const EventType& type : event_types()) list.push_back(type.name);
  return text_of(list);
}

QString ScriptBridge::help(const QString& name) const {
  const CommandRegistry& registry = services_.studio.registry();
  return QString::fromStdString(name.isEmpty() ? help_on_all(registry) : help_on(registry, name.toStdString()));
}

QString ScriptBridge::hint(const QString& word, const QString& known_json) const {
  return QString::fromStdString(show::hint(word.toStdString(), words_of(json_of(known_json))));
}

QString ScriptBridge::unknownCommand(const QString& name) const {
  const auto binding = services_.studio.registry().bind(name.toStdString(), nullptr, options_.caller);
  return text_of(mainstay::to_json(binding.error.value_or(CallError{})));
}

QString ScriptBridge::call(const QString& command, const QString& params_json) {
  auto result = time_.call(command.toStdString(), json_of(params_json), options_.caller, options_.limits.call);
  CallResult answer;
  if (result) {
    answer = std::move(*result);
  } else {
    const CallErrc code = result.error().code == Errc::cancelled ? CallErrc::cancelled : CallErrc::failed;
    answer = CallResult::failure(code, fmt::format("{}: {}", command.toStdString(), result.error().describe()));
  }
  if (answer.error) return text_of({{"error", mainstay::to_json(*answer.error)}});
  return text_of({{"value", answer.value}});
}

QString ScriptBridge::state(const QString& path_json) const {
  const Json path = json_of(path_json);
  const Json state = services_.studio.state();
  const Json* at = &state;
  for (const std::string& key : words_of(path)) {
    at = child_of(*at, key);
    if (at == nullptr) return {};
  }
  return text_of(*at);
}

bool ScriptBridge::wait(double deadline) {
  return time_.wait(deadline) == ScriptTime::Woke::deadline;
}

QString ScriptBridge::events() {
  Json list = Json::array();
  const auto events = services_.studio.events(last_event_, kEventsAtOnce);
  if (events.empty()) return QStringLiteral("[]");
  if (const std::int64_t lost = events.front().number - last_event_ - 1; lost > 0) {
    services_.log.warning("script", "{} events came faster than the script took them and are lost to it", lost);
  }
  last_event_ = events.back().number;
  for (const Event& event : events) list.push_back(mainstay::to_json(event));
  return text_of(list);
}

void ScriptBridge::print(const QString& text) {
  if (options_.print) options_.print(text.toStdString());
}

void ScriptBridge::log(const QString& level, const QString& text) {
  const auto parsed = parse_log_level(level.toStdString());
  services_.log.write(parsed ? *parsed : LogLevel::info, "script", text.toStdString());
}

void ScriptBridge::tested(const QString& result_json) {
  const Json json = json_of(result_json);
  TestResult result;
  result.name = json.value("name", "");
  result.seconds = json.value("seconds", 0.0);
  if (const Json& failure = json["failure"]; failure.is_object()) {
    result.type = failure.value("type", "Error");
    result.message = place_of(failure.value("file", ""), failure.value("line", 0)) + failure.value("message", "");
    result.stack = failure.value("stack", "");
  }
  hooks_.tested(std::move(result));
}

QString ScriptBridge::arguments() const {
  return text_of(options_.arguments);
}

void ScriptBridge::exit(const QJSValue& code) {
  const double number = code.isNumber() ? code.toNumber() : std::numeric_limits<double>::quiet_NaN();
  if (!(number >= 0 && number <= 255 && number == std::floor(number))) {
    engine_.throwError(QJSValue::TypeError, QStringLiteral("exit(code): the code is a whole number from 0 to 255"));
    return;
  }
  exit_code_ = static_cast<int>(number);
  engine_.setInterrupted(true);  // nothing catches it
}

QString ScriptBridge::readText(const QString& path) {
  auto text = files_.read(path.toStdString());
  if (!text) return fail(text.error()), QString();
  return QString::fromStdString(*text);
}

void ScriptBridge::writeText(const QString& path, const QString& text) {
  if (auto written = files_.write(path.toStdString(), text.toStdString()); !written) fail(written.error());
}

QJSValue ScriptBridge::include(const QString& path) {
  if (includes_ >= kDeepestInclude) {
    fail(make_error(Errc::invalid, "include({}): {} files deep", show::in_quotes(path.toStdString()), kDeepestInclude));
    return {};
  }
  const auto source = files_.read(path.toStdString());
  if (!source) return fail(source.error()), QJSValue();
  ++includes_;
  QJSValue value = hooks_.evaluate(QString::fromStdString(*source), path);
  --includes_;
  return value;
}

QString ScriptBridge::exec(const QString& command, const QString& arguments_json, double limit_s) {
  if (!options_.allow_exec) {
    fail(make_error(Errc::invalid, "exec: scripts may not run programs here (--allow-exec allows it)"));
    return {};
  }
  constexpr double kLongest = 366.0 * 24 * 3600;
  ExecRequest request;
  request.command = command.toStdString();
  request.arguments = words_of(json_of(arguments_json));
  request.folder = options_.folder;
  request.limit = Nanos(static_cast<std::int64_t>(std::min(limit_s, kLongest) * 1e9));
  const ScriptMeter::Pause pause(meter_);
  const auto result = run_program(request, services_.wall, hooks_.cancelled);
  if (!result) return fail(wrap(result.error(), "exec")), QString();
  return text_of({{"code", result->code}, {"stdout", result->out}, {"stderr", result->err}});
}

}  // namespace mainstay::script
