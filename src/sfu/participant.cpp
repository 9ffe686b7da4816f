#include "sfu/participant.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/overloaded.h"
#include "rtp/rtcp/message.h"

namespace parley::sfu {
namespace {

constexpr std::string_view kReliableLabel = "parley";
constexpr std::string_view kUnreliableLabel = "parley-unreliable";

std::vector<dtls::Fingerprint> to_dtls(const std::vector<sdp::Fingerprint>& fingerprints) {
  std::vector<dtls::Fingerprint> converted;
  for (const sdp::Fingerprint& each : fingerprints) {
    const auto fingerprint = dtls::Fingerprint::parse(
        fmt::format("{} {:02X}", each.algorithm, fmt::join(each.bytes, ":")));
    if (fingerprint) converted.push_back(*fingerprint);
  }
  return converted;
}

peer::Transport::Config of_server(peer::Transport::Config config) {
  config.ice.lite = true;
  config.ice.controlling = false;
  return config;
}

std::string_view sentence_of(Ending ending) {
  switch (ending) {
    case Ending::kNeverConnected: return "no connection in time";
    case Ending::kClosed: return "closed by the participant";
    case Ending::kNoConsent: return "the path does not answer";
    case Ending::kFingerprint:
    case Ending::kDtlsTimeout:
    case Ending::kAlert:
    case Ending::kDtlsProtocol: return "DTLS failed";
  }
  std::unreachable();
}

// Takes what only the parts need out of it.
struct Parts {
  std::vector<Uplink::Section> sends = {};
  std::vector<Downlink::SlotConfig> slots = {};
};
Parts take_parts(Agreed& agreed) {
  Parts parts{agreed.sends, agreed.slots};
  for (Uplink::Section& section : agreed.sends) {
    section.agreement = {.mid = std::move(section.agreement.mid)};
  }
  for (Downlink::SlotConfig& slot : agreed.slots) slot.stream.codecs = {};
  agreed.answer = {};
  return parts;
}

}  // namespace

Participant::Participant(Time now, ParticipantId id, const Config& config,
                         const Surroundings& around)
    : id_(id),
      config_(&config),
      around_(around),
      transport_(of_server(config.transport), around.random, around.provider),
      connect_by_(now + config.connect_timeout) {}

std::expected<Participant::Accepted, std::string> Participant::accept(
    Time now, ParticipantId id, const Config& config, const Offer& offer,
    const std::vector<ice::Candidate>& candidates, const AnswerLimits& limits,
    const Surroundings& around) {
  Accepted accepted{.participant =
                        std::unique_ptr<Participant>(new Participant(now, id, config, around))};
  auto answered = accepted.participant->answer_first(now, offer, candidates, limits);
  if (!answered) return std::unexpected(answered.error());
  accepted.answer = *std::move(answered);
  return accepted;
}

std::expected<std::string, std::string> Participant::answer_first(
    Time now, const Offer& offer, const std::vector<ice::Candidate>& candidates,
    const AnswerLimits& limits) {
  auto agreed = answer(offer, our_side(), candidates, limits, around_.random);
  if (!agreed) return std::unexpected(agreed.error());
  auto fingerprints = to_dtls(agreed->fingerprints);
  if (fingerprints.empty()) return std::unexpected("The offer has no fingerprint of a known kind.");
  agreed_ = *std::move(agreed);
  std::string text = std::move(agreed_.answer);
  Parts parts = take_parts(agreed_);
  uplink_.emplace(config_->uplink, id_, std::move(parts.sends), around_.pool, around_.random);
  Downlink::Config downlink = config_->downlink;
  downlink.slots = std::move(parts.slots);
  downlink.cname = kCname;
  downlink_.emplace(std::move(downlink), around_.random);
  if (agreed_.data_channel) begin_data();
  transport_.ice().set_remote(now, {.ufrag = agreed_.ice_ufrag, .pwd = agreed_.ice_pwd});
  transport_.start_dtls(now, dtls::Role::kServer, std::move(fingerprints));
  pump(now);
  return text;
}

std::expected<std::string, std::string> Participant::renegotiate(
    Time now, const Offer& offer, const std::vector<ice::Candidate>& candidates,
    const AnswerLimits& limits) {
  // Only a good offer may change anything: so it is answered once as things are.
  auto agreed = answer(offer, our_side(), candidates, limits, around_.random, &agreed_);
  if (!agreed) return std::unexpected(agreed.error());
  if (agreed->ice_ufrag != agreed_.ice_ufrag) {
    transport_.ice().set_remote(now, {.ufrag = agreed->ice_ufrag, .pwd = agreed->ice_pwd});
    agreed = answer(offer, our_side(), candidates, limits, around_.random, &agreed_);
    pump(now);
  }
  const auto before = static_cast<std::ptrdiff_t>(agreed_.slots.size());
  agreed_ = *std::move(agreed);
  std::string text = std::move(agreed_.answer);
  Parts parts = take_parts(agreed_);
  parts.slots.erase(parts.slots.begin(), parts.slots.begin() + before);
  downlink_->add_slots(std::move(parts.slots));
  return text;
}

peer::TransportParameters Participant::our_side() const {
  const ice::Credentials& credentials = transport_.ice().local_credentials();
  const dtls::Fingerprint& fingerprint = config_->transport.certificate->fingerprint();
  return {.ice_ufrag = credentials.ufrag,
          .ice_pwd = credentials.pwd,
          .ice_lite = true,
          .fingerprint = {std::string(to_string(fingerprint.algorithm)), fingerprint.bytes}};
}

void Participant::begin_data() {
  data_ = std::make_unique<sctp::DataChannels>(around_.random, config_->data);
  if (agreed_.max_message_size != 0) data_->set_remote_max_message_size(agreed_.max_message_size);
}

// --- The engine

void Participant::tcp_closed(Time now, const net::Path& path) {
  transport_.ice().tcp_closed(now, path);
  pump(now);
}

void Participant::close(Time now) {
  failed_ = true;
  connected_ = false;
  transport_.close(now);
  pump(now);
}

void Participant::handle_input(Time now, Input datagram) {
  transport_.handle_input(now, datagram);
  pump(now);
}

void Participant::handle_timeout(Time now) {
  if (connect_by_ <= now) {
    connect_by_ = kNever;
    fail(Ending::kNeverConnected);
  }
  if (transport_.next_deadline() <= now) transport_.handle_timeout(now);
  if (data_ && data_->next_deadline() <= now) data_->handle_timeout(now);
  if (uplink_->next_deadline() <= now) uplink_->handle_timeout(now);
  if (downlink_->next_deadline() <= now) downlink_->handle_timeout(now);
  pump(now);
}

std::optional<Participant::Output> Participant::poll_output() {
  if (outputs_.empty()) return std::nullopt;
  Output output = std::move(outputs_.front());
  outputs_.pop_front();
  return output;
}

Time Participant::next_deadline() const {
  if (failed_) return kNever;
  return std::min({connect_by_, transport_.next_deadline(), uplink_->next_deadline(),
                   downlink_->next_deadline(), data_ ? data_->next_deadline() : kNever});
}

bool Participant::fill(Time now, net::DatagramBatch& batch, std::vector<srtp::Protection>& work) {
  srtp::Sender* const sender = transport_.srtp_sender();
  if (sender == nullptr || !transport_.path() || failed_) return true;
  return downlink_->fill(now, *sender, *transport_.path(), batch, work);
}

bool Participant::send_message(Time now, bool reliable, sctp::DataChannels::Kind kind,
                               Bytes payload) {
  if (!data_ || !has_channel(reliable)) return false;
  const std::size_t waiting =
      data_->buffered_amount(reliable_) + data_->buffered_amount(unreliable_) + payload.size();
  if (waiting > (reliable ? config_->max_reliable_waiting : config_->max_unreliable_waiting)) {
    return false;
  }
  const bool sent = data_->send(now, channel(reliable), kind, payload).has_value();
  pump(now);
  return sent;
}

// Takes what the parts have to say until nothing is left. RTCP and data that they send come back as
// datagrams of the transport.
void Participant::pump(Time now) {
  const auto drain_transport = [&] {
    drain(transport_, [&](peer::Transport::Output output) {
      std::visit([&](auto&& event) { on(now, std::forward<decltype(event)>(event)); },
                 std::move(output));
    });
  };
  drain_transport();
  while (pump_data(now)) drain_transport();
  pump_rtcp(now);
  drain_transport();
}

bool Participant::pump_data(Time now) {
  bool any = false;
  if (!data_) return any;
  drain(*data_, [&](sctp::DataChannels::Output output) {
    any = true;
    std::visit([&](auto&& event) { on(now, std::forward<decltype(event)>(event)); },
               std::move(output));
  });
  return any;
}

void Participant::pump_rtcp(Time now) {
  if (!uplink_ || !downlink_ || failed_) return;
  const auto send = [&](Bytes packet) {
    if (started_) transport_.send_rtcp(packet);
  };
  while (const auto packet = uplink_->poll_rtcp(now)) send(*packet);
  while (const auto packet = downlink_->poll_rtcp(now)) send(*packet);
}

void Participant::set_connected(bool connected) {
  if (connected == connected_ || !started_ || failed_) return;
  connected_ = connected;
  if (connected) {
    ++connects_;
    outputs_.push_back(Connected{});
  } else {
    ++disconnects_;
    outputs_.push_back(Disconnected{});
  }
}

void Participant::fail(Ending ending) {
  if (std::exchange(failed_, true)) return;
  connected_ = false;
  ended_ = ending;
  outputs_.push_back(Failed{sentence_of(ending)});
}

// --- What the transport says

void Participant::on(Time now, peer::Transport::RtpReceived event) {
  auto arrived = uplink_->handle_rtp(now, event.packet);
  if (arrived) outputs_.push_back(RtpArrived{arrived->publication, std::move(arrived->packet)});
}

void Participant::on(Time now, peer::Transport::RtcpReceived event) {
  const auto messages = rtp::rtcp::parse(event.packet);
  if (!messages) {
    ++malformed_rtcp_;
    return;
  }
  for (const rtp::rtcp::Message& message : *messages) {
    uplink_->handle_rtcp(now, message);
    downlink_->handle_rtcp(now, message);
  }
  share_round_trip_time();
  outputs_.push_back(FeedbackArrived{});
}

void Participant::share_round_trip_time() {
  if (const auto rtt = downlink_->round_trip_time()) uplink_->set_round_trip_time(*rtt);
}

void Participant::on(Time now, peer::Transport::DataReceived event) {
  if (!data_) {
    ++unagreed_data_;
    return;
  }
  data_->handle_input(now, {event.packet});
}

void Participant::on(Time now, peer::Transport::Connected) {
  started_ = true;
  connect_by_ = kNever;
  downlink_->start(now);
  set_connected(true);
  if (!data_) return;
  (void)data_->open(now, {.label = std::string(kReliableLabel), .negotiated = 0});
  (void)data_->open(now, {.label = std::string(kUnreliableLabel),
                          .ordered = false,
                          .max_retransmits = 0,
                          .negotiated = 1});
  data_->start(now, false);
}

void Participant::on(Time, peer::Transport::Closed) {
  fail(Ending::kClosed);  // By us it is ended already.
}

void Participant::on(Time, peer::Transport::Failed event) {
  using Reason = dtls::Connection::Reason;
  switch (event.reason) {
    case Reason::kFingerprint: return fail(Ending::kFingerprint);
    case Reason::kTimeout: return fail(Ending::kDtlsTimeout);
    case Reason::kPeerAlert: return fail(Ending::kAlert);
    case Reason::kProtocol: return fail(Ending::kDtlsProtocol);
  }
}

void Participant::on(Time, ice::StateChanged event) {
  switch (event.state) {
    case ice::State::kConnected:
    case ice::State::kCompleted: return set_connected(true);
    case ice::State::kDisconnected: return set_connected(false);
    case ice::State::kFailed: return fail(Ending::kNoConsent);
    case ice::State::kNew:
    case ice::State::kChecking:
    case ice::State::kClosed: return;
  }
}

void Participant::on(Time now, ice::Selected) {
  if (started_) downlink_->handle_route_change(now);
}

void Participant::on(Time, Transmit event) {
  outputs_.push_back(std::move(event));
}

void Participant::on(Time, CloseTcp event) {
  outputs_.push_back(event);
}

// --- What the data channels say

void Participant::on(Time now, sctp::DataChannels::Transmit event) {
  transport_.send_data(now, event.packet);
}

void Participant::on(Time, sctp::DataChannels::ChannelOpened event) {
  (data_->stream(event.channel) == sctp::StreamId{0} ? reliable_ : unreliable_) = event.channel;
}

void Participant::on(Time, sctp::DataChannels::MessageReceived event) {
  outputs_.push_back(
      MessageReceived{event.channel != unreliable_, event.kind, std::move(event.payload)});
}

void Participant::on(Time, sctp::DataChannels::ChannelClosed event) {
  if (event.channel == reliable_) reliable_ = {};
  if (event.channel == unreliable_) unreliable_ = {};
}

}  // namespace parley::sfu
