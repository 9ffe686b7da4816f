#include "peer.h"

#include <fmt/core.h>

#include <cstdio>
#include <stdexcept>
#include <utility>

#include "addresses.h"
#include "base/base64.h"
#include "dtls/certificate.h"
#include "io/clock.h"
#include "sdp/parse.h"
#include "tls/server_link.h"

namespace parley::peer_program {
namespace {

peer::PeerConnection::Configuration configuration(Random& random, const Peer::Options& options) {
  peer::PeerConnection::Configuration configuration;
  configuration.certificate = dtls::Certificate::make(io::wall_now(), random);
  configuration.ice_servers = options.ice_servers;
  if (options.is_relay_only) {
    configuration.ice_transport_policy = ice::TransportPolicy::kRelay;
  }
  return configuration;
}

// What a command did, or the problem with it as an exception.
template <class T, class E>
T checked(std::expected<T, E> result) {
  if constexpr (requires { result.error().message; }) {
    if (!result) throw std::runtime_error(result.error().message);
  } else if constexpr (std::is_same_v<E, std::string>) {
    if (!result) throw std::runtime_error(result.error());
  } else {
    if (!result) throw std::runtime_error(std::string(to_string(result.error())));
  }
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

// A test's server may have any certificate: who is believed is tested in src/tls.
io::ServerStreams::Config any_server() {
  return {.secure =
              tls::secure_by(checked(tls::Context::for_clients({.by = tls::Verify::By::kNobody})))};
}

const std::string& text_of(const Json& members, std::string_view name) {
  const Json* const member = members.find(name);
  if (member == nullptr || member->as_string() == nullptr) {
    throw std::runtime_error(fmt::format("{} is missing", name));
  }
  return *member->as_string();
}

std::optional<std::string> find_text(const Json& members, std::string_view name) {
  const Json* const member = members.find(name);
  if (member == nullptr || member->as_string() == nullptr) return std::nullopt;
  return *member->as_string();
}

std::optional<std::int64_t> find_int(const Json& members, std::string_view name) {
  const Json* const member = members.find(name);
  if (member == nullptr || member->as_int() == nullptr) return std::nullopt;
  return *member->as_int();
}

bool flag(const Json& members, std::string_view name, bool otherwise) {
  const Json* const member = members.find(name);
  return member != nullptr && member->as_bool() != nullptr ? *member->as_bool() : otherwise;
}

sctp::ChannelOptions channel_options(const Json& members) {
  sctp::ChannelOptions options{.label = text_of(members, "label"),
                               .protocol = find_text(members, "protocol").value_or(""),
                               .ordered = flag(members, "ordered", true)};
  if (const auto count = find_int(members, "maxRetransmits")) {
    options.max_retransmits = static_cast<std::uint16_t>(*count);
  }
  if (const auto time = find_int(members, "maxPacketLifeTime")) {
    options.max_packet_lifetime = std::chrono::milliseconds{*time};
  }
  if (flag(members, "negotiated", false)) {
    options.negotiated = static_cast<std::uint16_t>(find_int(members, "id").value_or(0));
  }
  return options;
}

std::string_view name_of(peer::MediaKind kind) {
  return kind == peer::MediaKind::kAudio ? "audio" : "video";
}

Json as_json(std::uint64_t number) {
  return static_cast<std::int64_t>(number);
}

}  // namespace

void tell(std::string_view event, Json members) {
  Json line = Json::Object{{.key = "event", .value = event}};
  for (Json::Member& member : *members.as_object()) {
    line.set(std::move(member.key), std::move(member.value));
  }
  fmt::print("{}\n", line.to_text());
  std::fflush(stdout);
}

Peer::Peer(io::EventLoop& loop, const Options& options)
    : loop_(loop),
      connection_(configuration(random_, options), random_, *provider_),
      driver_(
          loop, connection_,
          [this](peer::PeerConnection::Output output) {
            std::visit([this](auto&& event) { on(std::forward<decltype(event)>(event)); },
                       std::move(output));
          },
          {}, any_server()) {
  for (const net::IpAddress& ip : own_addresses()) {
    const net::SocketAddress address = checked(driver_.sockets().open_udp({.ip = ip}));
    connection_.add_local_candidate(loop_.now(), ice::Candidate::host(address));
  }
  driver_.settle();
  tell("ready", Json::Object{{.key = "name", .value = "parley"}});
}

void Peer::close() {
  connection_.close(loop_.now());
  driver_.settle();
  tell("state", Json::Object{{.key = "state", .value = "closed"}});
  loop_.stop();  // After this turn, at whose end the sockets send.
}

// --- Commands ------------------------------------------------------------------------------------

void Peer::obey(std::string_view line) {
  const auto members = Json::parse(line);
  const std::string command = members ? find_text(*members, "command").value_or("") : "";
  try {
    if (!members) throw std::runtime_error(members.error().to_string());
    obey(command, *members);
  } catch (const std::exception& problem) {
    tell("error",
         Json::Object{{.key = "message", .value = fmt::format("{}: {}", command, problem.what())}});
  }
  driver_.settle();
}

void Peer::obey(std::string_view command, const Json& members) {
  if (command == "track") {
    const bool audio = text_of(members, "kind") == "audio";
    waiting_.push_back(audio ? peer::MediaKind::kAudio : peer::MediaKind::kVideo);
  } else if (command == "channel") {
    channel(members);
  } else if (command == "offer") {
    offer(members);
  } else if (command == "description") {
    description(members);
  } else if (command == "candidate") {
    candidate(members);
  } else if (command == "send") {
    send(members);
  } else if (command == "stats") {
    stats();
  } else if (command == "closeChannel") {
    connection_.close_data_channel(loop_.now(), channel_of(members));
  } else if (command == "close") {
    close();
  } else {
    throw std::runtime_error("no such command");
  }
}

void Peer::channel(const Json& members) {
  const sctp::ChannelOptions options = channel_options(members);
  channels_[options.label] = checked(connection_.create_data_channel(loop_.now(), options));
}

void Peer::offer(const Json& members) {
  add_tracks();
  if (flag(members, "iceRestart", false)) connection_.restart_ice(loop_.now());
  checked(connection_.set_local_description(loop_.now()));
  tell_description();
}

void Peer::description(const Json& members) {
  const bool is_offer = text_of(members, "type") == "offer";
  checked(connection_.set_remote_description(
      loop_.now(), {.type = is_offer ? peer::SdpType::kOffer : peer::SdpType::kAnswer,
                    .sdp = text_of(members, "sdp")}));
  if (!is_offer) return;
  add_tracks();
  checked(connection_.set_local_description(loop_.now()));
  tell_description();
}

void Peer::candidate(const Json& members) {
  checked(connection_.add_ice_candidate(
      loop_.now(),
      {.candidate = find_text(members, "candidate").value_or(""), .mid = mid_of(members)}));
}

void Peer::send(const Json& members) {
  using Kind = sctp::DataChannels::Kind;
  const sctp::ChannelId channel = channel_of(members);
  if (const auto text = find_text(members, "text")) {
    return checked(connection_.send(loop_.now(), channel, Kind::kText, as_bytes(*text)));
  }
  const auto bytes = from_base64(text_of(members, "base64"));
  if (!bytes) throw std::runtime_error("this is no base64");
  checked(connection_.send(loop_.now(), channel, Kind::kBinary, *bytes));
}

void Peer::stats() {
  struct Sums {
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
  };
  std::map<std::string, Sums> sums;
  for (const peer::Stats& stats : connection_.get_stats(loop_.now())) {
    if (const auto* in = std::get_if<peer::InboundRtpStats>(&stats)) {
      sums[in->kind].received += in->packets_received;
    } else if (const auto* out = std::get_if<peer::OutboundRtpStats>(&stats)) {
      sums[out->kind].sent += out->packets_sent;
    }
  }
  const auto of = [&](const std::string& kind, std::int64_t frames) -> Json {
    return Json::Object{{.key = "packetsReceived", .value = as_json(sums[kind].received)},
                        {.key = "packetsSent", .value = as_json(sums[kind].sent)},
                        {.key = "framesReceived", .value = frames}};
  };
  Json layers = Json::Object();
  for (const auto& [rid, frames] : layers_) layers.set(rid, frames);
  tell("stats", Json::Object{{.key = "audio", .value = of("audio", frames_.audio)},
                             {.key = "video", .value = of("video", frames_.video)},
                             {.key = "layers", .value = layers}});
}

// --- Events --------------------------------------------------------------------------------------

void Peer::on(peer::PeerConnection::ConnectionStateChanged event) {
  tell("state", Json::Object{{.key = "state", .value = to_string(event.state)}});
  if (event.state != peer::ConnectionState::kConnected) return;
  for (const auto& source : sources_) {
    if (source->timer == nullptr) play(*source);
  }
}

void Peer::on(peer::PeerConnection::IceCandidateFound event) {
  const bool is_end = event.candidate.candidate.empty();
  tell(
      "candidate",
      Json::Object{{.key = "candidate", .value = is_end ? Json() : Json(event.candidate.candidate)},
                   {.key = "sdpMid", .value = is_end ? Json() : Json(event.candidate.mid)},
                   {.key = "sdpMLineIndex", .value = is_end ? Json() : Json(0)}});
}

void Peer::on(peer::PeerConnection::Track event) {
  const peer::Transceiver* const transceiver = connection_.find(event.transceiver);
  if (transceiver == nullptr) return;
  tell("track", Json::Object{{.key = "kind", .value = name_of(transceiver->kind)}});
}

void Peer::on(peer::PeerConnection::DataChannelAnnounced event) {
  channels_[event.options.label] = event.channel;
  tell_channel(event.channel, true);
}

void Peer::on(peer::PeerConnection::DataChannelOpened event) {
  tell_channel(event.channel, false);
}

void Peer::on(peer::PeerConnection::MessageReceived event) {
  for (const auto& [label, channel] : channels_) {
    if (channel != event.channel) continue;
    const bool text = event.kind == sctp::DataChannels::Kind::kText;
    tell("message", Json::Object{{.key = "label", .value = label},
                                 {.key = text ? "text" : "base64",
                                  .value = text ? std::string(as_text(event.payload))
                                                : to_base64(event.payload)}});
    return;
  }
}

void Peer::on(peer::PeerConnection::DataChannelClosed event) {
  for (const auto& [label, channel] : channels_) {
    if (channel == event.channel) {
      tell("channelClosed", Json::Object{{.key = "label", .value = label}});
    }
  }
}

void Peer::on(peer::PeerConnection::FrameReceived event) {
  const peer::Transceiver* const transceiver = connection_.find(event.frame.transceiver);
  if (transceiver == nullptr) return;
  ++(transceiver->kind == peer::MediaKind::kAudio ? frames_.audio : frames_.video);
  if (!event.frame.rid.empty()) ++layers_[event.frame.rid];
}

void Peer::on(peer::PeerConnection::KeyFrameRequested event) {
  for (const auto& source : sources_) {
    if (source->transceiver == event.transceiver) source->media.restart();
  }
}

// Nobody here answers multicast; the other side is reached by its checks.
void Peer::on(ice::ResolveName event) {
  connection_.name_resolved(loop_.now(), event.name, std::nullopt);
}

// --- What they share -----------------------------------------------------------------------------

void Peer::add_tracks() {
  for (const peer::MediaKind kind : std::exchange(waiting_, {})) {
    const auto id = checked(connection_.add_track(loop_.now(), kind, {.streams = {"parley"}}));
    const bool audio = kind == peer::MediaKind::kAudio;
    sources_.push_back(std::make_unique<Source>(
        Source{.transceiver = id, .media = audio ? TestMedia::audio() : TestMedia::video()}));
  }
}

void Peer::tell_description() {
  const auto description = connection_.local_description();
  if (!description) throw std::runtime_error("there is no local description");
  tell("description", Json::Object{{.key = "type", .value = to_string(description->type)},
                                   {.key = "sdp", .value = description->sdp}});
}

void Peer::tell_channel(sctp::ChannelId channel, bool remote) {
  const auto options = connection_.data_channels().options(channel);
  const auto id = connection_.data_channels().stream(channel);
  if (!options || !id) return;
  tell("channel", Json::Object{{.key = "label", .value = options->label},
                               {.key = "id", .value = as_json(id->value)},
                               {.key = "protocol", .value = options->protocol},
                               {.key = "ordered", .value = options->ordered},
                               {.key = "remote", .value = remote}});
}

sctp::ChannelId Peer::channel_of(const Json& members) const {
  const auto found = channels_.find(text_of(members, "label"));
  if (found == channels_.end()) throw std::runtime_error("no channel of that label");
  return found->second;
}

// Some tell a candidate's section by its place alone.
std::string Peer::mid_of(const Json& members) const {
  if (const auto mid = find_text(members, "sdpMid")) return *mid;
  const auto index = find_int(members, "sdpMLineIndex");
  const auto description = connection_.remote_description();
  if (!index || !description) return "";
  const auto session = sdp::parse(description->sdp);
  const auto at = static_cast<std::size_t>(*index);
  return session && at < session->sections.size() ? session->sections[at].mid : "";
}

// Sends a frame now, and the next one when it is due.
void Peer::play(Source& source) {
  const Time now = loop_.now();
  if (source.timer == nullptr) {
    source.due = now;
    source.timer = std::make_unique<io::Timer>(loop_, [this, &source] {
      play(source);
      driver_.settle();
    });
  }
  const MediaFrame frame = source.media.next();
  const auto sent = connection_.send_frame(now, source.transceiver,
                                           {.codec = source.media.codec(),
                                            .timestamp = frame.timestamp,
                                            .captured = now,
                                            .key = frame.key,
                                            .data = frame.data});
  if (!sent) source.media.restart();  // Not wanted at the moment.
  source.due += source.media.interval();
  source.timer->arm(source.due);
}

}  // namespace parley::peer_program
