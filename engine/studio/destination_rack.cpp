#include "engine/studio/destination_rack.h"

#include <algorithm>

#include "engine/deliver/transport_factory.h"
#include "engine/show/renditions.h"

namespace mainstay {

namespace {

bool same(const Selection& a, const Selection& b) {
  return a.video == b.video && a.audio == b.audio && a.all == b.all;
}

}  // namespace

Selection selection_of(const show::Encode& encode, const std::string& video, const std::string& audio) {
  const show::VideoEncode* v = show::find_video(encode, video);
  const show::AudioEncode* a = show::find_audio(encode, audio);
  return {.video = v ? v->name : "", .audio = a ? a->name : ""};
}

LegLadder ladder_of(const show::Encode& encode, const show::Destination& destination) {
  LegLadder ladder;
  const show::VideoEncode* top = show::find_video(encode, destination.video);
  const std::vector<const show::VideoEncode*> lower = show::lower_rungs(encode, destination);
  if (top == nullptr || lower.empty()) return ladder;
  const show::AudioEncode* sound = show::find_audio(encode, destination.audio);
  const int sound_kbps = sound != nullptr ? sound->kbps : 0;
  ladder.up_after = destination.step->up_after;
  ladder.rungs.push_back({top->name, top->kbps + sound_kbps});
  for (const show::VideoEncode* rung : lower) ladder.rungs.push_back({rung->name, rung->kbps + sound_kbps});
  return ladder;
}

Result<DestinationRack::Change> DestinationRack::change_for(const std::string& name, const show::Destination& config,
                                                            const show::Encode& encode, const Running* running) const {
  const Selection selection = selection_of(encode, config.video, config.audio);
  Change change;
  change.config = config;
  change.selection = selection;
  change.ladder = ladder_of(encode, config);
  show::Destination resolved = config;
  MAINSTAY_TRY(resolved.main, services_.secrets.resolve(config.main));
  if (config.backup) {
    MAINSTAY_TRY(resolved.backup, services_.secrets.resolve(*config.backup));
  }
  MAINSTAY_TRY(DestinationPlan plan, plan_destination(name, resolved, selection, services_.clock, services_.log));
  change.options = std::move(plan.options);
  change.options.leg.ladder = change.ladder;
  const bool fresh = running == nullptr || !same(running->selection, selection);
  if (fresh || !(running->config.main == config.main)) change.main = std::move(plan.main);
  if (fresh || !(running->config.backup == config.backup)) change.backup = std::move(plan.backup);
  return change;
}

Result<DestinationRack::Prepared> DestinationRack::prepare(const show::Show& show) const {
  Prepared prepared;
  if (services_.clock.offline()) {  // an offline run has no network
    for (const auto& [name, config] : show.destinations) prepared.offline.push_back(name);
    return prepared;
  }
  for (const auto& [name, config] : show.destinations) {
    const Selection selection = selection_of(show.encode, config.video, config.audio);
    const auto known = running_.find(name);
    const Running* const running = known == running_.end() ? nullptr : &known->second;
    const bool as_before = running != nullptr && running->config == config && same(running->selection, selection);
    if (as_before && running->ladder == ladder_of(show.encode, config)) {
      prepared.kept.push_back(name);
      continue;
    }
    MAINSTAY_TRY(Change change, change_for(name, config, show.encode, running));
    prepared.changes.emplace(name, std::move(change));
  }
  return prepared;
}

void DestinationRack::commit(Prepared prepared) {
  for (const std::string& name : prepared.offline) {
    if (!told_offline_.insert(name).second) continue;
    services_.events.add(LogLevel::info, "destination.offline", name, "not connected: an offline run has no network");
  }
  std::lock_guard lock(mutex_);
  for (auto it = running_.begin(); it != running_.end();) {
    const bool kept = std::find(prepared.kept.begin(), prepared.kept.end(), it->first) != prepared.kept.end();
    if (kept || prepared.changes.contains(it->first)) {
      ++it;
      continue;
    }
    it->second.destination->stop();
    services_.reaper.take(std::move(it->second.destination));
    it = running_.erase(it);
  }
  for (auto& [name, change] : prepared.changes) {
    Running& running = running_[name];
    if (!running.destination) {
      running.destination = std::make_shared<Destination>(
          std::move(change.options), services_.bus, std::move(*change.main), change.backup.value_or(TransportFactory{}),
          services_.clock, services_.log, listener_);
      if (change.config.enabled) running.destination->start();
    } else {
      for (auto& leg : running.destination->change(std::move(change.options), std::move(change.main),
                                                   std::move(change.backup), change.config.enabled)) {
        services_.reaper.take(std::move(leg), running.destination);
      }
    }
    running.config = std::move(change.config);
    running.selection = std::move(change.selection);
    running.ladder = std::move(change.ladder);
  }
}

void DestinationRack::look() {
  std::lock_guard lock(mutex_);
  for (const auto& [name, running] : running_) running.destination->look();
}

void DestinationRack::stop() {
  std::lock_guard lock(mutex_);
  for (const auto& [name, running] : running_) running.destination->stop();
}

bool DestinationRack::stopped() const {
  const std::vector<DestinationStatus> all = status();
  return std::all_of(all.begin(), all.end(), [](const DestinationStatus& destination) {
    return std::all_of(destination.legs.begin(), destination.legs.end(), [](const LegStatus& leg) {
      return leg.state == LegState::stopped || leg.state == LegState::idle;
    });
  });
}

Result<std::shared_ptr<Destination>> DestinationRack::find(const std::string& name) const {
  std::lock_guard lock(mutex_);
  const auto found = running_.find(name);
  if (found == running_.end()) return make_error(Errc::invalid, "no destination is called '{}'", name);
  return found->second.destination;
}

std::vector<DestinationStatus> DestinationRack::status() const {
  std::vector<std::shared_ptr<Destination>> all;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [name, running] : running_) all.push_back(running.destination);
  }
  std::vector<DestinationStatus> out;
  for (const auto& destination : all) out.push_back(destination->status());
  return out;
}

}  // namespace mainstay
