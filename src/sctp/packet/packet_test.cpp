// PacketView, PacketWriter, and the codec of each chunk.
#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "sctp/packet/data.h"
#include "sctp/packet/error_cause.h"
#include "sctp/packet/forward_tsn.h"
#include "sctp/packet/init.h"
#include "sctp/packet/packet_view.h"
#include "sctp/packet/packet_writer.h"
#include "sctp/packet/re_config.h"
#include "sctp/packet/sack.h"

namespace parley::sctp {
namespace {

using Packet = std::vector<std::uint8_t>;

constexpr PacketHeader kHeader{
    .source_port = 5'000, .destination_port = 5'001, .verification_tag = 0xDEADBEEF};

Packet two_chunks(Checksum checksum = Checksum::kCrc32c) {
  PacketWriter writer(kHeader, 1'191);
  writer.add(ChunkType::kCookieAck, 0, {});
  const Packet value = {1, 2, 3, 4, 5};
  writer.add(ChunkType::kHeartbeat, 7, value);
  return writer.finish(checksum);
}

TEST(SctpPacket, ReadsWhatItWrote) {
  const Packet bytes = two_chunks();
  EXPECT_EQ(bytes.size(), 12u + 4 + 4 + 8);
  const auto packet = PacketView::parse(bytes);
  ASSERT_TRUE(packet.has_value());
  EXPECT_EQ(packet->header().source_port, 5'000);
  EXPECT_EQ(packet->header().destination_port, 5'001);
  EXPECT_EQ(packet->header().verification_tag, 0xDEADBEEF);
  EXPECT_TRUE(packet->has_right_checksum());
  EXPECT_FALSE(packet->has_zero_checksum());
  std::size_t offset = 0;
  EXPECT_EQ(packet->next_chunk(offset)->type, ChunkType::kCookieAck);
  const auto chunk = packet->next_chunk(offset);
  EXPECT_EQ(chunk->flags, 7);
  EXPECT_EQ(chunk->value.size(), 5u);
  EXPECT_FALSE(packet->next_chunk(offset).has_value());
}

TEST(SctpPacket, NoticesEachChangedBit) {
  Packet bytes = two_chunks();
  for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
    bytes[i / 8] ^= static_cast<std::uint8_t>(1 << i % 8);
    const auto packet = PacketView::parse(bytes);
    EXPECT_FALSE(packet && packet->has_right_checksum()) << i;
    bytes[i / 8] ^= static_cast<std::uint8_t>(1 << i % 8);
  }
}

TEST(SctpPacket, MayGoWithoutAChecksum) {
  const auto bytes = two_chunks(Checksum::kZero);
  const auto packet = PacketView::parse(bytes);
  EXPECT_TRUE(packet->has_zero_checksum());
  EXPECT_FALSE(packet->has_right_checksum());
}

TEST(SctpPacket, RejectsEveryTruncationButOfPadding) {
  const Packet bytes = two_chunks();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const bool complete = size == 16 || size >= bytes.size() - 3;  // A whole chunk; padding.
    EXPECT_EQ(PacketView::parse(Bytes(bytes).first(size)).has_value(), complete) << size;
  }
}

TEST(SctpPacket, RejectsAChunkShorterThanItsHeader) {
  Packet bytes = two_chunks();
  bytes[15] = 3;
  EXPECT_EQ(PacketView::parse(bytes).error(), ParseError::kBadLength);
}

TEST(SctpPacket, KnowsItsRoom) {
  PacketWriter writer(kHeader, 1'191);
  EXPECT_EQ(writer.room(), 1'188u - 12 - 4);
  writer.add(ChunkType::kHeartbeat, 0, Packet(writer.room()));
  EXPECT_EQ(writer.room(), 0u);
  EXPECT_EQ(writer.finish(Checksum::kZero).size(), 1'188u);
}

TEST(SctpInit, ReadsWhatItWrote) {
  const Packet cookie = {1, 2, 3};
  Init init{.initiate_tag = 1,
            .receive_window = 2,
            .outbound_streams = 3,
            .inbound_streams = 4,
            .initial_tsn = 5,
            .capabilities = {.partial_reliability = true, .re_config = true, .zero_checksum = true},
            .state_cookie = cookie};
  const Packet bytes = init.write();
  const auto again = Init::parse(bytes);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->initiate_tag, 1u);
  EXPECT_EQ(again->receive_window, 2u);
  EXPECT_EQ(again->outbound_streams, 3);
  EXPECT_EQ(again->inbound_streams, 4);
  EXPECT_EQ(again->initial_tsn, 5u);
  EXPECT_EQ(again->capabilities, init.capabilities);
  EXPECT_EQ(as_text(again->state_cookie), as_text(cookie));
  init.capabilities = {};
  EXPECT_EQ(Init::parse(init.write())->capabilities, Capabilities{});
}

TEST(SctpInit, RefusesZeroTagsAndStreams) {
  const Init good{.initiate_tag = 1, .outbound_streams = 1, .inbound_streams = 1};
  EXPECT_TRUE(Init::parse(good.write()).has_value());
  Init bad = good;
  bad.initiate_tag = 0;
  EXPECT_FALSE(Init::parse(bad.write()).has_value());
  bad = good;
  bad.outbound_streams = 0;
  EXPECT_FALSE(Init::parse(bad.write()).has_value());
  bad = good;
  bad.inbound_streams = 0;
  EXPECT_FALSE(Init::parse(bad.write()).has_value());
}

// RFC 9260, 3.2.1: by the two highest bits of the type.
TEST(SctpInit, TreatsUnknownParametersAsTheyAsk) {
  const auto parse_with = [](std::uint16_t unknown) {
    ByteWriter writer;
    writer.bytes(Init{.initiate_tag = 1, .outbound_streams = 1, .inbound_streams = 1}.write());
    const Packet value = {9};
    write_tlv(writer, unknown, value);
    write_tlv(writer, 0xC000, {});  // FORWARD TSN supported, behind it.
    return Init::parse(writer.view()).value();
  };
  const Packet reported = {0x00, 0x08, 0x00, 0x09, 0xFF, 0x00, 0x00, 0x05, 9, 0, 0, 0};
  EXPECT_FALSE(parse_with(0x3F00).capabilities.partial_reliability);  // Stop.
  EXPECT_TRUE(parse_with(0x3F00).unrecognized.empty());
  EXPECT_FALSE(parse_with(0x7F00).capabilities.partial_reliability);  // Stop and report.
  EXPECT_EQ(parse_with(0x7F00).unrecognized.size(), reported.size());
  EXPECT_TRUE(parse_with(0xBF00).capabilities.partial_reliability);  // Skip.
  EXPECT_TRUE(parse_with(0xBF00).unrecognized.empty());
  EXPECT_TRUE(parse_with(0xFF00).capabilities.partial_reliability);  // Skip and report.
  EXPECT_EQ(parse_with(0xFF00).unrecognized, reported);
}

TEST(SctpInit, ReportsNoMoreThanFitsInAnAnswer) {
  ByteWriter writer;
  writer.bytes(Init{.initiate_tag = 1, .outbound_streams = 1, .inbound_streams = 1}.write());
  for (int i = 0; i < 1'000; ++i) write_tlv(writer, 0xFF00, {});
  EXPECT_LE(Init::parse(writer.view())->unrecognized.size(), Init::kMaxUnrecognized);
}

TEST(SctpData, ReadsWhatItWrote) {
  const Packet payload = {1, 2, 3};
  const Data data{.first = true,
                  .last = false,
                  .unordered = true,
                  .immediately = true,
                  .tsn = 0x01020304,
                  .stream = {5},
                  .ssn = 6,
                  .ppid = Ppid::kString,
                  .payload = payload};
  PacketWriter writer(kHeader, 1'191);
  writer.add(ChunkType::kData, data.flags(), data.head(), payload);
  const Packet bytes = writer.finish(Checksum::kZero);
  const auto packet = PacketView::parse(bytes);
  std::size_t offset = 0;
  const auto again = Data::parse(*packet->next_chunk(offset));
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->first && !again->last && again->unordered && again->immediately);
  EXPECT_EQ(again->tsn, 0x01020304u);
  EXPECT_EQ(again->stream, StreamId{5});
  EXPECT_EQ(again->ssn, 6);
  EXPECT_EQ(again->ppid, Ppid::kString);
  EXPECT_EQ(as_text(again->payload), as_text(payload));
  EXPECT_FALSE(Data::parse({.value = Bytes(bytes).first(11)}).has_value());
}

TEST(SctpSack, ReadsWhatItWrote) {
  const std::vector<GapBlock> gaps = {{2, 3}, {5, 500}};
  const std::vector<std::uint32_t> duplicates = {7, 8, 9};
  const Sack sack{
      .cumulative_tsn = 1, .receive_window = 2, .gap_blocks = gaps, .duplicates = duplicates};
  const Packet bytes = sack.write(1'000);
  const auto again = SackView::parse(bytes);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->cumulative_tsn(), 1u);
  EXPECT_EQ(again->receive_window(), 2u);
  ASSERT_EQ(again->gap_block_count(), 2u);
  EXPECT_EQ(again->gap_block(1), gaps[1]);
  EXPECT_EQ(again->duplicate_count(), 3u);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(SackView::parse(Bytes(bytes).first(size)).has_value()) << size;
  }
  // What does not fit is left out: duplicates first.
  const Packet narrow = sack.write(12 + 3 * 4);
  EXPECT_EQ(SackView::parse(narrow)->gap_block_count(), 2u);
  EXPECT_EQ(SackView::parse(narrow)->duplicate_count(), 1u);
}

TEST(SctpSack, RefusesGapsThatAreNone) {
  for (const GapBlock gap : {GapBlock{0, 1}, GapBlock{3, 2}}) {
    const std::vector<GapBlock> gaps = {gap};
    EXPECT_FALSE(SackView::parse(Sack{.gap_blocks = gaps}.write(100)).has_value());
  }
}

TEST(SctpForwardTsn, ReadsWhatItWrote) {
  const ForwardTsn forward{.new_cumulative_tsn = 9, .skipped = {{{1}, 2}, {{3}, 4}}};
  EXPECT_EQ(ForwardTsn::parse(forward.write()), forward);
  const Packet bytes = forward.write();
  for (const std::size_t size : {0u, 3u, 5u, 11u}) {
    EXPECT_FALSE(ForwardTsn::parse(Bytes(bytes).first(size)).has_value()) << size;
  }
}

TEST(SctpReConfig, ReadsWhatItWrote) {
  ByteWriter writer;
  write_to(writer, OutgoingResetRequest{
                       .request = 1, .response = 2, .last_tsn = 3, .streams = {{4}, {5}, {6}}});
  write_to(writer, ReConfigResponse{.response = 7, .result = ResetResult::kInProgress});
  const auto parameters = parse_re_config(writer.view());
  ASSERT_TRUE(parameters.has_value());
  ASSERT_EQ(parameters->size(), 2u);
  const auto& reset = std::get<OutgoingResetRequest>((*parameters)[0]);
  EXPECT_EQ(reset.request, 1u);
  EXPECT_EQ(reset.response, 2u);
  EXPECT_EQ(reset.last_tsn, 3u);
  EXPECT_EQ(reset.streams, (std::vector<StreamId>{{4}, {5}, {6}}));
  const auto& response = std::get<ReConfigResponse>((*parameters)[1]);
  EXPECT_EQ(response.response, 7u);
  EXPECT_EQ(response.result, ResetResult::kInProgress);
}

TEST(SctpReConfig, RefusesNoneAndThreeAndWhatItDoesNotKnow) {
  ByteWriter three;
  for (int i = 0; i < 3; ++i) write_to(three, OtherRequest{.request = 1});
  EXPECT_FALSE(parse_re_config(three.view()).has_value());
  EXPECT_FALSE(parse_re_config({}).has_value());
  ByteWriter unknown;
  write_tlv(unknown, 99, as_bytes("12345678"));
  EXPECT_FALSE(parse_re_config(unknown.view()).has_value());
}

TEST(SctpErrorCause, IsDescribedInPrintableWords) {
  ByteWriter writer;
  write_to(writer, ErrorCause::kUserInitiatedAbort, as_bytes("so\nlong"));
  write_to(writer, ErrorCause::kOutOfResource, {});
  EXPECT_EQ(describe_causes(writer.view()), "user-initiated abort: so?long, out of resource");
  EXPECT_TRUE(has_cause(writer.view(), ErrorCause::kOutOfResource));
  EXPECT_FALSE(has_cause(writer.view(), ErrorCause::kStaleCookie));
  ByteWriter many;
  for (int i = 0; i < 100; ++i) write_to(many, ErrorCause::kProtocolViolation, Packet(200, 'x'));
  EXPECT_EQ(describe_causes(many.view()).size(), 256u);
}

}  // namespace
}  // namespace parley::sctp
