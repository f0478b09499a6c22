// Internal to engine/remote: the connection of a RemoteStudio, made again whenever it is lost, and what goes over it.
// Owned by the RemoteStudio.
// Thread-safety: call(), wait_connected() and the mirror's readers from any thread; everything else on its own.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/named_thread.h"
#include "engine/remote/call_table.h"
#include "engine/remote/mirror.h"
#include "engine/remote/remote_studio.h"
#include "engine/remote/ws_link.h"

namespace mainstay::remote {

class RemoteLink {
 public:
  RemoteLink(const CommandRegistry& registry, Clock& clock, Log& log, RemoteStudio::Options options);
  ~RemoteLink();
  RemoteLink(const RemoteLink&) = delete;
  RemoteLink& operator=(const RemoteLink&) = delete;

  Status wait_connected(std::stop_token stop);
  void call(std::string command, const Json& params, Reply reply);
  Mirror& mirror() { return mirror_; }

 private:
  using Answered = std::pair<Reply, CallResult>;

  // The connection.
  void dial();
  void on_open();
  void on_end(const Error& why);
  void retry();
  void on_tick();
  void tick();
  void close();

  // What goes over it.
  void ask(const char* method, const Json& params, std::function<void(Json)> then);
  void send(int id, std::string text);
  void subscribe();
  void compare_commands(const Json& theirs);
  void refresh();
  void on_state(Json state);
  void on_text(std::string_view text);
  void on_event(Json json);
  void on_answer(CallTable::Call call, CallResult result);

  void set_up();
  void fail_calls(const std::string& why, CallErrc code);
  std::string gone() const;  // under the mutex
  std::string place() const { return place_of(options_.target); }

  enum class Line { first, up, down, over };

  const CommandRegistry& registry_;
  Clock& clock_;
  Log& log_;
  const RemoteStudio::Options options_;
  Mirror mirror_;
  CallTable calls_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Line line_ = Line::first;
  Error reason_{};  // why the line is not up

  // Its own thread's from here on.
  asio::io_context io_{1};
  asio::steady_timer tick_{io_};
  asio::steady_timer retry_{io_};
  std::shared_ptr<WsLink> link_;
  Millis delay_;
  bool closing_ = false;
  std::stop_token stop_;
  std::string difference_;  // from our commands, as it was told

  bool subscribed_ = false;
  bool state_asked_ = false;
  bool state_again_ = false;
  std::vector<Answered> after_this_state_;  // wait for the state that was asked for
  std::vector<Answered> after_next_state_;  // wait for one that is still to be asked for

  Json last_event_;                 // as it came; null: none yet
  std::int64_t last_number_ = 0;    // its number over there
  std::int64_t number_offset_ = 0;  // ours count on when over there they begin again
  std::deque<Event> new_events_;

  NamedThread thread_;  // last: uses all of the above
};

}  // namespace mainstay::remote
