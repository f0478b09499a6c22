#include "engine/package/segment_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/core/loose_thread.h"
#include "engine/package/whole_file.h"

namespace mainstay::package {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t kMostWaiting = 256;  // segments that wait for the disk
constexpr std::size_t kMostReads = 256;
constexpr std::int64_t kLinesAFile = 1024;  // numbers that one index file covers
constexpr const char* kIndex = "index-";

std::string index_path(const std::string& folder, std::int64_t msn) {
  return fmt::format("{}/{}{:012}.jsonl", folder, kIndex, msn / kLinesAFile);
}

std::string line_of(const KeptSegment& kept) {
  const Segment& s = kept.segment;
  return Json{{"rendition", kept.rendition},
              {"msn", s.msn},
              {"begin_us", s.begin_us},
              {"duration_us", s.duration_us},
              {"date_ns", s.date.time_since_epoch().count()},
              {"discontinuity", s.discontinuity},
              {"discontinuities", kept.discontinuity_sequence},
              {"gap", s.gap},
              {"bytes", s.bytes},
              {"uri", s.uri},
              {"map", s.map},
              {"key_picture", s.key_picture_uri}}
             .dump() +
         "\n";
}

std::optional<KeptSegment> segment_of(const std::string& line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return std::nullopt;  // the last line, when the program was killed in it
  try {
    KeptSegment kept;
    Segment& s = kept.segment;
    kept.rendition = json.at("rendition");
    kept.discontinuity_sequence = json.at("discontinuities");
    s.msn = json.at("msn");
    s.begin_us = json.at("begin_us");
    s.duration_us = json.at("duration_us");
    s.date = UtcInstant(Nanos(json.at("date_ns").get<std::int64_t>()));
    s.discontinuity = json.at("discontinuity");
    s.gap = json.at("gap");
    s.bytes = json.at("bytes");
    s.uri = json.at("uri");
    s.map = json.at("map");
    s.key_picture_uri = json.at("key_picture");
    s.stored = true;
    for (const std::string* name : {&kept.rendition, &s.uri, &s.map, &s.key_picture_uri}) {
      if (name->find('/') != std::string::npos) return std::nullopt;  // not ours
    }
    return kept;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
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
  fs::create_directories(folder, ignored);
  std::ofstream index(index_path(folder, job.segment->segment.msn), std::ios::app | std::ios::binary);
  index << line_of(*job.segment);
  index.close();
  if (!index) return make_error(Errc::io, "cannot write the index of segments in {}", folder);
  return {};
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
    trouble = done ? std::string() : done.error().describe();
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
    std::ifstream file(folder + "/" + request.path, std::ios::binary);
    std::shared_ptr<std::string> bytes;
    if (file)
      bytes = std::make_shared<std::string>(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    request.done(std::move(bytes));
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
      std::optional<KeptSegment> kept = segment_of(line);
      if (!kept) continue;
      const std::string in = folder + "/" + kept->rendition + "/";
      if (!kept->segment.gap && !is_there(in + kept->segment.uri)) continue;
      if (!kept->segment.map.empty() && !is_there(in + kept->segment.map)) continue;
      found.push_back(std::move(*kept));
    }
  }
  return found;
}

}  // namespace mainstay::package
