// obs-websocket served by the real server over a studio without an engine, for clients written by others.
// fake_server [PASSWORD]: prints its port, ends when its input does.
#include <unistd.h>

#include <cstdio>

#include "engine/remote/obs/obs_server.h"
#include "tests/engine/remote/obs/fake_port.h"

int main(int argc, char** argv) {
  using namespace mainstay;
  SteadyClock clock;
  Log log({.level = LogLevel::info});
  obs::FakePort studio;
  remote::Server server(log, {});
  auto served =
      obs::ObsServer::make(studio, clock, log, server, {.password = argc > 1 ? argv[1] : "", .role = Role::admin});
  if (!served) return std::fprintf(stderr, "%s\n", served.error().describe().c_str()), 1;
  const auto id = server.listen({"obs", "127.0.0.1:0", obs::ObsServer::router(*served)});
  if (!id) return std::fprintf(stderr, "%s\n", id.error().describe().c_str()), 1;
  std::printf("%d\n", server.port(*id));
  std::fflush(stdout);
  char ignored = 0;
  while (read(STDIN_FILENO, &ignored, 1) > 0) continue;
  (*served)->announce_exit();
  return 0;
}
