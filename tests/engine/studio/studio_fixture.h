// A real studio on the machine's clock, in a folder of its own, with a small show.
// Owned by a test.
// Thread-safety: the test's thread.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>

#include "engine/ffi/av/av_init.h"
#include "engine/studio/command_registry.h"
#include "engine/studio/studio.h"

namespace mainstay {

inline const Json kShow = Json::parse(R"({
  "mainstay": 1, "name": "Test",
  "program": {"width": 160, "height": 90, "rate": "50/1"},
  "sources": {"bars": {"type": "bars", "clock": false}, "blue": {"type": "color", "color": "#0000ff"}},
  "scenes": {"Bars": {"layers": [{"source": "bars"}]}, "Blue": {"layers": [{"source": "blue"}]}},
  "on_air": "Bars",
  "encode": {"video": [{"name": "v0", "preset": "ultrafast", "kbps": 300, "keyint_s": 1}], "audio": [{"name": "a0", "kbps": 64}]},
  "destinations": {"nowhere": {"main": {"url": "rtmp://127.0.0.1:1/live", "key": "hidden-key"}}}
})");

class StudioTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::temp_directory_path() / ("mainstay-studio-" + std::to_string(::getpid()) + "-" +
                                                  ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
    path_ = (folder_ / "show.json").string();
    std::ofstream(path_) << kShow.dump();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  CallResult call(const std::string& command, Json params = nullptr, Role role = Role::admin) {
    const auto answer = std::make_shared<std::promise<CallResult>>();  // outlives set_value
    studio_.call(command, std::move(params), {.face = Face::script, .role = role, .name = "test"},
                 [answer](CallResult result) { answer->set_value(std::move(result)); });
    return answer->get_future().get();
  }
  Json must(const std::string& command, Json params = nullptr) {
    CallResult result = call(command, std::move(params));
    EXPECT_TRUE(result.ok()) << command << ": " << (result.error ? result.error->message : "");
    return result.value;
  }
  // The first event of that type after `number`, waited for.
  Event await(const std::string& type, std::int64_t after = 0) {
    std::mutex mutex;
    std::condition_variable_any news;
    const auto listening = studio_.on_event([&] {
      { std::lock_guard lock(mutex); }
      news.notify_all();
    });
    Event found;
    const auto look = [&] {
      for (const Event& event : studio_.events(after, 2000)) {
        if (event.type == type) return found = event, true;
      }
      return false;
    };
    std::unique_lock lock(mutex);
    EXPECT_TRUE(clock_.wait(lock, news, {}, clock_.now() + Seconds(10), look)) << type;
    return found;
  }
  // Looks until it holds; figures such as frame counts have no event.
  bool becomes(const std::function<bool()>& holds) {
    const Instant limit = clock_.now() + Seconds(10);
    while (!holds() && clock_.now() < limit) clock_.wait_until(clock_.now() + Millis(5), {});
    return holds();
  }
  std::int64_t last_event() {
    const auto all = studio_.events(0, 2000);
    return all.empty() ? 0 : all.back().number;
  }
  /// Whether it was told that the source is in that state.
  bool told_of(const std::string& source, const std::string& state) {
    const auto all = studio_.events(0, 2000);
    return std::any_of(all.begin(), all.end(), [&](const Event& event) {
      return event.type == "source.state" && event.subject == source && event.data["state"] == state;
    });
  }
  Json state(const std::string& path) { return must("state.get", {{"path", path}}); }
  void go_on_air() {
    must("show.open", {{"path", path_}});
    must("program.start");
  }

  SteadyClock clock_;
  Log log_{{.level = LogLevel::off}};
  ffi::AvInit av_{log_, clock_};
  show::Secrets secrets_{log_.redactor(), {.file = "/nonexistent/secrets.json"}};
  Studio studio_{clock_, log_, secrets_};
  std::filesystem::path folder_;
  std::string path_;
};

}  // namespace mainstay
