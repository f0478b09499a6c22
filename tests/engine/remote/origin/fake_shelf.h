// A shelf with what a test puts on it, and a client that asks without a network.
// Owned by a test.
// Thread-safety: put() and let_go() from any thread.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "engine/package/shelf.h"
#include "engine/remote/http.h"

namespace mainstay::remote {

class FakeShelf final : public package::Shelf {
 public:
  package::ItemPtr put(const std::string& path, package::ItemKind kind, std::string text, bool gzip = false);
  void put(package::ItemPtr item, const std::string& path);
  /// Answers all that wait.
  void let_go(const package::Answer& answer);
  std::size_t waiting() const;
  package::Reload last_reload() const;

  package::ItemPtr find(std::string_view path) const override;
  void reload(std::string_view path, const package::Reload& directives,
              std::function<void(package::Answer)> answer) override;
  Nanos target_duration() const override { return target; }
  Nanos part_target() const override { return part; }

  std::string hinted;  ///< a path that is waited for
  Nanos target = Seconds(2);
  Nanos part = Millis(333);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, package::ItemPtr, std::less<>> items_;
  std::vector<std::function<void(package::Answer)>> waiting_;
  package::Reload last_;
};

/// A media playlist with one segment, a map and a part, and where its URIs end.
std::string small_playlist();

HttpRequest request_of(const std::string& method, const std::string& target, HttpFields headers = {});
/// The value of a response's header; empty: it has none.
std::string header_of(const HttpResponse& response, const std::string& name);

}  // namespace mainstay::remote
