#include "dtls/connection.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "base/sans_io.h"
#include "dtls/record_layer.h"
#include "dtls/session.h"

namespace parley::dtls {

static_assert(SansIo<Connection>);

namespace {

using Outcome = Session::Outcome;

// Where OpenSSL insists on its own clock and finds that we are early (see README.md).
constexpr Duration kTryAgainAfter = std::chrono::milliseconds{5};

constexpr std::size_t kEarlyOverhead = 64;  // What many small ones cost beside their bytes.

constexpr std::uint8_t kWarning = 1, kFatal = 2;  // RFC 5246, 7.2.
constexpr std::uint8_t kCloseNotify = 0, kNoRenegotiation = 100;
constexpr std::uint8_t kHelloRequest = 0, kClientHello = 1, kFinished = 20;  // RFC 5246, 7.4.

// Data under the keys of a handshake that has not ended here yet.
bool has_early_data(Bytes datagram) {
  while (const auto record = take_record(datagram)) {
    if (record->epoch == 1 && record->type == ContentType::kApplicationData) return true;
  }
  return false;
}

constexpr bool is_dtls(Bytes datagram) {
  return !datagram.empty() && datagram[0] >= 20 && datagram[0] <= 63;  // RFC 7983, 7.
}

}  // namespace

Connection::Connection(Config config) : config_(std::move(config)) {
  PARLEY_ASSERT(config_.certificate != nullptr);
  session_ = std::make_unique<Session>(config_);
}

Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

void Connection::start(Time now) {
  if (state_ != State::kNew) return;
  begin(now);
  if (config_.role == Role::kClient) advance(now);
}

void Connection::set_peer_fingerprints(Time now, std::vector<Fingerprint> fingerprints) {
  PARLEY_ASSERT(config_.peer_fingerprints.empty() && !fingerprints.empty());
  config_.peer_fingerprints = std::move(fingerprints);
  if (!handshake_done_) session_->trust(config_.peer_fingerprints);
  if (handshake_done_ && !has_ended()) conclude(now);
}

std::expected<void, Connection::SendError> Connection::send(Time now, Bytes data) {
  if (has_ended()) return std::unexpected(SendError::kClosed);
  if (data.size() > kMaxSendSize) return std::unexpected(SendError::kTooLong);
  if (data.empty()) return {};
  if (state_ == State::kConnected) {
    write(now, data);
    return {};
  }
  if (!early_sent_.add(data, config_.max_early_bytes)) return std::unexpected(SendError::kEarly);
  return {};
}

void Connection::close(Time now) {
  if (has_ended()) return;
  if (handshake_done_) {
    close_notify(now);
  } else {
    collect(now);
  }
  end(State::kClosed);
  outputs_.push_back(Closed{.by_peer = false});
}

void Connection::handle_input(Time now, Datagram datagram) {
  if (!accepts(datagram.payload)) return;
  ++counters_.datagrams_received;
  if (state_ == State::kNew) begin(now);
  if (records_ != nullptr) return open_records(datagram.payload);
  if (!handshake_done_ && has_early_data(datagram.payload)) {
    early_records_.add(datagram.payload, config_.max_early_bytes);
  }
  session_->set_input(datagram.payload);
  advance(now);
  if (session_ != nullptr) session_->set_input({});
}

void Connection::handle_timeout(Time now) {
  if (now >= give_up_at_) return fail({.reason = Reason::kTimeout});
  if (now >= retransmit_at_) retransmit(now);
}

std::optional<Connection::Output> Connection::poll_output() {
  std::optional<Output> output;
  if (outputs_.empty()) return output;
  output.emplace(std::move(outputs_.front()));
  outputs_.pop_front();
  return output;
}

Time Connection::next_deadline() const {
  return std::min(give_up_at_, retransmit_at_);
}

bool Connection::accepts(Bytes datagram) {
  if (!is_dtls(datagram)) {
    ++counters_.dropped_not_dtls;
  } else if (has_ended()) {
    ++counters_.dropped_ended;
  } else if (state_ == State::kNew && config_.role == Role::kClient) {
    ++counters_.dropped_too_early;
  } else {
    return true;
  }
  return false;
}

void Connection::begin(Time now) {
  state_ = State::kConnecting;
  interval_ = first_interval();
  session_->set_timer_interval(interval_);
  give_up_at_ = now + config_.handshake_limit;
}

// Does all that the datagram at hand, or the start, makes possible.
void Connection::advance(Time now) {
  if (!handshake_done_) {
    const Outcome outcome = session_->handshake();
    collect(now);
    if (outcome == Outcome::kWait) return;
    if (outcome != Outcome::kDone) return fail();
    return end_handshake(now);
  }
  read_all(now);
}

// Takes from OpenSSL what there is to know, and then lets go of it, if it can be done without.
void Connection::end_handshake(Time now) {
  handshake_done_ = true;
  cipher_suite_ = session_->cipher_suite();
  peer_certificate_ = session_->peer_certificate();
  srtp_ = session_->export_srtp();
  if (const auto state = session_->record_state()) {
    records_ = std::make_unique<RecordLayer>(*state);
    session_.reset();
    retransmit_at_ = kNever;
  }
  const auto early = early_records_.take();
  if (!config_.peer_fingerprints.empty()) conclude(now);
  if (has_ended()) return;
  if (records_ == nullptr) return read_all(now);
  for (const auto& datagram : early) open_records(datagram);
}

void Connection::read_all(Time now) {
  Outcome outcome = Outcome::kDone;
  std::vector<std::uint8_t> data;
  while (outcome == Outcome::kDone) {
    outcome = session_->read(data);
    if (outcome == Outcome::kDone) hand_over(std::move(data));
  }
  if (outcome == Outcome::kClosed) session_->shut_down();  // To answer it: RFC 5246, 7.2.1.
  collect(now);
  if (outcome == Outcome::kFailed) return fail();
  if (outcome == Outcome::kWait) return session_->release_buffers();
  end(State::kClosed);
  outputs_.push_back(Closed{.by_peer = true});
}

void Connection::open_records(Bytes datagram) {
  while (!has_ended()) {
    const auto record = take_record(datagram);
    if (!record) return;
    auto content = records_->open(*record);
    if (!content || content->empty()) continue;
    switch (record->type) {
      case ContentType::kApplicationData: hand_over(std::move(*content)); break;
      case ContentType::kAlert: on_alert(*content); break;
      case ContentType::kHandshake: on_handshake(*content); break;
      default: break;
    }
  }
}

void Connection::on_alert(Bytes alert) {
  if (alert.size() != 2) return;
  if (alert[1] == kCloseNotify) {
    write_warning(kCloseNotify);  // RFC 5246, 7.2.1.
    end(State::kClosed);
    outputs_.push_back(Closed{.by_peer = true});
  } else if (alert[0] == kFatal) {
    fail({.reason = Reason::kPeerAlert, .alert = alert[1]});
  }
}

// Our last flight was lost, so that the client repeats its own (RFC 6347, 4.2.4); or the peer wants
// another handshake.
void Connection::on_handshake(Bytes message) {
  const bool server = config_.role == Role::kServer;
  if (server && message[0] == kFinished) return transmit(records_->seal_last_flight());
  if (message[0] == (server ? kClientHello : kHelloRequest)) {
    write_warning(kNoRenegotiation);
  }
}

// The handshake is done and signalling has spoken: is it the one whom we expect?
void Connection::conclude(Time now) {
  if (!matches(peer_certificate_, config_.peer_fingerprints)) {
    // After its Finished OpenSSL has no other alert for us to send than close_notify.
    close_notify(now);
    return fail({.reason = Reason::kFingerprint});
  }
  state_ = State::kConnected;
  give_up_at_ = kNever;
  outputs_.push_back(Connected{.srtp = std::exchange(srtp_, std::nullopt)});
  for (auto& data : early_received_.take()) hand_over(std::move(data));
  for (const auto& data : early_sent_.take()) {
    if (state_ == State::kConnected) write(now, data);
  }
}

void Connection::hand_over(std::vector<std::uint8_t> data) {
  if (state_ == State::kConnected) {
    ++counters_.data_received;
    outputs_.push_back(Data{std::move(data)});
  } else if (!early_received_.add(data, config_.max_early_bytes)) {
    ++counters_.dropped_early_data;
  }
}

void Connection::write(Time now, Bytes data) {
  if (records_ != nullptr) {
    transmit(records_->seal(ContentType::kApplicationData, data));
  } else {
    const Outcome outcome = session_->write(data);
    collect(now);
    if (outcome != Outcome::kDone) return fail();
  }
  ++counters_.data_sent;
}

void Connection::write_warning(std::uint8_t description) {
  transmit(records_->seal(ContentType::kAlert, std::array{kWarning, description}));
}

void Connection::close_notify(Time now) {
  if (records_ != nullptr) return write_warning(kCloseNotify);
  session_->shut_down();
  collect(now);
}

void Connection::transmit(std::vector<std::uint8_t> datagram) {
  ++counters_.datagrams_sent;
  outputs_.push_back(Transmit{std::move(datagram)});
}

void Connection::retransmit(Time now) {
  const Duration longest = std::max(config_.last_retransmit, first_interval());
  const Duration next = std::min(interval_ * 2, longest);
  session_->set_timer_interval(next);
  switch (session_->retransmit()) {
    case Outcome::kDone:
      ++counters_.retransmissions;
      interval_ = next;
      return collect(now);
    case Outcome::kWait: retransmit_at_ = now + kTryAgainAfter; return;
    default: return fail({.reason = Reason::kTimeout});
  }
}

// Takes over what OpenSSL has written, and its wish to be woken.
void Connection::collect(Time now) {
  for (auto datagram = session_->take_output(); !datagram.empty();
       datagram = session_->take_output()) {
    transmit(std::move(datagram));
  }
  const Session::Timer timer = session_->take_timer();
  if (timer.reset) interval_ = first_interval();
  session_->set_timer_interval(interval_);
  if (timer.runs) retransmit_at_ = *timer.runs ? now + interval_ : kNever;
}

void Connection::fail() {
  if (session_->has_refused_peer()) {
    fail({.reason = Reason::kFingerprint, .alert = session_->alert_sent()});
  } else if (const auto alert = session_->alert_received()) {
    fail({.reason = Reason::kPeerAlert, .alert = alert});
  } else {
    fail({.reason = Reason::kProtocol, .alert = session_->alert_sent()});
  }
}

void Connection::fail(Failed failed) {
  end(State::kFailed);
  outputs_.push_back(failed);
}

void Connection::end(State state) {
  state_ = state;
  retransmit_at_ = give_up_at_ = kNever;
  early_sent_.take();
  early_records_.take();
  early_received_.take();
}

// A little more than the round trip, for its variance.
Duration Connection::first_interval() const {
  return std::max(config_.first_retransmit, rtt_ + rtt_ / 2);
}

bool Connection::EarlyData::add(Bytes data, std::size_t limit) {
  const std::size_t size = data.size() + kEarlyOverhead;
  if (bytes_ + size > limit) return false;
  bytes_ += size;
  datagrams_.emplace_back(data.begin(), data.end());
  return true;
}

std::vector<std::vector<std::uint8_t>> Connection::EarlyData::take() {
  bytes_ = 0;
  return std::exchange(datagrams_, {});
}

std::string_view to_string(Connection::State state) {
  switch (state) {
    case Connection::State::kNew: return "new";
    case Connection::State::kConnecting: return "connecting";
    case Connection::State::kConnected: return "connected";
    case Connection::State::kClosed: return "closed";
    case Connection::State::kFailed: return "failed";
  }
  std::unreachable();
}

std::string_view to_string(Connection::Reason reason) {
  switch (reason) {
    case Connection::Reason::kFingerprint: return "the certificate has another fingerprint";
    case Connection::Reason::kTimeout: return "no answer";
    case Connection::Reason::kPeerAlert: return "the peer gave up";
    case Connection::Reason::kProtocol: return "no DTLS that we speak";
  }
  std::unreachable();
}

std::string_view to_string(Connection::SendError error) {
  switch (error) {
    case Connection::SendError::kTooLong: return "longer than a record";
    case Connection::SendError::kEarly: return "too much waits for the handshake already";
    case Connection::SendError::kClosed: return "the connection has ended";
  }
  std::unreachable();
}

}  // namespace parley::dtls
