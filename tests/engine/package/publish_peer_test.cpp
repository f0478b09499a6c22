// Publishing to a real HTTP server, over the network's own client.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "engine/ffi/http/http_client.h"
#include "engine/package/publish_target.h"

namespace mainstay::package {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

ItemPtr item(const std::string& text, const char* type) {
  auto owner = std::make_shared<const std::string>(text);
  auto made = std::make_shared<Item>();
  made->content_type = type;
  made->bytes = *owner;
  made->owner = owner;
  made->etag = text;
  return made;
}

/// put_server.py as a child.
class PutServer {
 public:
  explicit PutServer(const fs::path& folder, int fail_first = 0) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(pipe[1], STDOUT_FILENO);
      const std::string script = std::string(MAINSTAY_SOURCE_DIR) + "/tests/engine/package/put_server.py";
      ::execlp("python3", "python3", script.c_str(), folder.c_str(), std::to_string(fail_first).c_str(), nullptr);
      ::_exit(127);
    }
    ::close(pipe[1]);
    out_ = ::fdopen(pipe[0], "r");
    port_ = std::stoi(line());
  }
  ~PutServer() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    std::fclose(out_);
  }
  std::string line() {
    std::array<char, 512> buffer{};
    if (std::fgets(buffer.data(), buffer.size(), out_) == nullptr) return {};
    std::string text(buffer.data());
    return text.substr(0, text.find('\n'));
  }
  std::string url() const { return fmt::format("http://127.0.0.1:{}/live/", port_); }

 private:
  pid_t pid_ = 0;
  FILE* out_ = nullptr;
  int port_ = 0;
};

class PublishPeer : public ::testing::Test {
 protected:
  PublishPeer() : folder_(fs::temp_directory_path() / fmt::format("mainstay-put-{}", ::getpid())) {
    fs::create_directories(folder_);
  }
  ~PublishPeer() override { fs::remove_all(folder_); }
  std::string read(const std::string& path) {
    std::ifstream file(folder_ / path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  SteadyClock clock_;
  fs::path folder_;
};

TEST_F(PublishPeer, files_arrive_whole_over_one_connection_and_are_removed) {
  PutServer server(folder_);
  const auto target = open_target({.url = server.url(), .authorization = "Bearer abc"}, clock_);
  const std::string large(3'000'000, 'x');
  ASSERT_TRUE(target->put("v0/s1.m4s", item(large, "video/mp4"), {}));
  ASSERT_TRUE(target->put("v0/index.m3u8", item("#EXTM3U\n", "application/vnd.apple.mpegurl"), {}));
  EXPECT_EQ(read("live/v0/s1.m4s"), large);
  EXPECT_EQ(read("live/v0/index.m3u8"), "#EXTM3U\n");
  const Result<bool> before = target->has("v0/s1.m4s", {});
  EXPECT_TRUE(before && *before);
  ASSERT_TRUE(target->remove("v0/s1.m4s", {}));
  ASSERT_TRUE(target->remove("v0/s1.m4s", {}));
  const Result<bool> after = target->has("v0/s1.m4s", {});
  EXPECT_TRUE(after && !*after);
  EXPECT_FALSE(fs::exists(folder_ / "live/v0/s1.m4s"));
  EXPECT_EQ(server.line(), "conn");
  EXPECT_EQ(server.line(), "PUT /live/v0/s1.m4s 201 Bearer abc");
  EXPECT_EQ(server.line(), "PUT /live/v0/index.m3u8 201 Bearer abc");
  EXPECT_EQ(server.line(), "HEAD /live/v0/s1.m4s 200 Bearer abc");
  EXPECT_EQ(server.line(), "DELETE /live/v0/s1.m4s 204 Bearer abc");
  EXPECT_EQ(server.line(), "DELETE /live/v0/s1.m4s 404 Bearer abc");
  EXPECT_EQ(server.line(), "HEAD /live/v0/s1.m4s 404 Bearer abc");
}

TEST_F(PublishPeer, a_refusal_is_told_with_its_status) {
  PutServer server(folder_, 1);
  const auto target = open_target({.url = server.url()}, clock_);
  const Status refused = target->put("s1", item("x", "video/mp4"), {});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("503"));
  EXPECT_TRUE(target->put("s1", item("x", "video/mp4"), {}));
}

TEST_F(PublishPeer, an_origin_that_is_not_there_is_told_without_its_address) {
  const auto target = open_target({.url = "http://127.0.0.1:1/secret-path/"}, clock_);
  const Status failed = target->put("s1", item("x", "video/mp4"), {});
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, ::testing::Not(HasSubstr("secret-path")));
}

TEST_F(PublishPeer, a_stop_ends_a_request_that_hangs) {
  // A listener that takes the connection and never answers.
  const int silent = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(silent, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(silent, 4), 0);
  ::getsockname(silent, reinterpret_cast<sockaddr*>(&address), &size);
  const auto target = open_target(
      {.url = fmt::format("http://127.0.0.1:{}/", ntohs(address.sin_port)), .timeout = Seconds(600)}, clock_);
  std::stop_source stop;
  std::thread stopper([&] {
    const int taken = ::accept(silent, nullptr, nullptr);
    std::array<char, 16> first{};
    (void)!::read(taken, first.data(), first.size());
    stop.request_stop();
  });
  const Status stopped = target->put("s1", item("x", "video/mp4"), stop.get_token());
  stopper.join();
  EXPECT_FALSE(stopped);
  ::close(silent);
}

}  // namespace
}  // namespace mainstay::package
