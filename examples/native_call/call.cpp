#include "call.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

#include "local_addresses.h"

namespace native_call {

using namespace parley;
using peer::SdpType;

namespace {

peer::PeerConnection::Configuration configuration(const Shared& shared) {
  peer::PeerConnection::Configuration configuration;
  configuration.certificate = shared.certificate;
  configuration.ice_servers = shared.ice_servers;
  configuration.media = FileMedia::config();
  return configuration;
}

}  // namespace

Call::Call(const Shared& shared, std::string sid, bool polite)
    : shared_(shared),
      sid_(std::move(sid)),
      polite_(polite),
      pc_(configuration(shared), shared.random, shared.srtp),
      media_(shared.files, pc_, sid_),
      driver_(shared.loop, pc_,
              [this](const auto& output) {
                std::visit([this](const auto& event) { on(event); }, output);
              }),
      media_timer_(shared.loop, [this] { send_media(); }) {
  for (const net::IpAddress& ip : local_addresses()) {
    const auto address = driver_.sockets().open_udp({.ip = ip});
    if (address) pc_.add_local_candidate(now(), ice::Candidate::host(*address));
  }
}

void Call::start() {
  media_.add_tracks(now());
  driver_.settle();
}

void Call::close() {
  pc_.close(now());
  driver_.settle();
}

// --- Offers, answers and candidates ----------------------------------------

// Makes the offer or the answer that it is time for.
void Call::describe() {
  if (!pc_.set_local_description(now())) return;
  const auto ours = *pc_.local_description();
  shared_.signalling.send(
      sid_,
      {.type = std::string(to_string(ours.type)), .sdp = ours.sdp, .sources = media_.sources()});
}

bool Call::is_of_another(const Description& theirs) const {
  return !session_.empty() && theirs.session() != session_;
}

void Call::handle(const Description& theirs) {
  const bool is_offer = theirs.type == "offer";
  if (!is_offer && theirs.type != "answer") return;
  ignores_offer_ = is_offer && !polite_ && pc_.signaling_state() != peer::SignalingState::kStable;
  if (ignores_offer_) return;  // Ours stands, and they will take theirs back.
  const auto type = is_offer ? SdpType::kOffer : SdpType::kAnswer;
  const auto taken = pc_.set_remote_description(now(), {.type = type, .sdp = theirs.sdp});
  if (taken) {
    session_ = theirs.session();
    theirs_ = theirs.sources;
    media_.add_tracks(now());
    if (is_offer) describe();
  } else {
    fmt::print(stderr, "The {} of {}: {}\n", theirs.type, sid_, taken.error().message);
  }
  driver_.settle();
}

void Call::on(const PeerConnection::IceCandidateFound& event) {
  const auto& [candidate, mid, fragment] = event.candidate;
  std::optional<Candidate> found;  // None is the end of them.
  if (!candidate.empty()) found = {.candidate = candidate, .mid = mid};
  shared_.signalling.send(sid_, found);
}

void Call::handle(const std::optional<Candidate>& theirs) {
  if (ignores_offer_) return;
  const Candidate candidate = theirs.value_or(Candidate());
  // One that we cannot use is no misfortune: there are others.
  (void)pc_.add_ice_candidate(now(), {.candidate = candidate.candidate, .mid = candidate.mid});
  driver_.settle();
}

// Of the server that we have just reached, as a rule: so it is known, and takes no time.
void Call::on(const PeerConnection::ResolveHost& event) {
  std::vector<net::IpAddress> addresses;
  if (const auto address = Host{.name = event.name}.look_up()) addresses.push_back(address->ip);
  pc_.host_resolved(now(), event.name, addresses);
}

// A browser may hide its addresses behind names that only its own network can look up. But it knows
// ours, and its checks will show us where it is.
void Call::on(const ice::ResolveName& event) {
  pc_.name_resolved(now(), event.name, std::nullopt);
}

// --- Sound, picture and messages --------------------------------------------

void Call::on(const PeerConnection::ConnectionStateChanged& event) {
  fmt::print("{}: {}\n", sid_, to_string(event.state));
  if (event.state != peer::ConnectionState::kConnected) return;
  media_.start(now());
  send_media();
}

void Call::send_media() {
  media_.send_due_frames(now());
  driver_.settle();
  media_timer_.arm(media_.next_deadline());
}

void Call::on(const PeerConnection::DataChannelAnnounced& event) {
  fmt::print("{}: opened the data channel {}\n", sid_, event.options.label);
}

void Call::on(const PeerConnection::MessageReceived& event) {
  const auto options = pc_.data_channels().options(event.channel);
  if (!options || options->label.starts_with("parley-")) return;  // The page's own, for its files.
  const std::string answer = fmt::format("You said: {}", as_text(event.payload));
  (void)pc_.send(now(), event.channel, event.kind, as_bytes(answer));
}

}  // namespace native_call
