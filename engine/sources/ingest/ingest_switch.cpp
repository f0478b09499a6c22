#include "engine/sources/ingest/ingest_switch.h"

#include <algorithm>

namespace mainstay {

const char* to_string(IngestRole role) {
  return role == IngestRole::main ? "main" : "backup";
}

bool IngestSwitch::delivers(const InputView& input, Instant now) const {
  return input.present && input.connected && input.last_media != kNever && now - input.last_media < rules_.hold;
}

IngestRole IngestSwitch::change(IngestRole to, Instant now) {
  on_air_ = to;
  since_ = now;
  main_steady_since_ = kNever;
  ++switches_;
  return to;
}

IngestRole IngestSwitch::decide(Instant now, const InputView& main, const InputView& backup, bool aligned) {
  const bool on_main = on_air_ == IngestRole::main;
  const InputView& current = on_main ? main : backup;
  const InputView& other = on_main ? backup : main;
  const IngestRole other_role = on_main ? IngestRole::backup : IngestRole::main;

  if (!delivers(main, now))
    main_steady_since_ = kNever;
  else if (main_steady_since_ == kNever)
    main_steady_since_ = now;

  const bool other_ready = delivers(other, now) && other.has_due;
  if (other_ready && !current.has_due) {
    if (aligned) return change(other_role, now);
    // One that has never delivered gets `hold` from the moment it came on air.
    const bool heard = current.last_media != kNever;
    const Instant silent_since = heard ? std::max(current.last_media, since_) : since_;
    if (!delivers(current, now) && now - silent_since >= rules_.hold) return change(other_role, now);
  }
  if (!on_main && other_ready && main_steady_since_ != kNever && now - main_steady_since_ >= rules_.return_hold) {
    return change(IngestRole::main, now);
  }
  return on_air_;
}

}  // namespace mainstay
