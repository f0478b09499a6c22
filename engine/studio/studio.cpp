#include "engine/studio/studio.h"

#include <future>

#include "engine/studio/command_registry.h"
#include "engine/studio/commands.h"
#include "engine/studio/state_json.h"
#include "engine/studio/studio_core.h"

namespace mainstay {

class Studio::Impl {
 public:
  Impl(Clock& clock, Log& log, show::Secrets& secrets, Options options)
      : core_(clock, log, secrets, {.on_disk = options.keep_history && !clock.offline()}) {
    add_show_commands(registry_, core_);
    add_audience_commands(registry_, core_);
    add_history_commands(registry_, core_);
    add_macro_commands(registry_, core_);
    add_mixer_commands(registry_, core_);
    add_picture_commands(registry_, core_);
    add_program_commands(registry_, core_);
    add_mix_commands(registry_, core_);
    add_preview_commands(registry_, core_);
    add_scene_commands(registry_, core_);
    add_filter_commands(registry_, core_);
    add_source_commands(registry_, core_);
    add_state_commands(registry_, core_);
  }

  CommandRegistry registry_;
  StudioCore core_;
};

namespace {

std::optional<CallError> not_now(const CommandInfo& info, const StudioCore& core) {
  const bool on_air = core.is_on_air();
  if (info.when == When::on_air && !on_air) {
    return CallError{CallErrc::wrong_state, fmt::format("{}: nothing is on air: program.start first", info.name), {}};
  }
  if (info.when == When::off_air && on_air) {
    return CallError{CallErrc::wrong_state, fmt::format("{}: not while on air: program.stop first", info.name), {}};
  }
  return std::nullopt;
}

}  // namespace

Studio::Studio(Clock& clock, Log& log, show::Secrets& secrets, Options options)
    : impl_(std::make_unique<Impl>(clock, log, secrets, options)) {}
Studio::~Studio() = default;

const CommandRegistry& Studio::registry() const {
  return impl_->registry_;
}

void Studio::call(std::string command, Json params, Caller caller, Reply reply) {
  if (!reply) reply = [](const CallResult&) {};
  auto binding = impl_->registry_.bind(command, params, caller);
  if (binding.error) return reply({nullptr, std::move(binding.error)});
  if (binding.bound.reads) return binding.bound.run(caller, std::move(reply));
  const bool posted = impl_->core_.post([this, bound = std::move(binding.bound), caller = std::move(caller), reply] {
    if (auto error = not_now(*bound.info, impl_->core_)) return reply({nullptr, std::move(error)});
    bound.run(caller, reply);
  });
  if (!posted) {
    reply(CallResult::failure(CallErrc::busy,
                              fmt::format("{}: too many commands are waiting: try again", std::move(command))));
  }
}

Snapshot Studio::snapshot() const {
  return impl_->core_.snapshot();
}
Json Studio::state() const {
  return to_json(impl_->core_.snapshot());
}
FramePtr Studio::multiview_picture(const std::string& source) const {
  return impl_->core_.multiview_picture(source);
}

FramePtr Studio::source_picture(const std::string& source) const {
  return impl_->core_.source_picture(source);
}

FramePtr Studio::preview_picture() const {
  return impl_->core_.preview_picture();
}

std::shared_ptr<package::Shelf> Studio::shelf() const {
  return impl_->core_.shelf();
}

FramePtr Studio::program_picture() const {
  return impl_->core_.picture();
}
std::vector<Event> Studio::events(std::int64_t after, std::size_t limit) const {
  return impl_->core_.events().after(after, limit);
}
std::shared_ptr<void> Studio::on_event(std::function<void()> listener) {
  return impl_->core_.events().listen(std::move(listener));
}
OpenShowPtr Studio::open_show() const {
  return impl_->core_.open_show();
}
void Studio::drain(Nanos limit) {
  const auto passed = std::make_shared<std::promise<void>>();  // outlives set_value
  if (impl_->core_.post([passed] { passed->set_value(); })) passed->get_future().wait_for(limit);
}
void Studio::use_macros(MacroHost* host) {
  impl_->core_.use_macros(host);
}
void Studio::use_audience(AudienceHost* host) {
  impl_->core_.use_audience(host);
}
void Studio::note(LogLevel level, std::string type, std::string subject, std::string message, Json data) {
  impl_->core_.events().note(level, std::move(type), std::move(subject), std::move(message), std::move(data));
}

}  // namespace mainstay
