// Countdowns: the time left to a moment in UTC, or of a length on the monotonic clock, which no change of UTC moves.
#include <algorithm>
#include <array>
#include <atomic>
#include <string_view>
#include <utility>

#include "engine/show/moment.h"
#include "engine/sources/timed_text.h"

namespace mainstay {

struct CountdownState {
  static constexpr std::int64_t kNotYet = INT64_MIN;
  std::atomic<std::int64_t> begun_ns{kNotYet};  ///< on the monotonic clock
};

namespace {

struct Unit {
  char mark;   ///< two digits
  char plain;  ///< as many as it takes
  Nanos length;
};

constexpr std::array<Unit, 4> kUnits{{{'D', 'D', std::chrono::hours(24)},
                                      {'H', 'h', std::chrono::hours(1)},
                                      {'M', 'm', std::chrono::minutes(1)},
                                      {'S', 's', Seconds(1)}}};

bool has_unit(std::string_view format, const Unit& unit) {
  for (std::size_t at = 0; at + 1 < format.size(); ++at) {
    if (format[at] != '%') continue;
    ++at;
    if (format[at] == unit.mark || format[at] == unit.plain) return true;
  }
  return false;
}

/// The time left of what was to last until `end` on the timeline `now`.
class CountdownText final : public TimedText {
 public:
  CountdownText(std::function<Nanos()> now, Nanos end, const show::CountdownSource& config)
      : now_(std::move(now)), end_(end), config_(config) {}

  Nanos now() const override { return now_(); }
  Result<TimedLine> at(Nanos time) const override {
    Nanos unit{0};
    const Nanos left = std::max(Nanos{0}, end_ - time);
    std::string text = countdown_text(left, config_.format, &unit);
    // "10" stands from 10 s before the end (of its unit) until 9 s before it.
    const std::int64_t units = (left + unit - Nanos{1}) / unit;
    if (units == 0)
      return TimedLine{config_.end_text.empty() ? text : config_.end_text, std::max(time, end_), Nanos::max()};
    return TimedLine{std::move(text), time, end_ - (units - 1) * unit};
  }

 private:
  const std::function<Nanos()> now_;
  const Nanos end_;
  const show::CountdownSource config_;
};

std::shared_ptr<const TimedText> countdown(const show::CountdownSource& config, Clock& clock,
                                           const std::shared_ptr<CountdownState>& state) {
  if (config.length) {
    const auto elapsed = [&clock, state] {
      const std::int64_t begun = state->begun_ns;
      return begun == CountdownState::kNotYet ? Nanos{0} : clock.now().time_since_epoch() - Nanos(begun);
    };
    return std::make_shared<CountdownText>(elapsed, *config.length, config);
  }
  const UtcInstant now = clock.utc_now();
  const auto moment = show::parse_moment(config.to);
  const UtcInstant end = moment ? moment->from(now) : now;  // check() has refused what is none
  return std::make_shared<CountdownText>([&clock] { return clock.utc_now().time_since_epoch(); },
                                         end.time_since_epoch(), config);
}

}  // namespace

std::string countdown_text(Nanos left, const std::string& format, Nanos* unit) {
  Nanos smallest = std::chrono::hours(24);
  bool any = false;
  for (const Unit& each : kUnits) {
    if (!has_unit(format, each)) continue;
    smallest = each.length;
    any = true;
  }
  if (!any) smallest = Seconds(1);
  if (unit) *unit = smallest;
  Nanos rest = (left + smallest - Nanos{1}) / smallest * smallest;
  std::array<std::int64_t, kUnits.size()> counts{};
  for (std::size_t i = 0; i < kUnits.size(); ++i) {
    if (!has_unit(format, kUnits[i])) continue;
    counts[i] = rest / kUnits[i].length;
    rest %= kUnits[i].length;
  }
  std::string out;
  for (std::size_t at = 0; at < format.size(); ++at) {
    if (format[at] != '%' || at + 1 == format.size()) {
      out += format[at];
      continue;
    }
    const char mark = format[++at];
    if (mark == '%') out += '%';
    for (std::size_t i = 0; i < kUnits.size(); ++i) {
      const bool plain = mark == kUnits[i].plain;
      if (plain || mark == kUnits[i].mark)
        out += plain ? fmt::format("{}", counts[i]) : fmt::format("{:02}", counts[i]);
    }
  }
  return out;
}

CountdownSource::CountdownSource(const show::CountdownSource& config, SourceContext context)
    : CountdownSource(config, context, std::make_shared<CountdownState>()) {}

CountdownSource::CountdownSource(const show::CountdownSource& config, SourceContext context,
                                 std::shared_ptr<CountdownState> state)
    : TimedTextSource(context, config.style, countdown(config, context.clock, state)),
      clock_(context.clock),
      of_length_(config.length.has_value()),
      state_(std::move(state)) {
  if (of_length_ && config.start == show::CountdownStart::automatic)
    state_->begun_ns = clock_.now().time_since_epoch().count();
}

Status CountdownSource::act(SourceAction action) {
  if (action != SourceAction::restart) return Source::act(action);
  if (!of_length_) return make_error(Errc::unsupported, "a countdown to a moment cannot be started again");
  state_->begun_ns = clock_.now().time_since_epoch().count();
  look_again();
  return {};
}

void CountdownSource::take_over(const Source& before) {
  const auto* other = dynamic_cast<const CountdownSource*>(&before);
  if (other != nullptr && other->of_length_ && of_length_) state_->begun_ns = other->state_->begun_ns.load();
}

}  // namespace mainstay
