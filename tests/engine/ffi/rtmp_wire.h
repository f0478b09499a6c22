// RTMP as a server writes it, for the tests.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/ffi/rtmp/amf0.h"

namespace mainstay::ffi::testing {

using Bytes = std::vector<std::uint8_t>;

inline void put_be(Bytes& out, std::uint32_t value, int size) {
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

/// A message in chunks with a format 0 header.
inline Bytes chunks(std::uint8_t type, std::span<const std::uint8_t> body, std::uint32_t timestamp = 0,
                    std::uint8_t channel = 3, std::size_t chunk_size = 128) {
  Bytes out{channel};
  put_be(out, std::min(timestamp, 0xFFFFFFU), 3);
  put_be(out, static_cast<std::uint32_t>(body.size()), 3);
  out.push_back(type);
  out.insert(out.end(), 4, 0);
  if (timestamp >= 0xFFFFFF) put_be(out, timestamp, 4);
  for (std::size_t at = 0; at < body.size(); at += chunk_size) {
    if (at > 0) {
      out.push_back(static_cast<std::uint8_t>(0xC0 | channel));
      if (timestamp >= 0xFFFFFF) put_be(out, timestamp, 4);
    }
    const auto part = body.subspan(at, std::min(chunk_size, body.size() - at));
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

/// S0, S1 and S2.
inline Bytes greeting() {
  Bytes out(1 + 2 * 1536, 7);
  out[0] = 3;
  return out;
}

/// "_result" or "_error" with an information object.
inline Bytes reply(const std::string& name, double transaction, const std::string& code = "",
                   const std::string& description = "") {
  Bytes body;
  Amf0Writer amf(body);
  amf.string(name).number(transaction).null().begin_object();
  amf.name("level").string(name == "_error" ? "error" : "status");
  amf.name("code").string(code);
  amf.name("description").string(description).end();
  return chunks(20, body);
}

inline Bytes stream_created(double id = 1) {
  Bytes body;
  Amf0Writer(body).string("_result").number(4).null().number(id);
  return chunks(20, body);
}

inline Bytes status(const std::string& level, const std::string& code, const std::string& description = "") {
  Bytes body;
  Amf0Writer amf(body);
  amf.string("onStatus").number(0).null().begin_object();
  amf.name("level").string(level);
  amf.name("code").string(code);
  amf.name("description").string(description).end();
  return chunks(20, body);
}

/// All that a server says until a stream is live.
inline Bytes until_live() {
  Bytes out = greeting();
  for (const Bytes& part : {reply("_result", 1, "NetConnection.Connect.Success"), stream_created(),
                            status("status", "NetStream.Publish.Start")}) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

}  // namespace mainstay::ffi::testing
