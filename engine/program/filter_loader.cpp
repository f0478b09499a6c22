#include "engine/program/filter_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "engine/compose/filters/color_cube.h"
#include "engine/compose/filters/filter_tables.h"
#include "engine/compose/filters/lut.h"
#include "engine/compose/filters/mask_image.h"
#include "engine/show/layer_filters.h"
#include "engine/show/paths.h"

namespace mainstay {

namespace {

constexpr Nanos kLook = Seconds(1);                            // between two looks at the files
constexpr std::int64_t kLargestCube = std::int64_t{32} << 20;  // 65³ lines of three long numbers are 16 MB

}  // namespace

FilterLoader::FilterLoader(Clock& clock, Log& log, std::string show_dir)
    : clock_(clock), log_(log), show_dir_(std::move(show_dir)) {}

std::optional<FilterLoader::Key> FilterLoader::key_of(const show::Filter& filter) {
  std::string path = show::file_of(filter);
  if (path.empty() || !show::is_enabled(filter)) return std::nullopt;
  return Key{std::holds_alternative<show::LutFilter>(filter) ? Kind::cube : Kind::mask, std::move(path)};
}

void FilterLoader::want(const show::Show& show) {
  std::set<Key> wanted;
  for (const auto& [name, scene] : show.scenes) {
    for (const show::Layer& layer : scene.layers) {
      for (const show::Filter& filter : layer.filters) {
        if (auto key = key_of(filter)) wanted.insert(*std::move(key));
      }
    }
  }
  bool start = false;
  bool start_tables = false;
  {
    std::lock_guard lock(mutex_);
    want_tables(show);
    start_tables = !tables_.empty() && !tables_thread_.joinable();
    std::erase_if(entries_, [&](const auto& entry) { return !wanted.contains(entry.first); });
    for (const Key& key : wanted) entries_.try_emplace(key);
    ++wants_;
    start = !wanted.empty() && !std::exchange(started_, true);
  }
  changed_.notify_all();
  if (start) thread_ = NamedThread("filters", [this](std::stop_token stop) { run(stop); });
  if (start_tables) tables_thread_ = NamedThread("tables", [this](std::stop_token stop) { make_tables(stop); });
}

// Settings that are dragged ask for a table with each step: those that nobody wants any more are not made.
void FilterLoader::want_tables(const show::Show& show) {
  std::vector<Table> before = std::move(tables_);
  tables_.clear();
  const auto in = [](std::vector<Table>& tables, const show::Filter& filter) {
    return std::find_if(tables.begin(), tables.end(), [&](const Table& t) { return same_table(t.filter, filter); });
  };
  for (const auto& [name, scene] : show.scenes) {
    for (const show::Layer& layer : scene.layers) {
      for (const show::Filter& filter : layer.filters) {
        if (!show::is_enabled(filter) || !needs_table(filter) || in(tables_, filter) != tables_.end()) continue;
        const auto known = in(before, filter);
        tables_.push_back(known != before.end() ? *known : Table{.filter = filter});
      }
    }
  }
}

const FilterLoader::Entry* FilterLoader::entry_of(const show::Filter& filter) const {
  const auto key = key_of(filter);
  const auto found = key ? entries_.find(*key) : entries_.end();
  return found == entries_.end() ? nullptr : &found->second;
}

bool FilterLoader::is_made(const Table& table) const {
  const Entry* file = entry_of(table.filter);
  return table.tried && (file == nullptr || (file->tried && file->good.what == table.file));
}

std::shared_ptr<const void> FilterLoader::prepared(const show::Filter& filter) const {
  if (!needs_table(filter)) return prepare_filter(filter, this);  // nothing to be worked out
  std::unique_lock lock(mutex_);
  const auto found = [&] {
    return std::find_if(tables_.begin(), tables_.end(), [&](const Table& t) { return same_table(t.filter, filter); });
  };
  if (clock_.offline()) {
    clock_.wait(lock, changed_, {}, kNever, [&] {
      const auto table = found();
      return table == tables_.end() || is_made(*table);
    });
  }
  const auto table = found();
  return table == tables_.end() ? nullptr : table->what;
}

void FilterLoader::make_tables(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const auto to_do = [this] {
    return std::find_if(tables_.begin(), tables_.end(), [this](const Table& table) {
      const Entry* file = entry_of(table.filter);
      return !is_made(table) && (file == nullptr || file->tried);
    });
  };
  for (;;) {
    clock_.wait(lock, changed_, stop, kNever, [&] { return to_do() != tables_.end(); });
    if (stop.stop_requested()) return;
    const show::Filter filter = to_do()->filter;
    const Entry* entry = entry_of(filter);
    const std::shared_ptr<const void> file = entry != nullptr ? entry->good.what : nullptr;
    lock.unlock();
    const auto* lut = std::get_if<show::LutFilter>(&filter);
    std::shared_ptr<const void> made;
    if (lut == nullptr)
      made = prepare_filter(filter, nullptr);
    else if (file != nullptr)
      made = std::make_shared<const LutTable>(*std::static_pointer_cast<const ColorCube>(file), lut->amount);
    lock.lock();
    const auto table =
        std::find_if(tables_.begin(), tables_.end(), [&](const Table& t) { return same_table(t.filter, filter); });
    if (table == tables_.end()) continue;
    table->tried = true;
    table->file = file;
    if (made == nullptr) {
      changed_.notify_all();
      continue;
    }
    table->what = std::move(made);
    ++version_;
    changed_.notify_all();
  }
}

std::optional<FilterLoader::FileStatus> FilterLoader::status(const show::Filter& filter) const {
  const auto key = key_of(filter);
  if (!key) return std::nullopt;
  std::lock_guard lock(mutex_);
  const auto found = entries_.find(*key);
  return found == entries_.end() ? FileStatus{} : found->second.status;
}

bool FilterLoader::ready() const {
  std::lock_guard lock(mutex_);
  for (const auto& [key, entry] : entries_) {
    if (!entry.tried) return false;
  }
  return std::all_of(tables_.begin(), tables_.end(), [this](const Table& table) { return is_made(table); });
}

std::uint64_t FilterLoader::version() const {
  std::lock_guard lock(mutex_);
  return version_;
}

std::shared_ptr<const void> FilterLoader::find(Kind kind, const std::string& path) const {
  const Key key{kind, path};
  std::unique_lock lock(mutex_);
  if (clock_.offline() && started_) {
    clock_.wait(lock, changed_, {}, kNever, [&] {
      const auto found = entries_.find(key);
      return found == entries_.end() || found->second.tried;
    });
  }
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : found->second.good.what;
}

std::shared_ptr<const ColorCube> FilterLoader::cube(const std::string& path) const {
  return std::static_pointer_cast<const ColorCube>(find(Kind::cube, path));
}

std::shared_ptr<const MaskImage> FilterLoader::mask(const std::string& path) const {
  return std::static_pointer_cast<const MaskImage>(find(Kind::mask, path));
}

void FilterLoader::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::vector<Key> keys;
    std::uint64_t seen = 0;
    {
      std::lock_guard lock(mutex_);
      for (const auto& [key, entry] : entries_) keys.push_back(key);
      seen = wants_;
    }
    for (const Key& key : keys) {
      if (stop.stop_requested()) return;
      look(key);
    }
    std::unique_lock lock(mutex_);
    clock_.wait(lock, changed_, stop, clock_.now() + kLook, [&] { return wants_ != seen; });
  }
}

void FilterLoader::look(const Key& key) {
  const std::string full = show::expand_path(key.second, show_dir_);
  // Taken before the file is read: one that changes meanwhile has another mark at the next look.
  auto mark = mark_of(full);
  if (!mark) return settle(key, std::nullopt, std::move(mark).error());
  {
    std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.mark == *mark) return;
  }
  settle(key, *mark, load(key, full));
}

Result<FilterLoader::Loaded> FilterLoader::load(const Key& key, const std::string& full) const {
  if (key.first == Kind::cube) {
    MAINSTAY_TRY(const auto bytes, read_file(full, kLargestCube, "a table"));
    auto cube = ColorCube::parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    if (!cube) return wrap(std::move(cube).error(), file_name(full));
    std::string summary = fmt::format("a table of {}³ colours", cube->size());
    return Loaded{std::make_shared<const ColorCube>(*std::move(cube)), std::move(summary)};
  }
  MAINSTAY_TRY(ffi::StillImage image, load_image(full));
  return Loaded{std::make_shared<const MaskImage>(*image.frame), std::move(image.summary)};
}

void FilterLoader::settle(const Key& key, std::optional<FileMark> mark, Result<Loaded> loaded) {
  std::string told;
  bool good = false;
  {
    std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    if (found == entries_.end()) return;
    Entry& entry = found->second;
    entry.tried = true;
    // What the disk would not give may come at the next look; what is broken stays so until the file changes.
    const bool again = !loaded && (loaded.error().code == Errc::io || loaded.error().code == Errc::again);
    entry.mark = again ? std::nullopt : mark;
    if (loaded) {
      entry.good = *std::move(loaded);
      entry.status = {SourceState::live, entry.good.summary};
      entry.trouble.clear();
      told = entry.good.summary;
      good = true;
      ++version_;
    } else if (std::string reason = loaded.error().describe(); reason != entry.trouble) {
      const bool kept = entry.good.what != nullptr;
      entry.trouble = reason;
      told = reason;
      entry.status = {kept ? SourceState::live : SourceState::failed,
                      kept ? fmt::format("{}; the last good one stays: {}", entry.good.summary, reason) : reason};
    }
  }
  changed_.notify_all();
  if (told.empty()) return;
  if (good)
    log_.info("filters", "{}: {}", key.second, told);
  else
    log_.error("filters", "{}", told);
}

}  // namespace mainstay
