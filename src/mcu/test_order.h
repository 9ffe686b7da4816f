#pragma once

#include <gtest/gtest.h>

#include <array>

#include "sfu/encoding_order.h"
#include "sfu/layer.h"

// For tests of this folder: a simulcast of three whose largest encoding was offered first.
namespace parley::mcu {

inline sfu::EncodingOrder largest_first() {
  const std::array<sfu::Layer, 3> layers = {
      {{.encoding = 0, .size = codec::PictureSize{.width = 1'280, .height = 720}},
       {.encoding = 1, .size = codec::PictureSize{.width = 640, .height = 360}},
       {.encoding = 2, .size = codec::PictureSize{.width = 320, .height = 180}}}};
  sfu::EncodingOrder order;
  EXPECT_TRUE(order.update(layers));
  return order;
}

}  // namespace parley::mcu
