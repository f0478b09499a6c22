// A hub in front of a fake studio, and one client that has identified itself.
// A fixture of the tests.
// Thread-safety: one thread.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/engine/remote/obs/obs_client.h"

namespace mainstay::obs {

struct ObsRequests : ::testing::Test {
  ObsRequests() { client.identify({{"eventSubscriptions", 0}}); }
  static Hub::Options admin() {
    Hub::Options options;
    options.open_role = Role::admin;
    return options;
  }
  void on_air(bool recording = true) {
    client.request("StartStream");
    if (recording) client.request("StartRecord");
  }
  int code(const std::string& type, Json data = nullptr) {
    return client.request(type, std::move(data))["requestStatus"]["code"];
  }
  Json data(const std::string& type, Json request = nullptr) {
    const Json response = client.request(type, std::move(request));
    EXPECT_EQ(response["requestStatus"]["code"], 100) << type << " " << response.dump();
    return response.value("responseData", Json());
  }
  ObsBench bench{admin()};
  ObsClient client = bench.client();
};

}  // namespace mainstay::obs
