#include "engine/core/result.h"

namespace mainstay {

const char* to_string(Errc code) {
  switch (code) {
    case Errc::again:
      return "again";
    case Errc::end:
      return "end";
    case Errc::cancelled:
      return "cancelled";
    case Errc::unsupported:
      return "unsupported";
    case Errc::corrupt:
      return "corrupt";
    case Errc::io:
      return "io";
    case Errc::invalid:
      return "invalid";
  }
  return "unknown";
}

std::string Error::describe() const {
  std::string text = message;
  for (const Error* next = cause.get(); next != nullptr; next = next->cause.get()) text += ": " + next->message;
  return text;
}

Error wrap(Error cause, std::string message) {
  const Errc code = cause.code;
  return Error{code, std::move(message), std::make_shared<const Error>(std::move(cause))};
}

}  // namespace mainstay
