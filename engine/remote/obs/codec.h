// Messages on the wire: JSON as text, or MessagePack as binary. What comes in is bounded before it is built.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "engine/studio/command.h"

namespace mainstay::obs {

enum class Encoding { json, msgpack };

inline constexpr std::size_t kMaxMessage = 1024 * 1024;
inline constexpr int kMaxNesting = 32;
inline constexpr std::size_t kMaxValues = 100'000;

/// The encoding that a subprotocol stands for; empty, as a client that asks for none: JSON. None when it is unknown.
std::optional<Encoding> encoding_of(std::string_view subprotocol);

/// Errc::corrupt for what is no such message, is larger or deeper than the limits, holds binary data, a number that is
/// not finite or text that is not UTF-8. The message quotes nothing of what came.
Result<Json> decode(std::string_view bytes, Encoding encoding);
std::string encode(const Json& value, Encoding encoding);

/// About how many bytes the value takes when encoded; never far too few.
std::size_t encoded_size(const Json& value);

}  // namespace mainstay::obs
