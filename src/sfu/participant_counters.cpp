// What the parts of a participant have counted, gathered.
#include "sfu/participant_counters.h"

#include <algorithm>
#include <numeric>

#include "sfu/participant.h"

namespace parley::sfu {
namespace {

ConnectionCounters::Dtls drops_of(const dtls::Connection::Counters& dtls) {
  return {.not_dtls = dtls.dropped_not_dtls,
          .too_early = dtls.dropped_too_early,
          .ended = dtls.dropped_ended,
          .early_data = dtls.dropped_early_data};
}

ConnectionCounters::Sctp drops_of(const sctp::Counters& sctp) {
  return {.malformed = sctp.dropped_malformed,
          .bad_checksum = sctp.dropped_bad_checksum,
          .wrong_tag = sctp.dropped_wrong_tag,
          .bad_cookie = sctp.dropped_bad_cookie,
          .unknown_chunk = sctp.dropped_unknown_chunk,
          .out_of_window = sctp.dropped_out_of_window,
          .bad_stream = sctp.dropped_bad_stream,
          .bad_sack = sctp.dropped_bad_sack,
          .duplicate = sctp.duplicate_chunks,
          .abandoned = sctp.messages_abandoned};
}

ConnectionCounters::Channels drops_of(const sctp::DataChannels::DropCounters& channels) {
  return {.malformed = channels.malformed,
          .no_channel = channels.no_channel,
          .unknown_ppid = channels.unknown_ppid,
          .refused_opens = channels.refused_opens};
}

// Of RTP that was put into a batch: the transport knows of what it was itself given to send.
std::uint64_t refused_in_batches(const srtp::Sender& sender, const peer::TransportCounters& own) {
  const auto& dropped = sender.counters().dropped;
  return std::accumulate(dropped.begin(), dropped.end(), std::uint64_t{0}) -
         own.dropped_for(peer::Drop::kRefusedBySrtp);
}

}  // namespace

ParticipantCounters Participant::counters() const {
  ParticipantCounters sum{.uplink = uplink_->counters(),
                          .downlink = downlink_->counters(),
                          .publications = uplink_->publication_counters()};
  const peer::TransportCounters& own = transport_.counters();
  const ice::Counters& ice = transport_.ice().counters();
  ConnectionCounters& connection = sum.connection;
  connection.connected = connects_;
  connection.disconnected = disconnects_;
  connection.ice_restarts = ice.restarts;
  connection.path_changes = ice.path_changes;
  if (ended_) connection.ended[std::to_underlying(*ended_)] = 1;
  connection.by_transport = own.dropped;
  connection.by_transport[std::to_underlying(peer::Drop::kUnprotected)] = 0;  // See `by_srtp`.
  std::ranges::copy(ice.dropped, connection.by_ice.begin());
  if (transport_.srtp_receiver() != nullptr) {
    connection.by_srtp = transport_.srtp_receiver()->counters().dropped;
  }
  if (transport_.srtp_sender() != nullptr) {
    sum.downlink.dropped_srtp = refused_in_batches(*transport_.srtp_sender(), own);
  }
  if (transport_.dtls() != nullptr) connection.by_dtls = drops_of(transport_.dtls()->counters());
  connection.malformed_rtcp = malformed_rtcp_;
  if (data_) {
    connection.by_sctp = drops_of(data_->association().counters());
    connection.by_channels = drops_of(data_->drops());
  }
  connection.by_sctp.not_agreed = unagreed_data_;
  return sum;
}

}  // namespace parley::sfu
