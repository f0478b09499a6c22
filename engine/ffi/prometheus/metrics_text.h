// Metrics as text in the format that Prometheus reads (version 0.0.4), written by its own library.
// Owned by whoever makes a page of them.
// Thread-safety: one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mainstay::ffi {

class MetricsText {
 public:
  using Labels = std::vector<std::pair<std::string, std::string>>;

  MetricsText();
  ~MetricsText();

  /// Names with base units (seconds, bytes), counters ending in _total. The help of the first call for a name counts.
  void counter(const std::string& name, const std::string& help, const Labels& labels, double value);
  void gauge(const std::string& name, const std::string& help, const Labels& labels, double value);
  /// `up_to[i]`: how many are not above `bounds[i]`.
  void histogram(const std::string& name, const std::string& help, const Labels& labels, std::span<const double> bounds,
                 std::span<const std::int64_t> up_to, std::int64_t count, double sum);

  std::string str() const;
  static const char* content_type();

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace mainstay::ffi
