#include "engine/remote/obs/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/remote/obs/batch.h"
#include "engine/remote/obs/volume.h"

namespace mainstay::obs {

namespace {

constexpr Nanos kMeterPeriod = Millis(50);

// The field, or null when it is absent or null: some encoders write what is undefined as null.
const Json& field(const Json& data, const char* name) {
  static const Json kNothing;
  const auto found = data.find(name);
  return found == data.end() ? kNothing : *found;
}

bool is_whole(const Json& value) {
  return value.is_number_integer() ||
         (value.is_number_float() && std::floor(value.get<double>()) == value.get<double>());
}

}  // namespace

Session::Session(std::shared_ptr<SessionHost> host, std::shared_ptr<Link> link, SessionOptions options)
    : host_(std::move(host)), link_(std::move(link)), options_(std::move(options)) {}

Session::~Session() = default;

void Session::open() {
  Json hello{{"obsStudioVersion", std::string(kStudioVersion)},
             {"obsWebSocketVersion", std::string(kWebSocketVersion)},
             {"rpcVersion", kRpcVersion}};
  if (host_->authentication->required()) {
    auto challenge = Authentication::challenge();
    if (!challenge) {
      host_->log.error("obs", "{}", challenge.error().describe());
      return close(CloseCode::session_invalidated, "This server cannot check passwords now.");
    }
    challenge_ = std::move(*challenge);
    hello["authentication"] = {{"challenge", challenge_}, {"salt", host_->authentication->salt()}};
  }
  tokens_ = host_->limits.burst;
  tokens_at_ = host_->services.clock.now();
  send(message(Op::hello, std::move(hello)));
  link_->after(host_->limits.identify, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self && !self->identified_) self->close(CloseCode::not_identified, "Identify did not come in time.");
  });
}

void Session::on_closed() {
  closed_ = true;
  waiting_.clear();
  waiting_bytes_ = 0;
}

void Session::on_message(std::string_view bytes, bool text) {
  if (closed_) return;
  ++host_->services.messages_in;
  message_bytes_ = bytes.size();
  if (text != (options_.encoding == Encoding::json)) {
    return close(CloseCode::decode, text ? "This session speaks MessagePack in binary frames, not text."
                                         : "This session speaks JSON in text frames, not binary.");
  }
  const auto decoded = decode(bytes, options_.encoding);
  if (!decoded) return close(CloseCode::decode, decoded.error().message);
  handle(*decoded);
}

void Session::handle(const Json& message) {
  if (!message.is_object()) return close(CloseCode::decode, "A message must be an object.");
  if (!identified_ && message.contains("request-type")) {
    return close(CloseCode::rpc_version, "This server speaks version 5 of the protocol; the client is older.");
  }
  const Json& op = field(message, "op");
  if (!op.is_number_integer()) return close(CloseCode::unknown_op, "The message has no valid `op`.");
  const std::int64_t code = op.get<std::int64_t>();
  const bool is_identify = code == static_cast<int>(Op::identify);
  if (!identified_ && !is_identify) return close(CloseCode::not_identified, "Identify has to come first.");
  if (identified_ && is_identify) {
    return close(CloseCode::already_identified, "The session is identified: use Reidentify to change it.");
  }
  using Handle = void (Session::*)(const Json&);
  Handle take = nullptr;
  if (is_identify) take = &Session::identify;
  if (code == static_cast<int>(Op::reidentify)) take = &Session::reidentify;
  if (code == static_cast<int>(Op::request)) take = &Session::request;
  if (code == static_cast<int>(Op::batch)) take = &Session::batch;
  if (take == nullptr) return close(CloseCode::unknown_op, fmt::format("There is no `op` {} for clients.", code));
  const Json& data = field(message, "d");
  if (data.is_null()) return close(CloseCode::missing_field, "The message has no `d`.");
  if (!data.is_object()) return close(CloseCode::field_type, "`d` must be an object.");
  (this->*take)(data);
}

bool Session::authenticate(const Json& data) {
  caller_ = {Face::obs, host_->open_role, options_.client.empty() ? options_.address : options_.client};
  if (!host_->authentication->required()) return true;
  const Json& answer = field(data, "authentication");
  if (answer.is_null()) {
    close(CloseCode::authentication, "The message is missing an `authentication` string: this server has a password.");
    return false;
  }
  if (!answer.is_string()) {
    close(CloseCode::field_type, "`authentication` must be a string.");
    return false;
  }
  if (const Nanos wait = host_->throttle->wait(options_.address); wait > Nanos(0)) {
    close(CloseCode::authentication,
          fmt::format("Authentication failed: too many wrong passwords. Try again in {:.0f} s.",
                      std::ceil(seconds(wait))));
    return false;
  }
  const auto known = host_->authentication->check(answer.get_ref<const std::string&>(), challenge_);
  if (!known) {
    host_->throttle->failed(options_.address);
    host_->log.warning("obs", "{} gave a wrong password", who());
    close(CloseCode::authentication, "Authentication failed: the password is wrong.");
    return false;
  }
  host_->throttle->succeeded(options_.address);
  caller_.role = known->role;
  if (!known->name.empty()) caller_.name = known->name;
  return true;
}

bool Session::take_subscriptions(const Json& data) {
  const Json& wanted = field(data, "eventSubscriptions");
  if (wanted.is_null()) return subscriptions_ = intent::kAll, true;
  if (!wanted.is_number()) {
    close(CloseCode::field_type, "`eventSubscriptions` must be a number.");
    return false;
  }
  const double bits = wanted.get<double>();
  if (!is_whole(wanted) || bits < 0 || bits > 0xFFFFFFFF) {
    close(CloseCode::field_value, "`eventSubscriptions` must be a whole number of 32 bits.");
    return false;
  }
  subscriptions_ = static_cast<std::uint32_t>(bits);
  if ((subscriptions_ & intent::kInputVolumeMeters) != 0) meter_later();
  return true;
}

void Session::meter_later() {
  if (std::exchange(meters_, true)) return;
  link_->after(kMeterPeriod, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->meter();
  });
}

void Session::meter() {
  meters_ = false;
  if (!subscribed(intent::kInputVolumeMeters)) return;
  // A client that does not read gets fewer.
  if (!paused_) send(event_message(volume_meters(host_->services.studio.snapshot())));
  meter_later();
}

void Session::identify(const Json& data) {
  if (!authenticate(data)) return;
  const Json& version = field(data, "rpcVersion");
  if (version.is_null()) return close(CloseCode::missing_field, "The message is missing `rpcVersion`.");
  if (!version.is_number()) return close(CloseCode::field_type, "`rpcVersion` must be a number.");
  if (version.get<double>() != kRpcVersion) {
    return close(CloseCode::rpc_version, fmt::format("This server speaks `rpcVersion` {} alone.", kRpcVersion));
  }
  if (!take_subscriptions(data)) return;
  identified_ = true;
  host_->log.info("obs", "{} is identified as {}", who(), to_string(caller_.role));
  send(message(Op::identified, {{"negotiatedRpcVersion", kRpcVersion}}));
}

void Session::reidentify(const Json& data) {
  if (!take_subscriptions(data)) return;
  enqueue(
      [this] {
        send(message(Op::identified, {{"negotiatedRpcVersion", kRpcVersion}}));
        finished();
      },
      1);
}

void Session::request(const Json& data) {
  const Json& id = field(data, "requestId");
  if (id.is_null()) return close(CloseCode::missing_field, "The request is missing a `requestId`.");
  if (!id.is_string()) return close(CloseCode::field_type, "`requestId` must be a string.");
  const Json& type = field(data, "requestType");
  if (!type.is_null() && !type.is_string()) return close(CloseCode::field_type, "`requestType` must be a string.");
  std::string name = type.is_null() ? std::string() : type.get<std::string>();
  enqueue(
      [this, name = std::move(name), id, request_data = field(data, "requestData")] {
        auto done = [weak = weak_from_this(), name, id](Answer answer) {
          const auto self = weak.lock();
          if (!self || self->closed_) return;
          self->send(message(Op::response, response_data(name, id, std::move(answer))));
          self->finished();
        };
        if (name.empty()) {
          return done(Answer::failure(RequestStatus::missing_request_type, "The request has no `requestType`."));
        }
        run_request(name, request_data, std::move(done));
      },
      1);
}

void Session::batch(const Json& data) {
  const Json& id = field(data, "requestId");
  if (id.is_null()) return close(CloseCode::missing_field, "The batch is missing a `requestId`.");
  if (!id.is_string()) return close(CloseCode::field_type, "`requestId` must be a string.");
  const Json& requests = field(data, "requests");
  if (requests.is_null()) return close(CloseCode::missing_field, "The batch is missing `requests`.");
  if (!requests.is_array()) return close(CloseCode::field_type, "`requests` must be an array.");
  const Json& halt = field(data, "haltOnFailure");
  if (!halt.is_null() && !halt.is_boolean()) return close(CloseCode::field_type, "`haltOnFailure` must be a boolean.");
  const Json& type = field(data, "executionType");
  if (!type.is_null() && !type.is_number()) return close(CloseCode::field_type, "`executionType` must be a number.");
  const double execution = type.is_null() ? 0 : type.get<double>();
  if (execution != 0 && execution != 1 && execution != 2) {
    return close(CloseCode::field_value, "`executionType` must be 0, 1 or 2.");
  }
  if (!field(data, "variables").is_null()) {
    return close(CloseCode::unsupported, "This server has no `variables` in batches.");
  }
  if (requests.size() > host_->limits.batch) {
    return close(CloseCode::field_value, fmt::format("A batch has at most {} requests.", host_->limits.batch));
  }
  BatchPlan plan{static_cast<BatchType>(static_cast<int>(execution)), halt == Json(true), {}};
  for (const Json& one : requests) plan.requests.push_back(one);
  const double cost = std::max<double>(1, static_cast<double>(plan.requests.size()));
  enqueue(
      [this, plan = std::move(plan), id] {
        auto done = [weak = weak_from_this(), id](Json results) {
          const auto self = weak.lock();
          if (!self || self->closed_) return;
          self->send(message(Op::batch_response, {{"requestId", id}, {"results", std::move(results)}}));
          self->finished();
        };
        std::make_shared<Batch>(shared_from_this(), plan, std::move(done))->start();
      },
      cost);
}

void Session::run_request(const std::string& type, const Json& data, Call::Done done) {
  auto resume = [weak = std::weak_ptr(link_)](std::function<void()> work) {
    if (const auto link = weak.lock()) link->post(std::move(work));
  };
  host_->services.table.run(type, std::make_shared<Call>(std::shared_ptr<Services>(host_, &host_->services), caller_,
                                                         data, std::move(resume), std::move(done)));
}

void Session::enqueue(Job job, double cost) {
  if (waiting_.size() >= 2 * host_->limits.waiting) {
    return close(CloseCode::session_invalidated, "Too many requests are waiting.");  // the link should have paused
  }
  waiting_.push_back({std::move(job), cost, message_bytes_});
  waiting_bytes_ += message_bytes_;
  pump();
  if (!closed_ && !paused_ && enough_to_do()) {
    paused_ = true;
    link_->pause();
  }
}

bool Session::enough_to_do() const {
  return waiting_.size() >= host_->limits.waiting || waiting_bytes_ >= host_->limits.waiting_bytes;
}

void Session::pump() {
  if (pumping_) return;
  const auto keep = shared_from_this();  // a job may end the session
  pumping_ = true;
  while (!busy_ && !closed_ && !waiting_.empty()) {
    busy_ = true;
    if (const Nanos wait = pay(waiting_.front().cost); wait > Nanos(0)) {
      link_->after(wait, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->finished();
      });
      break;
    }
    const Job job = std::move(waiting_.front().job);
    waiting_bytes_ -= waiting_.front().bytes;
    waiting_.pop_front();
    job();
  }
  pumping_ = false;
  if (paused_ && !closed_ && !enough_to_do()) {
    paused_ = false;
    link_->resume();
  }
}

void Session::finished() {
  busy_ = false;
  pump();
}

// A batch larger than a burst pays what there is and owes the rest: whoever comes next waits for it.
Nanos Session::pay(double cost) {
  const Instant now = host_->services.clock.now();
  const SessionLimits& limits = host_->limits;
  tokens_ = std::min(limits.burst, tokens_ + seconds(now - tokens_at_) * limits.requests_per_s);
  tokens_at_ = now;
  const double needed = std::min(cost, limits.burst);
  if (tokens_ >= needed) return tokens_ -= cost, Nanos(0);
  const double wait_s = (needed - tokens_) / limits.requests_per_s;
  return std::chrono::ceil<Millis>(std::chrono::duration<double>(wait_s));
}

void Session::send_encoded(std::string bytes) {
  if (closed_) return;
  ++host_->services.messages_out;
  link_->send(std::move(bytes), options_.encoding == Encoding::json);
}

void Session::send(const Json& message) {
  send_encoded(encode(message, options_.encoding));
}

void Session::close(CloseCode code, std::string reason) {
  if (closed_) return;
  host_->log.debug("obs", "{} is closed with {}: {}", who(), static_cast<int>(code), reason);
  on_closed();
  link_->close(static_cast<int>(code), std::move(reason));
}

std::string Session::who() const {
  return options_.client.empty() ? options_.address : fmt::format("{} ({})", options_.address, options_.client);
}

}  // namespace mainstay::obs
