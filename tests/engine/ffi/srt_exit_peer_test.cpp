// A process in which libavformat and we use libsrt at once ends cleanly. (With the OpenSSL build of libsrt on our side
// it crashed at every exit: two libraries, one set of symbols, globals destroyed twice.)
#include <gmock/gmock.h>

extern "C" {
#include <libavformat/avformat.h>
#include <libavformat/avio.h>
}

#include <array>
#include <thread>

#include "engine/ffi/srt/srt_listener.h"
#include "tests/engine/ffi/srt_test_support.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MAINSTAY_TEST_SANITIZED 1
#endif

namespace mainstay::ffi {
namespace {

using ::testing::HasSubstr;

// Sends through libavformat's SRT what our listener receives.
TEST(SrtBothUsersTest, LibavformatAndWeUseSrtInOneProcess) {
  srt_test::SrtWorld world;
  SrtListenerOptions options;
  options.srt.host = "127.0.0.1";
  const auto listener = std::move(SrtListener::open(options)).value();
  const std::string url = fmt::format("srt://127.0.0.1:{}?mode=caller&pkt_size=1316", listener->port());
  std::jthread sender([&] {
    AVIOContext* io = nullptr;
    if (avio_open2(&io, url.c_str(), AVIO_FLAG_WRITE, nullptr, nullptr) < 0) return;
    const std::array<unsigned char, 1316> datagram{0x47};
    avio_write(io, datagram.data(), static_cast<int>(datagram.size()));
    avio_flush(io);
    world.clock.wait_until(world.clock.now() + Millis{300}, {});
    avio_closep(&io);
  });
  const auto socket = listener->accept(world.clock, {}, world.clock.now() + Seconds{20});
  ASSERT_TRUE(socket) << socket.error().describe();
  std::array<std::uint8_t, 1500> got{};
  const auto size = (*socket)->receive(got, Seconds{20});
  ASSERT_TRUE(size) << size.error().describe();
  EXPECT_EQ(*size, 1316U);
  EXPECT_EQ(got[0], 0x47);
}

// The same again in a process of its own, under valgrind; under a sanitizer, which valgrind cannot run, as it is.
TEST(SrtExitTest, AProcessWithBothUsersEndsCleanly) {
  std::vector<std::string> command{std::filesystem::read_symlink("/proc/self/exe").string(),
                                   "--gtest_filter=SrtBothUsersTest.*"};
#ifndef MAINSTAY_TEST_SANITIZED
  command.insert(command.begin(), {"valgrind", "-q", "--error-exitcode=99", "--leak-check=full",
                                   "--errors-for-leak-kinds=definite", "--show-leak-kinds=definite"});
#endif
  int code = -1;
  const std::string said = srt_test::run(command, &code);
  EXPECT_EQ(code, 0) << said;
  EXPECT_THAT(said, HasSubstr("PASSED"));
}

}  // namespace
}  // namespace mainstay::ffi
