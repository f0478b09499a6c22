// What the tests of the show document share: a show that is right in every part, and ways to spoil it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/show/parse.h"

namespace mainstay::show {

/// The show of the design documents: its layer "logo" names a source that is not there.
extern const std::string kDesignShow;

/// A small show with one of everything, and nothing wrong.
extern const std::string kGoodShow;

/// `text` with the only occurrence of `from` replaced. A test that spoils nothing would prove nothing.
std::string with(const std::string& text, const std::string& from, const std::string& to);

/// The lines that `mainstay check` prints for these errors.
std::vector<std::string> lines(const std::vector<ShowError>& errors);

/// A folder of the test's own, removed with what is in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }
  /// Writes a file in it and gives its path.
  std::string write(const std::string& name, const std::string& text, unsigned mode = 0600) const;

 private:
  std::string path_;
};

}  // namespace mainstay::show
