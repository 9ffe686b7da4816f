#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "peer/error.h"
#include "peer/negotiation/agreement.h"
#include "peer/negotiation/media_defaults.h"
#include "peer/negotiation/payload_types.h"
#include "peer/negotiation/transceiver.h"
#include "peer/states.h"
#include "sdp/description.h"
#include "sdp/negotiation.h"

namespace parley::peer {

// What our side of the path has to say of itself in each section.
struct TransportParameters {
  std::string ice_ufrag = {};
  std::string ice_pwd = {};
  bool ice_lite = false;
  sdp::Fingerprint fingerprint = {};
};

// What a description that was set means for the application.
struct DescriptionChanges {
  std::vector<TransceiverId> tracks_added = {};    // They receive from now on.
  std::vector<TransceiverId> tracks_removed = {};  // They no longer do.
  bool settled = false;  // An offer and its answer are there: read agreements().

  friend bool operator==(const DescriptionChanges&, const DescriptionChanges&) = default;
};

// Offer and answer: the transceivers, the descriptions of both sides, and in which state they are
// (RFC 8829; W3C WebRTC, 4.4). It knows nothing of the path but what it writes of it.
//
// All sections share one path: what a peer will not bundle, or not without rtcp-mux, is rejected.
class Negotiation {
 public:
  struct Config {
    MediaConfig media = {};
    std::uint16_t sctp_port = 5'000;
    std::uint64_t max_message_size = 262'144;
    sdp::Setup preferred_setup = sdp::Setup::kActive;  // In an answer, if the offer lets us choose.
  };

  // `random` gives SSRCs, ids and the canonical name; it outlives this.
  Negotiation(Config config, Random& random);

  // --- What we want ---
  std::expected<TransceiverId, Error> add_transceiver(MediaKind kind, TransceiverInit init);
  std::expected<TransceiverId, Error> add_track(MediaKind kind, TransceiverInit init);
  std::expected<void, Error> remove_track(TransceiverId id);
  std::expected<void, Error> set_direction(TransceiverId id, Direction direction);
  std::expected<void, Error> set_codecs(TransceiverId id, std::vector<sdp::Codec> codecs);
  std::expected<void, Error> set_active(TransceiverId id, std::string_view rid, bool active);
  std::expected<void, Error> stop(TransceiverId id);
  void want_data_channels() { wants_data_ = true; }

  // --- Descriptions ---
  // Both number what they make; only the newest can be set.
  std::expected<sdp::SessionDescription, Error> create_offer(const TransportParameters& ours);
  std::expected<sdp::SessionDescription, Error> create_answer(const TransportParameters& ours);
  // The description is the one that was made last; a rollback has none.
  std::expected<DescriptionChanges, Error> set_local(SdpType type);
  std::expected<DescriptionChanges, Error> set_remote(SdpType type,
                                                      sdp::SessionDescription description);
  void close() { state_ = SignalingState::kClosed; }

  // --- How it stands ---
  SignalingState state() const { return state_; }
  // Whether the wishes differ from what was agreed on: "check if negotiation is needed".
  bool is_needed() const;
  // The pending description, else the current one; null: none yet.
  const sdp::SessionDescription* local() const;
  const sdp::SessionDescription* remote() const;
  // What those two are; of no use while they are null.
  SdpType local_type() const;
  SdpType remote_type() const;
  const std::optional<sdp::SessionDescription>& created() const { return created_; }

  const std::deque<Transceiver>& transceivers() const { return transceivers_; }
  const Transceiver* find(TransceiverId id) const;
  // Of the sections that are in force; none before the first settled exchange.
  std::vector<Agreement> agreements() const;
  // The section of the data channels in the remote description that is in force; null: none.
  const sdp::MediaSection* agreed_data_section() const;
  // Who opens DTLS, once an answer has said so.
  std::optional<sdp::Setup> setup() const { return setup_; }
  // Any section that the path's parameters of the peer can be read from; null: none.
  const sdp::MediaSection* remote_transport() const;
  const std::string& cname() const { return cname_; }

 private:
  // What an m= section of the session is for.
  struct Slot {
    std::string mid = {};
    std::optional<TransceiverId> transceiver = {};  // Neither of the two: it was rejected.
    bool data = false;
  };
  // Which section a transceiver had, for a rollback.
  struct Place {
    TransceiverId transceiver = {};
    std::optional<std::size_t> section = {};
    std::string mid = {};
    bool told = false;
  };

  Transceiver* find_mutable(TransceiverId id);
  Transceiver& make_transceiver(MediaKind kind, TransceiverInit init);
  std::string next_mid();
  std::vector<Slot> slots_for_offer();
  sdp::MediaSection offer_section(const Transceiver& transceiver, const Slot& slot);
  sdp::MediaSection offer_data_section(const Slot& slot) const;
  sdp::MediaSection answer_section(const sdp::MediaSection& offered, std::size_t index);
  void add_sending(sdp::MediaSection& section, const Transceiver& transceiver) const;
  void add_transport(sdp::SessionDescription& description, const TransportParameters& ours,
                     sdp::Setup setup);
  static std::vector<std::string_view> extensions_of(MediaKind kind);
  static bool is_bundled(const sdp::SessionDescription& description,
                         const sdp::MediaSection& section);

  std::expected<void, Error> check_remote(SdpType type,
                                          const sdp::SessionDescription& description) const;
  void learn(const sdp::SessionDescription& description);
  void take_offer(const sdp::SessionDescription& offer);
  Transceiver& transceiver_for(const sdp::MediaSection& section, std::size_t index);
  DescriptionChanges settle();
  void tell_tracks(const sdp::SessionDescription& remote, DescriptionChanges& changes);
  void save_places();
  DescriptionChanges roll_back();
  bool differs(const Transceiver& transceiver) const;

  Config config_;
  Random* random_;
  SignalingState state_ = SignalingState::kStable;
  std::deque<Transceiver> transceivers_;  // In the order of their making.
  std::uint64_t last_id_ = 0;
  std::uint64_t next_mid_ = 0;
  bool wants_data_ = false;
  std::string cname_;
  std::string session_id_;
  std::uint64_t version_ = 0;
  PayloadTypes payload_types_;
  sdp::ExtensionIds extension_ids_;

  std::vector<Slot> slots_;            // By section, as the descriptions that were set have it.
  std::vector<Slot> created_slots_;    // As `created_` has it.
  std::vector<Slot> settled_slots_;    // As the current descriptions have it.
  std::vector<Place> settled_places_;  // For a rollback.
  std::optional<sdp::SessionDescription> created_;  // The newest offer or answer of ours.
  std::optional<SdpType> created_type_;
  std::optional<sdp::SessionDescription> current_local_;
  std::optional<sdp::SessionDescription> current_remote_;
  std::optional<sdp::SessionDescription> pending_local_;
  std::optional<sdp::SessionDescription> pending_remote_;
  bool we_offered_ = false;  // What is current.
  std::optional<sdp::Setup> setup_;
};

}  // namespace parley::peer
