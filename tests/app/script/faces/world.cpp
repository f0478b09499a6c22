#include "tests/app/script/faces/world.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <fstream>
#include <future>

#include "engine/remote/obs/obs_server.h"

namespace mainstay::faces {

namespace {

constexpr Seconds kLimit{20};

// One destination that nobody listens for, so that there is a leg to retry; one that is off.
constexpr const char* kShow = R"json({
  "mainstay": 1, "name": "Faces", "program": {"width": 160, "height": 90, "rate": "25/1"},
  "sources": {"bars": {"type": "bars"}, "blue": {"type": "color", "color": "#0000ff"},
              "count": {"type": "countdown", "length_ms": 60000, "start": "manual"}},
  "scenes": {"Bars": {"layers": [{"source": "bars"}, {"source": "count", "fit": "none"}]}, "Blue": {"layers": [{"source": "blue"}]}}, "on_air": "Bars",
  "encode": {"video": [{"name": "v0", "height": 90, "kbps": 200, "preset": "ultrafast"}]},
  "destinations": {
    "platform": {"mode": "standby", "return": "manual",
                 "main": {"url": "rtmp://127.0.0.1:1/live", "key": "a"}, "backup": {"url": "rtmp://127.0.0.1:1/backup", "key": "b"}},
    "spare": {"enabled": false, "main": {"url": "rtmp://127.0.0.1:1/spare", "key": "c"}}},
  "record": {"enabled": false, "path": "recording.mkv"},
  "macros": {"hello": {"code": "print('hello')"}, "waits": {"code": "waitFor(() => false)"}}
})json";

std::string make_folder() {
  std::string path = (std::filesystem::temp_directory_path() / "mainstay-faces-XXXXXX").string();
  return mkdtemp(path.data());
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

Json replaced(const Json& json, const std::string& from, const std::string& to) {
  std::string text = json.dump();
  replace_all(text, from, to);
  return Json::parse(text);
}

void drop(Json& json, const std::string& key) {
  if (json.is_object()) json.erase(key);
  if (!json.is_structured()) return;
  for (Json& child : json) drop(child, key);
}

}  // namespace

World::World()
    : folder_(make_folder()),
      remote_(studio_, clock_, log_, {.obs_router = [this](remote::Server& server, const remote::ObsSettings&) {
                auto made = obs::ObsServer::make(studio_, clock_, log_, server, {});
                return made ? obs::ObsServer::router(std::move(*made)) : nullptr;
              }}) {
  std::ofstream(folder_ + "/show.json") << kShow;
  Json other = Json::parse(kShow);
  other["name"] = "Other";
  std::ofstream(folder_ + "/other.json") << other.dump();
  const CallResult opened = call({"show.open", {{"path", folder_ + "/show.json"}}});
  EXPECT_TRUE(opened.ok()) << to_json(opened.error.value_or(CallError{})).dump();
  remote::RemoteSettings settings;
  settings.listen = "127.0.0.1:0";
  settings.obs = remote::ObsSettings{.listen = "127.0.0.1:0"};
  for (const Role role : {Role::view, Role::operate, Role::admin})
    settings.access.grants.push_back({token(role), role});
  const Status listening = remote_.apply(settings);
  EXPECT_TRUE(listening) << (listening ? "" : listening.error().describe());
}

World::~World() {
  if (studio_.snapshot().phase != Phase::off) call({"program.stop"});
  std::filesystem::remove_all(folder_);
}

CallResult World::call(const Call& call, const Caller& caller) {
  const auto answer = std::make_shared<std::promise<CallResult>>();
  auto answered = answer->get_future();
  studio_.call(call.command, call.params, caller,
               [answer](CallResult result) { answer->set_value(std::move(result)); });
  if (answered.wait_for(kLimit) != std::future_status::ready)
    return CallResult::failure(CallErrc::failed, call.command + ": the test has waited too long");
  return answered.get();
}

bool World::wait_for_event(const std::string& type) {
  std::mutex mutex;
  std::condition_variable_any changed;
  const auto listening = studio_.on_event([&] {
    { std::lock_guard lock(mutex); }
    changed.notify_all();
  });
  std::unique_lock lock(mutex);
  return clock_.wait(lock, changed, {}, clock_.now() + kLimit, [&] {
    for (const Event& event : studio_.events(0, 2000)) {
      if (event.type == type) return true;
    }
    return false;
  });
}

Json World::here(const Json& params) const {
  return replaced(params, "$DIR", folder_);
}

Json World::anywhere(const Json& result) const {
  Json json = replaced(result, folder_, "$DIR");
  drop(json, "at");
  drop(json, "author");
  return json;
}

}  // namespace mainstay::faces
