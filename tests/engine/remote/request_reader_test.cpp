#include "engine/remote/request_reader.h"

#include <gtest/gtest.h>

#include <boost/beast/websocket/rfc6455.hpp>

namespace mainstay::remote {
namespace {

class RequestReaderTest : public ::testing::Test {
 protected:
  // In pieces of so many bytes, as the network may bring them; what the reader left waits for more.
  error_code read(const std::string& text, std::size_t piece = 1 << 20) {
    reader_.emplace(limits_);
    std::string waiting;
    error_code error;
    for (std::size_t at = 0; at < text.size() && !reader_->is_done(); at += piece) {
      waiting += text.substr(at, piece);
      while (!waiting.empty() && !reader_->is_done()) {
        const std::size_t taken = reader_->put(asio::buffer(waiting), error);
        waiting.erase(0, taken);
        if (error == beast::http::error::need_more) error = {};
        if (error) return error;
        if (taken == 0) break;
      }
    }
    return error;
  }

  Limits limits_;
  std::optional<RequestReader> reader_;
};

constexpr const char* kPost =
    "POST /a%20b/c?x=%41&y HTTP/1.1\r\nHOST: one\r\nContent-Type: text/plain\r\nX-Empty:\r\nContent-Length: 5\r\n\r\n"
    "hello";

TEST_F(RequestReaderTest, GivesARequestInWhateverPiecesItComes) {
  for (const std::size_t piece : {1, 2, 7, 1000}) {
    ASSERT_FALSE(read(kPost, piece)) << piece;
    ASSERT_TRUE(reader_->is_done()) << piece;
    const HttpRequest& request = reader_->request();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.path, "/a b/c");
    EXPECT_EQ(request.query, "x=%41&y");
    EXPECT_EQ(request.header("host"), "one");
    EXPECT_EQ(request.header("content-type"), "text/plain");
    EXPECT_TRUE(request.headers.has("x-empty"));
    EXPECT_EQ(request.body, "hello");
    EXPECT_TRUE(reader_->keep_alive());
    EXPECT_TRUE(reader_->host_is_fine());
  }
}

// The library asserted that five bytes are there when it looks at a last chunk again: four are enough to end a program.
TEST_F(RequestReaderTest, WaitsForTheRestOfALastChunkHoweverLittleComes) {
  for (const std::string trailer : {"", "a: b\r\n"}) {
    ASSERT_FALSE(
        read("POST /p HTTP/1.1\r\nHost: one\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + trailer + "\r\n", 1));
    EXPECT_TRUE(reader_->is_done()) << trailer;
    EXPECT_EQ(reader_->request().body, "");
  }
}

TEST_F(RequestReaderTest, TakesAnAbsoluteTargetAndChunks) {
  ASSERT_FALSE(
      read("PUT http://one:80/p?q HTTP/1.1\r\nHost: one\r\nTransfer-Encoding: chunked\r\n\r\n"
           "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
           3));
  EXPECT_EQ(reader_->request().path, "/p");
  EXPECT_EQ(reader_->request().query, "q");
  EXPECT_EQ(reader_->request().body, "abcde");
  ASSERT_FALSE(read("GET http://one HTTP/1.1\r\nHost: one\r\n\r\n"));
  EXPECT_EQ(reader_->request().path, "");
}

TEST_F(RequestReaderTest, CountsHosts) {
  ASSERT_FALSE(read("GET / HTTP/1.1\r\n\r\n"));
  EXPECT_FALSE(reader_->host_is_fine());
  ASSERT_FALSE(read("GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n"));
  EXPECT_FALSE(reader_->host_is_fine());
  ASSERT_FALSE(read("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(reader_->host_is_fine());
  EXPECT_FALSE(reader_->keep_alive());
}

TEST_F(RequestReaderTest, KnowsWhoWantsAWebSocketAndWhoAsksFirst) {
  const std::string upgrade = "Host: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\nX: y\r\n\r\n";
  ASSERT_FALSE(read("GET /ws HTTP/1.1\r\n" + upgrade));
  EXPECT_TRUE(reader_->wants_web_socket());
  const auto same = reader_->as_upgrade();
  EXPECT_EQ(same[beast::http::field::upgrade], "WebSocket");
  EXPECT_EQ(same["x"], "y");
  EXPECT_TRUE(beast::websocket::is_upgrade(same));
  ASSERT_FALSE(read("POST /ws HTTP/1.1\r\n" + upgrade));
  EXPECT_FALSE(reader_->wants_web_socket());
  ASSERT_FALSE(read("GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n"));
  EXPECT_FALSE(reader_->wants_web_socket());
  ASSERT_FALSE(read("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n"));
  EXPECT_TRUE(reader_->is_header_done());
  EXPECT_TRUE(reader_->asks_first());
}

TEST_F(RequestReaderTest, RefusesWhatIsTooMuch) {
  limits_.header_bytes = 100;
  EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: " + std::string(200, 'a') + "\r\n\r\n", 10),
            beast::http::error::header_limit);
  limits_ = {};
  limits_.body_bytes = 4;
  EXPECT_EQ(read(kPost), beast::http::error::body_limit);
  EXPECT_TRUE(read("GET / HTTP/1.1\r\nHost : a\r\n\r\n"));
}

}  // namespace
}  // namespace mainstay::remote
