#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "codec/format.h"
#include "mcu/video/input_stream.h"
#include "mcu/video/picture.h"
#include "rtp/extender.h"
#include "rtp/ntp_time.h"
#include "rtp/packet.h"
#include "sdp/codec.h"
#include "sfu/layer_demand.h"
#include "sfu/relay.h"

namespace parley::mcu {

// One publication of pictures, as its node relays it: what its RTP packets carry, which of its
// encodings come, and which of them fits the place where it is shown.
class PictureInput {
 public:
  PictureInput(const sfu::relay::Track& track, sfu::NodeId home);

  sfu::NodeId home() const { return home_; }

  // Valid until the packet's bytes are gone. Nothing: a format that we cannot decode, or no such
  // encoding.
  std::optional<InputStream::Packet> read(Time now, const rtp::PacketView& packet,
                                          std::uint8_t encoding);
  // The SSRC that an encoding comes by; nothing before the first packet.
  std::optional<rtp::Ssrc> ssrc(std::uint8_t encoding) const;

  // Which encodings are larger than which; as the track says at first.
  void set_order(const sfu::EncodingOrder& order) { order_ = order; }
  // As large it is shown; empty: not at all.
  void want(Size size) { wanted_ = size; }
  bool is_wanted() const { return wanted_.width > 0 && wanted_.height > 0; }
  // What is to be sent for that: the encoding that fits best, and of a camera the smallest, so that
  // there is something at once.
  sfu::EncodingSet needed() const;
  // Of what comes: the one to show now. Nothing comes: the smallest.
  std::uint8_t best(Time now) const;

  // What the sender's clock says of an encoding.
  void handle_report(const sfu::relay::Report& report);
  // The timestamp of that encoding's pictures that were captured at that moment of the sender's
  // clock; nothing before a report.
  std::optional<std::uint64_t> timestamp_at(std::uint8_t encoding, rtp::NtpTime ntp) const;

 private:
  struct Encoding {
    std::optional<rtp::Ssrc> ssrc = {};
    rtp::Extender<std::uint16_t> seqs = {};
    rtp::Extender<std::uint32_t> timestamps = {};
    std::optional<Time> came = {};  // Its last packet.
    std::optional<sfu::relay::Report> report = {};
  };

  std::size_t fitting_rank() const;
  std::uint8_t of_rank(std::size_t rank) const;
  bool comes(Time now, std::size_t encoding) const;

  sfu::NodeId home_;
  sfu::Source source_;
  std::vector<sdp::Codec> codecs_;
  std::vector<Encoding> encodings_;  // In the order of the offer.
  sfu::EncodingOrder order_;
  Size wanted_ = {};
};

}  // namespace parley::mcu
