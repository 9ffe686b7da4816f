#include "http/pipeline.h"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

Response numbered(int status) {
  return {.status = status};
}

int take(Pipeline& pipeline) {
  const auto ready = pipeline.take_ready();
  return ready ? ready->response.status : 0;
}

TEST(HttpPipeline, LetsResponsesLeaveInTheOrderOfTheRequests) {
  Pipeline pipeline;
  const auto first = pipeline.add({});
  const auto second = pipeline.add({.keep_alive = false});
  EXPECT_TRUE(pipeline.respond(second, numbered(202)));
  EXPECT_EQ(take(pipeline), 0);
  EXPECT_TRUE(pipeline.respond(first, numbered(201)));
  EXPECT_EQ(take(pipeline), 201);
  const auto ready = pipeline.take_ready();
  ASSERT_TRUE(ready.has_value());
  EXPECT_EQ(ready->response.status, 202);
  EXPECT_FALSE(ready->framing.keep_alive);
  EXPECT_TRUE(pipeline.empty());
}

TEST(HttpPipeline, TakesOneResponseARequest) {
  Pipeline pipeline;
  const auto id = pipeline.add({});
  EXPECT_TRUE(pipeline.respond(id, numbered(200)));
  EXPECT_FALSE(pipeline.respond(id, numbered(500)));
  EXPECT_EQ(take(pipeline), 200);
  EXPECT_FALSE(pipeline.respond(id, numbered(500)));
  EXPECT_FALSE(pipeline.respond(id + 7, numbered(500)));
  EXPECT_NE(pipeline.add({}), id);
}

TEST(HttpPipeline, TellsThoseWhoWaitWhenTheClientIsGone) {
  Pipeline pipeline;
  int told = 0;
  const auto answered = pipeline.add({});
  const auto waiting = pipeline.add({});
  pipeline.add({});
  pipeline.set_abandoned(answered, [&] { told += 1; });
  pipeline.set_abandoned(waiting, [&] { told += 100; });
  pipeline.set_abandoned(waiting, [&] { told += 10; });
  pipeline.respond(answered, numbered(200));
  pipeline.abandon();
  EXPECT_EQ(told, 10);
  EXPECT_TRUE(pipeline.empty());
  EXPECT_FALSE(pipeline.respond(waiting, numbered(200)));
}

TEST(HttpPipeline, LetsTheLastResponseCloseTheConnection) {
  Pipeline pipeline;
  pipeline.close_after_last();
  const auto first = pipeline.add({});
  const auto last = pipeline.add({});
  pipeline.close_after_last();
  pipeline.respond(first, numbered(200));
  pipeline.respond(last, numbered(200));
  EXPECT_TRUE(pipeline.take_ready()->framing.keep_alive);
  EXPECT_FALSE(pipeline.take_ready()->framing.keep_alive);
}

}  // namespace
}  // namespace parley::http
