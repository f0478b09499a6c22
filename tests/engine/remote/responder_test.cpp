#include "engine/remote/responder.h"

#include <gtest/gtest.h>

namespace mainstay::remote {
namespace {

TEST(ResponderTest, TheFirstAnswerCountsAndNoAnswerIsOneToo) {
  std::vector<int> got;
  {
    const Responder respond([&got](const HttpResponse& response) { got.push_back(response.status); });
    respond({200, "", {}});
    respond({404, "", {}});
  }
  EXPECT_EQ(got, std::vector{200});
  {
    const Responder respond([&got](const HttpResponse& response) { got.push_back(response.status); });
    const Responder kept = respond;
    kept.aside([kept] {});
  }
  EXPECT_EQ(got, (std::vector{200, 500}));
}

TEST(ResponderTest, WhatIsDoneToAnswersIsDoneInItsOrderAndToRefusalsToo) {
  std::string seen;
  const auto note = [&seen](const HttpResponse& response) { seen = std::string(response.headers.text()); };
  {
    const Responder respond(note);
    respond.finish([](HttpResponse& response) { response.headers.add("A", std::to_string(response.status)); });
    respond.finish([](HttpResponse& response) { response.headers.add("B", response.headers.get("A")); });
    respond({201, "", {}});
    EXPECT_EQ(seen, "A: 201\r\nB: 201\r\n");
  }
  {
    const Responder given_up(note);
    given_up.finish([](HttpResponse& response) { response.headers.add("A", std::to_string(response.status)); });
  }
  EXPECT_EQ(seen, "A: 500\r\n");
}

TEST(ResponderTest, ASinkSaysWhereAsideIs) {
  struct Sink {
    std::vector<Responder::Task>* tasks;
    int* status;
    void take(const HttpResponse& response) const { *status = response.status; }
    void aside(Responder::Task task) const { tasks->push_back(std::move(task)); }
  };
  std::vector<Responder::Task> tasks;
  int status = 0;
  const Responder respond = Responder::to(Sink{&tasks, &status});
  respond.aside([respond] { respond({204, "", {}}); });
  EXPECT_EQ(status, 0);
  ASSERT_EQ(tasks.size(), 1u);
  tasks.front()();
  EXPECT_EQ(status, 204);
}

}  // namespace
}  // namespace mainstay::remote
