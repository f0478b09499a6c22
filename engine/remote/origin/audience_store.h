// The sessions that are over, kept in an SQLite file (viewers.sqlite in the stream's store): what was watched, how
// well, by which region, device and browser; never an address or a session's name. Owned by the origin. A disk that
// hangs leaves its thread behind: neither viewers nor the end of the program wait. Thread-safety: all members from any
// thread; none blocks but the destructor, for a second at most.
#pragma once

#include <memory>
#include <string>

#include "engine/core/clock.h"
#include "engine/core/result.h"
#include "engine/remote/origin/audience_figures.h"

namespace mainstay::remote {

class AudienceStore {
 public:
  static constexpr std::size_t kMostWaiting = 4096;  ///< of more, the oldest are lost
  static constexpr int kDays = 90;                   ///< for which a session is kept

  AudienceStore(Clock& clock, std::string folder);
  ~AudienceStore();
  AudienceStore(const AudienceStore&) = delete;
  AudienceStore& operator=(const AudienceStore&) = delete;

  const std::string& folder() const { return folder_; }
  void add(SessionRecord record);
  /// What has gone wrong since it was asked last; ok when nothing has.
  Status trouble();

 private:
  struct Shared;
  static void work(const std::shared_ptr<Shared>& shared);

  Clock& clock_;
  const std::string folder_;
  const std::shared_ptr<Shared> shared_;
};

/// The table, for tests and for who reads the file: "sessions".
Status store_sessions(const std::string& path, const std::vector<SessionRecord>& records);

}  // namespace mainstay::remote
