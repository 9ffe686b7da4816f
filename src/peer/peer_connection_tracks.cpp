// The tracks and data channels of a peer connection: commands go to the part that obeys them, and
// then it is seen whether a negotiation is needed.
#include <string>
#include <utility>

#include "peer/peer_connection.h"

namespace parley::peer {

// --- Media ---

std::expected<TransceiverId, Error> PeerConnection::add_transceiver(Time now, MediaKind kind,
                                                                    TransceiverInit init) {
  auto id = negotiation_.add_transceiver(kind, std::move(init));
  check_negotiation();
  pump(now);
  return id;
}

std::expected<TransceiverId, Error> PeerConnection::add_track(Time now, MediaKind kind,
                                                              TransceiverInit init) {
  auto id = negotiation_.add_track(kind, std::move(init));
  check_negotiation();
  pump(now);
  return id;
}

std::expected<void, Error> PeerConnection::remove_track(Time now, TransceiverId id) {
  auto done = negotiation_.remove_track(id);
  check_negotiation();
  pump(now);
  return done;
}

std::expected<void, Error> PeerConnection::set_direction(Time now, TransceiverId id,
                                                         Direction direction) {
  auto done = negotiation_.set_direction(id, direction);
  check_negotiation();
  pump(now);
  return done;
}

std::expected<void, Error> PeerConnection::set_codec_preferences(TransceiverId id,
                                                                 std::vector<sdp::Codec> codecs) {
  return negotiation_.set_codecs(id, std::move(codecs));
}

std::expected<void, Error> PeerConnection::set_active(Time now, TransceiverId id,
                                                      std::string_view rid, bool active) {
  auto done = negotiation_.set_active(id, rid, active);
  if (done) media_.configure(now, negotiation_.agreements());
  pump(now);
  return done;
}

std::expected<void, Error> PeerConnection::stop(Time now, TransceiverId id) {
  auto done = negotiation_.stop(id);
  if (done) media_.configure(now, negotiation_.agreements());
  check_negotiation();
  pump(now);
  return done;
}

std::vector<sdp::Codec> PeerConnection::send_codecs(TransceiverId id) const {
  return media_.send_codecs(id);
}

std::expected<void, Error> PeerConnection::send_frame(Time now, TransceiverId id,
                                                      const OutgoingFrame& frame) {
  auto sent = media_.send_frame(now, id, frame);
  pump(now);
  return sent;
}

void PeerConnection::request_key_frame(Time now, TransceiverId id, std::string_view rid) {
  media_.request_key_frame(now, id, rid);
  pump(now);
}

// --- Data channels ---

std::expected<sctp::ChannelId, Error> PeerConnection::create_data_channel(
    Time now, const sctp::ChannelOptions& options) {
  if (closed_) {
    return std::unexpected(Error{Error::Kind::kInvalidState, "the connection is closed"});
  }
  const auto channel = data_channels_.open(now, options);
  if (!channel) {
    return std::unexpected(Error{Error::Kind::kOperation, std::string(to_string(channel.error()))});
  }
  channels_.push_back(*channel);
  negotiation_.want_data_channels();
  check_negotiation();
  pump(now);
  return *channel;
}

std::expected<void, sctp::ChannelSendError> PeerConnection::send(Time now, sctp::ChannelId channel,
                                                                 sctp::DataChannels::Kind kind,
                                                                 Bytes payload) {
  auto sent = data_channels_.send(now, channel, kind, payload);
  pump(now);
  return sent;
}

void PeerConnection::close_data_channel(Time now, sctp::ChannelId channel) {
  data_channels_.close(now, channel);
  pump(now);
}

void PeerConnection::set_buffered_amount_low_threshold(sctp::ChannelId channel, std::size_t bytes) {
  data_channels_.set_buffered_amount_low_threshold(channel, bytes);
}

}  // namespace parley::peer
