// A studio without an engine, for the remote faces: a show document, a program that starts, cuts and stops, events.
// Owned by the test.
// Thread-safety: all members from any thread.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "engine/studio/command_registry.h"
#include "engine/studio/studio_port.h"

namespace mainstay::obs {

class FakePort final : public StudioPort {
 public:
  FakePort();

  const CommandRegistry& registry() const override { return registry_; }
  void call(std::string command, Json params, Caller caller, Reply reply) override;
  Snapshot snapshot() const override;
  Json state() const override { return Json::object(); }
  FramePtr program_picture() const override;
  FramePtr preview_picture() const override { return program_picture(); }
  FramePtr source_picture(const std::string&) const override { return program_picture(); }
  std::vector<Event> events(std::int64_t after, std::size_t limit) const override;
  std::shared_ptr<void> on_event(std::function<void()> listener) override;

  // --- for the test ------------------------------------------------------------------------------------------------
  /// Replaces the document, as an edit would: show.changed.
  void edit(const std::function<void(Json&)>& change, const char* told = "show.changed");
  void set(const std::function<void(Snapshot&)>& change);
  void set_picture(FramePtr picture);
  void add_event(std::string type, std::string subject, Json data = Json::object());
  /// Events up to now are forgotten, as by a bounded history.
  void forget_events();
  /// From here on, calls that change something are answered by release(), in the order given.
  void hold_replies();
  std::size_t held() const;
  void release(std::size_t index = 0);
  void fail_with(CallErrc code);
  std::vector<std::pair<std::string, Json>> calls() const;
  Caller last_caller() const;

 private:
  CallResult run(const std::string& command, const Json& params, const Caller& caller);
  bool mix(const std::string& command, const Json& params);
  void edit_layers(const std::string& command, Json& layers, const Json& params);
  void edit_filters(const std::string& command, Json& layers, const Json& params);
  CallResult start();
  CallResult stop();
  CallResult record(bool on);
  CallResult mix_sound(bool send, const Json& params);
  CallResult destination(const std::string& name, bool on);
  void note(std::string type, std::string subject, Json data = Json::object());

  mutable std::mutex mutex_;
  CommandRegistry registry_;
  Json document_;
  Snapshot snapshot_;
  FramePtr picture_;
  std::vector<Event> events_;
  std::int64_t last_event_ = 0;
  std::vector<std::weak_ptr<std::function<void()>>> listeners_;
  std::vector<std::pair<Reply, CallResult>> held_;
  bool hold_ = false;
  std::optional<CallErrc> fail_with_;
  std::vector<std::pair<std::string, Json>> calls_;
  Caller last_caller_;
  int revision_ = 1;
};

}  // namespace mainstay::obs
