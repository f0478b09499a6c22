// Who watches the stream that is served from here.
#include "engine/studio/commands.h"

namespace mainstay {

void add_audience_commands(CommandRegistry& registry, StudioCore& core) {
  registry.add(
      {.name = "hls.viewers",
       .help = "Who watches the stream that is served from here, as their players report it.",
       .role = Role::view,
       .reads = true,
       .result = returns(show::FieldKind::object, "{viewers, all, regions, devices}, as /metrics/players.json.")},
      show::Section<NoParams>("hls.viewers", ""), [&core](const NoParams&, const Caller&, const Reply& reply) {
        Json viewers = core.viewers();
        if (viewers.is_null())
          return reply(CallResult::failure(CallErrc::wrong_state, "this program serves no viewers"));
        reply({std::move(viewers), std::nullopt});
      });
}

}  // namespace mainstay
