#include "http/websocket/engine.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "base/overloaded.h"
#include "http/websocket/test_frames.h"

// The cases follow the sections of the Autobahn test suite for servers, with an echo on top.
namespace parley::http::websocket {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

std::string text(Bytes bytes) {
  return std::string(as_text(bytes));
}

// A server's frame: no mask.
std::string frame(unsigned first, std::string_view payload) {
  const std::string masked = client_frame(first, payload);
  std::string plain = masked.substr(0, masked.size() - payload.size() - 4);
  plain[1] = static_cast<char>(plain[1] & 0x7F);
  return plain + std::string(payload);
}

std::string close_frame(unsigned code, std::string_view reason = {}) {
  return frame(0x88, close_payload(code, reason));
}

// An engine whose owner sends every message back, and notes the rest.
class Echo {
 public:
  explicit Echo(const Engine::Config& config = {}) : engine_(config, spare_) {}

  // What is sent in answer to `bytes`, which come in pieces of that size.
  std::string receive(std::string_view bytes, std::size_t piece_size = std::string_view::npos) {
    std::string sent;
    while (!bytes.empty()) {
      const std::string piece(bytes.substr(0, piece_size));  // Its own memory, for the sanitizer.
      bytes.remove_prefix(piece.size());
      engine_.handle_input(kStart, as_bytes(piece));
      sent += drain_engine();
    }
    return sent;
  }

  std::string drain_engine() {
    std::string sent;
    const auto put = [&](const Engine::Transmit& t) {
      sent += text(t.header.bytes()) + text(t.payload.bytes());
    };
    drain(engine_, [&](Engine::Output output) {
      std::visit(overloaded{[&](const Engine::Transmit& t) { put(t); },
                            [&](const Engine::Message& m) {
                              ++messages;
                              if (const auto t = engine_.send(SharedBytes(m.payload), m.kind))
                                put(*t);
                            },
                            [&](Engine::Pong) { ++pongs; },
                            [&](const Engine::Closed& c) {
                              EXPECT_EQ(closed, 0) << "told twice";
                              closed = c.code;
                              reason = c.reason;
                            }},
                 output);
    });
    return sent;
  }

  Engine& engine() { return engine_; }
  const Engine::Buffer& spare() const { return spare_; }

  int messages = 0;
  int pongs = 0;
  int closed = 0;
  std::string reason;

 private:
  Engine::Buffer spare_;
  Engine engine_;
};

// That the engine answers `input` with a Close frame of that code and is done, whatever the pieces.
void expect_failure(const std::string& input, unsigned code, const Engine::Config& config = {}) {
  for (const std::size_t piece : {std::string::npos, std::size_t{1}, std::size_t{3}}) {
    Echo echo(config);
    const std::string sent = echo.receive(input, piece);
    const std::string start = close_frame(code);
    ASSERT_GE(sent.size(), 4u) << piece;
    EXPECT_EQ(sent[0], start[0]);
    EXPECT_EQ(sent.substr(2, 2), start.substr(2, 2)) << piece;
    EXPECT_EQ(echo.closed, static_cast<int>(code));
    EXPECT_EQ(echo.receive(client_frame(0x81, "late")), "");
    EXPECT_FALSE(echo.engine().is_open());
  }
}

// Section 1: framing.
TEST(WebSocketEngine, EchoesMessagesOfEverySize) {
  for (const std::size_t size : {0u, 1u, 125u, 126u, 127u, 128u, 65535u, 65536u, 300'000u}) {
    const std::string payload(size, '*');
    for (const unsigned first : {0x81u, 0x82u}) {
      Echo echo;
      EXPECT_EQ(echo.receive(client_frame(first, payload)), frame(first, payload)) << size;
      EXPECT_EQ(echo.receive(client_frame(first, payload), 997), frame(first, payload)) << size;
    }
  }
}

TEST(WebSocketEngine, EchoesWhatComesByteByByte) {
  Echo echo;
  std::string binary;
  for (int i = 0; i < 256; ++i) binary.push_back(static_cast<char>(i));
  const std::string input = client_frame(0x82, binary) + client_frame(0x81, "text");
  EXPECT_EQ(echo.receive(input, 1), frame(0x82, binary) + frame(0x81, "text"));
  EXPECT_EQ(echo.messages, 2);
}

// Section 2: pings and pongs.
TEST(WebSocketEngine, AnswersPingsWithTheirPayload) {
  for (const std::string& payload : {std::string(), std::string("hello"),
                                     std::string("\x00\xff", 2), std::string(125, '\xfe')}) {
    Echo echo;
    EXPECT_EQ(echo.receive(client_frame(0x89, payload), 1), frame(0x8A, payload));
    EXPECT_EQ(echo.receive(client_frame(0x89, payload) + client_frame(0x89, "2")),
              frame(0x8A, payload) + frame(0x8A, "2"));
  }
  expect_failure(client_frame(0x89, std::string(126, 'x')), kProtocolError);
}

TEST(WebSocketEngine, AnswersNoPong) {
  Echo echo;
  EXPECT_EQ(echo.receive(client_frame(0x8A, "unasked")), "");
  EXPECT_EQ(echo.pongs, 1);
  EXPECT_EQ(echo.receive(client_frame(0x81, "still open")), frame(0x81, "still open"));
}

// Section 3: reserved bits. Section 4: reserved opcodes.
TEST(WebSocketEngine, RefusesReservedBitsAndOpcodes) {
  for (unsigned bits = 1; bits < 8; ++bits) {
    for (const unsigned first : {0x81u, 0x82u, 0x88u, 0x89u, 0x8Au}) {
      expect_failure(client_frame(first | bits << 4, "x"), kProtocolError);
    }
  }
  for (const unsigned opcode : {3u, 4u, 5u, 6u, 7u, 11u, 12u, 13u, 14u, 15u}) {
    expect_failure(client_frame(0x80 | opcode, ""), kProtocolError);
  }
}

TEST(WebSocketEngine, EchoesWhatCameBeforeAnError) {
  Echo echo;
  const std::string sent = echo.receive(client_frame(0x81, "good") + client_frame(0xB1, "bad"));
  EXPECT_TRUE(sent.starts_with(frame(0x81, "good")));
  EXPECT_EQ(echo.closed, kProtocolError);
}

TEST(WebSocketEngine, RefusesWhatIsNotMasked) {
  expect_failure(frame(0x81, "plain"), kProtocolError);
}

TEST(WebSocketEngine, RefusesALengthInTooManyBytes) {
  const std::string mask(kTestMask);
  expect_failure(std::string("\x81\xfe\x00\x05", 4) + mask, kProtocolError);
  expect_failure(std::string("\x81\xff\x00\x00\x00\x00\x00\x00\xff\xff", 10) + mask,
                 kProtocolError);
  expect_failure(std::string("\x81\xff\x80\x00\x00\x00\x00\x00\x00\x00", 10) + mask,
                 kProtocolError);
}

// Section 5: fragmentation.
TEST(WebSocketEngine, JoinsFragmentsAndTakesControlFramesBetweenThem) {
  Echo echo;
  const std::string input = client_frame(0x01, "one ") + client_frame(0x89, "ping") +
                            client_frame(0x00, "two ") + client_frame(0x00, "") +
                            client_frame(0x89, "again") + client_frame(0x80, "three");
  const std::string expected =
      frame(0x8A, "ping") + frame(0x8A, "again") + frame(0x81, "one two three");
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::string::npos}) {
    EXPECT_EQ(echo.receive(input, piece), expected);
  }
  EXPECT_EQ(echo.receive(client_frame(0x02, "") + client_frame(0x80, "")), frame(0x82, ""));
}

TEST(WebSocketEngine, RefusesFragmentsOutOfOrder) {
  expect_failure(client_frame(0x80, "nothing to continue"), kProtocolError);
  expect_failure(client_frame(0x00, "nothing to continue"), kProtocolError);
  expect_failure(client_frame(0x01, "begun") + client_frame(0x81, "another"), kProtocolError);
  expect_failure(client_frame(0x09, "fragmented ping"), kProtocolError);
  expect_failure(client_frame(0x0A, "fragmented pong"), kProtocolError);
  Echo echo;
  echo.receive(client_frame(0x01, "a") + client_frame(0x80, "b") + client_frame(0x80, "c"));
  EXPECT_EQ(echo.closed, kProtocolError);
  EXPECT_EQ(echo.messages, 1);
}

// Section 6: UTF-8.
TEST(WebSocketEngine, EchoesUtf8HoweverItIsCut) {
  const std::string greek =
      "Hello-\xC2\xB5@\xC3\x9F\xC3\xB6\xC3\xA4\xC3\xBC\xC3\xA0\xC3\xA1-UTF-8!!";
  for (std::size_t cut = 0; cut <= greek.size(); ++cut) {
    Echo echo;
    const std::string input =
        client_frame(0x01, greek.substr(0, cut)) + client_frame(0x80, greek.substr(cut));
    EXPECT_EQ(echo.receive(input), frame(0x81, greek)) << cut;
  }
}

TEST(WebSocketEngine, FailsAtTheFirstImpossibleByte) {
  const std::string good = "\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5";
  const std::string bad = "\xF4\x90\x80\x80";  // Beyond U+10FFFF: the second byte says so.
  const std::string message = client_frame(0x01, good + bad + "never reached");
  Echo echo;
  const std::size_t header = 6;
  EXPECT_EQ(echo.receive(message.substr(0, header + good.size() + 1), 1), "");
  EXPECT_EQ(echo.closed, 0);
  echo.receive(message.substr(header + good.size() + 1, 1));
  EXPECT_EQ(echo.closed, kInvalidData);
}

TEST(WebSocketEngine, RefusesTextThatEndsInsideACharacter) {
  expect_failure(client_frame(0x81, "\xCE"), kInvalidData);
  expect_failure(client_frame(0x01, "\xE1\xBD") + client_frame(0x80, ""), kInvalidData);
  Echo echo;
  EXPECT_EQ(echo.receive(client_frame(0x82, "\xCE")), frame(0x82, "\xCE"));
}

// Section 7: closing.
TEST(WebSocketEngine, AnswersCloseWithItsCode) {
  for (const unsigned code : {1000u, 1001u, 1002u, 1003u, 1007u, 1008u, 1009u, 1010u, 1011u, 1012u,
                              1014u, 3000u, 3999u, 4000u, 4999u}) {
    Echo echo;
    const std::string input = client_frame(0x88, close_payload(code, "bye"));
    EXPECT_EQ(echo.receive(input, 1), close_frame(code));
    EXPECT_EQ(echo.closed, static_cast<int>(code));
    EXPECT_EQ(echo.reason, "bye");
  }
  Echo empty;
  EXPECT_EQ(empty.receive(client_frame(0x88, "")), frame(0x88, ""));
  EXPECT_EQ(empty.closed, kNoStatus);
  Echo longest;
  EXPECT_EQ(longest.receive(client_frame(0x88, close_payload(1000, std::string(123, '*')))),
            close_frame(1000));
}

TEST(WebSocketEngine, RefusesCloseFramesThatAreWrong) {
  expect_failure(client_frame(0x88, "\x03"), kProtocolError);
  for (const unsigned code :
       {0u, 999u, 1004u, 1005u, 1006u, 1015u, 1016u, 1100u, 2000u, 2999u, 5000u, 65535u}) {
    expect_failure(client_frame(0x88, close_payload(code)), kProtocolError);
  }
  expect_failure(client_frame(0x88, close_payload(1000, "\xCE\xBA\xE1\xBD\xB9\xED\xA0\x80")),
                 kInvalidData);
  expect_failure(client_frame(0x88, close_payload(1000, std::string(124, '*'))), kProtocolError);
}

TEST(WebSocketEngine, IgnoresWhatFollowsClose) {
  Echo echo;
  const std::string close = client_frame(0x88, close_payload(1000));
  const std::string input = client_frame(0x81, "before") + close + client_frame(0x81, "after") +
                            client_frame(0x89, "after") + close;
  EXPECT_EQ(echo.receive(input), frame(0x81, "before") + close_frame(1000));
  EXPECT_EQ(echo.messages, 1);
  Echo in_fragments;
  EXPECT_EQ(in_fragments.receive(client_frame(0x01, "part") + close + client_frame(0x80, "rest")),
            close_frame(1000));
  EXPECT_EQ(in_fragments.messages, 0);
}

TEST(WebSocketEngine, ClosesByItselfAndWaitsForTheAnswer) {
  Echo echo;
  const auto close = echo.engine().close(kStart, 1001, "restart");
  ASSERT_TRUE(close.has_value());
  EXPECT_EQ(text(close->header.bytes()) + text(close->payload.bytes()),
            close_frame(1001, "restart"));
  EXPECT_EQ(echo.engine().next_deadline(), kStart + 3s);
  EXPECT_FALSE(echo.engine().send(SharedBytes("late"), WebSocketKind::kText).has_value());
  EXPECT_FALSE(echo.engine().ping().has_value());
  EXPECT_FALSE(echo.engine().close(kStart, 1000, "").has_value());
  EXPECT_EQ(echo.receive(client_frame(0x81, "in flight") + client_frame(0x89, "")), "");
  EXPECT_EQ(echo.messages, 0);
  EXPECT_EQ(echo.receive(client_frame(0x88, close_payload(1001))), "");
  EXPECT_EQ(echo.closed, 1001);
  EXPECT_EQ(echo.engine().next_deadline(), kNever);
}

TEST(WebSocketEngine, GivesUpWaitingForTheAnswer) {
  Echo echo;
  echo.engine().close(kStart, 1000, "");
  echo.engine().handle_timeout(kStart + 2999ms);
  EXPECT_EQ(echo.drain_engine(), "");
  EXPECT_EQ(echo.closed, 0);
  echo.engine().handle_timeout(kStart + 3s);
  EXPECT_EQ(echo.drain_engine(), "");
  EXPECT_EQ(echo.closed, kAbnormalClosure);
}

TEST(WebSocketEngine, ReportsAConnectionThatBroke) {
  Echo echo;
  echo.receive(client_frame(0x01, "half a message"));
  echo.engine().handle_end();
  EXPECT_EQ(echo.drain_engine(), "");
  EXPECT_EQ(echo.closed, kAbnormalClosure);
}

TEST(WebSocketEngine, CutsALongReasonBetweenCharacters) {
  Echo echo;
  std::string reason(122, 'r');
  reason += "\xC3\xA4";
  const auto close = echo.engine().close(kStart, 1000, reason);
  EXPECT_EQ(text(close->payload.bytes()), close_payload(1000, reason.substr(0, 122)));
}

// Sections 9 and 10: limits.
TEST(WebSocketEngine, TakesAsMuchAsItMayAndNoMore) {
  const Engine::Config config{.max_message_bytes = 1000, .max_fragments = 10};
  Echo echo(config);
  EXPECT_EQ(echo.receive(client_frame(0x82, std::string(1000, 'x'))),
            frame(0x82, std::string(1000, 'x')));
  std::string ten = client_frame(0x02, std::string(100, 'x'));
  for (int i = 0; i < 8; ++i) ten += client_frame(0x00, std::string(100, 'x'));
  EXPECT_EQ(echo.receive(ten + client_frame(0x80, std::string(100, 'x'))),
            frame(0x82, std::string(1000, 'x')));
  expect_failure(ten + client_frame(0x80, std::string(101, 'x')), kMessageTooBig, config);
  expect_failure(ten + client_frame(0x00, "") + client_frame(0x80, ""), kMessageTooBig, config);
  // A claim is refused by its header: no payload follows.
  expect_failure(client_frame(0x82, std::string(1001, 'x')).substr(0, 8), kMessageTooBig, config);
}

TEST(WebSocketEngine, TakesSixteenMebibytesInSixtyFiveThousandFragments) {
  const Engine::Config config{.max_message_bytes = 16 << 20, .max_fragments = 1 << 16};
  Echo echo(config);
  std::string input = client_frame(0x02, std::string(256, 'x'));
  for (int i = 0; i < 65534; ++i) input += client_frame(0x00, std::string(256, 'x'));
  input += client_frame(0x80, std::string(256, 'x'));
  EXPECT_EQ(echo.receive(input, 50'000).size(), (16u << 20) + 10);
  EXPECT_EQ(echo.messages, 1);
}

TEST(WebSocketEngine, HoldsNoBufferWhileIdle) {
  Echo echo;
  echo.receive(client_frame(0x81, std::string(1000, 'x')) + client_frame(0x89, "p"));
  EXPECT_GE(echo.spare().capacity(), 1000u) << "it went back to where the others find it";
  echo.receive(client_frame(0x01, "half"));
  EXPECT_EQ(echo.spare().capacity(), 0u);
  echo.receive(client_frame(0x80, "whole"));
  EXPECT_GE(echo.spare().capacity(), 1000u);
  EXPECT_LE(sizeof(Engine), 320u);
}

// Sections 12 and 13: permessage-deflate. The client's end is an engine's deflater and inflater.
class Peer {
 public:
  explicit Peer(const DeflateParameters& p)
      : deflater_({.server_no_context_takeover = p.client_no_context_takeover,
                   .server_max_window_bits = p.client_max_window_bits}),
        inflater_({.client_no_context_takeover = p.server_no_context_takeover,
                   .client_max_window_bits = p.server_max_window_bits}) {}

  std::string deflate(std::string_view message) {
    return std::string(deflater_.deflate(as_bytes(message)).text());
  }
  std::string inflate(std::string_view payload) {
    std::vector<std::uint8_t> message;
    EXPECT_EQ(inflater_.inflate(as_bytes(payload), message, 1 << 24), Inflater::Status::kOk);
    EXPECT_EQ(inflater_.finish_message(message, 1 << 24), Inflater::Status::kOk);
    return text(message);
  }

 private:
  Deflater deflater_;
  Inflater inflater_;
};

std::string payload_of(const std::string& sent) {
  const unsigned length = static_cast<unsigned char>(sent[1]);
  return sent.substr(length == 127 ? 10 : length == 126 ? 4 : 2);
}

std::string some_json(std::mt19937& random, std::size_t size) {
  std::string json;
  while (json.size() < size) json += "{\"x\":" + std::to_string(random() % 1000) + ",\"y\":null}";
  json.resize(size);
  return json;
}

TEST(WebSocketEngine, EchoesCompressedMessagesWithEveryParameter) {
  std::mt19937 random{1};
  for (int bits = 8; bits <= 15; ++bits) {
    for (const bool takeover : {false, true}) {
      const DeflateParameters parameters{.server_no_context_takeover = !takeover,
                                         .client_no_context_takeover = takeover,
                                         .server_max_window_bits = bits,
                                         .client_max_window_bits = 23 - bits};
      Echo echo({.deflate = parameters});
      Peer peer(parameters);
      for (const std::size_t size :
           {0u, 16u, 64u, 256u, 1024u, 4096u, 8192u, 16384u, 32768u, 65536u, 131072u}) {
        const std::string message = some_json(random, size);
        const std::string sent = echo.receive(client_frame(0xC1, peer.deflate(message)), 1009);
        const bool compressed = (sent[0] & 0x40) != 0;
        EXPECT_EQ(compressed, size >= 32);
        EXPECT_EQ(compressed ? peer.inflate(payload_of(sent)) : payload_of(sent), message) << bits;
      }
    }
  }
}

TEST(WebSocketEngine, EchoesACompressedMessageInFragments) {
  const DeflateParameters parameters;
  Echo echo({.deflate = parameters});
  Peer peer(parameters);
  for (int round = 0; round < 3; ++round) {
    const std::string message(5000, static_cast<char>('a' + round));
    const std::string payload = peer.deflate(message);
    std::string input = client_frame(0x41, payload.substr(0, 1));
    for (const char c : payload.substr(1))
      input += client_frame(0x00, {&c, 1}) + client_frame(0x89, "");
    const std::string sent = echo.receive(input + client_frame(0x80, ""));
    EXPECT_EQ(peer.inflate(payload_of(sent.substr(2 * (payload.size() - 1)))), message);
  }
}

TEST(WebSocketEngine, TakesPlainMessagesWhereCompressionWasAgreed) {
  Echo echo({.deflate = DeflateParameters{}});
  EXPECT_EQ(echo.receive(client_frame(0x81, "short")), frame(0x81, "short"));
}

TEST(WebSocketEngine, RefusesCompressionWhereItMayNotBe) {
  const Engine::Config config{.deflate = DeflateParameters{}};
  expect_failure(client_frame(0xC9, ""), kProtocolError, config);  // On a ping.
  expect_failure(client_frame(0x01, "a") + client_frame(0xC0, "b"), kProtocolError, config);
  expect_failure(client_frame(0xC1, "\xFF\xFF\xFF\xFF"), kInvalidData, config);
}

TEST(WebSocketEngine, StopsADecompressionBomb) {
  Peer peer({});
  const std::string bomb = peer.deflate(std::string(10 << 20, '\0'));
  ASSERT_LT(bomb.size(), 20u << 10);
  expect_failure(client_frame(0xC2, bomb), kMessageTooBig,
                 {.max_message_bytes = 1 << 20, .deflate = DeflateParameters{}});
}

TEST(WebSocketEngine, ChecksTextAsItIsDecompressed) {
  Peer peer({});
  const std::string payload = peer.deflate("good \xFF bad");
  expect_failure(client_frame(0xC1, payload), kInvalidData, {.deflate = DeflateParameters{}});
}

// RFC 7692, 7.2.3: the examples.
TEST(WebSocketEngine, InflatesTheExamplesOfTheRfc) {
  const std::vector<std::string> examples = {
      {"\xf2\x48\xcd\xc9\xc9\x07\x00", 7},                           // One block.
      {"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11},          // Not compressed.
      {"\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8},                       // Marked final.
      {"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13},  // Two blocks.
  };
  for (const std::string& example : examples) {
    Echo echo({.deflate = DeflateParameters{}});
    EXPECT_EQ(echo.receive(client_frame(0xC1, example)), frame(0x81, "Hello"));
    // The second refers back to the first, also over a block that was marked final.
    EXPECT_EQ(echo.receive(client_frame(0xC1, std::string("\xf2\x00\x11\x00\x00", 5))),
              frame(0x81, "Hello"));
  }
}

// A long run of everything at once, in pieces of every size.
TEST(WebSocketEngine, SurvivesAnyMixtureInAnyPieces) {
  std::mt19937 random{7};
  const DeflateParameters parameters;
  Echo echo({.deflate = parameters});
  Peer peer(parameters);
  std::string input;
  std::string expected;
  for (int i = 0; i < 500; ++i) {
    const std::string message = some_json(random, random() % 31);
    switch (random() % 4) {
      case 0: input += client_frame(0x81, message), expected += frame(0x81, message); break;
      case 1: input += client_frame(0x89, message), expected += frame(0x8A, message); break;
      case 2:
        input += client_frame(0x02, message) + client_frame(0x89, "") + client_frame(0x80, "!");
        expected += frame(0x8A, "") + frame(0x82, message + "!");
        break;
      case 3:
        input += client_frame(0xC1, peer.deflate(message));
        expected += frame(0x81, message);
        break;
    }
  }
  std::string sent;
  for (std::size_t at = 0; at < input.size();) {
    const std::size_t size = std::min<std::size_t>(input.size() - at, 1 + random() % 64);
    sent += echo.receive(input.substr(at, size));
    at += size;
  }
  EXPECT_EQ(sent, expected);
}

}  // namespace
}  // namespace parley::http::websocket
