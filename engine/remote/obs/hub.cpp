#include "engine/remote/obs/hub.h"

#include <algorithm>
#include <utility>

namespace mainstay::obs {

namespace {

constexpr std::size_t kEventsAtOnce = 200;

}  // namespace

Hub::Hub(StudioPort& studio, Clock& clock, Log& log, const Options& options, Post post)
    : post_(std::move(post)),
      host_(std::make_shared<SessionHost>(
          studio, clock, log, options.throttle ? options.throttle : std::make_shared<remote::Throttle>(clock),
          options.open_role, options.limits)),
      screenshots_(std::make_shared<PictureDesk>(clock, "remote/shot")) {
  if (options.data) host_->services.data = options.data;
  host_->services.screenshot = [weak = std::weak_ptr(screenshots_)](PictureOrder order) {
    const auto screenshots = weak.lock();
    return screenshots && screenshots->take(std::move(order));
  };
}

Result<std::shared_ptr<Hub>> Hub::make(StudioPort& studio, Clock& clock, Log& log, Options options, Post post) {
  std::shared_ptr<Hub> hub(new Hub(studio, clock, log, options, std::move(post)));
  MAINSTAY_CHECK(hub->set_credentials(options.credentials));
  hub->host_->services.broadcast = [weak = hub->weak_from_this()](const ObsEvent& event) {
    if (const auto self = weak.lock()) self->broadcast(event);
  };
  hub->follow();
  return hub;
}

Status Hub::set_credentials(const std::vector<Credential>& credentials) {
  MAINSTAY_TRY(Authentication made, Authentication::make(credentials));
  host_->authentication = std::make_shared<const Authentication>(std::move(made));
  for (const auto& session : sessions()) session->kick("The passwords of this server have changed.");
  return {};
}

std::shared_ptr<Session> Hub::connect(std::shared_ptr<Link> link, SessionOptions options) {
  auto session = std::make_shared<Session>(host_, std::move(link), std::move(options));
  std::erase_if(sessions_, [](const auto& one) { return one.expired(); });
  sessions_.push_back(session);
  session->open();
  return session;
}

void Hub::announce_exit() {
  broadcast({"ExitStarted", intent::kGeneral, nullptr});
}

std::vector<std::shared_ptr<Session>> Hub::sessions() {
  std::vector<std::shared_ptr<Session>> out;
  for (const auto& one : sessions_) {
    if (auto session = one.lock()) out.push_back(std::move(session));
  }
  return out;
}

// Encoded at most once for each encoding, however many listen.
void Hub::broadcast(const ObsEvent& event) {
  std::optional<std::string> encoded[2];
  for (const auto& session : sessions()) {
    if (!session->subscribed(event.intent)) continue;
    auto& bytes = encoded[session->encoding() == Encoding::json ? 0 : 1];
    if (!bytes) bytes = encode(event_message(event), session->encoding());
    session->send_encoded(*bytes);
  }
}

void Hub::tell(const std::vector<ObsEvent>& events) {
  for (const ObsEvent& event : events) broadcast(event);
}

// Whatever thread an event happens on, it only leaves a note here: many events are one note.
void Hub::ring(const std::shared_ptr<Bell>& bell) {
  if (bell->rung.exchange(true)) return;
  bell->post([bell] {
    bell->rung = false;
    if (const auto hub = bell->hub.lock()) hub->pump();
  });
}

void Hub::follow() {
  auto bell = std::make_shared<Bell>();
  bell->post = post_;
  bell->hub = weak_from_this();
  listener_ = host_->services.studio.on_event([bell] { ring(bell); });
  ring(bell);
}

void Hub::read_show(std::function<void(ShowView)> then) {
  reading_ = true;
  Reply reply = [weak = weak_from_this(), post = post_, then = std::move(then)](CallResult result) {
    ShowView view = result.ok() ? ShowView(std::move(result.value)) : ShowView();
    post([weak, then, view = std::move(view)] {
      const auto self = weak.lock();
      if (!self) return;
      self->reading_ = false;
      then(view);
      self->pump();
    });
  };
  host_->services.studio.call("show.get", Json::object(), {Face::obs, Role::view, "obs"}, std::move(reply));
}

// Tells what happened, in order; an event that changes the show waits for the show as it is then.
void Hub::pump() {
  if (reading_) return;
  StudioPort& studio = host_->services.studio;
  if (!began_) {
    // What came before is history: clients ask for the state when they come.
    while (true) {
      const auto old = studio.events(seen_, kEventsAtOnce);
      if (old.empty()) break;
      seen_ = old.back().number;
    }
    return read_show([this](ShowView view) {
      translator_.begin(std::move(view), host_->services.studio.snapshot());
      began_ = true;
    });
  }
  while (true) {
    const std::vector<Event> events = studio.events(seen_, kEventsAtOnce);
    if (events.empty()) return;
    if (events.front().number > seen_ + 1) {  // more happened than the history keeps
      seen_ = events.front().number - 1;
      return read_show(
          [this](ShowView view) { tell(translator_.catch_up(std::move(view), host_->services.studio.snapshot())); });
    }
    for (const Event& event : events) {
      seen_ = event.number;
      if (Translator::changes_show(event.type)) {
        return read_show([this, event](ShowView view) {
          tell(translator_.translate(event, std::move(view), host_->services.studio.snapshot()));
        });
      }
      tell(translator_.translate(event, studio.snapshot()));
    }
  }
}

}  // namespace mainstay::obs
