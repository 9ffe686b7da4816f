#include "http/websocket/engine.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace parley::http::websocket {
namespace {

constexpr std::size_t kMaxCloseReason = kMaxControlPayload - 2;
constexpr std::size_t kMaxSpareBytes = 64 << 10;  // A larger buffer is not worth keeping.
constexpr std::size_t kUnmaskedPiece = 16 << 10;  // How much is unmasked before it is inflated.
constexpr std::size_t kLeastDeflated = 32;        // Below, a message gains nothing.

Engine::Transmit control_frame(Opcode opcode, Bytes payload) {
  return {.header = OutgoingHeader(opcode, payload.size()),
          .payload = payload.empty() ? SharedBytes() : SharedBytes(payload)};
}

// As much of it as a Close frame can hold, and no half character at its end.
std::string_view fit_reason(std::string_view reason) {
  if (reason.size() <= kMaxCloseReason) return reason;
  std::size_t size = kMaxCloseReason;
  while (size > 0 && (static_cast<unsigned char>(reason[size]) & 0xC0) == 0x80) --size;
  return reason.substr(0, size);
}

// RFC 6455, 5.5.1: the code in two bytes, then the reason.
Engine::Transmit close_frame(std::uint16_t code, std::string_view reason) {
  ByteWriter payload;
  if (code != kNoStatus) payload.u16(code);
  payload.text(fit_reason(reason));
  return control_frame(Opcode::kClose, payload.view());
}

}  // namespace

Engine::Engine(const Config& config, Buffer& spare)
    : max_message_bytes_(config.max_message_bytes),
      max_fragments_(config.max_fragments),
      close_timeout_(config.close_timeout),
      compression_(config.deflate ? std::make_unique<Compression>(*config.deflate) : nullptr),
      spare_(spare) {}

void Engine::handle_input(Time, Bytes input) {
  PARLEY_ASSERT(rest_.empty());
  if (state_ != State::kClosed) rest_ = input;
}

void Engine::handle_timeout(Time now) {
  if (now >= deadline_) end(kAbnormalClosure, "no answer to Close");
}

void Engine::handle_end() {
  end(kAbnormalClosure, "the connection broke");
}

std::optional<Engine::Output> Engine::poll_output() {
  if (std::exchange(message_told_, false)) message_.clear();
  while (ended_ == nullptr &&
         (!rest_.empty() || (in_payload_ && payload_taken_ == frame_.length))) {
    if (auto output = step()) return output;
  }
  if (fragments_ == 0) return_buffer();
  if (ended_ == nullptr) return std::nullopt;
  return *std::exchange(ended_, nullptr);
}

std::optional<Engine::Transmit> Engine::send(SharedBytes payload, WebSocketKind kind) {
  if (state_ != State::kOpen) return std::nullopt;
  const Opcode opcode = kind == WebSocketKind::kText ? Opcode::kText : Opcode::kBinary;
  const bool compress = compression_ != nullptr && payload.size() >= kLeastDeflated;
  if (compress) payload = compression_->deflater.deflate(payload.bytes());
  return Transmit{.header = OutgoingHeader(opcode, payload.size(), compress),
                  .payload = std::move(payload)};
}

std::optional<Engine::Transmit> Engine::ping() const {
  if (state_ != State::kOpen) return std::nullopt;
  return control_frame(Opcode::kPing, {});
}

std::optional<Engine::Transmit> Engine::close(Time now, std::uint16_t code,
                                              std::string_view reason) {
  if (state_ != State::kOpen) return std::nullopt;
  state_ = State::kClosing;
  deadline_ = now + close_timeout_;
  return close_frame(code, reason);
}

std::optional<Engine::Output> Engine::step() {
  if (in_payload_) return read_payload();
  return read_header() ? start_frame() : std::nullopt;
}

// Collects the header's bytes: it may come in any number of pieces.
bool Engine::read_header() {
  const auto missing = [&]() -> std::size_t {
    if (header_size_ < 2) return 2u - header_size_;
    return frame_header_size(header_[1]) - header_size_;
  };
  while (missing() > 0) {
    if (rest_.empty()) return false;
    const Bytes piece = rest_.first(std::min(rest_.size(), missing()));
    std::ranges::copy(piece, header_.begin() + header_size_);
    header_size_ = static_cast<std::uint8_t>(header_size_ + piece.size());
    rest_ = rest_.subspan(piece.size());
  }
  return true;
}

std::optional<Engine::Output> Engine::start_frame() {
  const auto parsed = parse_frame_header(Bytes(header_).first(std::exchange(header_size_, 0)));
  if (!parsed) return fail(kProtocolError, parsed.error());
  frame_ = *parsed;
  in_payload_ = true;
  payload_taken_ = 0;
  if (!is_control(frame_.opcode)) return start_data_frame();
  if (frame_.compressed) return fail(kProtocolError, "a control frame is compressed");
  return std::nullopt;
}

// RFC 6455, 5.4: a message is one text or binary frame and its continuations.
std::optional<Engine::Output> Engine::start_data_frame() {
  const bool continues = frame_.opcode == Opcode::kContinuation;
  if (continues != (fragments_ > 0)) {
    return fail(kProtocolError,
                continues ? "there is no message to continue" : "the message before has not ended");
  }
  if (frame_.compressed && (continues || compression_ == nullptr)) {
    return fail(kProtocolError, "a reserved bit is set");
  }
  if (++fragments_ > max_fragments_) return fail(kMessageTooBig, "too many fragments");
  if (!continues) {
    message_compressed_ = frame_.compressed;
    message_kind_ = frame_.opcode == Opcode::kText ? WebSocketKind::kText : WebSocketKind::kBinary;
    utf8_ = {};
    borrow_buffer();
  }
  // What it unfolds to is limited as it does; here only what is certainly too long is refused.
  if (!message_compressed_ && frame_.length > max_message_bytes_ - message_.size()) {
    return fail(kMessageTooBig, "the message is too long");
  }
  return std::nullopt;
}

std::optional<Engine::Output> Engine::read_payload() {
  const std::uint64_t missing = frame_.length - payload_taken_;
  const Bytes piece = rest_.first(std::min<std::uint64_t>(rest_.size(), missing));
  rest_ = rest_.subspan(piece.size());
  if (is_control(frame_.opcode)) {
    const std::size_t held = control_.size();
    control_.resize(held + piece.size());
    unmask(piece, std::span(control_).subspan(held), frame_.mask, payload_taken_);
  } else if (state_ == State::kOpen) {  // Nobody wants a message once we have said Close.
    if (auto failure = add_to_message(piece)) return failure;
  }
  payload_taken_ += piece.size();
  if (payload_taken_ < frame_.length) return std::nullopt;
  in_payload_ = false;
  return is_control(frame_.opcode) ? finish_control_frame() : finish_data_frame();
}

std::optional<Engine::Output> Engine::add_to_message(Bytes masked) {
  const std::size_t held = message_.size();
  if (!message_compressed_) {
    message_.resize(held + masked.size());
    unmask(masked, std::span(message_).subspan(held), frame_.mask, payload_taken_);
    return check_text(held);
  }
  std::array<std::uint8_t, kUnmaskedPiece> unmasked;
  for (std::size_t done = 0; done < masked.size();) {
    const Bytes piece = masked.subspan(done, std::min(masked.size() - done, unmasked.size()));
    unmask(piece, unmasked, frame_.mask, payload_taken_ + done);
    done += piece.size();
    const std::size_t before = message_.size();
    const auto status = compression_->inflater.inflate(Bytes(unmasked).first(piece.size()),
                                                       message_, max_message_bytes_);
    if (auto failure = check_inflated(before, status)) return failure;
  }
  return std::nullopt;
}

std::optional<Engine::Output> Engine::finish_data_frame() {
  if (!frame_.fin) return std::nullopt;
  fragments_ = 0;
  if (state_ != State::kOpen) return std::nullopt;
  if (message_compressed_) {
    const std::size_t held = message_.size();
    const auto status = compression_->inflater.finish_message(message_, max_message_bytes_);
    if (auto failure = check_inflated(held, status)) return failure;
  }
  if (message_kind_ == WebSocketKind::kText && !utf8_.is_complete()) {
    return fail(kInvalidData, "the text ends inside a character");
  }
  message_told_ = true;
  return Message{.payload = message_, .kind = message_kind_};
}

std::optional<Engine::Output> Engine::finish_control_frame() {
  if (frame_.opcode == Opcode::kClose) return finish_close();
  const Buffer payload = std::exchange(control_, {});
  if (frame_.opcode == Opcode::kPong) return Pong{};
  if (state_ != State::kOpen) return std::nullopt;
  return control_frame(Opcode::kPong, payload);
}

// RFC 6455, 5.5.1 and 7.4: answers the peer's Close with its own code, unless it answers ours.
std::optional<Engine::Output> Engine::finish_close() {
  const Buffer payload = std::exchange(control_, {});
  std::uint16_t code = kNoStatus;
  std::string_view reason;
  if (!payload.empty()) {
    ByteReader reader(payload);
    code = reader.u16();
    if (!reader.ok() || !may_be_sent(code)) return fail(kProtocolError, "the close code is wrong");
    const Bytes rest = reader.bytes(reader.remaining());
    if (!is_utf8(rest)) return fail(kInvalidData, "the close reason is not UTF-8");
    reason = as_text(rest);
  }
  const bool answers_ours = state_ == State::kClosing;
  end(code, reason);
  if (answers_ours) return std::nullopt;
  return close_frame(code, {});
}

// RFC 6455, 7.1.7: says why, and reads nothing more.
std::optional<Engine::Output> Engine::fail(std::uint16_t code, std::string_view reason) {
  const bool said_close = state_ != State::kOpen;
  end(code, reason);
  if (said_close) return std::nullopt;
  return close_frame(code, reason);
}

std::optional<Engine::Output> Engine::check_text(std::size_t from) {
  if (message_kind_ != WebSocketKind::kText) return std::nullopt;
  if (utf8_.feed(Bytes(message_).subspan(from))) return std::nullopt;
  return fail(kInvalidData, "the text is not UTF-8");
}

// The text comes before the mistake that follows it, so that the pieces it came in do not matter.
std::optional<Engine::Output> Engine::check_inflated(std::size_t from, Inflater::Status status) {
  if (auto failure = check_text(from)) return failure;
  switch (status) {
    case Inflater::Status::kOk: return std::nullopt;
    case Inflater::Status::kCorrupt: return fail(kInvalidData, "the message does not decompress");
    case Inflater::Status::kTooLarge: return fail(kMessageTooBig, "the message is too long");
  }
  std::unreachable();
}

void Engine::end(std::uint16_t code, std::string_view reason) {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  ended_ = std::make_unique<Closed>(Closed{.code = code, .reason = std::string(reason)});
  deadline_ = kNever;
  rest_ = {};
  fragments_ = 0;
  in_payload_ = false;
}

void Engine::borrow_buffer() {
  if (message_.capacity() == 0) message_.swap(spare_);
  message_.clear();
}

void Engine::return_buffer() {
  if (message_.capacity() == 0) return;
  Buffer used = std::exchange(message_, {});
  if (used.capacity() <= kMaxSpareBytes && used.capacity() > spare_.capacity()) spare_.swap(used);
}

}  // namespace parley::http::websocket
