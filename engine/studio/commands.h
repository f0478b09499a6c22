// Internal to engine/studio: the declarations of the commands, by subject.
// Functions that fill the registry while the studio is made; the core outlives it.
// Thread-safety: as the registry.
#pragma once

#include "engine/studio/command_registry.h"
#include "engine/studio/studio_core.h"

namespace mainstay {

void add_show_commands(CommandRegistry& registry, StudioCore& core);
/// Who watches the stream that is served from here, and who may.
void add_audience_commands(CommandRegistry& registry, StudioCore& core);
/// Filters of layers.
void add_filter_commands(CommandRegistry& registry, StudioCore& core);
void add_history_commands(CommandRegistry& registry, StudioCore& core);
void add_macro_commands(CommandRegistry& registry, StudioCore& core);
void add_mixer_commands(CommandRegistry& registry, StudioCore& core);
/// Pictures of what runs, as image files.
void add_picture_commands(CommandRegistry& registry, StudioCore& core);
void add_program_commands(CommandRegistry& registry, StudioCore& core);
/// Cut, transitions, fade to black.
void add_mix_commands(CommandRegistry& registry, StudioCore& core);
/// Preview and the transition that is chosen.
void add_preview_commands(CommandRegistry& registry, StudioCore& core);
void add_scene_commands(CommandRegistry& registry, StudioCore& core);
void add_source_commands(CommandRegistry& registry, StudioCore& core);
/// Answered at once from what is shared. They list the registry itself, so they keep a reference to it.
void add_state_commands(CommandRegistry& registry, StudioCore& core);

/// What a command gives back, for its declaration.
show::FieldInfo returns(show::FieldKind kind, std::string help, show::FieldShape shape = show::FieldShape::single);

}  // namespace mainstay
