#include "codec/format_name.h"

#include <gtest/gtest.h>

namespace parley::codec {
namespace {

TEST(FormatName, DoesNotTellCapitalsFromSmallLetters) {
  EXPECT_EQ(format_named("opus"), Format::kOpus);
  EXPECT_EQ(format_named("OPUS"), Format::kOpus);
  EXPECT_EQ(format_named("VP8"), Format::kVp8);
  EXPECT_EQ(format_named("vp9"), Format::kVp9);
  EXPECT_EQ(format_named("H264"), Format::kH264);
  EXPECT_EQ(format_named("AV1"), Format::kAv1);
}

TEST(FormatName, OfWhatWeDoNotKnowIsNone) {
  for (const char* const name : {"", "rtx", "VP", "VP88", "H265", "red"}) {
    EXPECT_EQ(format_named(name), Format::kUnknown) << name;
  }
}

}  // namespace
}  // namespace parley::codec
