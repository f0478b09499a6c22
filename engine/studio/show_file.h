// The file a show lives in: saved so that it is always whole, and watched for changes by other programs.
// Owned by the studio, one for the show that is open.
// Thread-safety: all members from any thread. save() and load() wait for the disk; poll() reads the file only when its
// size or times changed, and does nothing while a save is under way.
#pragma once

#include <sys/stat.h>

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/clock.h"
#include "engine/core/result.h"

namespace mainstay {

class ShowFile {
 public:
  ShowFile(std::string path, Clock& clock) : path_(std::move(path)), clock_(clock) {}

  const std::string& path() const { return path_; }

  /// The text there is; from here on poll() compares with it.
  Result<std::string> load();
  /// Writes `text` beside the file, puts it on the disk and then in the file's place: whatever happens, there is the
  /// old file or the new one. Mode and owner stay; a new file is readable by its owner only, as it may hold keys. A
  /// symbolic link stays one. On an error the old file is as it was.
  Status save(std::string_view text);

  /// What another program did to the file since load(), save() or the last poll() that told.
  struct Change {
    bool removed = false;
    std::string text;  ///< the new content
  };
  /// Nothing when the content is what it was (touched or written again alike is no change). Each change is told once.
  /// Errors: the file is there and cannot be read, also told once.
  Result<std::optional<Change>> poll();

 private:
  struct Seen {
    bool there = false;
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    Nanos modified{0};
    Nanos changed{0};
    friend bool operator==(const Seen&, const Seen&) = default;
  };

  Seen look() const;
  void remember(std::string_view text, const Seen& seen);
  Result<std::optional<Change>> compare(const Seen& seen);

  const std::string path_;
  Clock& clock_;
  std::mutex mutex_;
  std::optional<std::string> known_;  // the content last loaded, saved or told; none: no such file
  Seen seen_;
  bool settled_ = false;  // the file's times can tell a further change from what was seen
};

}  // namespace mainstay
