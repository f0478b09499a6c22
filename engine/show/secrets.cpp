#include "engine/show/secrets.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "engine/show/json_text.h"
#include "engine/show/references.h"
#include "engine/show/show_schema.h"
#include "engine/show/suggest.h"
#include "engine/show/url.h"

namespace mainstay::show {

namespace {

constexpr std::size_t kMaxFileBytes = 1024 * 1024;

std::optional<std::string> process_env(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

struct Closer {
  int fd;
  ~Closer() { ::close(fd); }
};

Result<std::string> read_private_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return make_error(Errc::io, "cannot read the secrets file {}: {}", path, std::strerror(errno));
  const Closer closer{fd};
  struct stat status {};
  if (::fstat(fd, &status) != 0)
    return make_error(Errc::io, "cannot read the secrets file {}: {}", path, std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return make_error(Errc::io, "the secrets file {} is not a file", path);
  if ((status.st_mode & 077) != 0) {
    return make_error(Errc::io, "the secrets file {} is open to others (mode {:04o}): run chmod 600 {}", path,
                      status.st_mode & 07777, path);
  }
  std::string text(kMaxFileBytes + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(fd, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return make_error(Errc::io, "cannot read the secrets file {}: {}", path, std::strerror(errno));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > kMaxFileBytes) return make_error(Errc::io, "the secrets file {} has more than 1 MiB", path);
  text.resize(size);
  return text;
}

bool has_line_break(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

}  // namespace

Secrets::Secrets(Redactor& redactor, Options options) : redactor_(redactor), options_(std::move(options)) {
  if (options_.file.empty()) options_.file = default_file();
  if (!options_.env) options_.env = process_env;
}

std::string Secrets::default_file() {
  const auto config = process_env("XDG_CONFIG_HOME");
  if (config && config->starts_with('/')) return *config + "/mainstay/secrets.json";
  return process_env("HOME").value_or("") + "/.config/mainstay/secrets.json";
}

Result<std::string> Secrets::look_up_secret(const std::string& name) const {
  const std::string& file = options_.file;
  if (::access(file.c_str(), F_OK) != 0) {
    return make_error(Errc::invalid, "the secret \"{}\" is not known: put it into {} as {{\"{}\": \"…\"}}, chmod 600",
                      name, file, name);
  }
  MAINSTAY_TRY(const std::string text, read_private_file(file));
  const JsonText json = parse_json(text);
  if (!json.value || !json.errors.empty()) {
    return make_error(Errc::invalid, "the secrets file {} cannot be used: {}", file,
                      json.errors.empty() ? "not valid JSON" : to_line(json.errors.front()));
  }
  if (!json.value->is_object())
    return make_error(Errc::invalid, "the secrets file {} must be an object: {{\"NAME\": \"…\"}}", file);
  const auto entry = json.value->find(name);
  if (entry == json.value->end()) {
    std::vector<std::string> names;
    for (const auto& [known, value] : json.value->items()) names.push_back(known);
    const std::string near = nearest(name, names);
    return make_error(Errc::invalid, "the secret \"{}\" is not in {}{}", name, file,
                      near.empty() ? ": add it there" : fmt::format(": did you mean \"{}\"?", near));
  }
  if (!entry->is_string())
    return make_error(Errc::invalid, "the secret \"{}\" in {} must be a text in quotes", name, file);
  std::string value = entry->get<std::string>();
  if (value.empty() || has_line_break(value))
    return make_error(Errc::invalid, "the secret \"{}\" in {} is {}", name, file,
                      value.empty() ? "empty" : "more than one line");
  return value;
}

Result<std::string> Secrets::look_up_env(const std::string& name) const {
  const std::optional<std::string> value = options_.env(name);
  if (!value || value->empty())
    return make_error(Errc::invalid, "the environment variable {} is not set: set it before Mainstay starts", name);
  if (has_line_break(*value)) return make_error(Errc::invalid, "the environment variable {} holds a line break", name);
  return *value;
}

Result<std::string> Secrets::replace(const std::string& text, Hide hide) const {
  return replace_references(text, [&](ReferenceKind kind, const std::string& name) -> Result<std::string> {
    if (kind == ReferenceKind::env) {
      MAINSTAY_TRY(std::string value, look_up_env(name));
      if (hide == Hide::all) redactor_.add(value);
      return value;
    }
    MAINSTAY_TRY(std::string value, look_up_secret(name));
    redactor_.add(value);
    return value;
  });
}

Result<std::string> Secrets::resolve(const std::string& text) const {
  return replace(text, Hide::all);
}

template <class T>
Result<T> Secrets::resolve_section(T part) const {
  std::optional<Error> failed;
  const FieldInfo place;
  ValueOf<T>::visit(part, place, "", [&](const std::string& pointer, const FieldInfo& field, std::string& text) {
    if (failed) return;
    if (field.references && has_reference(text)) {
      // A path from the environment is no secret, and hiding it would blank out half the log.
      Result<std::string> value = replace(text, field.secret ? Hide::all : Hide::secrets_only);
      if (!value) {
        failed = wrap(std::move(value).error(), pointer.substr(1));
        return;
      }
      text = *std::move(value);
    }
    if (field.secret) redactor_.add(text);
    if (field.url) {
      for (std::string& secret : secrets_in_url(text)) redactor_.add(std::move(secret));
    }
  });
  if (failed) return *std::move(failed);
  return part;
}

Result<LegConfig> Secrets::resolve(const LegConfig& leg) const {
  return resolve_section(leg);
}

Result<Source> Secrets::resolve(const Source& source) const {
  return resolve_section(source);
}

Result<Record> Secrets::resolve(const Record& record) const {
  return resolve_section(record);
}

Result<Remote> Secrets::resolve(const Remote& remote) const {
  return resolve_section(remote);
}

Result<Hls> Secrets::resolve(const Hls& hls) const {
  return resolve_section(hls);
}

void Secrets::hide_literals(const Show& show) const {
  Show copy = show;
  section_of<Show>().visit(copy, "", [&](const std::string&, const FieldInfo& field, std::string& text) {
    if (field.secret && !has_reference(text)) redactor_.add(text);
    if (field.url) {
      for (std::string& secret : secrets_in_url(text)) redactor_.add(std::move(secret));
    }
  });
}

}  // namespace mainstay::show
