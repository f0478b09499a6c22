#include "engine/ffi/srt/srt_socket.h"

#include <gmock/gmock.h>

#include <array>
#include <numeric>
#include <thread>

#include "engine/ffi/srt/srt_listener.h"
#include "tests/engine/ffi/srt_test_support.h"

namespace mainstay::ffi {
namespace {

using srt_test::SrtWorld;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class SrtSocketTest : public ::testing::Test {
 protected:
  std::unique_ptr<SrtListener> listen(SrtListenerOptions options = {}) {
    options.srt.host = "127.0.0.1";
    auto listener = SrtListener::open(std::move(options));
    EXPECT_TRUE(listener) << listener.error().describe();
    return std::move(listener).value();
  }

  SrtOptions to(const SrtListener& listener) {
    SrtOptions options;
    options.host = "127.0.0.1";
    options.port = listener.port();
    return options;
  }

  Result<std::unique_ptr<SrtSocket>> call(const SrtOptions& options, std::stop_token stop = {}) {
    return SrtSocket::connect(options, world.clock, world.resolver, stop);
  }

  std::unique_ptr<SrtSocket> accepted(SrtListener& listener) {
    auto socket = listener.accept(world.clock, {}, world.clock.now() + Seconds{5});
    EXPECT_TRUE(socket) << socket.error().describe();
    return socket ? std::move(socket).value() : nullptr;
  }

  SrtWorld world;
};

TEST_F(SrtSocketTest, WhatIsSentArrivesWithStreamidAndLatency) {
  const auto listener = listen({.srt = {.latency = Millis{150}}});
  SrtOptions options = to(*listener);
  options.streamid = "#!::r=live,m=publish";
  options.latency = Millis{40};
  const auto sender = call(options);
  ASSERT_TRUE(sender) << sender.error().describe();
  const auto receiver = accepted(*listener);
  EXPECT_EQ(receiver->streamid(), "#!::r=live,m=publish");
  EXPECT_EQ((*sender)->peer_latency(), Millis{150}) << "the larger of both holds";
  EXPECT_EQ((*sender)->peer(), fmt::format("127.0.0.1:{}", listener->port()));
  EXPECT_EQ(receiver->peer(), fmt::format("127.0.0.1:{}", (*sender)->local_port()));

  std::vector<std::uint8_t> sent(1316);
  std::iota(sent.begin(), sent.end(), std::uint8_t{0});
  ASSERT_TRUE((*sender)->send(sent));
  std::array<std::uint8_t, 1500> got{};
  const auto size = receiver->receive(got, Seconds{5});
  ASSERT_TRUE(size) << size.error().describe();
  EXPECT_TRUE(std::equal(sent.begin(), sent.end(), got.begin(), got.begin() + *size));
  EXPECT_TRUE(world.eventually([&] { return (*sender)->unacked_bytes() == 0; }));

  const SrtStats stats = (*sender)->stats();
  EXPECT_EQ(stats.sent_unique_packets, 1);
  EXPECT_GE(stats.acks, 1);
  EXPECT_EQ(stats.peer_latency, Millis{150});
  EXPECT_EQ(receiver->stats().received_packets, 1);
  EXPECT_GT((*sender)->details().size(), 45U);
}

TEST_F(SrtSocketTest, ReceivingWithoutDataSaysAgainAndAbortEndsIt) {
  const auto listener = listen();
  const auto sender = call(to(*listener));
  const auto receiver = accepted(*listener);
  std::array<std::uint8_t, 1500> got{};
  EXPECT_EQ(receiver->receive(got).error().code, Errc::again);
  std::jthread aborter([&] { receiver->abort(); });
  EXPECT_EQ(receiver->receive(got, Seconds{10}).error().code, Errc::cancelled);
}

TEST_F(SrtSocketTest, AClosedSenderIsTheEndAndALostReceiverAnError) {
  const auto listener = listen();
  auto sender = call(to(*listener));
  ASSERT_TRUE(sender);
  auto receiver = accepted(*listener);
  (*sender)->close();
  std::array<std::uint8_t, 1500> got{};
  EXPECT_EQ(receiver->receive(got, Seconds{5}).error().code, Errc::end);

  sender = call(to(*listener));
  ASSERT_TRUE(sender);
  receiver = accepted(*listener);
  receiver->close();
  EXPECT_TRUE(world.eventually([&] { return !(*sender)->check(); }));
  const auto sent = (*sender)->send(std::vector<std::uint8_t>(188));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Errc::io);
}

TEST_F(SrtSocketTest, PassphrasesMustAgree) {
  const std::string secret = "correct horse battery";
  const auto listener = listen({.srt = {.passphrase = secret}});
  SrtOptions options = to(*listener);
  options.passphrase = secret;
  options.pbkeylen = 32;
  EXPECT_TRUE(call(options));

  options.passphrase = "wrong horse battery";
  const auto wrong = call(options);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, Errc::invalid);
  EXPECT_THAT(wrong.error().message, HasSubstr("the passphrases differ"));

  options.passphrase.clear();
  const auto absent = call(options);
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, Errc::invalid);
  EXPECT_THAT(absent.error().message, HasSubstr("one side uses a passphrase"));
  EXPECT_THAT(world.logged(), AllOf(HasSubstr("libsrt: "), Not(HasSubstr("horse"))));
}

TEST_F(SrtSocketTest, APassphraseTowardsAnOpenListenerIsRefused) {
  const auto listener = listen();
  SrtOptions options = to(*listener);
  options.passphrase = "correct horse battery";
  const auto socket = call(options);
  ASSERT_FALSE(socket);
  EXPECT_THAT(socket.error().message, HasSubstr("one side uses a passphrase"));
}

TEST_F(SrtSocketTest, AListenerTurnsCallersAwayInWords) {
  const auto listener = listen({.admit = [](const SrtCaller& caller) {
    if (caller.streamid.empty()) return SrtVerdict::unauthorized;
    if (!same_key(parse_streamid(caller.streamid).resource, "right")) return SrtVerdict::forbidden;
    return SrtVerdict::accept;
  }});
  SrtOptions options = to(*listener);
  const auto none = call(options);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Errc::invalid);
  EXPECT_THAT(none.error().message, HasSubstr("1401"));
  options.streamid = "wrongkey";
  const auto wrong = call(options);
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, AllOf(HasSubstr("1403"), Not(HasSubstr("wrongkey"))));
  EXPECT_EQ(listener->refused(), 2);
  options.streamid = "#!::r=right,m=publish";
  EXPECT_TRUE(call(options));
}

TEST_F(SrtSocketTest, ABusySeatIsAConflictUntilItsHolderGoes) {
  const auto listener = listen({.srt = {.passphrase = "correct horse battery"}, .exclusive = true});
  SrtOptions options = to(*listener);
  options.passphrase = "a wrong passphrase";
  EXPECT_FALSE(call(options)) << "one that fails after it was let in must not keep the seat";
  options.passphrase = "correct horse battery";
  auto first = call(options);
  ASSERT_TRUE(first) << first.error().describe();
  const auto first_received = accepted(*listener);
  const auto second = call(options);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::io);
  EXPECT_THAT(second.error().message, HasSubstr("1409"));
  (*first)->close();
  EXPECT_TRUE(world.eventually([&] { return !first_received->check(); }));
  EXPECT_TRUE(call(options));
}

TEST_F(SrtSocketTest, AHookThatThrowsTurnsTheCallerAway) {
  const auto listener = listen({.admit = [](const SrtCaller&) -> SrtVerdict { throw std::runtime_error("broken"); }});
  const auto socket = call(to(*listener));
  ASSERT_FALSE(socket);
  EXPECT_THAT(socket.error().message, HasSubstr("1500"));
}

TEST_F(SrtSocketTest, NobodyThereIsATimeoutInWords) {
  SrtOptions options;
  options.host = "127.0.0.1";
  options.port = srt_test::free_udp_port();
  options.connect_timeout = Millis{200};
  const Instant start = world.clock.now();
  const auto socket = call(options);
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().code, Errc::io);
  EXPECT_THAT(socket.error().message, HasSubstr("no answer from 127.0.0.1"));
  EXPECT_LT(world.clock.now() - start, Millis{900});
}

TEST_F(SrtSocketTest, AStopEndsAConnectAtOnce) {
  SrtOptions options;
  options.host = "127.0.0.1";
  options.port = srt_test::free_udp_port();
  options.connect_timeout = Millis{10000};
  std::stop_source stop;
  Instant asked{};
  std::jthread stopper([&] {
    world.clock.wait_until(world.clock.now() + Millis{60}, {});
    asked = world.clock.now();
    stop.request_stop();
  });
  const auto socket = call(options, stop.get_token());
  const Instant returned = world.clock.now();
  stopper.join();
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().code, Errc::cancelled);
  EXPECT_LT(returned - asked, Millis{100});
}

TEST_F(SrtSocketTest, TwoSocketsMeetInRendezvous) {
  SrtOptions a;
  a.mode = SrtMode::rendezvous;
  a.host = "127.0.0.2";
  a.local_host = "127.0.0.1";
  a.port = srt_test::free_udp_port();
  SrtOptions b = a;
  std::swap(b.host, b.local_host);
  Result<std::unique_ptr<SrtSocket>> other = make_error(Errc::io, "not yet");
  std::jthread thread([&] {
    Resolver resolver(world.clock);
    other = SrtSocket::connect(b, world.clock, resolver, {});
  });
  const auto socket = call(a);
  thread.join();
  ASSERT_TRUE(socket) << socket.error().describe();
  ASSERT_TRUE(other) << other.error().describe();
  ASSERT_TRUE((*socket)->send(std::vector<std::uint8_t>(188, 0x47)));
  std::array<std::uint8_t, 1500> got{};
  const auto size = (*other)->receive(got, Seconds{5});
  ASSERT_TRUE(size) << size.error().describe();
  EXPECT_EQ(*size, 188U);
}

TEST_F(SrtSocketTest, APortInUseIsSaidInWords) {
  const auto listener = listen();
  SrtListenerOptions options;
  options.srt.host = "127.0.0.1";
  options.srt.port = listener->port();
  const auto second = SrtListener::open(options);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::io);
  EXPECT_THAT(second.error().message, HasSubstr("in use"));
}

TEST_F(SrtSocketTest, APortOfAnotherProgramIsInUseToo) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), length), 0);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  SrtListenerOptions options;
  options.srt.host = "127.0.0.1";
  options.srt.port = ntohs(address.sin_port);
  const auto listener = SrtListener::open(options);
  close(fd);
  ASSERT_FALSE(listener);
  EXPECT_THAT(listener.error().message, HasSubstr("in use"));
}

TEST_F(SrtSocketTest, AListenerWithoutCallersSaysAgainAtItsDeadlineAndEndsOnAbort) {
  const auto listener = listen();
  const auto none = listener->accept(world.clock, {}, world.clock.now() + Millis{30});
  EXPECT_EQ(none.error().code, Errc::again);
  std::jthread aborter([&] { listener->abort(); });
  EXPECT_EQ(listener->accept(world.clock, {}).error().code, Errc::cancelled);
}

TEST_F(SrtSocketTest, APortIsFreeAgainOnceItsListenerIsGone) {
  auto listener = listen();
  SrtListenerOptions options;
  options.srt.host = "127.0.0.1";
  options.srt.port = listener->port();
  listener.reset();
  const auto second = SrtListener::open(options);
  EXPECT_TRUE(second) << second.error().describe();
}

TEST(SrtLibraryTest, TwoTokensLiveSideBySideAndEndInAnyOrder) {
  auto first = std::make_unique<SrtWorld>();
  SrtWorld second;
  first.reset();
  SrtListenerOptions options;
  options.srt.host = "127.0.0.1";
  const auto listener = SrtListener::open(options);
  ASSERT_TRUE(listener) << listener.error().describe();
  SrtOptions to;
  to.host = "127.0.0.1";
  to.port = (*listener)->port();
  EXPECT_TRUE(SrtSocket::connect(to, second.clock, second.resolver, {}));
  EXPECT_THAT(SrtLibrary::version(), HasSubstr("1."));
}

}  // namespace
}  // namespace mainstay::ffi
