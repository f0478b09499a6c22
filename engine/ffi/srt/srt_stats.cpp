#include "engine/ffi/srt/srt_stats.h"

#include "engine/ffi/srt/srt_stats_detail.h"

namespace mainstay::ffi {

double SrtStats::resent_pct() const {
  return sent_packets > 0 ? 100.0 * static_cast<double>(resent_packets) / static_cast<double>(sent_packets) : 0;
}

namespace srt {

SrtStats to_stats(const SRT_TRACEBSTATS& p) {
  SrtStats s;
  s.sent_packets = p.pktSentTotal;
  s.sent_unique_packets = p.pktSentUniqueTotal;
  s.sent_unique_bytes = static_cast<std::int64_t>(p.byteSentUniqueTotal);
  s.resent_packets = p.pktRetransTotal;
  s.lost_packets = p.pktSndLossTotal;
  s.dropped_packets = p.pktSndDropTotal;
  s.acks = p.pktRecvACKTotal;
  s.naks = p.pktRecvNAKTotal;
  s.unacked_packets = p.pktSndBuf;
  s.unacked_bytes = p.byteSndBuf;
  s.unacked = Millis{p.msSndBuf};
  s.flight_packets = p.pktFlightSize;
  s.peer_latency = Millis{p.msSndTsbPdDelay};
  s.received_packets = p.pktRecvTotal;
  s.received_bytes = static_cast<std::int64_t>(p.byteRecvTotal);
  s.missing_packets = p.pktRcvLossTotal;
  s.late_packets = p.pktRcvDropTotal;
  s.undecrypted_packets = p.pktRcvUndecryptTotal;
  s.latency = Millis{p.msRcvTsbPdDelay};
  s.rtt = Micros{static_cast<std::int64_t>(p.msRTT * 1000)};
  return s;
}

SrtDetails to_details(const SRT_TRACEBSTATS& p) {
  const auto n = [](auto value) { return static_cast<double>(value); };
  return {
      {"connected_total_ms", n(p.msTimeStamp)},
      {"sent_total_packets", n(p.pktSentTotal)},
      {"sent_unique_total_packets", n(p.pktSentUniqueTotal)},
      {"received_total_packets", n(p.pktRecvTotal)},
      {"received_unique_total_packets", n(p.pktRecvUniqueTotal)},
      {"send_lost_total_packets", n(p.pktSndLossTotal)},
      {"receive_lost_total_packets", n(p.pktRcvLossTotal)},
      {"resent_total_packets", n(p.pktRetransTotal)},
      {"acks_sent_total", n(p.pktSentACKTotal)},
      {"acks_received_total", n(p.pktRecvACKTotal)},
      {"naks_sent_total", n(p.pktSentNAKTotal)},
      {"naks_received_total", n(p.pktRecvNAKTotal)},
      {"send_busy_total_us", n(p.usSndDurationTotal)},
      {"send_dropped_total_packets", n(p.pktSndDropTotal)},
      {"receive_dropped_total_packets", n(p.pktRcvDropTotal)},
      {"receive_undecrypted_total_packets", n(p.pktRcvUndecryptTotal)},
      {"sent_total_bytes", n(p.byteSentTotal)},
      {"sent_unique_total_bytes", n(p.byteSentUniqueTotal)},
      {"received_total_bytes", n(p.byteRecvTotal)},
      {"received_unique_total_bytes", n(p.byteRecvUniqueTotal)},
      {"receive_lost_total_bytes", n(p.byteRcvLossTotal)},
      {"resent_total_bytes", n(p.byteRetransTotal)},
      {"send_dropped_total_bytes", n(p.byteSndDropTotal)},
      {"receive_dropped_total_bytes", n(p.byteRcvDropTotal)},
      {"receive_undecrypted_total_bytes", n(p.byteRcvUndecryptTotal)},
      // libsrt's "local" counters run from the last clear; nothing clears them here, so those that have no total and
      // the rates are over the whole connection.
      {"receive_resent_packets", n(p.pktRcvRetrans)},
      {"receive_belated_packets", n(p.pktRcvBelated)},
      {"receive_belated_mean_ms", p.pktRcvAvgBelatedTime},
      {"send_rate_mean_mbps", p.mbpsSendRate},
      {"receive_rate_mean_mbps", p.mbpsRecvRate},
      {"receive_reorder_packets", n(p.pktReorderDistance)},
      {"receive_reorder_tolerance_packets", n(p.pktReorderTolerance)},
      {"send_period_us", p.usPktSndPeriod},
      {"flow_window_packets", n(p.pktFlowWindow)},
      {"congestion_window_packets", n(p.pktCongestionWindow)},
      {"flight_packets", n(p.pktFlightSize)},
      {"rtt_ms", p.msRTT},
      {"link_estimate_mbps", p.mbpsBandwidth},
      {"max_rate_mbps", p.mbpsMaxBW},
      {"mtu_bytes", n(p.byteMSS)},
      {"send_buffer_free_bytes", n(p.byteAvailSndBuf)},
      {"send_buffer_packets", n(p.pktSndBuf)},
      {"send_buffer_bytes", n(p.byteSndBuf)},
      {"send_buffer_ms", n(p.msSndBuf)},
      {"latency_ms", n(p.msSndTsbPdDelay)},
      {"receive_buffer_free_bytes", n(p.byteAvailRcvBuf)},
      {"receive_buffer_packets", n(p.pktRcvBuf)},
      {"receive_buffer_bytes", n(p.byteRcvBuf)},
      {"receive_buffer_ms", n(p.msRcvBuf)},
      {"receive_latency_ms", n(p.msRcvTsbPdDelay)},
      {"filter_extra_sent_total_packets", n(p.pktSndFilterExtraTotal)},
      {"filter_extra_received_total_packets", n(p.pktRcvFilterExtraTotal)},
      {"filter_rebuilt_total_packets", n(p.pktRcvFilterSupplyTotal)},
      {"filter_lost_total_packets", n(p.pktRcvFilterLossTotal)},
  };
}

}  // namespace srt

}  // namespace mainstay::ffi
