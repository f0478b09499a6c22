#include "app/options.h"

#include <array>
#include <charconv>
#include <functional>

namespace mainstay {

namespace {

struct Flag {
  std::string_view name;
  std::string_view value;  // what the help calls it; empty: the flag takes none
  std::string_view help;
  std::function<Status(Options&, const std::string&)> set;
};

const std::vector<Flag>& flags() {
  static const std::vector<Flag> all = {
      {"--for", "TIME", "end after this long: 30s, 5m, 1h30m (run, window with --on-air)",
       [](Options& o, const std::string& v) -> Status {
         MAINSTAY_TRY(o.duration, parse_duration(v));
         return {};
       }},
      {"--report", "FILE", "write the report as JSON when the show ends; - is stdout",
       [](Options& o, const std::string& v) -> Status { return o.report = v, Status{}; }},
      {"--status", "", "one line on the state each second, on stderr (run)",
       [](Options& o, const std::string&) -> Status { return o.status = true, Status{}; }},
      {"--offline", "", "as fast as the machine can, on the program's own time, without the network (run, script)",
       [](Options& o, const std::string&) -> Status { return o.offline = true, Status{}; }},
      {"--remote", "ADDR", "serve the API at HOST:PORT (127.0.0.1:4480) when the show does not say where",
       [](Options& o, const std::string& v) -> Status { return o.remote = v, Status{}; }},
      {"--connect", "URL", "the script or the console is about the instance that runs there (docs/remote.md)",
       [](Options& o, const std::string& v) -> Status { return o.connect = v, Status{}; }},
      {"--token", "TOKEN", "of that instance's API, or of call's; better: the variable MAINSTAY_TOKEN",
       [](Options& o, const std::string& v) -> Status { return o.token = v, Status{}; }},
      {"--ca", "FILE", "the certificate to trust when that instance has one of its own (PEM)",
       [](Options& o, const std::string& v) -> Status { return o.ca = v, Status{}; }},
      {"--junit", "FILE", "write the results of the script's tests as JUnit XML (script)",
       [](Options& o, const std::string& v) -> Status { return o.junit = v, Status{}; }},
      {"--time-limit", "TIME", "end the script after this long (script), a line of it (console)",
       [](Options& o, const std::string& v) -> Status {
         MAINSTAY_TRY(o.time_limit, parse_duration(v));
         return {};
       }},
      {"--allow-exec", "", "scripts may run other programs: exec() (script, console)",
       [](Options& o, const std::string&) -> Status { return o.allow_exec = true, Status{}; }},
      {"--on-air", "", "go on air at once (window)",
       [](Options& o, const std::string&) -> Status { return o.on_air = true, Status{}; }},
      {"--screenshot", "PNG", "draw the window offscreen into a picture and end",
       [](Options& o, const std::string& v) -> Status { return o.screenshot = v, Status{}; }},
      {"--panel", "NAME",
       "with --screenshot: one alone (picture, chain, legs, …), or in the window mixer, filters, sound_filters",
       [](Options& o, const std::string& v) -> Status { return o.panel = v, Status{}; }},
      {"--secrets", "FILE", "where ${secret:NAME} is looked up (JSON object, mode 600)",
       [](Options& o, const std::string& v) -> Status { return o.secrets = v, Status{}; }},
      {"--log-level", "LEVEL", "debug, info, warning, error, off (default: info)",
       [](Options& o, const std::string& v) -> Status {
         MAINSTAY_TRY(o.log.level, parse_log_level(v));
         return {};
       }},
      {"--log-json", "", "log one JSON object a line",
       [](Options& o, const std::string&) -> Status { return o.log.json = true, Status{}; }},
  };
  return all;
}

Error usage(std::string message) {
  return Error{Errc::invalid, std::move(message) + " (mainstay --help)", nullptr};
}

std::optional<Subcommand> subcommand_named(std::string_view word) {
  if (word == "run") return Subcommand::run;
  if (word == "check") return Subcommand::check;
  if (word == "reference") return Subcommand::reference;
  if (word == "script") return Subcommand::script;
  if (word == "console") return Subcommand::console;
  if (word == "call") return Subcommand::call;
  return std::nullopt;
}

Status check_connection(const Options& options, bool runs_scripts) {
  if (!runs_scripts) return usage("--connect goes with script and console");
  if (!options.show.empty())
    return usage(fmt::format("'{}' is one word too many: the instance at the URL has its show", options.show));
  if (options.offline) return usage("--offline does not go with --connect: that instance has its own time");
  if (!options.remote.empty()) return usage("--remote does not go with --connect");
  return {};
}

// HOST:PORT or SCHEME://…: no show is called so.
bool is_address(std::string_view word) {
  if (word.find("://") != std::string_view::npos) return true;
  const std::size_t colon = word.rfind(':');
  return colon != std::string_view::npos && colon + 1 < word.size() && word.find('/') == std::string_view::npos &&
         word.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
}

Status check_combination(const Options& options) {
  const bool needs_show = options.subcommand == Subcommand::run || options.subcommand == Subcommand::check;
  if (needs_show && options.show.empty()) return usage("name the show: mainstay run SHOW.json");
  const bool known_page = options.topic == "show" || options.topic == "commands" || options.topic == "events";
  if (options.subcommand == Subcommand::reference && !known_page) {
    return usage("name the reference page: mainstay reference show, commands or events");
  }
  const bool is_script = options.subcommand == Subcommand::script;
  const bool runs_scripts = is_script || options.subcommand == Subcommand::console;
  if (is_script && options.file.empty()) return usage("name the script: mainstay script FILE.js [SHOW]");
  if (options.offline && !is_script && options.subcommand != Subcommand::run) {
    return usage("--offline goes with run and script");
  }
  if (!options.junit.empty() && !is_script) return usage("--junit goes with script");
  if (options.time_limit && !runs_scripts) return usage("--time-limit goes with script and console");
  if (options.allow_exec && !runs_scripts) return usage("--allow-exec goes with script and console");
  if (!options.arguments.empty() && !runs_scripts && options.subcommand != Subcommand::call)
    return usage("-- goes with script and console");
  if (!options.connect.empty()) MAINSTAY_CHECK(check_connection(options, runs_scripts));
  if (!options.panel.empty() && options.screenshot.empty()) return usage("--panel goes with --screenshot");
  if (options.status && options.subcommand != Subcommand::run) return usage("--status goes with run");
  return {};
}

// The subcommand and what it is about.
Status place_words(const std::vector<std::string>& words, Options& options) {
  std::size_t next = 0;
  if (!words.empty()) {
    if (const auto named = subcommand_named(words[0])) {
      options.subcommand = *named;
      next = 1;
    }
  }
  if (options.subcommand == Subcommand::call) {
    if (words.size() < 3) return usage("name the instance and the command: mainstay call URL COMMAND [k=v…]");
    options.url = words[1];
    options.command = words[2];
    options.arguments.assign(words.begin() + 3, words.end());
    return {};
  }
  if (options.subcommand == Subcommand::script && next < words.size()) options.file = words[next++];
  if (options.subcommand == Subcommand::console && next < words.size() && is_address(words[next])) {
    if (!options.connect.empty()) return usage("name one instance: a URL, or --connect URL");
    options.connect = words[next++];
  }
  if (next < words.size()) (options.subcommand == Subcommand::reference ? options.topic : options.show) = words[next++];
  if (next < words.size()) return usage(fmt::format("one word too many: '{}'", words[next]));
  return {};
}

}  // namespace

Result<Nanos> parse_duration(std::string_view text) {
  const auto bad = [&] {
    return make_error(Errc::invalid, "'{}' is not a length of time: write 30s, 500ms, 5m or 1h30m", text);
  };
  constexpr std::array<std::pair<std::string_view, Nanos>, 4> kUnits{
      {{"ms", Millis(1)}, {"s", Seconds(1)}, {"m", std::chrono::minutes(1)}, {"h", std::chrono::hours(1)}}};
  constexpr double kLongest = 366.0 * 24 * 3600;
  if (text.empty()) return bad();
  Nanos total{0};
  std::string_view rest = text;
  while (!rest.empty()) {
    double number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number, std::chars_format::fixed);
    if (error != std::errc{} || !(number >= 0) || number > kLongest * 1000) return bad();
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const std::size_t unit_length = std::min(rest.find_first_of("0123456789."), rest.size());
    const std::string_view unit = rest.substr(0, unit_length);
    Nanos one = Seconds(1);
    if (!unit.empty()) {
      const auto* known = std::find_if(kUnits.begin(), kUnits.end(), [&](const auto& u) { return u.first == unit; });
      if (known == kUnits.end()) return bad();
      one = known->second;
    } else if (rest.size() > 0) {
      return bad();
    }
    if (number * seconds(one) > kLongest) return bad();
    total += Nanos(static_cast<std::int64_t>(number * static_cast<double>(one.count())));
    rest.remove_prefix(unit_length);
  }
  if (total <= Nanos{0}) return bad();
  return total;
}

Result<Options> parse_options(const std::vector<std::string>& arguments) {
  Options options;
  std::vector<std::string> words;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string name = arguments[i];
    if (name == "--") {
      options.arguments.assign(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
      break;
    }
    if (name == "--help" || name == "-h") return options.subcommand = Subcommand::help, options;
    if (name == "--version") return options.subcommand = Subcommand::version, options;
    if (name.size() < 2 || name[0] != '-') {
      words.push_back(std::move(name));
      continue;
    }
    std::optional<std::string> value;
    if (const auto equals = name.find('='); equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.resize(equals);
    }
    const auto flag = std::find_if(flags().begin(), flags().end(), [&](const Flag& f) { return f.name == name; });
    if (flag == flags().end()) return usage(fmt::format("unknown option {}", name));
    if (flag->value.empty() && value) return usage(fmt::format("{} takes no value", name));
    if (!flag->value.empty() && !value) {
      if (++i == arguments.size()) return usage(fmt::format("{} needs a value: {} {}", name, name, flag->value));
      value = arguments[i];
    }
    if (auto set = flag->set(options, value.value_or("")); !set) return wrap(std::move(set).error(), name);
  }
  MAINSTAY_CHECK(place_words(words, options));
  MAINSTAY_CHECK(check_combination(options));
  return options;
}

std::string help_text() {
  std::string text =
      "Mainstay keeps a channel on the air: one encode, a main and a backup ingest, at the same time.\n"
      "\n"
      "  mainstay [SHOW]                 the window\n"
      "  mainstay run SHOW               on air, headless\n"
      "  mainstay check SHOW             say what is wrong with a show: exit 0, or 2 with one line an error\n"
      "  mainstay script FILE.js [SHOW]  run a script (docs/scripting.md); what follows -- is its args\n"
      "  mainstay console [SHOW|URL]     type commands; help lists them. URL: of a running instance\n"
      "  mainstay call URL COMMAND [k=v…]\n"
      "                                  one command on a running instance, its result as JSON\n"
      "  mainstay reference PAGE         a page of the reference, as Markdown: show, commands or events\n"
      "\n";
  for (const Flag& flag : flags()) {
    text += fmt::format("  {:<24} {}\n", fmt::format("{} {}", flag.name, flag.value), flag.help);
  }
  text +=
      "  --help, --version\n"
      "\n"
      "Exit codes: 0 done, 1 failed while running, 2 wrong input. Results go to stdout, the log to stderr.\n"
      "SIGINT and SIGTERM end the show in good order; a second one ends at once.\n";
  return text;
}

}  // namespace mainstay
