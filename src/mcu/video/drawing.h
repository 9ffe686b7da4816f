#pragma once

#include "mcu/video/overlay.h"
#include "mcu/video/picture.h"

namespace parley::mcu {

// What is drawn may reach over the edges: that part is left out. Rectangles begin at even numbers.

// The whole of `from`, as large as the rectangle, which lies within `to`.
void draw_scaled(const PictureView& from, Picture& to, const Rect& rect);
void fill(Picture& to, const Rect& rect, Color color);
void blend(Picture& to, int x, int y, const Overlay& overlay);

// The part of a picture that fills a cell of that shape, as large as possible, from its middle.
Rect crop(Size picture, Size cell);
// Where a picture is seen whole in `cell`, as large as possible, in its middle.
Rect fit(Size picture, const Rect& cell);

}  // namespace parley::mcu
