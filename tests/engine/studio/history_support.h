// What the tests of the history share: a folder of their own, documents that follow from a number, drafts.
// Owned by the test that includes it.
// Thread-safety: as any value.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>

#include "engine/studio/history.h"
#include "tests/support/show_documents.h"

namespace mainstay {

class HistoryFolder {
 public:
  HistoryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mainstay-history-XXXXXX").string();
    if (const char* made = ::mkdtemp(pattern.data())) path_ = made;
  }
  ~HistoryFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  HistoryFolder(const HistoryFolder&) = delete;
  HistoryFolder& operator=(const HistoryFolder&) = delete;

  std::string file(const std::string& name) const { return path_ + "/" + name; }
  /// Names in the folder that begin so, sorted.
  std::vector<std::string> names(const std::string& prefix) const;

 private:
  std::string path_;
};

std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& text);

std::shared_ptr<const show::Json> shared(show::Json document);
/// An edit at the current revision.
Draft edit(const History& history, show::Json document, std::string message = "edit");

}  // namespace mainstay
