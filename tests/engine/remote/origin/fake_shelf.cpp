#include "tests/engine/remote/origin/fake_shelf.h"

namespace mainstay::remote {

package::ItemPtr FakeShelf::put(const std::string& path, package::ItemKind kind, std::string text, bool gzip) {
  auto kept = std::make_shared<const std::string>(std::move(text));
  auto item = std::make_shared<package::Item>();
  item->kind = kind;
  item->content_type = kind == package::ItemKind::segment ? "video/mp4" : "application/vnd.apple.mpegurl";
  item->bytes = *kept;
  item->owner = kept;
  if (gzip) item->gzip = std::make_shared<const std::string>("(gzip)" + *kept);
  item->etag = "\"e-" + path + "\"";
  for (std::size_t at = kept->find("uri"); at != std::string::npos; at = kept->find("uri", at + 1))
    item->uri_ends.push_back(static_cast<std::uint32_t>(at + 3));
  std::lock_guard lock(mutex_);
  return items_[path] = item;
}

void FakeShelf::put(package::ItemPtr item, const std::string& path) {
  std::lock_guard lock(mutex_);
  items_[path] = std::move(item);
}

void FakeShelf::let_go(const package::Answer& answer) {
  std::vector<std::function<void(package::Answer)>> waiting;
  {
    std::lock_guard lock(mutex_);
    waiting.swap(waiting_);
  }
  for (const auto& one : waiting) one(answer);
}

std::size_t FakeShelf::waiting() const {
  std::lock_guard lock(mutex_);
  return waiting_.size();
}

package::Reload FakeShelf::last_reload() const {
  std::lock_guard lock(mutex_);
  return last_;
}

package::ItemPtr FakeShelf::find(std::string_view path) const {
  std::lock_guard lock(mutex_);
  const auto found = items_.find(path);
  return found == items_.end() ? nullptr : found->second;
}

void FakeShelf::reload(std::string_view path, const package::Reload& directives,
                       std::function<void(package::Answer)> answer) {
  package::ItemPtr item = find(path);
  if (!directives.any() && path != hinted)
    return answer(item ? package::Answer{200, std::move(item), ""} : package::Answer{404, nullptr, "nothing"});
  std::lock_guard lock(mutex_);
  last_ = directives;
  waiting_.push_back(std::move(answer));
}

std::string small_playlist() {
  return "#EXTM3U\n#EXT-X-MAP:URI=\"init.uri\"\n#EXT-X-PART:DURATION=0.3,URI=\"p.uri\"\n#EXTINF:2,\ns1.uri\n";
}

HttpRequest request_of(const std::string& method, const std::string& target, HttpFields headers) {
  HttpRequest request;
  request.method = method;
  const std::size_t question = std::min(target.find('?'), target.size());
  request.path = percent_decoded(target.substr(0, question));
  if (question < target.size()) request.query = target.substr(question + 1);
  request.headers = std::move(headers);
  request.peer = {"127.0.0.1:1", "127.0.0.1", true};
  return request;
}

std::string header_of(const HttpResponse& response, const std::string& name) {
  return std::string(response.headers.get(name));
}

}  // namespace mainstay::remote
