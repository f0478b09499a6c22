#include "tests/engine/remote/fake_studio.h"

namespace mainstay::remote {

namespace {

struct EchoParams {
  Json value;
};
struct AddParams {
  int a = 0;
  int b = 1;
};
struct FailParams {
  std::string code;
};
show::Section<EchoParams> echo_params() {
  return show::Section<EchoParams>("echo", "")
      .field("value", &EchoParams::value, {.help = "Anything.", .required = true});
}
show::Section<AddParams> add_params() {
  return show::Section<AddParams>("add", "")
      .field("a", &AddParams::a, {.min = 0, .max = 100, .unit = "px", .help = "One.", .required = true})
      .field("b", &AddParams::b, {.help = "The other."});
}
show::Section<FailParams> fail_params() {
  return show::Section<FailParams>("fail", "")
      .field("code", &FailParams::code, {.words = {"not_found", "busy"}, .help = "How.", .required = true});
}
show::Section<NoParams> no_params() {
  return show::Section<NoParams>("none", "");
}

}  // namespace

FakeStudio::FakeStudio() {
  registry_.add<EchoParams>({.name = "test.echo", .help = "Gives back.", .role = Role::view, .reads = true},
                            echo_params(), [](const EchoParams& p, const Caller&, Reply reply) {
                              reply({p.value, std::nullopt});
                            });
  registry_.add<AddParams>({.name = "test.add", .help = "Adds."}, add_params(),
                           [](const AddParams& p, const Caller&, Reply reply) {
                             reply({p.a + p.b, std::nullopt});
                           });
  registry_.add<FailParams>({.name = "test.fail", .help = "Fails."}, fail_params(),
                            [](const FailParams& p, const Caller&, Reply reply) {
                              const CallErrc code = p.code == "busy" ? CallErrc::busy : CallErrc::not_found;
                              reply(CallResult::failure(code, "as asked", {{"/a", "b"}}));
                            });
  registry_.add<NoParams>({.name = "test.held", .help = "Waits.", .changes_show = true}, no_params(),
                          [this](const NoParams&, const Caller&, Reply reply) {
                            std::lock_guard lock(mutex_);
                            held_.push_back(std::move(reply));
                            changed_.notify_all();
                          });
  registry_.add<NoParams>({.name = "test.admin", .help = "Needs admin.", .role = Role::admin}, no_params(),
                          [](const NoParams&, const Caller&, Reply reply) {
                            reply({"done", std::nullopt});
                          });
  thread_ = NamedThread("fake", [this](std::stop_token stop) {
    while (Result<Task> task = tasks_.pop(stop)) task->run(task->caller, std::move(task->reply));
  });
}

FakeStudio::~FakeStudio() {
  thread_.stop();
}

void FakeStudio::call(std::string command, Json params, Caller caller, Reply reply) {
  CommandRegistry::Binding binding = registry_.bind(command, params, caller);
  {
    std::lock_guard lock(mutex_);
    callers_.push_back(caller);
  }
  if (binding.error) return reply({nullptr, std::move(binding.error)});
  if (binding.bound.reads) return binding.bound.run(caller, std::move(reply));
  tasks_.push({std::move(binding.bound.run), std::move(caller), std::move(reply)});
}

Snapshot FakeStudio::snapshot() const {
  Snapshot snapshot;
  snapshot.phase = Phase::on_air;
  snapshot.show_name = "Fake";
  return snapshot;
}

int FakeStudio::release() {
  std::vector<Reply> held;
  {
    std::lock_guard lock(mutex_);
    held.swap(held_);
  }
  for (const Reply& reply : held) reply({"released", std::nullopt});
  return static_cast<int>(held.size());
}

bool FakeStudio::wait_held(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return held_.size() >= count; });
}

std::vector<Caller> FakeStudio::callers() const {
  std::lock_guard lock(mutex_);
  return callers_;
}

}  // namespace mainstay::remote
