#pragma once

namespace parley::io {

// The calling thread works when no other of this machine wants to: what it does may come late.
void give_way();

}  // namespace parley::io
