// A studio with everything around it: a show in a folder of its own, macros, the server of the API and of
// obs-websocket. Owned by a test; two worlds are equal but for their folders and ports. Thread-safety: the test's
// thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "app/script/macros.h"
#include "engine/remote/remote.h"
#include "engine/studio/studio.h"

namespace mainstay::faces {

struct Call {
  std::string command;
  Json params = nullptr;  ///< by name, or by position
};

class World {
 public:
  World();
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// A call made in this process, waited for.
  CallResult call(const Call& call, const Caller& caller = {});
  /// Returns when an event of this type has come; false after 20 s.
  bool wait_for_event(const std::string& type);

  Studio& studio() { return studio_; }
  Clock& clock() { return clock_; }
  Log& log() { return log_; }
  /// "127.0.0.1:4480"
  std::string api() const { return remote_.status().api; }
  std::string obs() const { return remote_.status().obs; }
  /// Of the API, for a role.
  static std::string token(Role role) { return std::string("the-token-of-") + to_string(role); }
  const std::string& folder() const { return folder_; }

  /// "$DIR" in texts as this world's folder.
  Json here(const Json& params) const;
  /// What may differ between worlds is taken out: folders, times of day, and who was the author.
  Json anywhere(const Json& result) const;

 private:
  const std::string folder_;
  SteadyClock clock_;
  Log log_{{.level = LogLevel::off}};
  show::Secrets secrets_{log_.redactor()};
  Studio studio_{clock_, log_, secrets_};
  Macros macros_{studio_, clock_, clock_, log_};
  remote::Remote remote_;
};

}  // namespace mainstay::faces
