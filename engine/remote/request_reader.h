// Internal to engine/remote: one request, read by the network library's parser straight into what handlers get.
// Owned by its connection, and made anew for each request.
// Thread-safety: one thread at a time.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "engine/remote/net.h"

namespace mainstay::remote {

class RequestReader final : public beast::http::basic_parser<true> {
 public:
  explicit RequestReader(const Limits& limits);

  // Once the header is there (is_header_done()):
  beast::http::verb verb() const { return verb_; }
  /// 10, 11, or what a client claims.
  int version() const { return version_; }
  /// RFC 9112, 3.2: one Host, and one only.
  bool host_is_fine() const { return version_ == 10 ? hosts_ <= 1 : hosts_ == 1; }
  /// RFC 9110, 10.1.1: "Expect: 100-continue".
  bool asks_first() const { return asks_first_; }
  /// RFC 6455, 4.2.1: it wants to go on as a WebSocket.
  bool wants_web_socket() const;
  /// The same request as the library's WebSocket takes it.
  beast::http::request<beast::http::string_body> as_upgrade() const;

  /// With its body once is_done(). To be taken once.
  HttpRequest& request() { return request_; }

 private:
  using Text = beast::string_view;
  void on_request_impl(beast::http::verb verb, Text method, Text target, int version, error_code&) override;
  void on_response_impl(int, Text, int, error_code&) override {}
  void on_field_impl(beast::http::field field, Text name, Text value, error_code&) override;
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override;
  std::size_t on_body_impl(Text body, error_code&) override;
  void on_chunk_header_impl(std::uint64_t, Text, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, error_code& error) override {
    return on_body_impl(body, error);
  }
  void on_finish_impl(error_code&) override {}

  HttpRequest request_;
  beast::http::verb verb_ = beast::http::verb::unknown;
  int version_ = 0;
  int hosts_ = 0;
  bool asks_first_ = false;
};

}  // namespace mainstay::remote
