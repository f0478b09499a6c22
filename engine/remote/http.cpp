#include "engine/remote/http.h"

#include <atomic>

namespace mainstay::remote {

namespace {

constexpr std::size_t kLongestCaller = 128;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

std::optional<std::string> HttpRequest::parameter(std::string_view key) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::size_t equals = std::min(rest.find('='), end);
    const std::size_t value = std::min(equals + 1, end);
    if (percent_decoded(rest.substr(0, equals), true) == key)
      return percent_decoded(rest.substr(value, end - value), true);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::nullopt;
}

Caller HttpRequest::caller(Face face) const {
  return {face, role, std::string(header("user-agent").substr(0, kLongestCaller))};
}

std::string percent_decoded(std::string_view text, bool plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += plus && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

HttpResponse HttpResponse::refusal(int status, std::string message) {
  return {status, "text/plain; charset=utf-8", std::move(message) + "\n"};
}

struct Responder::State {
  explicit State(std::function<void(HttpResponse)> a) : answer(std::move(a)) {}
  ~State() {
    if (!answered.load()) answer(HttpResponse::refusal(500, "the request was given up"));
  }
  std::function<void(HttpResponse)> answer;
  std::atomic<bool> answered{false};
};

Responder::Responder(std::function<void(HttpResponse)> answer) : state_(std::make_shared<State>(std::move(answer))) {}

void Responder::operator()(HttpResponse response) const {
  if (!state_->answered.exchange(true)) state_->answer(std::move(response));
}

}  // namespace mainstay::remote
