#include "app/script/script_engine.h"

#include <fmt/format.h>

#include "app/script/text.h"
#include "resources/resources.h"

namespace mainstay::script {

namespace {

// In this order: each uses those before it.
constexpr const char* kRuntime[] = {"guards", "promise", "format", "studio", "expect", "time", "errors"};
constexpr char kRejection[] = "a rejected promise that nothing handles: ";

std::string text_of(const QJSValue& value) {
  return value.toString().toStdString();
}

}  // namespace

ScriptEngine::ScriptEngine(const Services& services, const Options& options, ScriptTime& time, ScriptMeter& meter,
                           std::function<void(TestResult)> tested)
    : options_(options),
      bridge_(engine_, services, options, time, meter,
              {[this] { return why_ >= 0; }, std::move(tested),
               [this](const QString& source, const QString& file) { return evaluate_included(source, file); }}) {
  QJSEngine::setObjectOwnership(&bridge_, QJSEngine::CppOwnership);
  QJSValue global = engine_.globalObject();
  global.setProperty(QStringLiteral("globalThis"), global);
  runtime_ = engine_.newObject();
  runtime_.setProperty(QStringLiteral("host"), engine_.newQObject(&bridge_));
  for (const char* part : kRuntime) load(part);
}

QJSValue ScriptEngine::load(const char* resource_name) {
  const std::string_view source = resource(fmt::format("script/{}.js", resource_name));
  QStringList trace;
  QJSValue make =
      engine_.evaluate(QString::fromUtf8(source.data(), static_cast<qsizetype>(source.size())),
                       QStringLiteral("mainstay-runtime/%1.js").arg(QLatin1String(resource_name)), 1, &trace);
  QJSValue made = trace.isEmpty() ? make.call({runtime_, engine_.globalObject()}) : make;
  // Only a mistake in the runtime itself comes here; every test of the script host would see it.
  if (made.isError())
    qFatal("mainstay-runtime/%s.js: %s", resource_name,
           qPrintable(made.toString() + " line " + made.property("lineNumber").toString()));
  return made;
}

void ScriptEngine::interrupt(End why) {
  int none = -1;
  why_.compare_exchange_strong(none, static_cast<int>(why));
  engine_.setInterrupted(true);
}

void ScriptEngine::resume() {
  why_ = -1;
  bridge_.forget_exit();
  engine_.setInterrupted(false);
}

QJSValue ScriptEngine::evaluate_included(const QString& source, const QString& file) {
  QStringList trace;
  QJSValue value = engine_.evaluate(source, file, 1, &trace);
  if (!trace.isEmpty()) engine_.throwError(value);
  return value;
}

Outcome ScriptEngine::ended(const std::string& file) const {
  Outcome outcome;
  if (const auto code = bridge_.exit_code()) {
    outcome.end = End::exited;
    outcome.code = *code;
    return outcome;
  }
  outcome.end = static_cast<End>(why_.load());
  const Limits& limits = options_.limits;
  switch (outcome.end) {
    case End::time_limit:
      outcome.message = limits.total
                            ? fmt::format("{}: ended: its time limit of {:.3g} s is over", file, seconds(*limits.total))
                            : fmt::format("{}: ended: it computed for {:.3g} s without a wait", file,
                                          seconds(limits.computing.value_or(Nanos{0})));
      break;
    case End::memory_limit:
      outcome.message = fmt::format("{}: ended: it took more than {} MiB of memory", file, limits.memory_bytes >> 20);
      break;
    default:
      outcome.message = fmt::format("{}: interrupted", file);
  }
  return outcome;
}

Outcome ScriptEngine::failed(const QJSValue& error, const QStringList& trace, const std::string& file) {
  Outcome outcome;
  outcome.end = End::failed;
  const QJSValue told = runtime_.property(QStringLiteral("described")).call({error, engine_.toScriptValue(trace)});
  if (bridge_.exit_code() || why_ >= 0) return ended(file);
  const QString engine_file = told.property(QStringLiteral("file")).toString();
  const int line = told.property(QStringLiteral("line")).toInt();
  int column = 0;
  if (told.property(QStringLiteral("syntax")).toBool()) {
    outcome.end = End::syntax;
    // ":LINE:COLUMN:FILE"
    if (!trace.isEmpty()) column = trace.front().section(QLatin1Char(':'), 2, 2).toInt();
  }
  const std::string place = engine_file.isEmpty() ? file + ": " : place_of(engine_file.toStdString(), line, column);
  outcome.message = place + text_of(told.property(QStringLiteral("message")));
  outcome.stack = text_of(told.property(QStringLiteral("stack")));
  return outcome;
}

Outcome ScriptEngine::finish(const std::string& file) {
  const QJSValue ran = runtime_.property(QStringLiteral("runJobs")).call();
  if (bridge_.exit_code() || why_ >= 0) return ended(file);
  if (ran.isError()) return failed(ran, {}, file);
  const QJSValue rejected = runtime_.property(QStringLiteral("takeUnhandled")).call();
  if (rejected.property(QStringLiteral("length")).toInt() == 0) return {};
  Outcome outcome = failed(rejected.property(0), {}, file);
  const std::size_t at = outcome.message.find(": ");
  if (at != std::string::npos) outcome.message.insert(at + 2, kRejection);
  return outcome;
}

Outcome ScriptEngine::evaluate(const std::string& source, const std::string& file, bool shown) {
  QStringList trace;
  const QJSValue value = engine_.evaluate(QString::fromStdString(source), QString::fromStdString(file), 1, &trace);
  if (bridge_.exit_code() || why_ >= 0) return ended(file);
  if (!trace.isEmpty()) return failed(value, trace, file);
  Outcome outcome = finish(file);
  if (!outcome.ok() || !shown) return outcome;
  const QJSValue text = runtime_.property(QStringLiteral("shown")).call({value});
  if (bridge_.exit_code() || why_ >= 0) return ended(file);
  outcome.value = text_of(text);
  return outcome;
}

Outcome ScriptEngine::dispatch(const std::string& file) {
  const QJSValue value = runtime_.property(QStringLiteral("dispatch")).call();
  if (bridge_.exit_code() || why_ >= 0) return ended(file);
  if (value.isError()) return failed(value, {}, file);
  return finish(file);
}

std::vector<std::string> ScriptEngine::globals() const {
  std::vector<std::string> names;
  for (const QString& name : runtime_.property(QStringLiteral("globals")).call().toVariant().toStringList()) {
    names.push_back(name.toStdString());
  }
  return names;
}

}  // namespace mainstay::script
