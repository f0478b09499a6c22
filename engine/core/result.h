// Errors as values: Result<T> holds a T or an Error. A small subset of std::expected, to become an alias one day.
// Plain values, owned by whoever holds them.
// Thread-safety: as any value.
#pragma once

#include <fmt/core.h>

#include <cassert>
#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace mainstay {

/// What the caller can do about an error.
enum class Errc {
  again,        ///< nothing now; the same call may succeed later
  end,          ///< the stream is over
  cancelled,    ///< somebody asked for the stop
  unsupported,  ///< this build or machine cannot do it
  corrupt,      ///< the data is broken
  io,           ///< a file, device or network failed; trying again may help
  invalid,      ///< the caller's input is wrong; trying again does not help
};

const char* to_string(Errc code);

/// What went wrong, where and what to do, in one line an operator understands.
struct Error {
  Errc code = Errc::io;
  std::string message;
  std::shared_ptr<const Error> cause;

  /// The message with those of its causes: "what: why: why".
  std::string describe() const;
};

template <class... Args>
Error make_error(Errc code, fmt::format_string<Args...> format, Args&&... args) {
  return Error{code, fmt::format(format, std::forward<Args>(args)...), nullptr};
}

/// `cause` seen from one step further out. Keeps the cause's code.
Error wrap(Error cause, std::string message);

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit, as std::expected
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return assert(has_value()), *std::get_if<0>(&state_); }
  const T& value() const& { return assert(has_value()), *std::get_if<0>(&state_); }
  T&& value() && { return assert(has_value()), std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& { return assert(!has_value()), *std::get_if<1>(&state_); }
  Error&& error() && { return assert(!has_value()), std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::make_unique<Error>(std::move(error))) {}  // NOLINT: implicit, as std::expected

  bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }
  const Error& error() const& { return assert(error_), *error_; }
  Error&& error() && { return assert(error_), std::move(*error_); }

 private:
  std::unique_ptr<Error> error_;
};

using Status = Result<void>;

}  // namespace mainstay

#define MAINSTAY_CONCAT_(a, b) a##b
#define MAINSTAY_CONCAT(a, b) MAINSTAY_CONCAT_(a, b)

/// MAINSTAY_TRY(auto x, f()); — x is f()'s value, or this function returns f()'s error.
#define MAINSTAY_TRY(declaration, expression) MAINSTAY_TRY_(declaration, expression, MAINSTAY_CONCAT(try_, __LINE__))
#define MAINSTAY_TRY_(declaration, expression, name) \
  auto name = (expression);                          \
  if (!name) return std::move(name).error();         \
  declaration = std::move(name).value()

/// MAINSTAY_CHECK(f()); — returns f()'s error, if any.
#define MAINSTAY_CHECK(expression) \
  if (auto check_ = (expression); !check_) return std::move(check_).error()
