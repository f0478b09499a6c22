// The results of a script's tests as JUnit XML, the form that CI systems read.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <vector>

#include "app/script/script_types.h"

namespace mainstay::script {

/// `suite` is the script's file. An end that is not good is one more case, "the script", with an error.
std::string junit_xml(const std::string& suite, const std::vector<TestResult>& tests, const Outcome& outcome);

}  // namespace mainstay::script
