#include "engine/show/check.h"

#include <map>
#include <set>

#include "engine/show/check_parts.h"
#include "engine/show/key_text.h"
#include "engine/show/layers.h"
#include "engine/show/references.h"
#include "engine/show/renditions.h"
#include "engine/show/show_schema.h"
#include "engine/show/suggest.h"

namespace mainstay::show {

namespace {

constexpr std::size_t kMostErrors = 500;

template <class T>
std::vector<std::string> names_of(const std::map<std::string, T>& things) {
  std::vector<std::string> names;
  for (const auto& [name, thing] : things) names.push_back(name);
  return names;
}

template <class T>
std::vector<std::string> names_of(const std::vector<T>& renditions) {
  std::vector<std::string> names;
  for (const T& rendition : renditions) names.push_back(rendition.name);
  return names;
}

void must_be_known(const std::string& name, const char* what, const std::vector<std::string>& known,
                   const std::string& pointer, Findings& findings) {
  if (std::find(known.begin(), known.end(), name) != known.end()) return;
  findings.add(pointer, "there is no {} {}{}", what, in_quotes(name), hint(name, known));
}

void check_rendition_choice(const Encode& encode, const std::string& video, const std::string& audio,
                            const std::string& pointer, Findings& findings) {
  if (!video.empty()) {
    must_be_known(video, "video rendition", names_of(encode.video), pointer + "/video", findings);
  } else if (encode.video.empty()) {
    findings.add(pointer,
                 "there is no video rendition to send: declare one in /encode/video (sound alone cannot be "
                 "delivered)");
  }
  if (!audio.empty()) must_be_known(audio, "audio rendition", names_of(encode.audio), pointer + "/audio", findings);
}

void check_rendition_names(const Encode& encode, Findings& findings) {
  std::set<std::string> seen;
  const auto see = [&](const std::string& name, const std::string& pointer) {
    if (name.empty()) {
      findings.add(pointer, "a rendition needs a name");
    } else if (name.size() > 32) {
      findings.add(pointer, "a rendition's name has at most 32 bytes, this one has {}", name.size());
    } else if (!seen.insert(name).second) {
      findings.add(pointer, "another rendition is named {} too: give each a name of its own", in_quotes(name));
    }
  };
  for (std::size_t i = 0; i < encode.video.size(); ++i)
    see(encode.video[i].name, fmt::format("/encode/video/{}/name", i));
  for (std::size_t i = 0; i < encode.audio.size(); ++i)
    see(encode.audio[i].name, fmt::format("/encode/audio/{}/name", i));
}

std::vector<std::string> transition_names(const Show& show) {
  std::vector<std::string> names = names_of(show.transitions);
  for (const std::string& name : built_in_transitions()) {
    if (!show.transitions.contains(name)) names.push_back(name);
  }
  return names;
}

void check_scene(const Show& show, const Scene& scene, const std::string& pointer, Findings& findings) {
  const std::vector<std::string> sources = names_of(show.sources);
  std::map<std::string, std::size_t> names;
  for (std::size_t i = 0; i < scene.layers.size(); ++i) {
    const std::string layer = fmt::format("{}/layers/{}", pointer, i);
    must_be_known(scene.layers[i].source, "source", sources, layer + "/source", findings);
    check_filters(scene.layers[i].filters, layer + "/filters", findings);
    const std::string& name = scene.layers[i].name;
    if (name.empty()) continue;
    const auto [first, fresh] = names.emplace(name, i);
    if (fresh) continue;
    findings.add(layer + "/name", "the scene's layer {} is named {} too: give each a name of its own", first->second,
                 in_quotes(name));
  }
  if (!scene.transition.empty())
    must_be_known(scene.transition, "transition", transition_names(show), pointer + "/transition", findings);
}

}  // namespace

void Findings::add_text(std::string pointer, std::string message) {
  if (errors_.size() < kMostErrors) {
    errors_.push_back({std::move(pointer), std::move(message)});
  } else if (errors_.size() == kMostErrors) {
    errors_.push_back({"", "there are more errors than can be listed"});
  }
}

void check_names(const Show& show, Findings& findings) {
  const std::vector<std::string> sources = names_of(show.sources);
  if (sources.empty()) findings.add("/sources", "a show needs at least one source");
  if (!show.program.slate.empty()) must_be_known(show.program.slate, "source", sources, "/program/slate", findings);
  for (const auto& [name, scene] : show.scenes) check_scene(show, scene, pointer_to("/scenes", name), findings);
  if (!show.on_air.empty()) must_be_known(show.on_air, "scene", names_of(show.scenes), "/on_air", findings);
  if (!show.preview.empty()) must_be_known(show.preview, "scene", names_of(show.scenes), "/preview", findings);
  must_be_known(show.transition, "transition", transition_names(show), "/transition", findings);
  check_rendition_names(show.encode, findings);
  for (const auto& [name, destination] : show.destinations) {
    const std::string pointer = pointer_to("/destinations", name);
    check_rendition_choice(show.encode, destination.video, destination.audio, pointer, findings);
    if (destination.mode == LegMode::standby && !destination.backup)
      findings.add(pointer + "/mode", "\"standby\" needs a backup leg: add \"backup\", or use \"parallel\"");
  }
  if (show.record) check_rendition_choice(show.encode, show.record->video, show.record->audio, "/record", findings);
  check_hls(show, findings);
  for (const auto& [name, macro] : show.macros) {
    if (macro.code.empty() == macro.script.empty())
      findings.add(pointer_to("/macros", name), "a macro has either \"code\" or a \"script\" file");
  }
}

Show check_references(const Show& show, const CheckContext& context, Findings& findings) {
  Show resolved = show;
  section_of<Show>().visit(resolved, "", [&](const std::string& pointer, const FieldInfo& field, std::string& text) {
    if (!has_reference(text)) return;
    if (!field.references) {
      findings.add(pointer, "references (${{…}}) are not resolved in this key: write the value itself");
      return;
    }
    const Result<std::string> form =
        replace_references(text, [](ReferenceKind, const std::string&) { return Result<std::string>(std::string()); });
    if (!form) return findings.add_text(pointer, form.error().describe());
    if (context.secrets == nullptr) return;
    Result<std::string> value = context.secrets->resolve(text);
    if (!value) return findings.add_text(pointer, value.error().describe());
    text = *std::move(value);
  });
  return resolved;
}

void check_macro_keys(const Show& show, Findings& findings) {
  std::map<std::string, std::string> taken;
  for (const auto& [name, macro] : show.macros) {
    const auto key = canonical_key(macro.key);
    if (!macro.enabled || !key) continue;
    const auto [first, fresh] = taken.emplace(*key, name);
    if (fresh) continue;
    findings.add(pointer_to("/macros", name) + "/key", "{} starts the macro {} already", *key,
                 in_quotes(first->second));
  }
}

std::vector<ShowError> check(const Show& show, const CheckContext& context) {
  if (context.secrets != nullptr) context.secrets->hide_literals(show);
  Findings findings;
  check_names(show, findings);
  check_nesting(show, findings);
  check_macro_keys(show, findings);
  check_mixer(show, findings);
  check_watchers(show, findings);
  check_sources(show, findings);
  check_encode(show, findings);
  check_caps(show, findings);
  check_steps(show, findings);
  const Show resolved = check_references(show, context, findings);
  check_addresses(resolved, findings);
  check_remote(resolved, findings);
  check_hls_access(resolved, context, findings);
  check_files(resolved, context, findings);
  std::vector<ShowError> errors = std::move(findings).take();
  // Some messages show what was resolved (a path, a protocol); what of it is secret is known by now.
  if (context.secrets != nullptr) {
    for (ShowError& error : errors) error.message = context.secrets->redactor().redact(error.message);
  }
  return errors;
}

}  // namespace mainstay::show
