// What tests of scripts share: a host against a fake studio, in a folder of its own.
// Owned by GoogleTest.
// Thread-safety: the test's thread.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "app/script/script_host.h"
#include "tests/app/script/fake_studio.h"

namespace mainstay::script {

class ScriptTest : public ::testing::Test {
 protected:
  ScriptTest() {
    std::string path = (std::filesystem::temp_directory_path() / "mainstay-script-XXXXXX").string();
    folder_ = mkdtemp(path.data());
    options_.folder = folder_.string();
    options_.print = [this](std::string_view line) { printed_ += std::string(line) + "\n"; };
  }
  ~ScriptTest() override {
    host_.reset();
    std::filesystem::remove_all(folder_);
  }

  ScriptHost& host() {
    if (!host_) host_ = std::make_unique<ScriptHost>(Services{clock(), wall_, log_, studio()}, options_);
    return *host_;
  }
  Outcome run(std::string source) { return host().run({std::move(source), "test.js", true}).value(); }
  /// The value of an expression as the console shows it; of an error its message.
  std::string value(std::string source) {
    const Outcome outcome = run(std::move(source));
    return outcome.ok() ? outcome.value : outcome.message;
  }
  virtual Clock& clock() { return wall_; }
  FakeStudio& studio() {
    if (!studio_) studio_ = std::make_unique<FakeStudio>(clock(), log_);
    return *studio_;
  }
  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }

  std::filesystem::path folder_;
  SteadyClock wall_;
  Log log_{{LogLevel::off}};
  Options options_;
  std::string printed_;
  std::unique_ptr<FakeStudio> studio_;
  std::unique_ptr<ScriptHost> host_;
};

/// Time that the program drives.
class OfflineScriptTest : public ScriptTest {
 protected:
  Clock& clock() override { return manual_; }
  ~OfflineScriptTest() override {
    host_.reset();
    studio_.reset();
  }
  ManualClock manual_{ManualClock::Drive::program};
};

}  // namespace mainstay::script
