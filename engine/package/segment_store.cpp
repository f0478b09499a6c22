#include "engine/package/segment_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <set>

#include "engine/core/loose_thread.h"
#include "engine/package/whole_file.h"

namespace mainstay::package {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostWaiting = 256;  // segments that wait for the disk
constexpr std::size_t kMostReads = 256;
constexpr int kWellAgain = 16;              // segments in a row
constexpr std::int64_t kLinesAFile = 1024;  // numbers that one index file covers
constexpr const char* kIndex = "index-";

std::string index_path(const std::string& folder, std::int64_t msn) {
  return fmt::format("{}/{}{:012}.jsonl", folder, kIndex, msn / kLinesAFile);
}

// The same for every file, or it would be news with each segment.
std::string trouble_of(const std::string& folder, const Error& error) {
  const Error* why = &error;
  while (why->cause) why = why->cause.get();
  return fmt::format("segments cannot be kept in {}: {}", folder, why->message);
}

// The whole line or nothing of it: the next one must not begin in its middle.
Status add_line(const std::string& folder, const KeptSegment& kept) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  const std::string path = index_path(folder, kept.segment.msn);
  const auto before = fs::exists(path, failed) ? fs::file_size(path, failed) : 0;
  std::ofstream index(path, std::ios::app | std::ios::binary);
  index << index_line(kept);
  index.close();
  if (index) return {};
  const std::string why = std::strerror(errno);
  fs::resize_file(path, before, failed);
  return make_error(Errc::io, "{}", why);
}

bool is_there(const std::string& path) {
  std::error_code failed;
  return fs::is_regular_file(path, failed);
}

}  // namespace

struct SegmentStore::State {
  struct Job {
    std::optional<KeptSegment> segment;
    std::vector<File> files;
    std::vector<std::string> removals;
    std::int64_t index_before = -1;
  };
  struct Request {
    std::string path;
    Read done;
  };

  std::string folder;
  mutable std::mutex mutex;
  std::condition_variable work;
  std::condition_variable reads;
  std::condition_variable idle;
  bool busy = false;
  std::deque<Job> jobs;
  std::deque<Request> requests;
  std::vector<std::pair<std::string, std::int64_t>> kept;
  std::string trouble;
  int kept_in_a_row = 0;
  bool quit = false;

  void post(Job job) {
    {
      std::lock_guard lock(mutex);
      if (jobs.size() >= kMostWaiting) {
        trouble = "the disk is too slow to keep segments";
        return;
      }
      jobs.push_back(std::move(job));
    }
    work.notify_one();
  }
  Status carry_out(const Job& job) const;
  void note(const Status& done, const Job& job);
  void keep_on();
  void read_on();
};

// On the thread of the disk.
Status SegmentStore::State::carry_out(const Job& job) const {
  std::error_code ignored;
  for (const std::string& path : job.removals) fs::remove(folder + "/" + path, ignored);
  if (job.index_before >= 0) {
    const std::string oldest = index_path(folder, job.index_before);
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
      const std::string path = entry.path().string();
      if (entry.path().filename().string().starts_with(kIndex) && path < oldest) fs::remove(path, ignored);
    }
  }
  for (const File& file : job.files) MAINSTAY_CHECK(write_whole(folder + "/" + file.path, file.item->bytes));
  if (!job.segment || !job.segment->in_index) return {};
  return add_line(folder, *job.segment);
}

// A removal that goes well says nothing of whether there is room, nor does a segment of sound where one of pictures
// does not fit.
void SegmentStore::State::note(const Status& done, const Job& job) {
  if (!done) {
    trouble = trouble_of(folder, done.error());
    kept_in_a_row = 0;
  } else if (job.segment && ++kept_in_a_row >= kWellAgain) {
    trouble.clear();
  }
}

void SegmentStore::State::keep_on() {
  std::unique_lock lock(mutex);
  while (true) {
    work.wait(lock, [&] { return quit || !jobs.empty(); });
    if (jobs.empty()) return;
    const Job job = std::move(jobs.front());
    jobs.pop_front();
    busy = true;
    lock.unlock();
    const Status done = carry_out(job);
    lock.lock();
    busy = false;
    note(done, job);
    if (done && job.segment) kept.emplace_back(job.segment->rendition, job.segment->segment.msn);
    if (jobs.empty()) idle.notify_all();
  }
}

void SegmentStore::State::read_on() {
  std::unique_lock lock(mutex);
  while (true) {
    reads.wait(lock, [&] { return quit || !requests.empty(); });
    if (requests.empty()) return;
    const Request request = std::move(requests.front());
    requests.pop_front();
    lock.unlock();
    Result<std::string> bytes = read_whole(folder + "/" + request.path);
    request.done(bytes ? std::make_shared<const std::string>(*std::move(bytes)) : nullptr);
    lock.lock();
  }
}

SegmentStore::SegmentStore(std::string folder) : state_(std::make_shared<State>()) {
  state_->folder = std::move(folder);
  start_loose_thread("hls/keep", [state = state_] { state->keep_on(); });
  start_loose_thread("hls/read", [state = state_] { state->read_on(); });
}

SegmentStore::~SegmentStore() {
  {
    std::lock_guard lock(state_->mutex);
    state_->quit = true;
  }
  state_->work.notify_all();
  state_->reads.notify_all();
}

void SegmentStore::keep(KeptSegment segment, std::vector<File> files) {
  State::Job job;
  job.segment = std::move(segment);
  job.files = std::move(files);
  state_->post(std::move(job));
}

std::vector<std::pair<std::string, std::int64_t>> SegmentStore::take_kept() {
  std::lock_guard lock(state_->mutex);
  return std::exchange(state_->kept, {});
}

void SegmentStore::remove(std::vector<std::string> paths) {
  State::Job job;
  job.removals = std::move(paths);
  state_->post(std::move(job));
}

void SegmentStore::remove_index_before(std::int64_t msn) {
  State::Job job;
  job.index_before = msn;
  state_->post(std::move(job));
}

void SegmentStore::read(const std::string& path, Read done) {
  {
    std::lock_guard lock(state_->mutex);
    if (state_->requests.size() < kMostReads) {
      state_->requests.push_back({path, std::move(done)});
      done = nullptr;
    }
  }
  if (done) return done(nullptr);
  state_->reads.notify_one();
}

void SegmentStore::settle() {
  std::unique_lock lock(state_->mutex);
  state_->idle.wait(lock, [&] { return state_->jobs.empty() && !state_->busy; });
}

std::string SegmentStore::trouble() const {
  std::lock_guard lock(state_->mutex);
  return state_->trouble;
}

namespace {

// "s1760.m4s", "i1760.m4s", "init1760.mp4", and what was being written of one: names that nobody else gives.
bool is_ours(std::string name) {
  if (name.ends_with(".new")) name.resize(name.size() - 4);
  const std::size_t digits = name.starts_with("init") ? 4 : name.starts_with("s") || name.starts_with("i") ? 1 : 0;
  const std::size_t end = name.find_first_not_of("0123456789", digits);
  if (digits == 0 || end == digits || end == std::string::npos) return false;
  const std::string_view kind = std::string_view(name).substr(end);
  return kind == ".m4s" || kind == ".mp4" || kind == ".ts";
}

// What a run that was killed left behind and no index names: half-written files, and segments whose key is gone.
void remove_strays(const std::string& folder, const std::vector<KeptSegment>& found) {
  std::set<std::string> known;
  for (const KeptSegment& kept : found) {
    for (const std::string& uri : {kept.segment.uri, kept.segment.map, kept.segment.key_picture_uri})
      known.insert(kept.rendition + "/" + uri);
  }
  std::error_code failed;
  for (const auto& rendition : fs::directory_iterator(folder, failed)) {
    if (!rendition.is_directory(failed)) continue;
    const std::string name = rendition.path().filename().string();
    for (const auto& file : fs::directory_iterator(rendition.path(), failed)) {
      const std::string uri = file.path().filename().string();
      if (is_ours(uri) && !known.contains(name + "/" + uri)) fs::remove(file.path(), failed);
    }
  }
}

}  // namespace

std::vector<KeptSegment> SegmentStore::load(const std::string& folder) {
  std::vector<std::string> indexes;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (entry.path().filename().string().starts_with(kIndex)) indexes.push_back(entry.path().string());
  }
  std::sort(indexes.begin(), indexes.end());
  std::vector<KeptSegment> found;
  for (const std::string& path : indexes) {
    std::ifstream file(path, std::ios::binary);
    for (std::string line; std::getline(file, line);) {
      std::optional<KeptSegment> kept = parse_index_line(line);
      if (!kept) continue;
      const std::string in = folder + "/" + kept->rendition + "/";
      if (!kept->segment.gap && !is_there(in + kept->segment.uri)) continue;
      if (!kept->segment.map.empty() && !is_there(in + kept->segment.map)) continue;
      found.push_back(std::move(*kept));
    }
  }
  remove_strays(folder, found);
  return found;
}

}  // namespace mainstay::package
