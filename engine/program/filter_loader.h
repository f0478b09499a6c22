// Gets ready what the filters of a show's layers need: loads what they read from files (.cube tables, masks), on a
// thread of its own ("filters"), and again when a file changes; and makes the tables that they work by, on another
// ("tables"), so that no disk holds up a colour key. What is broken, half-written or missing never takes away what was
// good. Owned by the studio's on-air wiring; outlives the program. Thread-safety: want() from one thread at a time;
// everything else from any. Only offline does anything wait for a disk but its own thread: there cube(), mask() and
// prepared() wait for the first try, so that every run shows the same.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/compose/filters/filter_files.h"
#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/named_thread.h"
#include "engine/core/result.h"
#include "engine/show/show.h"
#include "engine/sources/image_file.h"
#include "engine/sources/source.h"

namespace mainstay {

class FilterLoader final : public FilterFiles {
 public:
  /// Relative paths are relative to `show_dir`.
  FilterLoader(Clock& clock, Log& log, std::string show_dir);

  /// The files of all enabled filters of the show, from now on; others are forgotten. Does not wait.
  void want(const show::Show& show);

  struct FileStatus {
    SourceState state = SourceState::opening;  ///< opening, live or failed
    std::string detail;                        ///< what it is, or why it could not be read
  };
  /// Of what this filter reads; absent: it reads nothing, or is not enabled.
  std::optional<FileStatus> status(const show::Filter& filter) const;

  bool ready() const override;
  std::uint64_t version() const override;
  std::shared_ptr<const ColorCube> cube(const std::string& path) const override;
  std::shared_ptr<const MaskImage> mask(const std::string& path) const override;
  std::shared_ptr<const void> prepared(const show::Filter& filter) const override;

 private:
  enum class Kind { cube, mask };
  using Key = std::pair<Kind, std::string>;
  struct Loaded {
    std::shared_ptr<const void> what;
    std::string summary;
  };
  struct Entry {
    Loaded good;
    FileStatus status;
    bool tried = false;
    std::optional<FileMark> mark;  ///< of what was tried last, and is not worth another try
    std::string trouble;           ///< told last
  };

  /// What one or more filters with the same settings work by.
  struct Table {
    show::Filter filter;
    std::shared_ptr<const void> what;
    std::shared_ptr<const void> file;  ///< that it was made of
    bool tried = false;
  };

  static std::optional<Key> key_of(const show::Filter& filter);
  std::shared_ptr<const void> find(Kind kind, const std::string& path) const;
  void run(const std::stop_token& stop);
  void look(const Key& key);
  Result<Loaded> load(const Key& key, const std::string& full) const;
  void settle(const Key& key, std::optional<FileMark> mark, Result<Loaded> loaded);
  void make_tables(const std::stop_token& stop);
  // Under the lock.
  void want_tables(const show::Show& show);
  const Entry* entry_of(const show::Filter& filter) const;
  bool is_made(const Table& table) const;

  Clock& clock_;
  Log& log_;
  const std::string show_dir_;

  mutable std::mutex mutex_;
  mutable std::condition_variable_any changed_;
  std::map<Key, Entry> entries_;
  std::vector<Table> tables_;
  std::uint64_t version_ = 0;
  std::uint64_t wants_ = 0;
  bool started_ = false;

  NamedThread thread_;  // last: the threads end before what they use
  NamedThread tables_thread_;
};

}  // namespace mainstay
