// Internal to engine/show: the parts of check().
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/show/check.h"
#include "engine/show/levels.h"
#include "engine/show/show.h"

namespace mainstay::show {

/// Collects what is wrong.
class Findings {
 public:
  template <class... Args>
  void add(std::string pointer, fmt::format_string<Args...> format, Args&&... args) {
    add_text(std::move(pointer), fmt::format(format, std::forward<Args>(args)...));
  }
  void add_text(std::string pointer, std::string message);
  std::vector<ShowError> take() && { return std::move(errors_); }

 private:
  std::vector<ShowError> errors_;
};

/// References in all texts: form, place and, with secrets, presence. Returns the show with those that are known
/// replaced; texts whose references are not known keep them.
Show check_references(const Show& show, const CheckContext& context, Findings& findings);

/// What a rendition asks of its codec's level.
StreamLoad load_of(const Show& show, const VideoEncode& video);

/// The filters of one layer, which stand at `pointer`.
void check_filters(const std::vector<Filter>& filters, const std::string& pointer, Findings& findings);
void check_names(const Show& show, Findings& findings);
/// Scenes in scenes: known, not in themselves, not too deep; and what multiviews show.
void check_nesting(const Show& show, Findings& findings);
/// A key starts one macro.
void check_macro_keys(const Show& show, Findings& findings);
/// Strips and side chains name sources.
void check_mixer(const Show& show, Findings& findings);
/// Watched sources are there.
void check_watchers(const Show& show, Findings& findings);
void check_encode(const Show& show, Findings& findings);
void check_caps(const Show& show, Findings& findings);
/// What legs may step down to is there, and they can change to it.
void check_steps(const Show& show, Findings& findings);
/// `show` as check_references() gave it.
void check_addresses(const Show& show, Findings& findings);
/// What segments are made of, and when.
void check_hls(const Show& show, Findings& findings);
/// `show` as check_references() gave it. Who gets at the stream, and where it is put.
void check_hls_access(const Show& show, const CheckContext& context, Findings& findings);
/// `show` as check_references() gave it. Listening beyond this machine takes a token.
void check_remote(const Show& show, Findings& findings);
/// What the keys of a source say together.
void check_sources(const Show& show, Findings& findings);
/// A file that is read must be there.
void check_readable(const std::string& path, const std::string& what, const std::string& pointer,
                    const CheckContext& context, Findings& findings);
/// A web page's origin: protocol, host and port alone.
void check_origin(const std::string& origin, const std::string& pointer, Findings& findings);
void check_files(const Show& show, const CheckContext& context, Findings& findings);

}  // namespace mainstay::show
