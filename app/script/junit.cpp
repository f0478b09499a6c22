#include "app/script/junit.h"

#include <fmt/format.h>

#include <algorithm>

namespace mainstay::script {

namespace {

// XML 1.0 has no way to write most control characters.
std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      case '\t':
        out += "&#9;";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\xEF\xBF\xBD";
        } else {
          out += c;
        }
    }
  }
  return out;
}

}  // namespace

std::string junit_xml(const std::string& suite, const std::vector<TestResult>& tests, const Outcome& outcome) {
  const bool ended_well = outcome.ok() || (outcome.end == End::exited && outcome.code == 0);
  const auto failures = std::count_if(tests.begin(), tests.end(), [](const TestResult& test) { return !test.ok(); });
  double total = 0;
  for (const TestResult& test : tests) total += test.seconds;
  std::string xml = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites>\n  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3f}\">\n",
      escaped(suite), tests.size() + (ended_well ? 0 : 1), failures, ended_well ? 0 : 1, total);
  for (const TestResult& test : tests) {
    xml += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"", escaped(suite), escaped(test.name),
                       test.seconds);
    if (test.ok()) {
      xml += "/>\n";
      continue;
    }
    xml += fmt::format(">\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n",
                       escaped(test.type), escaped(test.message), escaped(test.stack));
  }
  if (!ended_well) {
    xml += fmt::format(
        "    <testcase classname=\"{}\" name=\"the script\" time=\"0\">\n      <error message=\"{}\">{}</error>\n"
        "    </testcase>\n",
        escaped(suite), escaped(outcome.message), escaped(outcome.stack));
  }
  return xml + "  </testsuite>\n</testsuites>\n";
}

}  // namespace mainstay::script
