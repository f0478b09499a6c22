#include "app/script/history_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "app/script/script_files.h"

namespace mainstay::script {

namespace {

// An entry may have several lines.
std::string encoded(const std::string& entry) {
  std::string line;
  for (const char c : entry) {
    if (c == '\n') {
      line += "\\n";
    } else if (c == '\\') {
      line += "\\\\";
    } else if (c != '\r' && c != '\0') {
      line += c;
    }
  }
  return line;
}

std::string decoded(std::string_view line) {
  std::string entry;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size()) {
      entry += line[++i] == 'n' ? '\n' : line[i];
    } else {
      entry += line[i];
    }
  }
  return entry;
}

}  // namespace

HistoryFile::HistoryFile(std::string path) : path_(std::move(path)) {
  if (path_.empty()) return;
  const auto text = read_file(path_, 2 * kMostEntries * kMostBytes);
  if (!text) return;
  for (std::size_t at = 0; at < text->size();) {
    const std::size_t end = std::min(text->find('\n', at), text->size());
    if (end > at) entries_.push_back(decoded(std::string_view(*text).substr(at, end - at)));
    at = end + 1;
  }
  if (entries_.size() > kMostEntries) entries_.erase(entries_.begin(), entries_.end() - kMostEntries);
}

Status HistoryFile::add(std::string entry) {
  if (entry.empty() || entry.size() > kMostBytes || (!entries_.empty() && entries_.back() == entry)) return {};
  entries_.push_back(std::move(entry));
  if (entries_.size() > kMostEntries) entries_.erase(entries_.begin());
  return path_.empty() ? Status{} : save();
}

Status HistoryFile::save() const {
  std::error_code ignored;  // the open says what is wrong
  const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
  if (std::filesystem::create_directories(folder, ignored)) chmod(folder.c_str(), 0700);
  const std::string beside = path_ + ".new";
  unlink(beside.c_str());
  const int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return make_error(Errc::io, "cannot write {}: {}", beside, std::strerror(errno));
  std::string text;
  for (const std::string& entry : entries_) text += encoded(entry) + "\n";
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool closed = close(file) == 0;
  if (written && closed && rename(beside.c_str(), path_.c_str()) == 0) return {};
  Error error = make_error(Errc::io, "cannot write {}: {}", path_, std::strerror(errno));
  unlink(beside.c_str());
  return error;
}

std::string default_history_path() {
  const auto set = [](const char* name) {
    const char* const value = std::getenv(name);
    return value != nullptr && value[0] == '/' ? std::string(value) : std::string();
  };
  std::string state = set("XDG_STATE_HOME");
  if (state.empty() && !set("HOME").empty()) state = set("HOME") + "/.local/state";
  return state.empty() ? state : state + "/mainstay/console_history";
}

}  // namespace mainstay::script
