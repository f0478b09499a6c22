// The JavaScript engine with Mainstay's runtime in it (resources/script/).
// Owned by the script host, made and used on its thread.
// Thread-safety: interrupt() from any thread; everything else on the script thread.
#pragma once

#include <QJSEngine>
#include <atomic>
#include <string>

#include "app/script/script_bridge.h"

namespace mainstay::script {

class ScriptEngine {
 public:
  ScriptEngine(const Services& services, const Options& options, ScriptTime& time, ScriptMeter& meter,
               std::function<void(TestResult)> tested);

  /// Runs a source to its end, with the promise jobs it leaves. `file` is how messages name it; `shown` asks for the
  /// result as text.
  Outcome evaluate(const std::string& source, const std::string& file, bool shown);
  /// Gives new events to the listeners, between evaluations.
  Outcome dispatch(const std::string& file);
  /// Names that scripts have put into the global object.
  std::vector<std::string> globals() const;

  /// The evaluation ends with `why` (the first one counts), and none starts until resume().
  void interrupt(End why);
  void resume();

 private:
  QJSValue load(const char* resource_name);
  Outcome finish(const std::string& file);
  Outcome ended(const std::string& file) const;
  Outcome failed(const QJSValue& error, const QStringList& trace, const std::string& file);
  QJSValue evaluate_included(const QString& source, const QString& file);

  const Options& options_;
  std::atomic<int> why_{-1};  // an End; -1: not interrupted
  QJSEngine engine_;
  ScriptBridge bridge_;
  QJSValue runtime_;
};

}  // namespace mainstay::script
