#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/sans_io.h"
#include "base/shared_bytes.h"
#include "http/server.h"
#include "http/websocket/deflate.h"
#include "http/websocket/frame.h"
#include "http/websocket/utf8_validator.h"

namespace parley::http::websocket {

// The server's end of one WebSocket connection, after the opening handshake (RFC 6455).
//
// Bytes come in by handle_input(); messages, pongs, frames to send and the end of it all come out
// of poll_output(). Text is checked byte by byte as it arrives: what cannot become UTF-8 any more
// fails the connection before its frame is complete. While no message is under way no buffer is
// held: the one that messages are collected in is borrowed from `spare`, which all engines of a
// loop share.
class Engine {
 public:
  struct Config {
    std::size_t max_message_bytes = 1 << 20;  // After decompression.
    std::size_t max_fragments = 1 << 16;      // Of one message: each costs time, even if empty.
    Duration close_timeout = std::chrono::seconds{3};  // For the peer to answer our Close.
    std::optional<DeflateParameters> deflate = std::nullopt;
  };

  // A frame, to be sent as these bytes followed by these; the payload may have many holders.
  struct Transmit {
    OutgoingHeader header;
    SharedBytes payload = {};
  };
  // Valid until the next call.
  struct Message {
    Bytes payload = {};
    WebSocketKind kind = WebSocketKind::kText;
  };
  struct Pong {};
  // The last output. Send what is queued, then close the connection beneath.
  struct Closed {
    std::uint16_t code = kAbnormalClosure;
    std::string reason = {};
  };

  using Input = Bytes;  // Must stay valid until poll_output() has returned nothing.
  using Output = std::variant<Transmit, Message, Pong, Closed>;
  using Buffer = std::vector<std::uint8_t>;

  Engine(const Config& config, Buffer& spare);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void handle_input(Time now, Bytes input);
  void handle_timeout(Time now);
  void handle_end();  // The connection beneath has ended.
  std::optional<Output> poll_output();
  Time next_deadline() const { return deadline_; }

  // The frame to send, if the connection is still open.
  std::optional<Transmit> send(SharedBytes payload, WebSocketKind kind);
  std::optional<Transmit> ping() const;
  // Starts the closing handshake. A longer reason is cut after 123 bytes.
  std::optional<Transmit> close(Time now, std::uint16_t code, std::string_view reason);

  bool is_open() const { return state_ == State::kOpen; }

 private:
  enum class State : std::uint8_t { kOpen, kClosing, kClosed };

  struct Compression {
    explicit Compression(const DeflateParameters& parameters)
        : deflater(parameters), inflater(parameters) {}
    Deflater deflater;
    Inflater inflater;
  };

  std::optional<Output> step();
  bool read_header();
  std::optional<Output> start_frame();
  std::optional<Output> start_data_frame();
  std::optional<Output> read_payload();
  std::optional<Output> add_to_message(Bytes masked);
  std::optional<Output> finish_data_frame();
  std::optional<Output> finish_control_frame();
  std::optional<Output> finish_close();
  std::optional<Output> fail(std::uint16_t code, std::string_view reason);
  std::optional<Output> check_text(std::size_t from);
  std::optional<Output> check_inflated(std::size_t from, Inflater::Status status);
  void end(std::uint16_t code, std::string_view reason);
  void borrow_buffer();
  void return_buffer();

  // Sorted by size; an idle connection should be small.
  std::size_t max_message_bytes_;
  std::size_t max_fragments_;
  Duration close_timeout_;
  Time deadline_ = kNever;
  std::unique_ptr<Compression> compression_;  // Null where it was not negotiated.
  Buffer& spare_;
  Bytes rest_;         // Of the input.
  Buffer message_;     // As far as it has come.
  Buffer control_;     // The payload of a control frame, as far as it has come.
  FrameHeader frame_;  // The present one, while in_payload_.
  std::uint64_t payload_taken_ = 0;
  std::size_t fragments_ = 0;      // Of the present message; zero between messages.
  std::unique_ptr<Closed> ended_;  // To be told yet.
  std::array<std::uint8_t, kMaxFrameHeader> header_ = {};
  std::uint8_t header_size_ = 0;
  State state_ = State::kOpen;
  bool in_payload_ = false;
  bool message_told_ = false;  // message_ is in the owner's hands until the next call.
  bool message_compressed_ = false;
  WebSocketKind message_kind_ = WebSocketKind::kText;
  Utf8Validator utf8_;
};

static_assert(SansIo<Engine>);

}  // namespace parley::http::websocket
