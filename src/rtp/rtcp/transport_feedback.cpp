#include "rtp/rtcp/transport_feedback.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace parley::rtp::rtcp {
namespace {

// What a packet's status symbol says: how many bytes its delta takes.
enum class Symbol : std::uint8_t { kNotReceived = 0, kSmallDelta = 1, kLargeDelta = 2 };

constexpr std::size_t kMaxRun = 0x1FFF;
constexpr std::size_t kOneBitSymbols = 14;
constexpr std::size_t kTwoBitSymbols = 7;

Symbol symbol_of(const std::optional<std::int16_t>& delta) {
  if (!delta) return Symbol::kNotReceived;
  return *delta >= 0 && *delta <= 0xFF ? Symbol::kSmallDelta : Symbol::kLargeDelta;
}

// The symbols of one status chunk, as many as it has, but `wanted` at most. False for the reserved
// symbol.
bool read_chunk(std::uint16_t chunk, std::size_t wanted, std::vector<Symbol>& symbols) {
  const auto add = [&](std::uint32_t symbol, std::size_t count) {
    if (symbol == 3) return false;
    symbols.insert(symbols.end(), count, static_cast<Symbol>(symbol));
    return true;
  };
  const bool is_vector = (chunk & 0x8000) != 0;
  if (!is_vector) return add(chunk >> 13 & 3, std::min<std::size_t>(chunk & kMaxRun, wanted));
  const bool two_bits = (chunk & 0x4000) != 0;
  const std::size_t count = std::min(two_bits ? kTwoBitSymbols : kOneBitSymbols, wanted);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t symbol = two_bits ? chunk >> (12 - 2 * i) & 3u : chunk >> (13 - i) & 1u;
    if (!add(symbol, 1)) return false;
  }
  return true;
}

std::optional<std::vector<Symbol>> read_symbols(ByteReader& reader, std::size_t count) {
  std::vector<Symbol> symbols;
  while (symbols.size() < count) {
    const std::uint16_t chunk = reader.u16();
    const std::size_t before = symbols.size();
    if (!reader.ok() || !read_chunk(chunk, count - before, symbols)) return std::nullopt;
    if (symbols.size() == before) return std::nullopt;  // A run of none says nothing: not honest.
  }
  return symbols;
}

// How many of `symbols` are the same as the first.
std::size_t run_length(std::span<const Symbol> symbols) {
  const auto end = std::ranges::find_if(symbols, [&](Symbol s) { return s != symbols.front(); });
  return static_cast<std::size_t>(end - symbols.begin());
}

std::uint16_t vector_chunk(std::span<const Symbol> symbols, bool two_bits) {
  std::uint32_t chunk = two_bits ? 0xC000 : 0x8000;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    chunk |= std::uint32_t{std::to_underlying(symbols[i])} << (two_bits ? 12 - 2 * i : 13 - i);
  }
  return static_cast<std::uint16_t>(chunk);
}

// Writes the next chunk and returns how many symbols it took: the form that takes the most.
std::size_t write_chunk(ByteWriter& writer, std::span<const Symbol> symbols) {
  const std::size_t run = std::min(run_length(symbols), kMaxRun);
  const auto head = symbols.first(std::min(symbols.size(), kOneBitSymbols));
  const bool one_bit = std::ranges::find(head, Symbol::kLargeDelta) == head.end();
  const std::size_t in_vector = std::min(symbols.size(), one_bit ? kOneBitSymbols : kTwoBitSymbols);
  if (run >= in_vector) {
    writer.u16(
        static_cast<std::uint16_t>(std::size_t{std::to_underlying(symbols.front())} << 13 | run));
    return run;
  }
  writer.u16(vector_chunk(symbols.first(in_vector), !one_bit));
  return in_vector;
}

}  // namespace

std::optional<TransportFeedback> parse_transport_feedback(Bytes fci) {
  ByteReader reader(fci);
  TransportFeedback feedback;
  feedback.base_sequence = reader.u16();
  const std::uint16_t count = reader.u16();
  const std::uint32_t time_and_count = reader.u32();
  if (!reader.ok() || count == 0) return std::nullopt;
  feedback.feedback_count = static_cast<std::uint8_t>(time_and_count);
  feedback.reference_time = static_cast<std::int32_t>(time_and_count) >> 8;

  const auto symbols = read_symbols(reader, count);
  if (!symbols) return std::nullopt;
  feedback.deltas.reserve(symbols->size());
  for (const Symbol symbol : *symbols) {
    switch (symbol) {
      case Symbol::kNotReceived: feedback.deltas.emplace_back(std::nullopt); break;
      case Symbol::kSmallDelta: feedback.deltas.emplace_back(reader.u8()); break;
      case Symbol::kLargeDelta:
        feedback.deltas.emplace_back(static_cast<std::int16_t>(reader.u16()));
        break;
    }
  }
  if (!reader.ok()) return std::nullopt;
  return feedback;
}

void write_transport_feedback(ByteWriter& writer, const TransportFeedback& feedback) {
  PARLEY_ASSERT(!feedback.deltas.empty());
  PARLEY_ASSERT(feedback.deltas.size() <= TransportFeedback::kMaxPackets);
  const std::size_t begin = writer.size();
  writer.u16(feedback.base_sequence);
  writer.u16(static_cast<std::uint16_t>(feedback.deltas.size()));
  writer.u32(static_cast<std::uint32_t>(feedback.reference_time) << 8 | feedback.feedback_count);

  std::vector<Symbol> symbols(feedback.deltas.size());
  std::ranges::transform(feedback.deltas, symbols.begin(), symbol_of);
  std::span<const Symbol> rest = symbols;
  while (!rest.empty()) rest = rest.subspan(write_chunk(writer, rest));

  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i] == Symbol::kSmallDelta) {
      writer.u8(static_cast<std::uint8_t>(*feedback.deltas[i]));
    } else if (symbols[i] == Symbol::kLargeDelta) {
      writer.u16(static_cast<std::uint16_t>(*feedback.deltas[i]));
    }
  }
  writer.zeros((4 - (writer.size() - begin) % 4) % 4);
}

}  // namespace parley::rtp::rtcp
