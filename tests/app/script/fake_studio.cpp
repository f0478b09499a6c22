#include "tests/app/script/fake_studio.h"

namespace mainstay::script {

namespace {

constexpr Rate kRate{30, 1};

struct Named {
  std::string name;
};
struct Frames {
  std::int64_t frames = 0;
};
struct SetParams {
  std::string pointer;
  Json value;
  std::string message;
};
struct ApplyParams {
  Json show;
  std::string message;
};

show::FieldSpec required(std::string help) {
  show::FieldSpec spec;
  spec.required = true;
  spec.help = std::move(help);
  return spec;
}

show::Section<Named> named(std::string key, std::string help) {
  show::Section<Named> section("", "");
  section.field(std::move(key), &Named::name, required(std::move(help)));
  return section;
}

show::Section<NoParams> none() {
  return show::Section<NoParams>("", "");
}

CommandRegistry::Spec spec(std::string name, std::string help) {
  CommandRegistry::Spec made;
  made.name = std::move(name);
  made.help = std::move(help);
  return made;
}

}  // namespace

FakeStudio::FakeStudio(Clock& clock, Log& log) : clock_(clock), events_(clock, log) {
  state_ = {{"phase", "off"},
            {"program", {{"scene", "Main"}, {"frames", 0}}},
            {"legs",
             {{"platform",
               {{"main", {{"state", "live"}, {"kbps", 6012.5}}}, {"backup", {{"state", "backoff"}, {"kbps", 0}}}}}}},
            {"sources", {{{"name", "clip"}, {"state", "live"}}, {{"name", "logo"}, {"state", "failed"}}}},
            {"scenes", {{"Main", {{"on_air", true}}}}},
            {"encoders", {{"v0", {{"frames", 12}}}}},
            {"show", {{"name", "Channel One"}}}};
  declare();
  control_ = NamedThread("fake-control", [this](std::stop_token stop) { run_calls(stop); });
}

FakeStudio::~FakeStudio() {
  control_.stop();
  program_.stop();
}

void FakeStudio::declare() {
  registry_.add(
      spec("destination.start", "Connects a destination."), named("name", "which destination"),
      [this](const Named& p, const Caller&, Reply reply) {
        note("destination.start", {{"name", p.name}});
        if (p.name != "platform")
          return reply(CallResult::failure(CallErrc::not_found, "there is no destination \"" + p.name + "\""));
        tell("leg.state", p.name + "/main", {{"state", "connecting"}, {"from", "idle"}});
        reply({});
      });
  registry_.add(spec("destination.stop", "Disconnects a destination."), named("name", "which destination"),
                [this](const Named& p, const Caller&, Reply reply) {
                  note("destination.stop", {{"name", p.name}});
                  reply({});
                });
  show::Section<Frames> frames("", "");
  show::FieldSpec optional;
  optional.min = 0;
  optional.max = 1e9;
  optional.help = "ends after so many";
  frames.field("frames", &Frames::frames, optional);
  registry_.add(spec("program.start", "Goes on air."), frames, [this](const Frames& p, const Caller&, Reply reply) {
    note("program.start", {{"frames", p.frames}});
    if (phase_ != Phase::off) return reply(CallResult::failure(CallErrc::wrong_state, "the show is on air already"));
    start(p.frames);
    reply({});
  });
  registry_.add(spec("program.stop", "Goes off air."), none(), [this](const NoParams&, const Caller&, Reply reply) {
    note("program.stop", Json::object());
    if (phase_ == Phase::off) return reply(CallResult::failure(CallErrc::wrong_state, "nothing is on air"));
    stop();
    reply({});
  });
  registry_.add(spec("program.cut", "Puts a scene on air."), named("scene", "which scene"),
                [this](const Named& p, const Caller&, Reply reply) {
                  note("program.cut", {{"scene", p.name}});
                  std::lock_guard lock(mutex_);
                  scene_ = p.name;
                  reply({Json{{"revision", 7}}, std::nullopt});
                });
  show::Section<SetParams> set("", "");
  set.field("pointer", &SetParams::pointer, required("where"));
  set.field("value", &SetParams::value, required("what"));
  set.field("message", &SetParams::message, {});
  registry_.add(spec("show.set", "Sets a value."), set, [this](const SetParams& p, const Caller&, Reply reply) {
    note("show.set", {{"pointer", p.pointer}, {"value", p.value}});
    reply({p.value, std::nullopt});
  });
  show::Section<ApplyParams> apply("", "");
  apply.field("show", &ApplyParams::show, required("the document"));
  apply.field("message", &ApplyParams::message, {});
  registry_.add(spec("show.apply", "Takes a whole show."), apply,
                [this](const ApplyParams& p, const Caller&, Reply reply) {
                  note("show.apply", {{"show", p.show}, {"message", p.message}});
                  reply({});
                });
}

void FakeStudio::note(const std::string& command, const Json& params) {
  std::lock_guard lock(mutex_);
  calls_.push_back(command + " " + params.dump());
}

void FakeStudio::call(std::string command, Json params, Caller caller, Reply reply) {
  auto binding = registry_.bind(command, params, caller);
  if (binding.error) return reply({nullptr, std::move(binding.error)});
  std::lock_guard lock(mutex_);
  if (!answers_) return unanswered_.push_back(std::move(reply));
  waiting_.push_back([run = std::move(binding.bound.run), caller, reply = std::move(reply)] { run(caller, reply); });
  changed_.notify_all();
}

void FakeStudio::run_calls(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [&] { return !waiting_.empty(); })) {
    const auto act = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    act();
    lock.lock();
  }
}

void FakeStudio::start(std::int64_t frames) {
  program_.stop();
  phase_ = Phase::on_air;
  events_.note(LogLevel::info, "program.started", "Channel One", "on air");
  program_ = NamedThread("program", [this, frames](std::stop_token token) { run_program(token, frames); });
}

void FakeStudio::stop() {
  program_.stop();
  phase_ = Phase::off;
  events_.note(LogLevel::info, "program.ended", "Channel One", "off air");
}

void FakeStudio::run_program(const std::stop_token& stop, std::int64_t frames) {
  const Instant anchor = clock_.now();
  std::string shown;
  for (std::int64_t n = 0; frames == 0 || n < frames; ++n) {
    if (!clock_.pace_until(anchor + kRate.begin(n), stop)) return;
    {
      std::lock_guard lock(mutex_);
      if (scene_ != shown) cuts_.emplace_back(n, scene_);
      shown = scene_;
      rendered_ = n + 1;
    }
    if (n == ends_at_) tell("source.state", "clip", {{"state", "ended"}, {"from", "live"}});
  }
  phase_ = Phase::off;
  events_.note(LogLevel::info, "program.ended", "Channel One", "off air");
}

Snapshot FakeStudio::snapshot() const {
  Snapshot snapshot;
  snapshot.phase = phase_;
  return snapshot;
}

Json FakeStudio::state() const {
  std::lock_guard lock(mutex_);
  Json state = state_;
  state["phase"] = to_string(phase_.load());
  state["program"]["frames"] = rendered_;
  state["program"]["scene"] = scene_;
  return state;
}

void FakeStudio::set_state(Json state) {
  std::lock_guard lock(mutex_);
  state_ = std::move(state);
}

void FakeStudio::tell(std::string type, std::string subject, Json data) {
  events_.note(LogLevel::info, std::move(type), std::move(subject), "", std::move(data));
}

std::vector<std::string> FakeStudio::calls() const {
  std::lock_guard lock(mutex_);
  return calls_;
}

std::vector<std::pair<std::int64_t, std::string>> FakeStudio::cuts() const {
  std::lock_guard lock(mutex_);
  return cuts_;
}

}  // namespace mainstay::script
