#include "engine/studio/source_rack.h"

#include <algorithm>

#include "engine/sources/factory.h"

namespace mainstay {

namespace {

constexpr Nanos kReadyLimit = Seconds(3);

bool is_ingest(const show::Source& source) {
  return std::holds_alternative<show::IngestSource>(source);
}

// Two of it cannot run at the same time: what it holds (a port, a device) has to be free first.
bool is_exclusive(const show::Source& source) {
  if (const auto* stream = std::get_if<show::StreamSource>(&source)) return stream->url.starts_with("udp:");
  return is_ingest(source) || std::holds_alternative<show::CameraSource>(source) ||
         std::holds_alternative<show::AudioSource>(source);
}

// A strip that does not follow the picture, or goes to an aux bus whatever is on air.
bool heard_off_scene(const show::Mixer& mixer, const std::string& source) {
  const auto found = mixer.strips.find(source);
  if (found == mixer.strips.end()) return false;
  const show::Strip& strip = found->second;
  if (!strip.follow_video || strip.solo) return true;
  for (int aux = 0; aux < 4; ++aux) {
    if (strip.sends.of(aux) && strip.sends.of(aux)->pre_fader) return true;
  }
  return false;
}

// What of the program's is not pulled while nobody sees it.
bool rests(const show::Show& show, const std::string& name) {
  const auto found = show.sources.find(name);
  if (found == show.sources.end()) return false;
  const bool set = std::visit(
      [](const auto& source) {
        if constexpr (requires { source.when_hidden; }) return source.when_hidden != show::WhenHidden::run;
        return false;
      },
      found->second);
  return set && !heard_off_scene(show.mixer, name);
}

show::Scene scene_of(const show::Show& show, const std::string& name) {
  const auto found = show.scenes.find(name);
  return found == show.scenes.end() ? show::Scene{} : found->second;
}

std::shared_ptr<ProgramComposed> compose(const show::Show& show, const show::MultiviewSource& multiview) {
  auto composed = std::make_shared<ProgramComposed>();
  composed->multiview = multiview;
  composed->multiview->cells = show::multiview_cells(show, multiview);
  for (const show::MultiviewCell& cell : composed->multiview->cells) {
    if (cell.shows == show::CellShows::scene) composed->scenes[cell.name] = scene_of(show, cell.name);
  }
  return composed;
}

// A source that the program makes of others; null for any other.
std::shared_ptr<ProgramComposed> composed_of(const show::Show& show, const std::string& name) {
  const auto found = show.sources.find(name);
  if (found == show.sources.end()) return nullptr;
  if (const auto* nested = std::get_if<show::SceneSource>(&found->second)) {
    auto composed = std::make_shared<ProgramComposed>();
    composed->scene_name = nested->scene;
    composed->scene = scene_of(show, nested->scene);
    return composed;
  }
  const auto* multiview = std::get_if<show::MultiviewSource>(&found->second);
  return multiview == nullptr ? nullptr : compose(show, *multiview);
}

bool cell_shows(const show::Show& show, const std::string& name) {
  return std::any_of(show.sources.begin(), show.sources.end(), [&](const auto& source) {
    const auto* multiview = std::get_if<show::MultiviewSource>(&source.second);
    return multiview != nullptr && std::any_of(multiview->cells.begin(), multiview->cells.end(), [&](const auto& cell) {
             return cell.shows == show::CellShows::source && cell.name == name;
           });
  });
}

}  // namespace

std::string scene_name_on_air(const show::Show& show) {
  if (show.scenes.empty() || show.scenes.contains(show.on_air)) return show.scenes.empty() ? "" : show.on_air;
  return show.scenes.begin()->first;
}

show::Scene scene_on_air(const show::Show& show) {
  if (!show.scenes.empty()) return show.scenes.at(scene_name_on_air(show));
  show::Scene scene;
  if (!show.sources.empty()) scene.layers.push_back({.source = show.sources.begin()->first});
  return scene;
}

bool SourceRack::wanted(const show::Show& show, const std::string& name, const show::Source& source) const {
  if (is_ingest(source) || name == show.program.slate || show::shows(scene_on_air(show), name)) return true;
  if (heard_off_scene(show.mixer, name) || cell_shows(show, name)) return true;
  if (std::holds_alternative<show::MultiviewSource>(source)) return true;  // it may be looked at by itself
  return std::any_of(show.scenes.begin(), show.scenes.end(),
                     [&](const auto& scene) { return show::shows(scene.second, name); });
}

Result<SourceRack::Prepared> SourceRack::prepare(const show::Show& show) const {
  Prepared prepared;
  prepared.show = show;
  const bool remake = show_.program.hold != show.program.hold;
  for (const auto& [name, source] : show.sources) {
    if (!wanted(show, name, source)) continue;
    const auto known = running_.find(name);
    if (known != running_.end() && known->second.config == source && !remake) continue;
    auto resolved = services_.secrets.resolve(source);
    if (!resolved) return wrap(std::move(resolved).error(), fmt::format("source {}", name));
    prepared.resolved.emplace(name, std::move(*resolved));
  }
  return prepared;
}

void SourceRack::commit(Prepared prepared) {
  show_ = std::move(prepared.show);
  std::lock_guard lock(mutex_);
  for (auto it = running_.begin(); it != running_.end();) {
    const auto config = show_.sources.find(it->first);
    if (config != show_.sources.end() && wanted(show_, it->first, config->second)) {
      ++it;
      continue;
    }
    services_.reaper.take(std::move(it->second.source));
    services_.reaper.take(std::move(it->second.next));
    it = running_.erase(it);
  }
  for (auto& [name, resolved] : prepared.resolved) {
    replace(name, running_[name], show_.sources.at(name), std::move(resolved));
  }
}

void SourceRack::replace(const std::string& name, Running& running, const show::Source& config, show::Source resolved) {
  const bool exclusive = running.source && (is_exclusive(running.resolved) || is_exclusive(resolved));
  running.config = config;
  running.resolved = std::move(resolved);
  services_.reaper.take(std::move(running.next));
  running.next = nullptr;
  if (exclusive) {
    running.leaving = running.source;
    services_.reaper.take(std::move(running.source));
    running.source = nullptr;
  } else if (running.source) {
    running.next = make(name, running.resolved, running.source.get());
    if (services_.clock.offline()) {  // there the program waits for it: what is shown depends on no thread's pace
      services_.reaper.take(std::exchange(running.source, std::move(running.next)));
      running.next = nullptr;
      return;
    }
    running.next_by = services_.clock.now() + kReadyLimit;
  } else if (running.leaving.expired()) {
    running.source = make(name, running.resolved);
  }
}

std::shared_ptr<Source> SourceRack::make(const std::string& name, const show::Source& resolved,
                                         const Source* before) const {
  const show::Program& format = show_.program;
  std::shared_ptr<Source> source = make_source(resolved, {.name = name,
                                                          .clock = services_.clock,
                                                          .log = services_.log,
                                                          .rate = format.rate,
                                                          .width = format.width,
                                                          .height = format.height,
                                                          .hold = format.hold,
                                                          .show_dir = services_.show_dir});
  if (before != nullptr) source->take_over(*before);
  source->start();
  return source;
}

bool SourceRack::look() {
  bool changed = multiview_wanted_ && !multiview_given_;
  std::lock_guard lock(mutex_);
  for (auto& [name, running] : running_) {
    if (running.next && (running.next->ready() || services_.clock.now() >= running.next_by)) {
      services_.reaper.take(std::exchange(running.source, std::move(running.next)));
      running.next = nullptr;
      changed = true;
    } else if (!running.source && running.leaving.expired()) {
      running.source = make(name, running.resolved);
      changed = true;
    }
  }
  return changed;
}

Program::PlanPtr SourceRack::plan(std::int64_t number, const ProgramTake& take, const ProgramBlack& black) {
  const auto scene = [&](const std::string& name) -> std::optional<show::Scene> {
    const auto found = show_.scenes.find(name);
    return found == show_.scenes.end() ? std::nullopt : std::optional(found->second);
  };
  std::set<std::string> labels;
  auto plan = std::make_shared<Program::Plan>();
  plan->scene = scene_on_air(show_);
  plan->mixer = show_.mixer;
  for (const show::AudioEncode& audio : show_.encode.audio) plan->buses[static_cast<int>(audio.bus)] = true;
  if (show_.monitor && show_.monitor->enabled) plan->buses[static_cast<int>(show_.monitor->bus)] = true;
  plan->scene_name = scene_name_on_air(show_);
  plan->leaving = scene(take.from);
  plan->preview_name = show_.studio_mode ? show_.preview : std::string();
  plan->preview = scene(plan->preview_name);
  plan->slate = show_.program.slate;
  plan->number = number;
  plan->take = take;
  plan->black = black;
  std::lock_guard lock(mutex_);
  for (const auto& [name, running] : running_) {
    if (!running.source) continue;
    plan->inputs.push_back({.name = name,
                            .source = running.source,
                            .own_size = show::has_own_size(running.resolved),
                            .rests = rests(show_, name),
                            .composed = label(composed_of(show_, name), labels)});
  }
  if (multiview_wanted_) plan->multiview = label(compose(show_, show::MultiviewSource{}), labels);
  if (labels_) labels_->want(labels);
  multiview_given_ = multiview_wanted_.load();
  return plan;
}

/// A multiview gets the painter of its labels, and what is to be painted is noted.
std::shared_ptr<const ProgramComposed> SourceRack::label(std::shared_ptr<ProgramComposed> composed,
                                                         std::set<std::string>& labels) {
  if (!composed || !composed->multiview || !composed->multiview->labels) return composed;
  for (const show::MultiviewCell& cell : composed->multiview->cells) labels.insert(show::label_of(cell));
  const int size = std::max(10, show_.program.height / 45);  // 24 px at 1080
  if (!labels_) labels_ = std::make_shared<LabelPainter>(services_.clock, size);
  composed->labels = labels_;
  return composed;
}

Result<std::shared_ptr<Source>> SourceRack::running(const std::string& name) const {
  std::shared_ptr<Source> source;
  {
    std::lock_guard lock(mutex_);
    const auto found = running_.find(name);
    if (found != running_.end()) source = found->second.next ? found->second.next : found->second.source;
  }
  if (!source) return make_error(Errc::invalid, "source {} does not run: no scene shows it", name);
  return source;
}

std::vector<SourceRack::Entry> SourceRack::entries() const {
  std::vector<Entry> out;
  std::lock_guard lock(mutex_);
  for (const auto& [name, running] : running_)
    out.push_back({name, running.config, running.source, running.next ? running.next : running.source});
  return out;
}

}  // namespace mainstay
