// What the history of a show costs: the caller of append(), the disk behind it, and undo's reads.
// The document has some 300 values, like a show with 20 sources and 8 destinations.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <vector>

#include "engine/studio/history.h"

namespace mainstay {
namespace {

using show::Json;

Json large_show() {
  Json show = {{"mainstay", 1}, {"name", "Channel"}, {"on_air", "Scene 0"}};
  for (int i = 0; i < 20; ++i) {
    const std::string number = std::to_string(i);
    show["sources"]["source" + number] = {{"type", "file"}, {"path", "media/clip" + number + ".mp4"}, {"loop", true}};
    show["scenes"]["Scene " + number]["layers"] =
        Json::array({Json{{"source", "source" + number}, {"x", 10 * i}, {"y", 0}, {"opacity", 0.5}},
                     Json{{"source", "logo"}, {"x", 1600}, {"y", 60}}});
  }
  for (int i = 0; i < 8; ++i) {
    show["destinations"]["platform" + std::to_string(i)] = {{"mode", "parallel"},
                                                            {"main", {{"url", "rtmp://a.example/live"}, {"key", "k"}}},
                                                            {"backup", {{"url", "srt://b.example:9000"}}}};
  }
  return show;
}

struct Bench {
  Bench() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mainstay-bench-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    auto opened = History::open(folder + "/show.history", clock);
    if (!opened || !opened->warning.empty()) std::abort();
    history = std::move(opened->history);
  }
  ~Bench() {
    history.reset();
    std::filesystem::remove_all(folder);
  }
  Draft next() {
    document["sources"]["source3"]["loop"] = ++made % 2 == 0;
    document["name"] = "Channel " + std::to_string(made);
    return {.author = "bench",
            .message = "set /name",
            .links = links_after_edit(history->current()),
            .document = std::make_shared<const Json>(document)};
  }

  SteadyClock clock;
  std::string folder;
  std::unique_ptr<History> history;
  Json document = large_show();
  int made = 0;
};

/// The caller's cost of append() alone, while the writer is at work.
void append_call(benchmark::State& state) {
  constexpr int kCalls = 500;
  Bench bench;
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<Draft> drafts;
    for (int i = 0; i < kCalls; ++i) drafts.push_back(bench.next());
    bench.history->flush();
    state.ResumeTiming();
    for (Draft& draft : drafts) benchmark::DoNotOptimize(bench.history->append(std::move(draft)));
  }
  state.SetItemsProcessed(state.iterations() * kCalls);
}
BENCHMARK(append_call)->Iterations(40);

/// Stored and acknowledged, as many at once as the queue takes.
void stored(benchmark::State& state) {
  Bench bench;
  for (auto _ : state) {
    Draft draft = bench.next();
    if (!bench.history->append(draft)) {
      bench.history->flush();
      benchmark::DoNotOptimize(bench.history->append(std::move(draft)));
    }
  }
  bench.history->flush();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(stored)->Iterations(20'000)->UseRealTime();

/// Stored and acknowledged one by one: what a person or a script that waits sees.
void stored_one_by_one(benchmark::State& state) {
  Bench bench;
  for (auto _ : state) {
    benchmark::DoNotOptimize(bench.history->append(bench.next()));
    bench.history->flush();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(stored_one_by_one)->Iterations(2'000)->UseRealTime();

/// Rebuilding a document, on average 25 patches away from a full one.
void document(benchmark::State& state) {
  Bench bench;
  for (int i = 0; i < 1000; ++i) static_cast<void>(bench.history->append(bench.next()));
  bench.history->flush();
  std::int64_t number = 0;
  for (auto _ : state) benchmark::DoNotOptimize(bench.history->document(1 + (number += 7) % 900));
}
BENCHMARK(document)->Unit(benchmark::kMicrosecond);

/// Opening a history of 10,000 revisions, checked for damage.
void open(benchmark::State& state) {
  Bench bench;
  for (int i = 0; i < 10'000; ++i) {
    static_cast<void>(bench.history->append(bench.next()));
    if (i % 500 == 0) bench.history->flush();
  }
  for (auto _ : state) {
    bench.history.reset();
    bench.history = std::move(History::open(bench.folder + "/show.history", bench.clock)->history);
  }
  state.counters["MB"] = static_cast<double>(std::filesystem::file_size(bench.folder + "/show.history")) / 1e6;
}
BENCHMARK(open)->Unit(benchmark::kMillisecond)->Iterations(10)->UseRealTime();

}  // namespace
}  // namespace mainstay

BENCHMARK_MAIN();
