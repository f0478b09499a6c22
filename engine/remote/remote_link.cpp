#include "engine/remote/remote_link.h"

#include <fmt/ranges.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "engine/remote/json_rpc.h"
#include "engine/remote/openrpc.h"
#include "engine/studio/command_registry.h"
#include "engine/studio/event_json.h"
#include "engine/studio/registry_json.h"

namespace mainstay::remote {

namespace {

constexpr Millis kGoodBye{300};

}  // namespace

RemoteLink::RemoteLink(const CommandRegistry& registry, Clock& clock, Log& log, RemoteStudio::Options options)
    : registry_(registry),
      clock_(clock),
      log_(log),
      options_(std::move(options)),
      calls_(options_.calls, options_.call_bytes),
      delay_(options_.first_retry),
      thread_("remote", [this](std::stop_token stop) {
        stop_ = std::move(stop);
        const auto work = asio::make_work_guard(io_);
        asio::post(io_, [this] { dial(); });
        io_.run();
      }) {}

RemoteLink::~RemoteLink() {
  asio::post(io_, [this] { close(); });
  thread_.stop();
  fail_calls("the connection was closed here first", CallErrc::cancelled);
  for (auto& [reply, result] : std::exchange(after_this_state_, {})) reply(std::move(result));
  for (auto& [reply, result] : std::exchange(after_next_state_, {})) reply(std::move(result));
}

void RemoteLink::close() {
  closing_ = true;
  if (!link_) return io_.stop();
  link_->close();
  tick_.expires_after(kGoodBye);
  tick_.async_wait([this](error_code error) {
    if (!error) io_.stop();
  });
}

Status RemoteLink::wait_connected(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  clock_.wait(lock, changed_, stop, kNever, [this] { return line_ != Line::first; });
  if (line_ == Line::up) return {};
  if (line_ == Line::first) return Error{Errc::cancelled, "stopped", nullptr};
  return reason_;
}

std::string RemoteLink::gone() const {
  if (line_ == Line::first) return fmt::format("there is no connection to {} yet", place());
  return fmt::format("connection to {} is gone: {}", place(), reason_.describe());
}

// --- the connection ---

void RemoteLink::dial() {
  if (closing_) return;
  auto endpoints = endpoints_of(options_.target, clock_, clock_.now() + options_.connection.timeout, stop_);
  if (!endpoints) return on_end(endpoints.error());
  std::shared_ptr<asio::ssl::context> tls;
  if (options_.target.tls) {
    auto made = client_tls(options_.connection);
    if (!made) return on_end(made.error());
    tls = std::move(*made);
  }
  link_ = WsLink::open(io_, options_.target, options_.connection, std::move(*endpoints), std::move(tls),
                       {[this] { on_open(); }, [this](std::string_view text) { on_text(text); },
                        [this](const Error& why) { on_end(why); }});
}

void RemoteLink::on_open() {
  tick();
  ask("command.list", nullptr, [this](const Json& theirs) { compare_commands(theirs); });
  if (last_event_.is_null()) return subscribe();
  ask("event.list", {{"after", last_number_ - 1}, {"limit", 1}}, [this](const Json& list) {
    const bool same = list.is_array() && !list.empty() && list.front() == last_event_;
    if (!same) {  // another Mainstay than before: all its events are new
      number_offset_ += last_number_;
      last_number_ = 0;
    }
    subscribe();
  });
}

void RemoteLink::set_up() {
  bool again = false;
  {
    std::lock_guard lock(mutex_);
    again = line_ == Line::down;
    line_ = Line::up;
  }
  changed_.notify_all();
  delay_ = options_.first_retry;
  if (again) log_.info("remote", "connected to {} again", place());
}

void RemoteLink::on_end(const Error& why) {
  link_.reset();
  if (closing_) return io_.stop();
  tick_.cancel();
  subscribed_ = state_asked_ = state_again_ = false;
  Line before = Line::first;
  bool over = false;
  std::string told;
  {
    std::lock_guard lock(mutex_);
    before = line_;
    over = line_ == Line::first || why.code == Errc::invalid;
    line_ = over ? Line::over : Line::down;
    reason_ = why;
    told = gone();
  }
  changed_.notify_all();
  if (before == Line::up) log_.warning("remote", "{}{}", told, over ? "" : "; trying again");
  if (before == Line::down && over) log_.error("remote", "{}", told);
  mirror_.publish(mirror_.state(), {new_events_.begin(), new_events_.end()});
  new_events_.clear();
  auto answered = std::exchange(after_this_state_, {});
  for (Answered& one : std::exchange(after_next_state_, {})) answered.push_back(std::move(one));
  for (auto& [reply, result] : answered) reply(std::move(result));
  fail_calls(told + ": it is not known whether it ran", CallErrc::failed);
  if (!over) retry();
}

void RemoteLink::retry() {
  retry_.expires_after(delay_);
  delay_ = std::min(delay_ * 2, options_.last_retry);
  retry_.async_wait([this](error_code error) {
    if (!error) dial();
  });
}

void RemoteLink::tick() {
  tick_.expires_after(options_.state_period);
  tick_.async_wait([this](error_code error) {
    if (!error && !closing_) on_tick();
  });
}

void RemoteLink::on_tick() {
  bool silent = false;
  for (CallTable::Call& call : calls_.take_late(clock_.now())) {
    silent = silent || call.own;
    if (call.own) continue;
    call.reply(CallResult::failure(CallErrc::failed,
                                   fmt::format("{}: no answer from {} within {:.0f} s: it is not known whether it ran",
                                               call.command, place(), seconds(options_.call_timeout))));
  }
  if (!link_) return;
  if (silent) return link_->abort(make_error(Errc::io, "{} does not answer in time", place()));
  if (subscribed_) refresh();
  tick();
}

// --- what goes over it ---

void RemoteLink::call(std::string command, const Json& params, Reply reply) {
  std::string refusal;
  CallErrc code = CallErrc::failed;
  CallTable::Call call{std::move(command), std::move(reply), clock_.now() + options_.call_timeout, 0, false};
  const int id = calls_.next_id();
  std::string text = rpc_request(call.command, params, id);
  call.bytes = text.size();
  {
    std::lock_guard lock(mutex_);
    if (line_ != Line::up) {
      refusal = gone();
    } else if (text.size() > Limits{}.ws_message_bytes) {
      refusal = "the parameters are too large for one call";
    } else if (!calls_.add(id, call)) {
      refusal = "too many calls are on their way: try again";
      code = CallErrc::busy;
    } else {
      asio::post(io_, [this, id, text = std::move(text)]() mutable { send(id, std::move(text)); });
      return;
    }
  }
  call.reply(CallResult::failure(code, fmt::format("{}: {}", call.command, refusal)));
}

void RemoteLink::send(int id, std::string text) {
  if (link_ && calls_.contains(id)) link_->send(std::move(text));  // else it was answered: the connection went
}

void RemoteLink::ask(const char* method, const Json& params, std::function<void(Json)> then) {
  CallTable::Call call{method, {}, clock_.now() + options_.connection.timeout, 0, true};
  call.reply = [this, then = std::move(then)](CallResult result) {
    if (result.ok()) return then(std::move(result.value));
    if (link_) link_->abort(make_error(Errc::invalid, "{} refuses: {}", place(), result.error->message));
  };
  const int id = calls_.next_id();
  calls_.add(id, call);
  send(id, rpc_request(method, params, id));
}

void RemoteLink::subscribe() {
  // Answered after all earlier events have gone out: when the state comes, they have come.
  ask(kSubscribe, {{"after", last_number_}}, [this](const Json&) {
    subscribed_ = true;
    refresh();
  });
}

void RemoteLink::compare_commands(const Json& theirs) {
  std::map<std::string, Json> other;
  if (theirs.is_array()) {
    for (const Json& info : theirs) {
      if (info.is_object() && info.contains("name")) other[info["name"].dump()] = info;
    }
  }
  std::vector<std::string> differ;
  for (const CommandInfo* info : registry_.commands()) {
    const auto found = other.find(Json(info->name).dump());
    if (found == other.end() || found->second != to_json(*info)) differ.push_back(info->name);
    if (found != other.end()) other.erase(found);
  }
  for (const auto& [name, info] : other)
    differ.push_back(info["name"].is_string() ? info["name"].get<std::string>() : name);
  constexpr std::size_t kNamed = 5;
  const std::size_t more = differ.size() > kNamed ? differ.size() - kNamed : 0;
  differ.resize(differ.size() - more);
  std::string difference = fmt::format("{}", fmt::join(differ, ", "));
  if (more > 0) difference += fmt::format(" and {} more", more);
  if (std::exchange(difference_, difference) == difference || difference.empty()) return;
  log_.warning("remote", "{} is another version of Mainstay: commands that differ: {}", place(), difference);
}

void RemoteLink::refresh() {
  state_again_ = state_asked_;
  if (state_asked_) return;
  state_asked_ = true;
  after_this_state_ = std::exchange(after_next_state_, {});
  ask("state.get", nullptr, [this](Json state) { on_state(std::move(state)); });
}

void RemoteLink::on_state(Json state) {
  state_asked_ = false;
  mirror_.publish(std::move(state), {new_events_.begin(), new_events_.end()});
  new_events_.clear();
  set_up();
  for (auto& [reply, result] : std::exchange(after_this_state_, {})) reply(std::move(result));
  if (state_again_ || !after_next_state_.empty()) refresh();
}

void RemoteLink::on_text(std::string_view text) {
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return;
  if (const auto method = json.find("method"); method != json.end()) {
    if (*method == "event" && json.contains("params")) on_event(std::move(json["params"]));
    return;
  }
  const auto id = json.find("id");
  if (id == json.end() || !id->is_number_integer()) return;
  auto call = calls_.take(id->get<int>());
  if (!call) return;  // it was given up
  auto result = read_rpc_json(std::move(json));
  on_answer(std::move(*call),
            result ? std::move(*result) : CallResult::failure(CallErrc::failed, result.error().describe()));
}

void RemoteLink::on_answer(CallTable::Call call, CallResult result) {
  const CommandInfo* const info = registry_.find(call.command);
  if (call.own || !result.ok() || (info != nullptr && info->role == Role::view)) return call.reply(std::move(result));
  after_next_state_.emplace_back(std::move(call.reply), std::move(result));
  refresh();
}

void RemoteLink::on_event(Json json) {
  auto event = event_from_json(json);
  if (!event || event->number <= last_number_) return;
  last_number_ = event->number;
  last_event_ = std::move(json);
  event->number += number_offset_;
  new_events_.push_back(std::move(*event));
  if (new_events_.size() > Mirror::kKept) new_events_.pop_front();
  refresh();
}

void RemoteLink::fail_calls(const std::string& why, CallErrc code) {
  for (CallTable::Call& call : calls_.take_all()) {
    if (!call.own) call.reply(CallResult::failure(code, fmt::format("{}: {}", call.command, why)));
  }
}

}  // namespace mainstay::remote
