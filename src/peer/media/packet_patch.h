#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.h"

// Changes to the header extensions of a finished RTP packet, in place (RFC 8285).
namespace parley::peer {

// Overwrites the value of the extension with that id. False: it has none, or of another size.
bool overwrite_extension(std::span<std::uint8_t> packet, std::uint8_t id, Bytes value);

// Gives the extension with the id `from` the id `to`. False: it has none, or the form of its
// extensions cannot say `to`.
bool renumber_extension(std::span<std::uint8_t> packet, std::uint8_t from, std::uint8_t to);

}  // namespace parley::peer
