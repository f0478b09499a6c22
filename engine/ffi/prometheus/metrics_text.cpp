#include "engine/ffi/prometheus/metrics_text.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <limits>
#include <sstream>

namespace mainstay::ffi {

struct MetricsText::Families {
  std::vector<prometheus::MetricFamily> all;

  prometheus::ClientMetric& add(const std::string& name, const std::string& help, prometheus::MetricType type,
                                const Labels& labels) {
    auto family = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
    if (family == all.end()) family = all.insert(all.end(), {name, help, type, {}});
    prometheus::ClientMetric& metric = family->metric.emplace_back();
    for (const auto& [key, value] : labels) metric.label.push_back({key, value});
    return metric;
  }
};

MetricsText::MetricsText() : families_(std::make_unique<Families>()) {}
MetricsText::~MetricsText() = default;

void MetricsText::counter(const std::string& name, const std::string& help, const Labels& labels, double value) {
  families_->add(name, help, prometheus::MetricType::Counter, labels).counter.value = value;
}

void MetricsText::gauge(const std::string& name, const std::string& help, const Labels& labels, double value) {
  families_->add(name, help, prometheus::MetricType::Gauge, labels).gauge.value = value;
}

void MetricsText::histogram(const std::string& name, const std::string& help, const Labels& labels,
                            std::span<const double> bounds, std::span<const std::int64_t> up_to, std::int64_t count,
                            double sum) {
  auto& histogram = families_->add(name, help, prometheus::MetricType::Histogram, labels).histogram;
  for (std::size_t i = 0; i < bounds.size(); ++i)
    histogram.bucket.push_back({static_cast<std::uint64_t>(up_to[i]), bounds[i]});
  histogram.bucket.push_back({static_cast<std::uint64_t>(count), std::numeric_limits<double>::infinity()});
  histogram.sample_count = static_cast<std::uint64_t>(count);
  histogram.sample_sum = sum;
}

std::string MetricsText::str() const {
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families_->all);
  return out.str();
}

const char* MetricsText::content_type() {
  return "text/plain; version=0.0.4; charset=utf-8";
}

}  // namespace mainstay::ffi
