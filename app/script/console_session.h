// A console without its view: lines in, results out, completion, history. The terminal and the window's panel use it.
// Owned by main().
// Thread-safety: all members from any thread; see ui::ConsolePort.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "app/script/history_file.h"
#include "app/script/script_host.h"
#include "ui/console_port.h"

namespace mainstay::script {

class ConsoleSession final : public ui::ConsolePort {
 public:
  /// How long a line may compute without a wait: nobody wants a console that hangs.
  static constexpr Nanos kComputingLimit = Seconds(10);

  /// `history_path` empty: the history is not kept.
  ConsoleSession(const Services& services, Options options, std::string history_path);

  bool evaluate(std::string source, std::function<void(ui::ConsoleResult)> done) override;
  void interrupt() override { host_.interrupt(); }
  bool is_stuck() const override { return host_.is_stuck(); }
  bool unfinished(std::string_view source) const override;
  ui::ConsoleCompletion complete(std::string_view line, std::size_t cursor) const override;
  std::vector<std::string> history() const override;
  void remember(std::string source) override;
  void on_output(std::function<void(ui::ConsoleLine)> listener) override;

  /// Interrupts for good; false when the script thread does not end in time (ScriptHost::finish).
  bool finish(Nanos limit) { return host_.finish(limit); }

 private:
  Options with_output(Options options);
  void say(ui::ConsoleLine line);

  Services services_;
  mutable std::mutex mutex_;
  HistoryFile history_;
  bool history_failed_ = false;
  std::function<void(ui::ConsoleLine)> on_output_;
  ScriptHost host_;  // last: its thread uses all of the above
};

}  // namespace mainstay::script
