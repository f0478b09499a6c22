// Digests, randomness and base64 for what proves who somebody is (GnuTLS).
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace mainstay::ffi {

using Sha256 = std::array<std::uint8_t, 32>;
using Sha1 = std::array<std::uint8_t, 20>;

Sha256 sha256(std::string_view bytes);
/// For identifiers derived from names (RFC 9562, version 5), never for what must be secret.
Sha1 sha1(std::string_view bytes);

/// RFC 2104, of SHA-256.
Sha256 hmac_sha256(std::string_view key, std::string_view bytes);

/// Bytes nobody can guess. Errc::io when the system gives none.
Result<std::string> random_bytes(std::size_t count);

/// RFC 4648 section 4, padded.
std::string base64(std::span<const std::uint8_t> bytes);
std::string base64(std::string_view bytes);
/// RFC 4648 section 5, for URLs; not padded.
std::string base64url(std::span<const std::uint8_t> bytes);

using Aes128Key = std::array<std::uint8_t, 16>;
/// AES-128 in CBC mode with PKCS #7 padding, as HLS encrypts whole files (RFC 8216, 4.3.2.4).
std::vector<std::uint8_t> aes128_cbc(const Aes128Key& key, const Aes128Key& iv, std::span<const std::uint8_t> bytes);

/// Takes as long for equal texts as for different ones of the same length; the length itself is no secret.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace mainstay::ffi
