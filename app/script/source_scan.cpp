#include "app/script/source_scan.h"

#include <array>
#include <cctype>
#include <vector>

namespace mainstay::script {

namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Walks source token by token; knows what is open.
class Scanner {
 public:
  explicit Scanner(std::string_view source) : source_(source) {}

  struct Token {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t depth = 0;  // brackets open around it
    bool word = false;
    bool starts_statement = false;
  };

  // False at the end.
  bool next(Token& token) {
    skip_space();
    if (at_ >= source_.size()) return false;
    token = {at_, at_, open_.size(), is_word(source_[at_]), starts_statement_};
    starts_statement_ = false;
    if (token.word) {
      while (at_ < source_.size() && is_word(source_[at_])) ++at_;
      regex_may_follow_ = is_keyword(source_.substr(token.begin, at_ - token.begin));
    } else {
      mark();
    }
    token.end = at_;
    return true;
  }

  bool unfinished() const { return !open_.empty() || comment_open_; }

 private:
  static bool is_keyword(std::string_view word) {
    constexpr std::array<std::string_view, 7> kBeforeExpression{"return", "typeof", "case", "in",
                                                                "of",     "delete", "void"};
    for (const std::string_view keyword : kBeforeExpression) {
      if (word == keyword) return true;
    }
    return false;
  }

  void skip_space() {
    while (at_ < source_.size()) {
      const char c = source_[at_];
      if (c == '\n' && open_.empty()) starts_statement_ = true;
      if (std::isspace(static_cast<unsigned char>(c)) != 0) {
        ++at_;
      } else if (source_.substr(at_, 2) == "//") {
        at_ = std::min(source_.find('\n', at_), source_.size());
      } else if (source_.substr(at_, 2) == "/*") {
        const std::size_t end = source_.find("*/", at_ + 2);
        comment_open_ = end == std::string_view::npos;
        at_ = comment_open_ ? source_.size() : end + 2;
      } else {
        return;
      }
    }
  }

  void mark() {
    const char c = source_[at_++];
    const bool regex = regex_may_follow_;
    regex_may_follow_ = true;
    if (c == '"' || c == '\'') return quoted(c);
    if (c == '`') return open_.push_back('`'), in_template();
    if (c == '/' && regex) return in_regex();
    if (c == '(' || c == '[' || c == '{') open_.push_back(c);
    if (c == ';') starts_statement_ = open_.empty();
    if (c != ')' && c != ']' && c != '}') return;
    regex_may_follow_ = c == '}';
    if (!open_.empty() && open_.back() != '`') open_.pop_back();
    // "}" of a template's "${": its text goes on.
    if (c == '}' && !open_.empty() && open_.back() == '`') return in_template();
    if (c == '}') starts_statement_ = open_.empty();
  }

  void quoted(char quote) {
    regex_may_follow_ = false;
    while (at_ < source_.size() && source_[at_] != '\n') {
      const char c = source_[at_++];
      if (c == '\\') ++at_;
      if (c == quote) return;
    }
  }

  void in_template() {
    regex_may_follow_ = false;
    while (at_ < source_.size()) {
      const char c = source_[at_++];
      if (c == '\\') ++at_;
      if (c == '`') return open_.pop_back();
      if (c == '$' && at_ < source_.size() && source_[at_] == '{') {
        ++at_;
        regex_may_follow_ = true;
        return open_.push_back('{');
      }
    }
  }

  void in_regex() {
    regex_may_follow_ = false;
    bool in_class = false;
    while (at_ < source_.size() && source_[at_] != '\n') {
      const char c = source_[at_++];
      if (c == '\\') ++at_;
      if (c == '[') in_class = true;
      if (c == ']') in_class = false;
      if (c == '/' && !in_class) return;
    }
  }

  const std::string_view source_;
  std::size_t at_ = 0;
  std::vector<char> open_;
  bool comment_open_ = false;
  bool regex_may_follow_ = true;
  bool starts_statement_ = true;
};

}  // namespace

bool is_unfinished(std::string_view source) {
  Scanner scanner(source);
  Scanner::Token token;
  while (scanner.next(token)) {
  }
  return scanner.unfinished();
}

std::string with_lasting_names(std::string_view source) {
  std::string out;
  std::size_t copied = 0;
  Scanner scanner(source);
  Scanner::Token token;
  const auto put = [&](std::size_t until, std::string_view text, std::size_t from) {
    out += source.substr(copied, until - copied);
    out += text;
    copied = from;
  };
  while (scanner.next(token)) {
    if (!token.word || !token.starts_statement || token.depth > 0) continue;
    const std::string_view word = source.substr(token.begin, token.end - token.begin);
    if (word == "let" || word == "const") put(token.begin, "var", token.end);
    Scanner::Token name;
    if (word == "class" && scanner.next(name) && name.word) {
      put(token.begin, "var " + std::string(source.substr(name.begin, name.end - name.begin)) + " = class", token.end);
    }
  }
  out += source.substr(std::min(copied, source.size()));
  return out;
}

}  // namespace mainstay::script
