#include "engine/remote/obs/batch.h"

#include <utility>

namespace mainstay::obs {

namespace {

constexpr double kMostSleepMillis = 50'000;
constexpr double kMostSleepFrames = 10'000;

std::string type_of(const Json& request) {
  if (!request.is_object()) return {};
  const auto type = request.find("requestType");
  return type != request.end() && type->is_string() ? type->get<std::string>() : std::string();
}

Json part_of(const Json& request, const char* key) {
  if (!request.is_object()) return nullptr;
  const auto found = request.find(key);
  return found == request.end() ? Json(nullptr) : *found;
}

}  // namespace

void Batch::start() {
  results_.resize(plan_.requests.size());
  plan_.type == BatchType::parallel ? run_parallel() : run_serial();
}

void Batch::run_parallel() {
  missing_ = plan_.requests.size();
  next_ = missing_;
  if (missing_ == 0) return finish();
  for (std::size_t i = 0; i < plan_.requests.size(); ++i) {
    run_one(i, [self = shared_from_this(), i](Answer answer) {
      self->keep(i, std::move(answer));
      if (--self->missing_ == 0) self->finish();
    });
  }
}

// A request that is answered at once goes on in this loop, one that is answered later comes back to it.
void Batch::run_serial() {
  if (running_) return;
  running_ = true;
  while (!waiting_ && next_ < plan_.requests.size()) {
    waiting_ = true;
    const std::size_t index = next_++;
    run_one(index, [self = shared_from_this(), index](Answer answer) {
      const bool halt = !answer.ok() && self->plan_.halt_on_failure;
      self->keep(index, std::move(answer));
      self->waiting_ = false;
      if (halt) self->results_.resize(index + 1);
      if (halt || self->next_ == self->plan_.requests.size()) {
        self->next_ = self->plan_.requests.size();
        return self->finish();
      }
      self->run_serial();
    });
  }
  running_ = false;
  if (plan_.requests.empty()) finish();
}

void Batch::run_one(std::size_t index, Call::Done done) {
  const auto session = session_.lock();
  if (!session || session->closed_) return;  // nobody waits any more
  const Json& request = plan_.requests[index];
  const std::string type = type_of(request);
  if (type.empty()) {
    return done(Answer::failure(RequestStatus::missing_request_type, "A request of the batch has no `requestType`."));
  }
  if (bytes_ > host_->limits.batch_bytes) {
    return done(Answer::failure(RequestStatus::processing_failed, "The results of the batch are too large."));
  }
  const Json data = part_of(request, "requestData");
  if (type == "Sleep" && plan_.type != BatchType::parallel) return sleep(data, std::move(done));
  session->run_request(type, data, std::move(done));
}

void Batch::sleep(const Json& data, Call::Done done) {
  const bool frames = plan_.type == BatchType::serial_frame;
  const RequestRow row{.type = "Sleep",
                       .fields = {{.name = frames ? "sleepFrames" : "sleepMillis",
                                   .type = FieldType::number,
                                   .required = true,
                                   .min = 0,
                                   .max = frames ? kMostSleepFrames : kMostSleepMillis}}};
  if (auto wrong = check_fields(row, data)) return done(std::move(*wrong));
  const double amount = data[row.fields[0].name].get<double>();
  Nanos pause = Millis(static_cast<std::int64_t>(amount));
  if (frames) {
    const Rate rate = host_->services.studio.snapshot().program.rate;
    const std::int64_t num = rate.num > 0 ? rate.num : 30;
    const std::int64_t den = rate.num > 0 ? rate.den : 1;
    pause = Nanos(mul_div(static_cast<std::int64_t>(amount), den * 1'000'000'000, num));
  }
  link_->after(pause, [done = std::move(done)] { done({}); });
}

void Batch::keep(std::size_t index, Answer answer) {
  const Json& request = plan_.requests[index];
  Json result = response_data(type_of(request), part_of(request, "requestId"), std::move(answer));
  bytes_ += encoded_size(result);
  results_[index] = std::move(result);
}

void Batch::finish() {
  if (auto done = std::exchange(done_, nullptr)) done(Json(std::move(results_)));
}

}  // namespace mainstay::obs
