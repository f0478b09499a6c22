// What the JavaScript side of the runtime (resources/script/) asks of C++. Text in, text out, JSON where it is more.
// Owned by the script engine; user scripts do not see it.
// Thread-safety: the script thread only, but `cancelled` answers may be set from outside.
#pragma once

#include <QJSEngine>
#include <QObject>
#include <functional>
#include <optional>
#include <vector>

#include "app/script/script_files.h"
#include "app/script/script_time.h"
#include "app/script/script_types.h"

namespace mainstay::script {

class ScriptBridge : public QObject {
  Q_OBJECT

 public:
  struct Hooks {
    std::function<bool()> cancelled;  ///< the script is being ended
    std::function<void(TestResult)> tested;
    std::function<QJSValue(const QString& source, const QString& file)> evaluate;  ///< include(); throws in the engine
  };

  ScriptBridge(QJSEngine& engine, const Services& services, const Options& options, ScriptTime& time,
               ScriptMeter& meter, Hooks hooks);

  std::optional<int> exit_code() const { return exit_code_; }
  void forget_exit() { exit_code_.reset(); }

  Q_INVOKABLE QString commands() const;
  Q_INVOKABLE QString eventTypes() const;
  Q_INVOKABLE QString help(const QString& name) const;
  Q_INVOKABLE QString hint(const QString& word, const QString& known_json) const;
  Q_INVOKABLE QString unknownCommand(const QString& name) const;
  Q_INVOKABLE QString call(const QString& command, const QString& params_json);
  /// The state at a path (a JSON list of keys); "" when there is nothing.
  Q_INVOKABLE QString state(const QString& path_json) const;

  Q_INVOKABLE double now() const { return time_.now(); }
  /// True at the deadline, false when something came before.
  Q_INVOKABLE bool wait(double deadline);
  /// The events since the last call.
  Q_INVOKABLE QString events();

  Q_INVOKABLE void print(const QString& text);
  Q_INVOKABLE void log(const QString& level, const QString& text);
  Q_INVOKABLE void tested(const QString& result_json);
  Q_INVOKABLE QString arguments() const;
  Q_INVOKABLE void exit(const QJSValue& code);
  Q_INVOKABLE QString readText(const QString& path);
  Q_INVOKABLE void writeText(const QString& path, const QString& text);
  Q_INVOKABLE QJSValue include(const QString& path);
  Q_INVOKABLE QString exec(const QString& command, const QString& arguments_json, double limit_s);

 private:
  void fail(const Error& error);

  QJSEngine& engine_;
  Services services_;
  const Options& options_;
  ScriptTime& time_;
  ScriptMeter& meter_;
  const Hooks hooks_;
  const ScriptFiles files_;
  std::int64_t last_event_ = 0;
  int includes_ = 0;
  std::optional<int> exit_code_;
};

}  // namespace mainstay::script
