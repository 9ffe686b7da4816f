#include "sctp/socket/state_cookie.h"

namespace parley::sctp {

std::vector<std::uint8_t> StateCookie::seal(const crypto::Sha256Digest& key) const {
  ByteWriter writer;
  writer.u32(local_tag);
  writer.u32(peer_tag);
  writer.u32(local_initial_tsn);
  writer.u32(peer_initial_tsn);
  writer.u32(peer_window);
  writer.u16(outgoing_streams);
  writer.u16(incoming_streams);
  writer.u32(local_tie_tag);
  writer.u32(peer_tie_tag);
  writer.u8(peer.partial_reliability ? 1 : 0);
  writer.u8(peer.re_config ? 1 : 0);
  writer.u8(peer.zero_checksum ? 1 : 0);
  writer.u64(static_cast<std::uint64_t>(made.time_since_epoch().count()));
  writer.bytes(crypto::hmac_sha256(key, writer.view()));
  return writer.take();
}

std::optional<StateCookie> StateCookie::open(Bytes sealed, const crypto::Sha256Digest& key) {
  if (sealed.size() <= key.size()) return std::nullopt;
  const Bytes content = sealed.first(sealed.size() - key.size());
  if (!crypto::constant_time_equal(crypto::hmac_sha256(key, content),
                                   sealed.subspan(content.size()))) {
    return std::nullopt;
  }
  ByteReader reader(content);
  StateCookie cookie;
  cookie.local_tag = reader.u32();
  cookie.peer_tag = reader.u32();
  cookie.local_initial_tsn = reader.u32();
  cookie.peer_initial_tsn = reader.u32();
  cookie.peer_window = reader.u32();
  cookie.outgoing_streams = reader.u16();
  cookie.incoming_streams = reader.u16();
  cookie.local_tie_tag = reader.u32();
  cookie.peer_tie_tag = reader.u32();
  cookie.peer.partial_reliability = reader.u8() != 0;
  cookie.peer.re_config = reader.u8() != 0;
  cookie.peer.zero_checksum = reader.u8() != 0;
  cookie.made = Time{Duration{static_cast<Duration::rep>(reader.u64())}};
  return cookie;
}

}  // namespace parley::sctp
