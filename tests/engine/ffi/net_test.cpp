// Names and TCP connections: every wait has an end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdlib>
#include <mutex>

#include "engine/core/named_thread.h"
#include "engine/ffi/net/resolver.h"
#include "engine/ffi/net/tcp.h"

namespace mainstay::ffi {
namespace {

using ::testing::HasSubstr;

// A name server that answers when told to.
struct Gate {
  std::mutex mutex;
  std::condition_variable changed;
  bool open = false;
  int calls = 0;

  Resolver::Lookup lookup(std::shared_ptr<Gate> self) {
    return [self](const std::string&) -> Result<std::vector<Address>> {
      std::unique_lock lock(self->mutex);
      ++self->calls;
      self->changed.wait(lock, [&] { return self->open; });
      return std::vector<Address>{{"192.0.2.1", false, 0}};
    };
  }
  void let_go() {
    std::lock_guard lock(mutex);
    open = true;
    changed.notify_all();
  }
};

TEST(Resolver, ReadsNumericHostsInPlace) {
  SteadyClock clock;
  Resolver resolver(clock, [](const std::string&) -> Result<std::vector<Address>> {
    return make_error(Errc::io, "asked the name server");
  });
  const auto v4 = resolver.resolve("127.0.0.1", clock.now(), {});
  ASSERT_TRUE(v4);
  EXPECT_EQ(endpoint_text(v4->at(0), 1935), "127.0.0.1:1935");
  const auto v6 = resolver.resolve("::1", clock.now(), {});
  ASSERT_TRUE(v6);
  EXPECT_EQ(endpoint_text(v6->at(0), 1935), "[::1]:1935");
}

TEST(Resolver, FindsTheMachineItself) {
  SteadyClock clock;
  Resolver resolver(clock);
  EXPECT_TRUE(resolver.resolve("localhost", clock.now() + Seconds(5), {}));
}

TEST(Resolver, GivesUpAtTheDeadlineAndUsesTheSameLookUpLater) {
  ManualClock clock;
  auto gate = std::make_shared<Gate>();
  Resolver resolver(clock, gate->lookup(gate));
  // The deadline has come already: the caller waits for nothing.
  const auto late = resolver.resolve("stuck.example", clock.now(), {});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Errc::io);
  EXPECT_THAT(late.error().message, HasSubstr("stuck.example"));
  EXPECT_FALSE(resolver.resolve("stuck.example", clock.now(), {}));
  EXPECT_THAT(resolver.resolve("other.example", clock.now(), {}).error().message, HasSubstr("still stuck"));
  gate->let_go();
  const auto found = resolver.resolve("stuck.example", kNever, {});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->at(0).text, "192.0.2.1");
  EXPECT_EQ(gate->calls, 1);
}

TEST(Resolver, EndsAtAStop) {
  ManualClock clock;
  auto gate = std::make_shared<Gate>();
  Resolver resolver(clock, gate->lookup(gate));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(resolver.resolve("stuck.example", kNever, stop.get_token()).error().code, Errc::cancelled);
  gate->let_go();
}

TEST(Resolver, MayGoWhileALookUpIsStuck) {
  ManualClock clock;
  auto gate = std::make_shared<Gate>();
  {
    Resolver resolver(clock, gate->lookup(gate));
    EXPECT_FALSE(resolver.resolve("stuck.example", clock.now(), {}));
  }
  gate->let_go();  // what it writes to is still there
}

TEST(Resolver, DoesNotHoldUpTheEndOfTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // a process of its own: a fork would lack the other tests' threads
  EXPECT_EXIT(
      {
        ManualClock clock;
        auto gate = std::make_shared<Gate>();
        Resolver resolver(clock, gate->lookup(gate));
        (void)resolver.resolve("stuck.example", clock.now(), {});
        std::exit(0);
      },
      ::testing::ExitedWithCode(0), "");
}

struct Listener {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::uint16_t port = 0;

  explicit Listener(bool listens) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    if (listens) {
      EXPECT_EQ(listen(fd, 4), 0);
    }
    socklen_t size = sizeof address;
    getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
  }
  ~Listener() { close(fd); }
};

TEST(TcpSocket, TriesOneAddressAfterTheOther) {
  const Listener listener(true);
  SteadyClock clock;
  AbortSignal abort;
  const auto socket = TcpSocket::connect({{"::1", true, 0}, {"127.0.0.1", false, 0}}, listener.port, clock,
                                         clock.now() + Seconds(5), abort);
  ASSERT_TRUE(socket) << socket.error().describe();
  EXPECT_EQ(socket->peer(), fmt::format("127.0.0.1:{}", listener.port));
}

TEST(TcpSocket, SaysWhoRefused) {
  const Listener listener(false);  // bound, so that nobody else can listen there
  SteadyClock clock;
  AbortSignal abort;
  const auto socket =
      TcpSocket::connect({{"127.0.0.1", false, 0}}, listener.port, clock, clock.now() + Seconds(5), abort);
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().code, Errc::io);
  EXPECT_EQ(socket.error().message,
            fmt::format("connection refused by 127.0.0.1:{}: is the server running?", listener.port));
}

TEST(TcpSocket, IsShutDownWhenTheSignalIsRaised) {
  const Listener listener(true);
  SteadyClock clock;
  AbortSignal abort;
  auto socket = TcpSocket::connect({{"127.0.0.1", false, 0}}, listener.port, clock, clock.now() + Seconds(5), abort);
  ASSERT_TRUE(socket);
  std::array<std::uint8_t, 1> byte{};
  EXPECT_EQ(socket->read(byte).error().code, Errc::again);
  abort.raise();
  EXPECT_EQ(socket->read(byte).error().code, Errc::end);
}

TEST(AbortSignal, WakesAWaitOnASocket) {
  const Listener listener(true);
  SteadyClock clock;
  AbortSignal abort;
  const NamedThread raiser("raiser", [&](std::stop_token) { abort.raise(); });
  const Status waited = wait_ready(listener.fd, Ready::read, clock, kNever, abort);
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().code, Errc::cancelled);
}

TEST(AbortSignal, WaitsNoLongerThanTheDeadline) {
  const Listener listener(true);
  ManualClock clock;
  const AbortSignal abort;
  EXPECT_EQ(wait_ready(listener.fd, Ready::read, clock, clock.now(), abort).error().code, Errc::again);
}

}  // namespace
}  // namespace mainstay::ffi
