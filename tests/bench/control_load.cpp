// The load of control_bench.py: clients that call commands over WebSockets at a rate, one that calls one at a time, and
// one that follows the events and never reads them. Prints what it saw as one JSON object.
// bench_control_load PORT SECONDS CALLS_PER_SECOND CLIENTS
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <nlohmann/json.hpp>
#include <semaphore>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/named_thread.h"
#include "tests/engine/remote/test_client.h"

namespace mainstay::remote {
namespace {

using Json = nlohmann::json;

constexpr int kBatch = 10;

struct Seen {
  std::int64_t answered = 0;
  std::int64_t refused = 0;
  std::int64_t behind = 0;  // batches that were not sent in their time
  std::string first_refusal;
  std::vector<double> ms;  // from a call to its answer
};

// The yardstick: a token through as many threads as a stored command passes (the server's, the control thread, the
// history's, the server's again), none of which does anything. What it takes is the machine's, whoever programs it.
class Relay {
 public:
  Relay() {
    for (int i = 0; i < kStations; ++i) {
      stations_.emplace_back("relay", [this, i](const std::stop_token& stop) {
        while (here_[i].acquire(), !stop.stop_requested()) here_[i + 1].release();
      });
    }
  }
  ~Relay() {
    for (NamedThread& station : stations_) station.request_stop();
    for (auto& here : here_) here.release();
  }
  void pass() {
    here_[0].release();
    here_[kStations].acquire();
  }

 private:
  static constexpr int kStations = 4;
  std::array<std::counting_semaphore<>, kStations + 1> here_{std::counting_semaphore<>(0), std::counting_semaphore<>(0),
                                                             std::counting_semaphore<>(0), std::counting_semaphore<>(0),
                                                             std::counting_semaphore<>(0)};
  std::vector<NamedThread> stations_;
};

// Two cuts, one edit that is a revision, three reads of the document, the rest of the program's state.
std::string request(int client, std::int64_t n) {
  const std::string id = std::to_string(n);
  const auto call = [&](const std::string& method, const std::string& params) {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + method + R"(","params":)" + params + "}";
  };
  switch (n % kBatch) {
    case 0:
    case 5:
      return call("program.cut", n % 20 < 10 ? R"(["A"])" : R"(["B"])");
    case 2:
      return call("show.set", R"({"pointer":"/name","value":"Show )" + std::to_string(client) + " " + id + R"("})");
    case 3:
    case 6:
    case 9:
      return call("show.get", R"({"pointer":"/destinations"})");
    default:
      return call("command.help", R"(["program.cut"])");
  }
}

void take(const std::string& answer, Seen& seen) {
  ++seen.answered;
  if (answer.find("\"error\"") == std::string::npos) return;
  ++seen.refused;
  if (seen.first_refusal.empty()) seen.first_refusal = answer;
}

double ms_since(const Clock& clock, Instant then) {
  return std::chrono::duration<double, std::milli>(clock.now() - then).count();
}

// Batches at their times; each is read to its end before the next is sent.
void steady_client(Clock& clock, std::uint16_t port, int number, Nanos period, Instant end, Seen& seen) {
  WsClient client(port);
  std::int64_t n = 0;
  for (Instant due = clock.now(); due < end; due += period) {
    if (clock.now() > due + period) ++seen.behind;
    clock.wait_until(due, {});
    const Instant sent = clock.now();
    for (int i = 0; i < kBatch; ++i) client.send(request(number, n++));
    for (int i = 0; i < kBatch; ++i) {
      const auto answer = client.receive();
      if (!answer) return;
      take(*answer, seen);
      seen.ms.push_back(ms_since(clock, sent));
    }
  }
}

// As a person or a script calls: the next call when the last is answered.
void careful_client(Clock& clock, std::uint16_t port, Instant end, Seen& seen, Seen& relayed) {
  WsClient client(port);
  Relay relay;
  for (std::int64_t n = 0; clock.now() < end; ++n) {
    const Instant sent = clock.now();
    client.send(request(-1, 5 + 10 * n));  // a cut: through the control thread, answered when it is stored
    const auto answer = client.receive();
    if (!answer) return;
    take(*answer, seen);
    seen.ms.push_back(ms_since(clock, sent));
    clock.wait_until(sent + Millis(10), {});
    const Instant handed = clock.now();
    relay.pass();
    relayed.ms.push_back(ms_since(clock, handed));
    clock.wait_until(handed + Millis(10), {});
  }
}

// How the one that never read was told to go.
Json deaf_client(Clock& clock, std::uint16_t port, Instant end) {
  WsClient client(port);
  client.small_buffers();
  client.send(R"({"jsonrpc":"2.0","id":1,"method":"events.subscribe","params":{"after":0}})");
  clock.wait_until(end, {});
  std::int64_t messages = 0;
  while (client.receive()) ++messages;
  return {{"messages", messages}, {"close_code", client.close_code()}, {"close_reason", client.close_reason()}};
}

Json figures(std::vector<double> ms) {
  std::sort(ms.begin(), ms.end());
  const auto at = [&](double part) {
    return ms.empty() ? 0 : ms[static_cast<std::size_t>(part * static_cast<double>(ms.size() - 1))];
  };
  return {{"p50", at(0.5)}, {"p99", at(0.99)}, {"max", at(1)}};
}

int run(std::uint16_t port, int seconds, int rate, int clients) {
  SteadyClock clock;
  const Instant end = clock.now() + Seconds(seconds);
  const Nanos period = Nanos(std::int64_t{1'000'000'000} * kBatch * clients / std::max(rate, 1));
  std::vector<Seen> seen(static_cast<std::size_t>(clients));
  Seen careful;
  Seen relayed;
  Json deaf;
  {
    std::vector<NamedThread> threads;
    for (int i = 0; i < clients; ++i) {
      threads.emplace_back("load", [&, i](const std::stop_token&) {
        steady_client(clock, port, i, period, end, seen[static_cast<std::size_t>(i)]);
      });
    }
    threads.emplace_back("careful",
                         [&](const std::stop_token&) { careful_client(clock, port, end, careful, relayed); });
    if (clients > 0)  // alone it is hardly told enough to be noticed
      threads.emplace_back("deaf", [&](const std::stop_token&) { deaf = deaf_client(clock, port, end); });
    for (NamedThread& thread : threads) thread.join();
  }
  Seen all;
  for (const Seen& s : seen) {
    all.answered += s.answered;
    all.refused += s.refused;
    all.behind += s.behind;
    if (all.first_refusal.empty()) all.first_refusal = s.first_refusal;
    all.ms.insert(all.ms.end(), s.ms.begin(), s.ms.end());
  }
  const Json out = {{"answered", all.answered},
                    {"per_second", static_cast<double>(all.answered) / seconds},
                    {"refused", all.refused},
                    {"first_refusal", all.first_refusal},
                    {"batches_behind", all.behind},
                    {"batch_ms", figures(std::move(all.ms))},
                    {"one_by_one", careful.answered},
                    {"one_by_one_ms", figures(std::move(careful.ms))},
                    {"relay_ms", figures(std::move(relayed.ms))},
                    {"deaf", deaf}};
  std::puts(out.dump().c_str());
  return 0;
}

}  // namespace
}  // namespace mainstay::remote

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("bench_control_load PORT SECONDS CALLS_PER_SECOND CLIENTS\n", stderr);
    return 2;
  }
  try {
    return mainstay::remote::run(static_cast<std::uint16_t>(std::atoi(argv[1])), std::atoi(argv[2]), std::atoi(argv[3]),
                                 std::atoi(argv[4]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
