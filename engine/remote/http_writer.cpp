#include "engine/remote/http_writer.h"

#include <algorithm>
#include <array>
#include <boost/asio/write.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <utility>

#include "engine/remote/http_head.h"

namespace mainstay::remote {

namespace {

constexpr std::size_t kSlowest = 16;  // bytes a millisecond that a client must take on average, beside the timeout

}  // namespace

HttpWriter::HttpWriter(HubRef hub, const Limits& limits, NetStream& stream, Done done)
    : hub_(std::move(hub)), limits_(limits), stream_(stream), done_(std::move(done)) {}

void HttpWriter::deadline(std::size_t bytes) {
  stream_.next_layer().expires_after(limits_.write_timeout + Millis(bytes / kSlowest));
}

void HttpWriter::finish(bool ok) {
  body_ = {};
  std::string().swap(head_);
  growing_ = nullptr;
  done_(ok);
}

void HttpWriter::write(HttpResponse response, Form form, const Keep& keep) {
  body_ = std::move(response.body);
  response.body.bytes = body_.bytes;  // its length stands in the head
  std::string& head = hub_->scratch().head;
  write_head(response, form.keep_alive, head);
  if (response.more && !has_no_body(response.status)) {
    head_ = head;
    growing_ = std::move(response.more);
    return write_growing(form.head, keep);
  }
  const std::size_t body = form.head || has_no_body(response.status) ? 0 : body_.bytes.size();
  hub_->count_request(body);
  const asio::const_buffer bytes(body_.bytes.data(), body);
  error_code error;
  const std::size_t out = stream_.write_now({asio::buffer(head), bytes}, error);
  if (error && error != asio::error::would_block && error != asio::error::try_again) return finish(false);
  if (out == head.size() + body) return finish(true);
  const std::size_t of_head = std::min(out, head.size());
  head_.assign(head, of_head);
  write_rest(bytes + (out - of_head), keep);
}

void HttpWriter::write_rest(asio::const_buffer body, const Keep& keep) {
  const std::array<asio::const_buffer, 2> rest{asio::buffer(head_), body};
  deadline(head_.size() + body.size());
  asio::async_write(stream_, rest, [this, keep](error_code error, std::size_t) {
    stream_.next_layer().expires_never();
    finish(!error);
  });
}

void HttpWriter::write_growing(bool head, const Keep& keep) {
  deadline(0);
  asio::async_write(stream_, asio::buffer(head_), [this, head, keep](error_code error, std::size_t) {
    if (error) return finish(false);
    if (!head) return write_piece({std::move(body_), false, false}, keep);
    stream_.next_layer().expires_never();
    hub_->count_request(0);
    finish(true);
  });
}

void HttpWriter::write_piece(Piece piece, const Keep& keep) {
  if (piece.broken) return finish(false);
  body_ = std::move(piece.body);
  const auto after = [this, keep, last = piece.is_last](error_code error, std::size_t) {
    if (error) return finish(false);
    last ? write_last_chunk(keep) : next_piece(keep);
  };
  if (body_.bytes.empty()) return after({}, 0);
  grown_ += body_.bytes.size();
  deadline(body_.bytes.size());
  asio::async_write(stream_, beast::http::make_chunk(asio::buffer(body_.bytes.data(), body_.bytes.size())), after);
}

void HttpWriter::next_piece(const Keep& keep) {
  stream_.next_layer().expires_never();  // it comes when it is made
  growing_([this, weak = std::weak_ptr<void>(keep), hub = std::weak_ptr(hub_)](Piece piece) {
    const HubRef alive = hub.lock();
    if (!alive) return;
    alive->post([this, weak, piece = std::move(piece)]() mutable {
      if (const Keep again = weak.lock()) write_piece(std::move(piece), again);
    });
  });
}

void HttpWriter::write_last_chunk(const Keep& keep) {
  deadline(0);
  asio::async_write(stream_, beast::http::make_chunk_last(), [this, keep](error_code error, std::size_t) {
    if (error) return finish(false);
    stream_.next_layer().expires_never();
    hub_->count_request(std::exchange(grown_, 0));
    finish(true);
  });
}

}  // namespace mainstay::remote
