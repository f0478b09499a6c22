// All commands there are: each declared once, with its parameters, and run from here on every face's behalf.
// Owned by the studio, filled while it is made.
// Thread-safety: add() while the studio is made; everything else is immutable then, so from any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/studio/command.h"

namespace mainstay {

class CommandRegistry {
 public:
  /// Runs a command whose parameters were read; answers through the reply, now or later.
  using Run = std::function<void(const Caller& caller, Reply reply)>;

  struct Spec {
    std::string name;
    std::string help;
    Role role = Role::operate;
    When when = When::always;
    bool changes_show = false;
    /// Answered on the caller's thread from what is shared, without waiting for the commands before it.
    bool reads = false;
    show::FieldInfo result = {};
  };

  /// A command with the parameters that `section` declares for P. `handler(const P&, const Caller&, Reply)`.
  template <class P, class Handler>
  void add(Spec spec, show::Section<P> section, Handler handler) {
    auto shared = std::make_shared<const show::Section<P>>(std::move(section));
    Entry entry{info_of(spec, shared->info()), spec.reads, {}};
    entry.bind = [shared, handler = std::move(handler)](const Json& params, show::Reader& reader) -> Run {
      auto read = std::make_shared<P>();
      shared->read(params, *read, params_place(), reader);
      return [read, handler](const Caller& caller, Reply reply) { handler(*read, caller, std::move(reply)); };
    };
    insert(std::move(entry));
  }

  /// Sorted by name.
  const std::vector<const CommandInfo*>& commands() const { return sorted_; }
  /// Null when there is none.
  const CommandInfo* find(std::string_view name) const;

  /// A call that passed every check which needs no engine: the command exists, the role suffices, the parameters fit.
  struct Bound {
    const CommandInfo* info = nullptr;
    bool reads = false;
    Run run;
  };
  /// `params`: an object by name, a list by position, or null. Nothing is run.
  struct Binding {
    Bound bound;
    std::optional<CallError> error;
  };
  Binding bind(const std::string& name, const Json& params, const Caller& caller) const;

 private:
  struct Entry {
    CommandInfo info;
    bool reads = false;
    std::function<Run(const Json&, show::Reader&)> bind;
  };

  static CommandInfo info_of(const Spec& spec, const show::ObjectInfo& params);
  static const show::FieldInfo& params_place();
  void insert(Entry entry);

  std::map<std::string, Entry, std::less<>> entries_;
  std::vector<const CommandInfo*> sorted_;
};

/// No parameters.
struct NoParams {
  friend bool operator==(const NoParams&, const NoParams&) = default;
};

}  // namespace mainstay
