// The show document as clients of obs-websocket see it: scenes, their items, inputs, outputs, each with a UUID.
// A value, made from what show.get answers (secrets are masked in it).
// Thread-safety: as any value.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/remote/obs/protocol.h"
#include "engine/studio/snapshot.h"

namespace mainstay::obs {

/// The same for the same show, kind and name, today and tomorrow (RFC 9562, version 5).
std::string uuid_of(std::string_view show, std::string_view kind, std::string_view name);

struct ItemView {
  int id = 0;     ///< stays with the layer when it moves: made from its own name, else from its source's and which of
                  ///< its uses this is
  int index = 0;  ///< 0: the bottom
  std::string source;
  std::string scene;  ///< that lies there, as obs knows it: the source of kind scene is not told of; else empty
  std::string name;   ///< of the layer, as commands know it (show::layer_names)
  bool enabled = true;
  bool locked = false;
  Json layer;  ///< as in the document
};

struct OutputView {
  std::string name;         ///< "platform/main", "record"
  std::string kind;         ///< "rtmp_output", "srt_output", "file_output"
  std::string destination;  ///< empty: the recording
  std::string role;         ///< "main", "backup"
  std::string url;          ///< without secrets
};

struct TransitionView {
  std::string name;
  std::string kind;                ///< "fade_transition"
  Json settings;                   ///< without type and duration
  std::optional<int> duration_ms;  ///< none: a cut
};

class ShowView {
 public:
  ShowView() = default;
  explicit ShowView(Json document);

  const std::string& name() const { return name_; }
  const Json& document() const { return document_; }
  /// In the order of the document.
  const std::vector<std::string>& scenes() const { return scenes_; }
  /// Without those by which scenes lie in scenes.
  const std::vector<std::string>& inputs() const { return inputs_; }
  bool has_scene(std::string_view scene) const;
  bool has_input(std::string_view input) const;
  /// The scene on air in the document; empty: none is named.
  const std::string& on_air() const { return on_air_; }

  std::string scene_uuid(std::string_view scene) const { return uuid_of(name_, "scene", scene); }
  std::string input_uuid(std::string_view input) const { return uuid_of(name_, "input", input); }
  /// Empty when none has the UUID.
  std::string scene_by_uuid(std::string_view uuid) const;
  std::string input_by_uuid(std::string_view uuid) const;

  std::string input_kind(std::string_view input) const;
  /// Without its type.
  Json input_settings(std::string_view input) const;
  /// What is seen while `scene` is on air; where that is none, the first scene, or without scenes the first input
  /// alone, as the program shows it.
  std::vector<std::string> inputs_seen(std::string_view scene) const;
  /// Scenes that are seen while `scene` is on air, in it or in others of them, with itself.
  std::set<std::string> scenes_seen(std::string_view scene) const;
  /// Bottom first.
  std::vector<ItemView> items(std::string_view scene) const;
  std::vector<OutputView> outputs() const;
  /// The scene in preview; empty: none, or no studio mode.
  std::string preview() const;
  bool studio_mode() const;
  std::string transition() const;
  /// The show's own first, then those that are always there.
  std::vector<TransitionView> transitions() const;
  /// The show's; a cut when there is none of its name.
  TransitionView current_transition() const;
  std::string transition_uuid(std::string_view name) const { return uuid_of(name_, "transition", name); }

  // Shapes of the protocol.
  /// [{sceneIndex, sceneName, sceneUuid}]: as clients expect it, what is shown at the top of a list comes last.
  Json scene_list() const;
  Json input_entry(std::string_view input) const;
  Json item_entry(const ItemView& item) const;
  /// {sourceName, sourceUuid}: of the input, or of the scene that lies there.
  Json item_source(const ItemView& item) const;
  Json transform(const ItemView& item) const;
  Json transition_entry(const TransitionView& transition) const;

 private:
  Json document_ = Json::object();
  std::string name_;
  std::string on_air_;
  std::vector<std::string> scenes_;
  std::vector<std::string> inputs_;
  std::map<std::string, std::string, std::less<>> nested_;  // sources of kind scene: the scenes
};

/// The scene on air: what runs, or what the show will begin with. Empty: none is named.
std::string program_scene(const Snapshot& snapshot, const ShowView& view);

}  // namespace mainstay::obs
