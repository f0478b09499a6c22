// Keeps one encoder going: opens it, lets it go when it fails, builds it anew within a budget, and tells the operator.
// Owned by an encode stage; Encoder is ffi::VideoEncoder or ffi::AudioEncoder.
// Thread-safety: one thread at a time.
#pragma once

#include <fmt/core.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "engine/encode/encode_notice.h"
#include "engine/encode/rebuild_budget.h"

namespace mainstay {

template <class Encoder, class Config>
class EncoderKeeper {
 public:
  using Open = std::function<Result<std::unique_ptr<Encoder>>(const Config& config)>;

  EncoderKeeper(Config config, Open open, EmitNotice notice)
      : config_(std::move(config)), open_(std::move(open)), notice_(std::move(notice)) {}

  Status open() {
    MAINSTAY_TRY(encoder_, open_(config_));
    stream_ = encoder_->stream();
    return {};
  }

  explicit operator bool() const { return encoder_ != nullptr; }
  Encoder* operator->() const { return encoder_.get(); }
  const Config& config() const { return config_; }
  /// What its packets carry; that of the last encoder while there is none.
  StreamInfoPtr stream() const { return stream_; }
  /// The last error, empty while the encoder works.
  const std::string& error() const { return error_; }

  /// Makes a new encoder, at program time `now`, when the budget allows; `where` says from where on it works
  /// ("frame 7"). The new one goes on with the old one's stream description as long as it says the same.
  bool rebuild(Nanos now, const std::string& where) {
    if (!budget_.take(now)) {
      if (budget_.spent() && !std::exchange(told_waiting_, true)) {
        tell(EncodeNotice::Kind::waiting, fmt::format("failed {} times within a minute: the next attempt comes when "
                                                      "that minute is over; last error: {}",
                                                      RebuildBudget::kPerMinute, error_));
      }
      return false;
    }
    Config config = config_;
    config.predecessor = stream_;
    auto opened = open_(config);
    budget_.attempt_ended(opened.has_value());
    if (!opened) {
      fail(opened.error());
      return false;
    }
    encoder_ = *std::move(opened);
    stream_ = encoder_->stream();
    told_waiting_ = false;
    error_.clear();
    tell(EncodeNotice::Kind::rebuilt, "works again from " + where);
    return true;
  }

  void fail(const Error& error) {
    close();
    error_ = error.describe();
    tell(EncodeNotice::Kind::failed, error_);
  }

  void close() { encoder_.reset(); }

 private:
  void tell(EncodeNotice::Kind kind, std::string message) const {
    if (notice_) notice_({kind, config_.name, std::move(message)});
  }

  const Config config_;
  const Open open_;
  const EmitNotice notice_;
  std::unique_ptr<Encoder> encoder_;
  StreamInfoPtr stream_;
  RebuildBudget budget_;
  bool told_waiting_ = false;
  std::string error_;
};

}  // namespace mainstay
