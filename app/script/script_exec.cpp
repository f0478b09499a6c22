#include "app/script/script_exec.h"

#include <signal.h>

#include <QProcess>
#include <QStringList>

#include "engine/show/suggest.h"

namespace mainstay::script {

namespace {

constexpr int kLookMs = 20;  // how soon an interruption or the limit is noticed

// Signals are blocked in all threads of this process (app/signals.h); the program gets them as it expects to.
void as_a_new_process() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  signal(SIGXFSZ, SIG_DFL);
}

void end(QProcess& process) {
  process.kill();
  process.waitForFinished(1000);
}

}  // namespace

Result<ExecResult> run_program(const ExecRequest& request, Clock& wall, const std::function<bool()>& cancelled) {
  QProcess process;
  process.setChildProcessModifier(as_a_new_process);
  if (!request.folder.empty()) process.setWorkingDirectory(QString::fromStdString(request.folder));
  QStringList arguments;
  for (const std::string& argument : request.arguments) arguments << QString::fromStdString(argument);
  const Instant limit = wall.now() + request.limit;
  process.start(QString::fromStdString(request.command), arguments, QIODevice::ReadOnly);
  if (!process.waitForStarted()) {
    return make_error(Errc::io, "cannot run {}: {}", show::in_quotes(request.command),
                      process.errorString().toStdString());
  }
  ExecResult result;
  bool running = true;
  while (running) {
    running = !process.waitForFinished(kLookMs) && process.state() != QProcess::NotRunning;
    result.out += process.readAllStandardOutput().toStdString();
    result.err += process.readAllStandardError().toStdString();
    if (result.out.size() + result.err.size() > kMostExecOutput) {
      end(process);
      return make_error(Errc::io, "{} says more than {} MiB: it was ended", show::in_quotes(request.command),
                        kMostExecOutput >> 20);
    }
    if (running && cancelled()) {
      end(process);
      return make_error(Errc::cancelled, "interrupted");
    }
    if (running && wall.now() >= limit) {
      end(process);
      return make_error(Errc::again, "{} did not end within {:.3g} s: it was ended", show::in_quotes(request.command),
                        seconds(request.limit));
    }
  }
  result.code = process.exitStatus() == QProcess::CrashExit ? 128 + process.exitCode() : process.exitCode();
  return result;
}

}  // namespace mainstay::script
