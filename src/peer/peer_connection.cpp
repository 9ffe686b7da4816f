#include "peer/peer_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "sdp/parse.h"

namespace parley::peer {
namespace {

constexpr int kUnreachable = 701;  // RTCPeerConnectionIceErrorEvent.errorCode.

std::unexpected<Error> fail(Error::Kind kind, std::string message) {
  return std::unexpected(Error{kind, std::move(message)});
}

std::unexpected<Error> is_closed() {
  return fail(Error::Kind::kInvalidState, "the connection is closed");
}

Negotiation::Config negotiation_config(const PeerConnection::Configuration& configuration) {
  const sctp::Config& association = configuration.data_channels.association;
  return {.media = configuration.media,
          .sctp_port = association.local_port,
          .max_message_size = association.max_message_size,
          .preferred_setup = configuration.preferred_setup};
}

}  // namespace

PeerConnection::PeerConnection(Configuration configuration, Random& random,
                               srtp::Provider& provider)
    : configuration_(std::move(configuration)),
      random_(&random),
      provider_(&provider),
      negotiation_(negotiation_config(configuration_), random),
      ice_servers_(configuration_.ice_servers),
      media_(configuration_.session, negotiation_.cname(), random),
      data_channels_(random, configuration_.data_channels) {
  PARLEY_ASSERT(configuration_.certificate != nullptr);
}

// --- Descriptions ---

std::expected<Description, Error> PeerConnection::create_offer(Time now, bool ice_restart) {
  if (closed_) return is_closed();
  const bool had_transport = transport_.has_value();
  Transport& transport = ensure_transport(now, true);
  if ((ice_restart || restart_wanted_) && had_transport && negotiation_.remote() != nullptr) {
    found_.clear();
    told_candidates_ = 0;
    transport.ice().restart(now);
    restart_wanted_ = false;
  }
  auto offer = negotiation_.create_offer(transport_parameters());
  pump(now);
  if (!offer) return std::unexpected(offer.error());
  return Description{SdpType::kOffer, sdp::to_string(*offer)};
}

std::expected<Description, Error> PeerConnection::create_answer(Time now) {
  if (closed_) return is_closed();
  ensure_transport(now, false);
  auto answer = negotiation_.create_answer(transport_parameters());
  if (!answer) return std::unexpected(answer.error());
  return Description{SdpType::kAnswer, sdp::to_string(*answer)};
}

std::expected<void, Error> PeerConnection::set_local_description(Time now) {
  const auto made = negotiation_.state() == SignalingState::kHaveRemoteOffer ? create_answer(now)
                                                                             : create_offer(now);
  if (!made) return std::unexpected(made.error());
  return set_local_description(now, *made);
}

std::expected<void, Error> PeerConnection::set_local_description(Time now,
                                                                 const Description& description) {
  if (closed_) return is_closed();
  if (description.type != SdpType::kRollback &&
      (!negotiation_.created() || sdp::to_string(*negotiation_.created()) != description.sdp)) {
    return fail(Error::Kind::kInvalidModification,
                "this is not the description that was created last");
  }
  const SignalingState before = negotiation_.state();
  const auto changes = negotiation_.set_local(description.type);
  if (!changes) return std::unexpected(changes.error());
  apply_changes(now, before, *changes);
  if (description.type != SdpType::kRollback) begin_gathering(now);
  pump(now);
  return {};
}

std::expected<void, Error> PeerConnection::set_remote_description(Time now,
                                                                  const Description& description) {
  if (closed_) return is_closed();
  sdp::SessionDescription parsed;
  if (description.type != SdpType::kRollback) {
    auto result = sdp::parse(description.sdp, {.max_sections = configuration_.media.max_sections});
    if (!result) return fail(Error::Kind::kSyntax, sdp::to_string(result.error()));
    parsed = *std::move(result);
  }
  const bool peer_is_lite = parsed.ice_lite;
  const SignalingState before = negotiation_.state();
  const auto changes = negotiation_.set_remote(description.type, std::move(parsed));
  if (!changes) return std::unexpected(changes.error());
  if (description.type != SdpType::kRollback) {
    ensure_transport(now, peer_is_lite);
    apply_remote_transport(now);
  }
  apply_changes(now, before, *changes);
  pump(now);
  return {};
}

std::optional<Description> PeerConnection::local_description() const {
  if (negotiation_.local() == nullptr) return {};
  sdp::SessionDescription description = *negotiation_.local();
  // All sections are bundled: the candidates stand in the first (RFC 8843, 10.1).
  const auto first = std::ranges::find_if(
      description.sections, [](const sdp::MediaSection& each) { return !each.is_rejected(); });
  if (first != description.sections.end()) {
    for (const ice::Candidate& candidate : found_) {
      first->candidates.push_back(candidate.attribute_value());
    }
    first->end_of_candidates = gathering_state_ == GatheringState::kComplete;
  }
  return Description{negotiation_.local_type(), sdp::to_string(description)};
}

std::optional<Description> PeerConnection::remote_description() const {
  if (negotiation_.remote() == nullptr) return {};
  return Description{negotiation_.remote_type(), sdp::to_string(*negotiation_.remote())};
}

void PeerConnection::restart_ice(Time now) {
  if (closed_ || negotiation_.remote() == nullptr) return;
  restart_wanted_ = true;
  check_negotiation();
  pump(now);
}

// --- The path ---

Transport& PeerConnection::ensure_transport(Time now, bool controlling) {
  if (transport_) return *transport_;
  transport_.emplace(Transport::Config{.ice = {.controlling = controlling,
                                               .lite = configuration_.ice_lite,
                                               .policy = configuration_.ice_transport_policy,
                                               .timers = configuration_.ice_timers,
                                               .limits = configuration_.ice_limits},
                                       .certificate = configuration_.certificate},
                     *random_, *provider_);
  for (ice::Candidate& candidate : std::exchange(early_local_, {})) {
    transport_->ice().add_local_candidate(now, std::move(candidate));
  }
  return *transport_;
}

TransportParameters PeerConnection::transport_parameters() const {
  const ice::Credentials& credentials = transport_->ice().local_credentials();
  const dtls::Fingerprint& fingerprint = configuration_.certificate->fingerprint();
  return {.ice_ufrag = credentials.ufrag,
          .ice_pwd = credentials.pwd,
          .ice_lite = configuration_.ice_lite,
          .fingerprint = {std::string(to_string(fingerprint.algorithm)), fingerprint.bytes}};
}

void PeerConnection::begin_gathering(Time now) {
  may_tell_candidates_ = true;
  if (gathering_state_ != GatheringState::kNew) return;
  gathering_state_ = GatheringState::kGathering;
  outputs_.push_back(IceGatheringStateChanged{gathering_state_});
  for (const IceServers::Problem& problem : ice_servers_.problems()) {
    outputs_.push_back(IceCandidateError{
        .url = problem.url, .error_code = kUnreachable, .error_text = problem.reason});
  }
  for (const std::string& name : ice_servers_.names()) outputs_.push_back(ResolveHost{name});
  gather(now);
}

void PeerConnection::gather(Time now) {
  transport_->ice().gather(now, ice_servers_.stun(), ice_servers_.relays());
}

void PeerConnection::host_resolved(Time now, std::string_view name,
                                   const std::vector<net::IpAddress>& addresses) {
  if (closed_ || !transport_ ||
      std::ranges::find(ice_servers_.names(), name) == ice_servers_.names().end()) {
    return;
  }
  for (const IceServers::Problem& problem : ice_servers_.resolve(name, addresses)) {
    outputs_.push_back(IceCandidateError{
        .url = problem.url, .error_code = kUnreachable, .error_text = problem.reason});
  }
  gather(now);
  pump(now);
}

void PeerConnection::server_connected(Time now, ice::ServerStream stream) {
  if (!transport_) return;
  transport_->ice().server_connected(now, stream);
  pump(now);
}

void PeerConnection::server_closed(Time now, ice::ServerStream stream) {
  if (!transport_) return;
  transport_->ice().server_closed(now, stream);
  pump(now);
}

void PeerConnection::server_data(Time now, ice::ServerStream stream, Bytes bytes) {
  if (!transport_) return;
  transport_->server_data(now, stream, bytes);
  pump(now);
}

void PeerConnection::apply_remote_transport(Time now) {
  const sdp::MediaSection* const section = negotiation_.remote_transport();
  if (section == nullptr) return;
  ice::Agent& agent = transport_->ice();
  const std::string ours = agent.local_credentials().ufrag;
  agent.set_remote(now, {.ufrag = section->ice_ufrag, .pwd = section->ice_pwd},
                   negotiation_.remote()->ice_lite);
  if (agent.local_credentials().ufrag != ours) {  // A restart: our candidates are told anew.
    found_.clear();
    told_candidates_ = 0;
  }
  std::vector<std::string> seen;
  for (const sdp::MediaSection& each : negotiation_.remote()->sections) {
    for (const std::string& text : each.candidates) {
      if (std::ranges::find(seen, text) != seen.end()) continue;
      seen.push_back(text);
      const auto candidate = ice::Candidate::parse(text);
      if (candidate) agent.add_remote_candidate(now, *candidate);
    }
  }
  // Who does not trickle has said it all.
  if (section->end_of_candidates || !section->has_ice_option("trickle")) {
    agent.end_of_remote_candidates(now);
  }
  for (const IceCandidate& candidate : std::exchange(early_remote_, {})) {
    (void)add_ice_candidate(now, candidate);
  }
}

std::expected<void, Error> PeerConnection::add_ice_candidate(Time now,
                                                             const IceCandidate& candidate) {
  if (closed_) return is_closed();
  if (negotiation_.remote() == nullptr) {
    if (early_remote_.size() >= configuration_.max_candidates) {
      return fail(Error::Kind::kLimit, "there are too many candidates before a description");
    }
    early_remote_.push_back(candidate);
    return {};
  }
  if (!candidate.mid.empty() && negotiation_.remote()->find(candidate.mid) == nullptr) {
    return fail(Error::Kind::kOperation, "the description has no such mid");
  }
  ice::Agent& agent = transport_->ice();
  if (candidate.candidate.empty()) {
    agent.end_of_remote_candidates(now);
  } else {
    auto parsed = ice::Candidate::parse(candidate.candidate);
    if (!parsed && parsed.error() == ice::CandidateError::kMalformed) {
      return fail(Error::Kind::kOperation, "this is no candidate");
    }
    if (parsed) {  // Of an unknown kind, it is none for us.
      if (parsed->ufrag.empty()) parsed->ufrag = candidate.username_fragment;
      agent.add_remote_candidate(now, *parsed);
    }
  }
  pump(now);
  return {};
}

void PeerConnection::add_local_candidate(Time now, ice::Candidate candidate) {
  if (closed_) return;
  if (!transport_) {
    if (early_local_.size() < configuration_.max_candidates) {
      early_local_.push_back(std::move(candidate));
    }
    return;
  }
  transport_->ice().add_local_candidate(now, std::move(candidate));
  pump(now);
}

void PeerConnection::remove_local(Time now, const net::SocketAddress& base) {
  std::erase_if(early_local_, [&](const auto& each) { return each.address == base; });
  std::erase_if(found_, [&](const auto& each) { return each.base == base; });
  told_candidates_ = std::min(told_candidates_, found_.size());
  if (!transport_) return;
  transport_->ice().remove_local(now, base);
  pump(now);
}

void PeerConnection::name_resolved(Time now, std::string_view name,
                                   std::optional<net::IpAddress> address) {
  if (!transport_) return;
  transport_->ice().name_resolved(now, name, address);
  pump(now);
}

void PeerConnection::tcp_connected(Time now, const net::Path& asked, const net::Path& actual) {
  if (!transport_) return;
  transport_->ice().tcp_connected(now, asked, actual);
  pump(now);
}

void PeerConnection::tcp_closed(Time now, const net::Path& path) {
  if (!transport_) return;
  transport_->ice().tcp_closed(now, path);
  pump(now);
}

// --- What was agreed on ---

void PeerConnection::apply_changes(Time now, SignalingState before,
                                   const DescriptionChanges& changes) {
  if (negotiation_.state() != before) {
    outputs_.push_back(SignalingStateChanged{negotiation_.state()});
  }
  for (const TransceiverId id : changes.tracks_removed) outputs_.push_back(TrackRemoved{id});
  for (const TransceiverId id : changes.tracks_added) outputs_.push_back(Track{id});
  if (changes.settled) apply_agreements(now);
  check_negotiation();
}

void PeerConnection::apply_agreements(Time now) {
  const sdp::MediaSection* const section = negotiation_.remote_transport();
  if (section != nullptr && negotiation_.setup()) {
    std::vector<dtls::Fingerprint> fingerprints;
    for (const sdp::Fingerprint& each : section->fingerprints) {
      const auto fingerprint = dtls::Fingerprint::parse(
          fmt::format("{} {:02X}", each.algorithm, fmt::join(each.bytes, ":")));
      if (fingerprint) fingerprints.push_back(*fingerprint);
    }
    const auto role =
        negotiation_.setup() == sdp::Setup::kActive ? dtls::Role::kClient : dtls::Role::kServer;
    transport_->start_dtls(now, role, std::move(fingerprints));
  }
  media_.configure(now, negotiation_.agreements());
  begin_data_channels(now);
}

void PeerConnection::begin_data_channels(Time now) {
  const sdp::MediaSection* const section = negotiation_.agreed_data_section();
  if (section == nullptr) return;
  // What RFC 8841, 6.1 says of a peer that does not say.
  constexpr std::uint64_t kUnsaid = 65'536;
  data_channels_.set_remote_max_message_size(
      static_cast<std::size_t>(section->max_message_size.value_or(kUnsaid)));
  if (data_started_ || dtls_state_ != DtlsState::kConnected) return;
  data_started_ = true;
  data_channels_.start(now, negotiation_.setup() == sdp::Setup::kActive);
}

void PeerConnection::check_negotiation() {
  const bool is_stable = negotiation_.state() == SignalingState::kStable;
  const bool needed = negotiation_.is_needed() || (is_stable && restart_wanted_);
  if (needed && !told_negotiation_needed_) outputs_.push_back(NegotiationNeeded{});
  told_negotiation_needed_ = needed;
}

}  // namespace parley::peer
