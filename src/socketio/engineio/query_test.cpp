#include "socketio/engineio/query.h"

#include <gtest/gtest.h>

namespace parley::engineio {
namespace {

TEST(Query, FindsTheParametersOfTheProtocol) {
  const Query query = Query::parse("EIO=4&transport=polling&t=abc&sid=xyz");
  EXPECT_EQ(query.eio, "4");
  EXPECT_EQ(query.transport, "polling");
  EXPECT_EQ(query.sid, "xyz");
  EXPECT_FALSE(query.has_others);
}

TEST(Query, SaysWhetherTheApplicationPutSomethingIn) {
  EXPECT_TRUE(Query::parse("EIO=4&token=1").has_others);
  EXPECT_FALSE(Query::parse("EIO=4&b64=1&t=1").has_others);
}

TEST(Query, BearsWhatIsMissingOrEmpty) {
  EXPECT_EQ(Query::parse("").eio, "");
  EXPECT_EQ(Query::parse("EIO").eio, "");
  EXPECT_EQ(Query::parse("EIO=&&transport=a=b&").transport, "a=b");
  EXPECT_FALSE(Query::parse("&&=&").has_others);
}

}  // namespace
}  // namespace parley::engineio
