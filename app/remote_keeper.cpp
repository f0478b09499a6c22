#include "app/remote_keeper.h"

namespace mainstay {

namespace {

constexpr Nanos kAnswerLimit = Seconds(1);

}  // namespace

RemoteKeeper::RemoteKeeper(Studio& studio, Clock& clock, Log& log, const show::Secrets& secrets, Options options)
    : studio_(studio), clock_(clock), log_(log), secrets_(secrets), options_(std::move(options)) {
  remote::Remote::Options made;
  made.notify = [this](const remote::Notice& notice) {
    studio_.note(notice.level, notice.type, notice.subject, notice.message, notice.data);
  };
  made.obs_router = [this](remote::Server& server, const remote::ObsSettings& settings) {
    return obs_router(server, settings);
  };
  remote_ = std::make_unique<remote::Remote>(studio_, clock_, log_, std::move(made));
  listening_ = studio_.on_event([this] {
    {
      std::lock_guard lock(mutex_);
      news_ = true;
    }
    changed_.notify_all();
  });
  thread_ = NamedThread("remote/keep", [this](std::stop_token stop) { run(stop); });
}

RemoteKeeper::~RemoteKeeper() {
  listening_.reset();
  thread_.stop();
  // Who asked for the end is answered before the connection goes.
  studio_.drain(kAnswerLimit);
  if (const auto obs = obs_.lock()) obs->announce_exit();
}

void RemoteKeeper::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    apply();
    std::unique_lock lock(mutex_);
    clock_.wait(lock, changed_, stop, kNever, [&] { return news_; });
    news_ = false;
  }
}

void RemoteKeeper::apply() {
  const OpenShowPtr open = studio_.open_show();
  std::optional<show::Remote> section = open ? open->show.remote : std::nullopt;
  if (!section && !options_.listen.empty()) section = show::Remote{.listen = options_.listen};
  const std::string dir = open ? open->dir : ".";
  if (section == applied_ && dir == applied_dir_) return;
  applied_ = section;
  applied_dir_ = dir;
  std::optional<remote::RemoteSettings> settings;
  Status done;
  if (section) {
    auto resolved = remote::remote_settings(*section, secrets_, dir);
    if (resolved) {
      settings = std::move(*resolved);
    } else {
      done = std::move(resolved).error();
    }
  }
  if (done) done = remote_->apply(settings);
  if (done) return;
  failed(section ? section->listen : "remote", done.error());
}

void RemoteKeeper::failed(const std::string& address, const Error& error) {
  const std::string why = error.describe();
  log_.error("remote", "{}: {}", address, why);
  studio_.note(LogLevel::error, "remote.state", address, why, {{"state", "failed"}});
}

std::shared_ptr<const remote::Router> RemoteKeeper::obs_router(remote::Server& server,
                                                               const remote::ObsSettings& settings) {
  auto made = obs::ObsServer::make(studio_, clock_, log_, server,
                                   {.password = settings.password, .role = settings.role, .data = obs_data_});
  if (!made) {
    failed(settings.listen, made.error());
    return nullptr;
  }
  obs_ = *made;
  return obs::ObsServer::router(std::move(*made));
}

}  // namespace mainstay
