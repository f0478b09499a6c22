#include "tests/engine/remote/obs/obs_client.h"

#include <gtest/gtest.h>

#include <utility>

namespace mainstay::obs {

void Loop::run() {
  while (true) {
    std::function<void()> work;
    {
      std::lock_guard lock(mutex_);
      if (!posted_.empty()) {
        work = std::move(posted_.front());
        posted_.pop_front();
      }
    }
    if (!work && !timers_.empty() && timers_.begin()->first <= clock_.now()) {
      work = std::move(timers_.begin()->second);
      timers_.erase(timers_.begin());
    }
    if (!work) return;
    work();
  }
}

void Loop::wait() {
  {
    std::unique_lock lock(mutex_);
    news_.wait(lock, [this] { return !posted_.empty(); });
  }
  run();
}

ObsClient::ObsClient(Hub& hub, Loop& loop, Encoding encoding, std::string address)
    : loop_(loop), encoding_(encoding), link_(std::make_shared<FakeLink>(loop)) {
  session_ = hub.connect(link_, {encoding, std::move(address), "test client"});
  loop_.run();
}

ObsClient::~ObsClient() {
  disconnect();
}

void ObsClient::disconnect() {
  if (session_) session_->on_closed();
  session_.reset();
}

void ObsClient::send(const Json& message) {
  send_bytes(encode(message, encoding_), encoding_ == Encoding::json);
}

void ObsClient::send_bytes(std::string_view bytes, bool text) {
  session_->on_message(bytes, text);
  loop_.run();
}

Json ObsClient::next() {
  loop_.run();
  if (link_->sent.empty()) return nullptr;
  const auto [bytes, text] = std::move(link_->sent.front());
  link_->sent.pop_front();
  EXPECT_EQ(text, encoding_ == Encoding::json);
  auto decoded = decode(bytes, encoding_);
  EXPECT_TRUE(decoded) << "what the server sends can be decoded";
  return decoded ? *decoded : Json();
}

Json ObsClient::answer() {
  while (true) {
    Json message = next();
    if (message.is_null() || message["op"] != 5) return message;
  }
}

std::vector<Json> ObsClient::events() {
  std::vector<Json> out;
  for (Json message = next(); !message.is_null(); message = next()) {
    if (message["op"] == 5) out.push_back(message["d"]);
  }
  return out;
}

Json ObsClient::identify(Json extra, const std::string& password) {
  const Json hello = next();
  EXPECT_EQ(hello["op"], 0);
  Json data = std::move(extra);
  if (!data.contains("rpcVersion")) data["rpcVersion"] = 1;
  if (hello["d"].contains("authentication") && !password.empty()) {
    const Json& auth = hello["d"]["authentication"];
    data["authentication"] =
        auth_answer(auth_secret(password, auth["salt"].get<std::string>()), auth["challenge"].get<std::string>());
  }
  send({{"op", 1}, {"d", std::move(data)}});
  return next();
}

std::string ObsClient::ask(const std::string& type, Json data) {
  std::string id = "r" + std::to_string(++ids_);
  Json d{{"requestType", type}, {"requestId", id}};
  if (!data.is_null()) d["requestData"] = std::move(data);
  send({{"op", 6}, {"d", std::move(d)}});
  return id;
}

Json ObsClient::answered(const std::string& type, const std::string& id, Json message) {
  if (message.is_null()) return message;
  EXPECT_EQ(message["op"], 7);
  EXPECT_EQ(message["d"]["requestId"], id);
  EXPECT_EQ(message["d"]["requestType"], type);
  return message["d"];
}

Json ObsClient::request(const std::string& type, Json data) {
  const std::string id = ask(type, std::move(data));
  return answered(type, id, answer());
}

Json ObsClient::slow_request(const std::string& type, Json data) {
  const std::string id = ask(type, std::move(data));
  Json message = answer();
  while (message.is_null()) {
    loop_.wait();
    message = answer();
  }
  return answered(type, id, std::move(message));
}

Json ObsClient::batch(Json requests, Json extra) {
  Json d = std::move(extra);
  d["requestId"] = "batch";
  d["requests"] = std::move(requests);
  send({{"op", 8}, {"d", std::move(d)}});
  Json message = answer();
  return message.is_null() ? message : message["d"];
}

ObsBench::ObsBench(Hub::Options options) {
  auto made = Hub::make(studio, clock, log, std::move(options),
                        [this](std::function<void()> work) { loop.post(std::move(work)); });
  hub = std::move(*made);
  loop.run();
}

}  // namespace mainstay::obs
