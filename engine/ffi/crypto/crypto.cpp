#include "engine/ffi/crypto/crypto.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include <cassert>

namespace mainstay::ffi {

namespace {

template <class Digest>
Digest digest(gnutls_digest_algorithm_t algorithm, std::string_view bytes) {
  Digest out{};
  [[maybe_unused]] const int failed = gnutls_hash_fast(algorithm, bytes.data(), bytes.size(), out.data());
  assert(failed == 0 && "the library has both digests");
  return out;
}

}  // namespace

Sha256 sha256(std::string_view bytes) {
  return digest<Sha256>(GNUTLS_DIG_SHA256, bytes);
}

Sha1 sha1(std::string_view bytes) {
  return digest<Sha1>(GNUTLS_DIG_SHA1, bytes);
}

Sha256 hmac_sha256(std::string_view key, std::string_view bytes) {
  Sha256 out{};
  [[maybe_unused]] const int failed =
      gnutls_hmac_fast(GNUTLS_MAC_SHA256, key.data(), key.size(), bytes.data(), bytes.size(), out.data());
  assert(failed == 0 && "the library has it");
  return out;
}

Result<std::string> random_bytes(std::size_t count) {
  std::string out(count, '\0');
  if (const int failed = gnutls_rnd(GNUTLS_RND_KEY, out.data(), out.size()); failed < 0) {
    return make_error(Errc::io, "this system gives no random numbers: {}", gnutls_strerror(failed));
  }
  return out;
}

std::string base64(std::span<const std::uint8_t> bytes) {
  static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    std::uint32_t group = static_cast<std::uint32_t>(bytes[i]) << 16;
    if (left > 1) group |= static_cast<std::uint32_t>(bytes[i + 1]) << 8;
    if (left > 2) group |= bytes[i + 2];
    out += kDigits[group >> 18];
    out += kDigits[group >> 12 & 63];
    out += left > 1 ? kDigits[group >> 6 & 63] : '=';
    out += left > 2 ? kDigits[group & 63] : '=';
  }
  return out;
}

std::string base64(std::string_view bytes) {
  return base64(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

std::string base64url(std::span<const std::uint8_t> bytes) {
  std::string out = base64(bytes);
  while (out.ends_with('=')) out.pop_back();
  for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return out;
}

std::vector<std::uint8_t> aes128_cbc(const Aes128Key& key, const Aes128Key& iv, std::span<const std::uint8_t> bytes) {
  const std::size_t padding = key.size() - bytes.size() % key.size();
  std::vector<std::uint8_t> out(bytes.begin(), bytes.end());
  out.insert(out.end(), padding, static_cast<std::uint8_t>(padding));
  const gnutls_datum_t k{const_cast<std::uint8_t*>(key.data()), static_cast<unsigned>(key.size())};
  const gnutls_datum_t v{const_cast<std::uint8_t*>(iv.data()), static_cast<unsigned>(iv.size())};
  gnutls_cipher_hd_t cipher = nullptr;
  if (gnutls_cipher_init(&cipher, GNUTLS_CIPHER_AES_128_CBC, &k, &v) != 0) return {};
  const int done = gnutls_cipher_encrypt(cipher, out.data(), out.size());
  gnutls_cipher_deinit(cipher);
  if (done != 0) out.clear();
  return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && gnutls_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace mainstay::ffi
