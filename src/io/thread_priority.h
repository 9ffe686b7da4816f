#pragma once

namespace parley::io {

// The calling thread lets others of this machine go first: what it does may come a little late.
void give_way();

}  // namespace parley::io
