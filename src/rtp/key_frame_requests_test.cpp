#include "rtp/key_frame_requests.h"

#include <gtest/gtest.h>

namespace parley::rtp {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

TEST(KeyFrameRequests, SendsTheFirstAtOnce) {
  KeyFrameRequests requests;
  EXPECT_FALSE(requests.poll(kStart));
  EXPECT_EQ(requests.next_deadline(), kNever);
  requests.request(kStart);
  EXPECT_EQ(requests.next_deadline(), kStart);
  EXPECT_TRUE(requests.poll(kStart));
  EXPECT_FALSE(requests.poll(kStart));
}

TEST(KeyFrameRequests, JoinsThoseThatComeWhileOneIsUnderWay) {
  KeyFrameRequests requests;
  int sent = 0;
  for (int i = 0; i < 50; ++i) {
    requests.request(kStart + i * 10ms);
    sent += requests.poll(kStart + i * 10ms);
  }
  EXPECT_EQ(sent, 1);
}

TEST(KeyFrameRequests, RepeatsOneThatBringsNothing) {
  KeyFrameRequests requests({.retry = 1s});
  requests.request(kStart);
  EXPECT_TRUE(requests.poll(kStart));
  EXPECT_EQ(requests.next_deadline(), kStart + 1s);
  EXPECT_TRUE(requests.poll(kStart + 1s));
}

TEST(KeyFrameRequests, AreAnsweredByAKeyFrame) {
  KeyFrameRequests requests;
  requests.request(kStart);
  EXPECT_TRUE(requests.poll(kStart));
  requests.handle_key_frame(kStart + 100ms);
  EXPECT_EQ(requests.next_deadline(), kNever);
  EXPECT_FALSE(requests.poll(kStart + 10s));
}

TEST(KeyFrameRequests, KeepTheirDistance) {
  KeyFrameRequests requests({.min_interval = 500ms});
  requests.request(kStart);
  EXPECT_TRUE(requests.poll(kStart));
  requests.handle_key_frame(kStart + 50ms);
  requests.request(kStart + 100ms);
  EXPECT_FALSE(requests.poll(kStart + 499ms));
  EXPECT_TRUE(requests.poll(kStart + 500ms));
}

TEST(FirFilter, TakesARepetitionForNoRequest) {
  FirFilter filter;
  EXPECT_TRUE(filter.handle(0));
  EXPECT_FALSE(filter.handle(0));
  EXPECT_TRUE(filter.handle(1));
  EXPECT_TRUE(filter.handle(0));  // After 256 requests it is a new one again.
}

}  // namespace
}  // namespace parley::rtp
