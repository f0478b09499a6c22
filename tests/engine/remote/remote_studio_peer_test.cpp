#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <future>

#include "engine/remote/remote.h"
#include "engine/remote/remote_studio.h"
#include "engine/studio/command_registry.h"
#include "engine/studio/event_json.h"
#include "engine/studio/state_json.h"
#include "engine/studio/studio.h"
#include "tests/engine/remote/fake_studio.h"

namespace mainstay::remote {
namespace {

using ::testing::HasSubstr;

constexpr Seconds kLimit{20};

const Json kShow = Json::parse(R"({
  "mainstay": 1, "name": "Peer", "program": {"width": 320, "height": 180, "rate": "30/1"},
  "sources": {"bars": {"type": "bars"}, "blue": {"type": "color", "color": "#0000ff"}},
  "scenes": {"Bars": {"layers": [{"source": "bars"}]}, "Blue": {"layers": [{"source": "blue"}]}}, "on_air": "Bars"})");

/// A studio with its server, and how to reach it.
struct There {
  explicit There(StudioPort& port) : studio(port) {}

  void listen(std::string address = "127.0.0.1:0") {
    RemoteSettings settings;
    settings.listen = std::move(address);
    settings.access.grants = {{"admin-token", Role::admin}, {"view-token", Role::view}};
    settings.tls = tls;
    const Status status = remote->apply(settings);
    ASSERT_TRUE(status) << (status ? "" : status.error().describe());
    place = remote->status().api;
  }

  StudioPort& studio;
  SteadyClock clock;
  Log log{{.level = LogLevel::off}};
  std::unique_ptr<Remote> remote = std::make_unique<Remote>(studio, clock, log);
  std::string place;
  std::optional<TlsFiles> tls;
};

class RemoteStudioTest : public ::testing::Test {
 protected:
  RemoteStudio::Options options(const There& there, const std::string& token = "admin-token") {
    RemoteStudio::Options made{.target = *parse_target(there.place)};
    made.connection.token = token;
    made.first_retry = made.last_retry = Millis(20);
    made.state_period = Millis(20);
    return made;
  }

  std::unique_ptr<RemoteStudio> connect(const There& there, RemoteStudio::Options made) {
    auto port = std::make_unique<RemoteStudio>(there.studio.registry(), clock_, log_, std::move(made));
    const Status connected = port->connect();
    EXPECT_TRUE(connected) << (connected ? "" : connected.error().describe());
    return port;
  }

  static CallResult call(StudioPort& port, const std::string& command, Json params = nullptr) {
    auto answer = std::make_shared<std::promise<CallResult>>();
    auto answered = answer->get_future();
    port.call(command, std::move(params), {}, [answer](CallResult result) { answer->set_value(std::move(result)); });
    if (answered.wait_for(kLimit) != std::future_status::ready) {
      return CallResult::failure(CallErrc::failed, "the test has waited too long");
    }
    return answered.get();
  }

  static void open(StudioPort& studio, const Json& show) {
    EXPECT_TRUE(call(studio, "show.new").ok());
    EXPECT_TRUE(call(studio, "show.apply", {{"show", show}}).ok());
  }

  /// Looks again at each event and each beat of the clock.
  bool eventually(const std::function<bool()>& holds) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    const Instant end = clock_.now() + kLimit;
    while (!holds() && clock_.now() < end) clock_.wait(lock, never, {}, clock_.now() + Millis(5), [] { return false; });
    return holds();
  }

  SteadyClock clock_;
  Log log_{{.level = LogLevel::off}};
};

class RemoteStudioLiveTest : public RemoteStudioTest {
 protected:
  RemoteStudioLiveTest() {
    open(studio_, kShow);
    there_.listen();
  }

  show::Secrets secrets_{log_.redactor()};
  Studio studio_{clock_, log_, secrets_, {.keep_history = false}};
  There there_{studio_};
};

TEST_F(RemoteStudioLiveTest, CallsStateAndEventsAreThoseOfTheStudio) {
  const auto port = connect(there_, options(there_));
  EXPECT_EQ(port->state(), studio_.state());
  EXPECT_EQ(to_json(port->snapshot()), studio_.state());
  EXPECT_EQ(call(*port, "program.cut", {{"scene", "Blue"}}).value, Json({{"revision", 3}}));
  EXPECT_EQ(port->state()["program"]["scene"], "Blue");  // no older than the answer
  EXPECT_EQ(call(*port, "show.get", Json::array({"/on_air"})).value, "Blue");
  const auto wrong = call(*port, "program.cut", {{"scene", "Nope"}});
  EXPECT_EQ(to_json(*wrong.error), to_json(*call(studio_, "program.cut", {{"scene", "Nope"}}).error));
  const auto none = call(*port, "program.cut", {{"scenes", 1}});
  EXPECT_EQ(to_json(*none.error), to_json(*call(studio_, "program.cut", {{"scenes", 1}}).error));

  ASSERT_TRUE(eventually([&] { return port->events(0, 100).size() == studio_.events(0, 100).size(); }));
  const auto here = port->events(0, 100);
  const auto there = studio_.events(0, 100);
  for (std::size_t i = 0; i < there.size(); ++i) EXPECT_EQ(to_json(here[i]), to_json(there[i]));
}

TEST_F(RemoteStudioLiveTest, AnEventIsToldWithTheStateThatFollowedFromIt) {
  const auto port = connect(there_, options(there_));
  std::promise<Json> told;
  std::atomic<bool> first{true};
  const std::int64_t before = port->events(0, 1000).empty() ? 0 : port->events(0, 1000).back().number;
  const auto listening = port->on_event([&] {
    for (const Event& event : port->events(before, 100)) {
      if (event.type == "show.changed" && first.exchange(false)) told.set_value(port->state());
    }
  });
  ASSERT_TRUE(call(studio_, "program.cut", {{"scene", "Blue"}}).ok());
  auto state = told.get_future();
  ASSERT_EQ(state.wait_for(kLimit), std::future_status::ready);
  EXPECT_EQ(state.get()["show"]["revision"], 3);
}

TEST_F(RemoteStudioLiveTest, TheTokensRoleDecidesNotTheCallers) {
  const auto port = connect(there_, options(there_, "view-token"));
  EXPECT_TRUE(call(*port, "state.get").ok());
  EXPECT_EQ(call(*port, "program.cut", {{"scene", "Blue"}}).error->code, CallErrc::denied);
}

TEST_F(RemoteStudioLiveTest, AWrongTokenAndNobodyThereAreErrorsAtOnce) {
  RemoteStudio wrong(studio_.registry(), clock_, log_, options(there_, "wrong-token"));
  const Status refused = wrong.connect();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::invalid);
  EXPECT_THAT(refused.error().describe(), HasSubstr("the token is wrong: give it with --token"));
  EXPECT_EQ(call(wrong, "state.get").error->code, CallErrc::failed);
  const auto there = options(there_);
  ASSERT_TRUE(there_.remote->apply(std::nullopt));
  RemoteStudio nobody(studio_.registry(), clock_, log_, there);
  const Status missed = nobody.connect();
  ASSERT_FALSE(missed);
  EXPECT_THAT(missed.error().describe(), HasSubstr("nobody listens at 127.0.0.1"));
}

TEST_F(RemoteStudioLiveTest, ALostConnectionIsMadeAgainAndNoEventIsMissing) {
  const auto port = connect(there_, options(there_));
  ASSERT_TRUE(there_.remote->apply(std::nullopt));
  ASSERT_TRUE(eventually([&] { return !call(*port, "state.get").ok(); }));
  EXPECT_THAT(call(*port, "program.cut", {{"scene", "Blue"}}).error->message,
              HasSubstr("program.cut: connection to " + there_.place + " is gone: "));
  EXPECT_EQ(port->state()["program"]["scene"], "Bars");  // as it was last
  ASSERT_TRUE(call(studio_, "program.cut", {{"scene", "Blue"}}).ok());
  there_.listen(there_.place);
  ASSERT_TRUE(eventually([&] { return call(*port, "state.get").ok(); }));
  EXPECT_EQ(port->state()["program"]["scene"], "Blue");
  const auto here = port->events(0, 1000);
  const auto there = studio_.events(0, 1000);
  ASSERT_EQ(here.size(), there.size());
  for (std::size_t i = 0; i < there.size(); ++i) EXPECT_EQ(to_json(here[i]), to_json(there[i]));
}

TEST_F(RemoteStudioLiveTest, AnotherMainstayAtTheSamePlaceGivesNewEventsWithHigherNumbers) {
  const auto port = connect(there_, options(there_));
  const auto before = port->events(0, 1000);
  ASSERT_FALSE(before.empty());
  there_.remote.reset();
  Studio second(clock_, log_, secrets_, {.keep_history = false});
  Json show = kShow;
  show["name"] = "Second";
  open(second, show);
  There there(second);
  there.listen(there_.place);
  ASSERT_TRUE(eventually([&] { return port->state()["show"]["name"] == "Second"; }));
  const auto fresh = port->events(before.back().number, 1000);
  ASSERT_EQ(fresh.size(), second.events(0, 1000).size());
  EXPECT_EQ(fresh.front().number, before.back().number + 1);
}

TEST_F(RemoteStudioLiveTest, UnderTlsTheServersCertificateIsChecked) {
  const std::string folder = ::testing::TempDir() + "remote_studio_tls_" + std::to_string(::getpid());
  std::filesystem::create_directories(folder);
  const TlsFiles files{folder + "/cert.pem", folder + "/key.pem"};
  ASSERT_EQ(std::system(("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext "
                         "subjectAltName=IP:127.0.0.1 -out " +
                         files.certificate + " -keyout " + files.key + " 2>/dev/null")
                            .c_str()),
            0);
  there_.tls = files;
  there_.listen();
  auto made = options(there_);
  made.target.tls = true;
  RemoteStudio stranger(studio_.registry(), clock_, log_, made);
  const Status refused = stranger.connect();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().describe(), HasSubstr("no TLS connection to"));
  made.connection.ca_file = files.certificate;
  const auto port = connect(there_, made);
  EXPECT_TRUE(call(*port, "program.cut", {{"scene", "Blue"}}).ok());
  EXPECT_EQ(port->state()["program"]["scene"], "Blue");
  std::filesystem::remove_all(folder);
}

/// A studio that does not answer `state.report` before release().
class HoldingStudio final : public StudioPort {
 public:
  explicit HoldingStudio(Studio& studio) : studio_(studio) {}

  const CommandRegistry& registry() const override { return studio_.registry(); }
  void call(std::string command, Json params, Caller caller, Reply reply) override {
    if (command != "state.report") return studio_.call(std::move(command), std::move(params), caller, std::move(reply));
    {
      std::lock_guard lock(mutex_);
      held_.push_back(std::move(reply));
    }
    changed_.notify_all();
  }
  Snapshot snapshot() const override { return studio_.snapshot(); }
  Json state() const override { return studio_.state(); }
  FramePtr program_picture() const override { return nullptr; }
  FramePtr preview_picture() const override { return nullptr; }
  std::vector<Event> events(std::int64_t after, std::size_t limit) const override {
    return studio_.events(after, limit);
  }
  std::shared_ptr<void> on_event(std::function<void()> listener) override {
    return studio_.on_event(std::move(listener));
  }

  bool wait_held(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kLimit, [&] { return held_.size() >= count; });
  }
  void release() {
    std::unique_lock lock(mutex_);
    const auto held = std::exchange(held_, {});
    lock.unlock();
    for (const Reply& reply : held) reply({1, std::nullopt});
  }

 private:
  Studio& studio_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Reply> held_;
};

class RemoteStudioHeldTest : public RemoteStudioTest {
 protected:
  RemoteStudioHeldTest() { there_.listen(); }
  ~RemoteStudioHeldTest() override { holding_.release(); }

  std::future<CallResult> hold(StudioPort& port) {
    auto answer = std::make_shared<std::promise<CallResult>>();
    port.call("state.report", nullptr, {}, [answer](CallResult result) { answer->set_value(std::move(result)); });
    return answer->get_future();
  }

  show::Secrets secrets_{log_.redactor()};
  Studio studio_{clock_, log_, secrets_, {.keep_history = false}};
  HoldingStudio holding_{studio_};
  There there_{holding_};
};

TEST_F(RemoteStudioHeldTest, WhatWasOnItsWayWhenTheConnectionWentFailsInPlainWords) {
  const auto port = connect(there_, options(there_));
  auto held = hold(*port);
  ASSERT_TRUE(holding_.wait_held(1));
  ASSERT_TRUE(there_.remote->apply(std::nullopt));
  ASSERT_EQ(held.wait_for(kLimit), std::future_status::ready);
  const CallResult result = held.get();
  EXPECT_EQ(result.error->code, CallErrc::failed);
  EXPECT_THAT(result.error->message, HasSubstr("state.report: connection to " + there_.place + " is gone: "));
  EXPECT_THAT(result.error->message, HasSubstr("it is not known whether it ran"));
}

TEST_F(RemoteStudioHeldTest, TooManyCallsOnTheirWayAreAnsweredBusy) {
  auto made = options(there_);
  made.calls = 2;
  const auto port = connect(there_, made);
  auto first = hold(*port);
  auto second = hold(*port);
  auto third = hold(*port);
  ASSERT_EQ(third.wait_for(kLimit), std::future_status::ready);
  EXPECT_EQ(third.get().error->code, CallErrc::busy);
  ASSERT_TRUE(holding_.wait_held(2));
  holding_.release();
  EXPECT_EQ(first.wait_for(kLimit), std::future_status::ready);
  EXPECT_EQ(second.wait_for(kLimit), std::future_status::ready);
  EXPECT_TRUE(call(*port, "state.get").ok());
}

TEST_F(RemoteStudioHeldTest, ACallThatIsNotAnsweredInTimeFailsAndTheOthersGoOn) {
  auto made = options(there_);
  made.call_timeout = Millis(50);
  const auto port = connect(there_, made);
  const CallResult late = call(*port, "state.report");
  EXPECT_EQ(late.error->code, CallErrc::failed);
  EXPECT_THAT(late.error->message, HasSubstr("it is not known whether it ran"));
  holding_.release();
}

TEST_F(RemoteStudioHeldTest, CallsAreAnsweredCancelledWhenItEnds) {
  auto port = connect(there_, options(there_));
  auto held = hold(*port);
  ASSERT_TRUE(holding_.wait_held(1));
  port.reset();
  ASSERT_EQ(held.wait_for(kLimit), std::future_status::ready);
  EXPECT_EQ(held.get().error->code, CallErrc::cancelled);
}

TEST_F(RemoteStudioHeldTest, OtherCommandsThanOursAreToldInOneLine) {
  std::string lines;
  std::mutex mutex;
  Log log({.sink = [&](std::string_view line) {
    std::lock_guard lock(mutex);
    lines += std::string(line) + "\n";
  }});
  const FakeStudio ours;
  RemoteStudio port(ours.registry(), clock_, log, options(there_));
  ASSERT_TRUE(port.connect());
  log.flush();
  std::lock_guard lock(mutex);
  EXPECT_THAT(lines, HasSubstr(there_.place + " is another version of Mainstay: commands that differ: test.add, "));
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1) << lines;
}

}  // namespace
}  // namespace mainstay::remote
