// One RTP packet of 1,200 bytes protected for many receivers, each with keys, a header and a buffer
// of its own: as a forwarder does it. Beside libsrtp, which works in place and so copies the
// payload first.
#include <benchmark/benchmark.h>
#ifdef PARLEY_HAS_LIBSRTP
#include <srtp2/srtp.h>
#endif

#include <cstring>
#include <deque>
#include <memory>
#include <vector>

#include "srtp/receiver.h"
#include "srtp/sender.h"

namespace parley::srtp {
namespace {

constexpr std::size_t kHeaderSize = 20;
constexpr std::size_t kPacketSize = 1200;
constexpr std::size_t kReceivers = 200;

using Packet = std::vector<std::uint8_t>;

Packet key_of(Profile profile, std::size_t receiver) {
  return Packet(sizes_of(profile).key + sizes_of(profile).salt,
                static_cast<std::uint8_t>(receiver));
}

// Headers that differ, as those of one packet do that was forwarded to many.
struct Headers {
  Headers() : each(kReceivers, Packet(kHeaderSize)) {
    constexpr std::uint8_t kFirst[kHeaderSize] = {0x90, 96, 0, 0,    0,    0, 0, 0,   0,
                                                  0,    0,  7, 0xBE, 0xDE, 0, 1, 0x10};
    for (Packet& header : each) std::memcpy(header.data(), kFirst, kHeaderSize);
  }
  void next() {
    ++sequence;
    for (Packet& header : each) {
      header[2] = static_cast<std::uint8_t>(sequence >> 8);
      header[3] = static_cast<std::uint8_t>(sequence);
    }
  }

  std::vector<Packet> each;
  std::uint16_t sequence = 0;
};

void count_receivers(benchmark::State& state) {
  state.counters["per_receiver"] = benchmark::Counter(
      static_cast<double>(kReceivers),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void batched(benchmark::State& state, Provider::Kind kind, Profile profile) {
  const auto provider = Provider::make(kind);
  if (!provider) return state.SkipWithError("does not work here");
  Headers headers;
  const Packet payload(kPacketSize - kHeaderSize, 7);
  std::deque<Sender> senders;
  std::vector<Packet> outs(kReceivers, Packet(kPacketSize + kMaxRtpOverhead));
  std::vector<Protection> batch(kReceivers);
  for (std::size_t i = 0; i < kReceivers; ++i) {
    senders.emplace_back(*provider, MasterKey::make(profile, key_of(profile, i)).value());
    batch[i] = {
        .sender = &senders[i], .header = headers.each[i], .payload = payload, .out = outs[i]};
  }
  for (auto _ : state) {
    headers.next();
    protect_rtp(batch);
    benchmark::DoNotOptimize(outs.data());
  }
  if (!batch.back().result) state.SkipWithError("nothing was protected");
  count_receivers(state);
}

void one_by_one(benchmark::State& state, Provider::Kind kind, Profile profile) {
  const auto provider = Provider::make(kind);
  if (!provider) return state.SkipWithError("does not work here");
  Headers headers;
  const Packet payload(kPacketSize - kHeaderSize, 7);
  std::deque<Sender> senders;
  std::vector<Packet> outs(kReceivers, Packet(kPacketSize + kMaxRtpOverhead));
  for (std::size_t i = 0; i < kReceivers; ++i) {
    senders.emplace_back(*provider, MasterKey::make(profile, key_of(profile, i)).value());
  }
  for (auto _ : state) {
    headers.next();
    for (std::size_t i = 0; i < kReceivers; ++i) {
      Protection one{
          .sender = &senders[i], .header = headers.each[i], .payload = payload, .out = outs[i]};
      protect_rtp({&one, 1});
      benchmark::DoNotOptimize(one.result);
    }
  }
  count_receivers(state);
}

void unprotect(benchmark::State& state, Provider::Kind kind, Profile profile) {
  const auto provider = Provider::make(kind);
  if (!provider) return state.SkipWithError("does not work here");
  const auto key = MasterKey::make(profile, key_of(profile, 1)).value();
  Sender sender(*provider, key);
  Receiver receiver(*provider, key);
  Packet packet(kPacketSize);
  std::vector<Packet> sealed(kReceivers, Packet(kPacketSize + sizes_of(profile).rtp_tag));
  packet[0] = 0x80;
  std::uint16_t sequence = 0;
  for (auto _ : state) {
    state.PauseTiming();
    for (Packet& out : sealed) {
      ++sequence;
      packet[2] = static_cast<std::uint8_t>(sequence >> 8);
      packet[3] = static_cast<std::uint8_t>(sequence);
      benchmark::DoNotOptimize(sender.protect_rtp(packet, out));
    }
    state.ResumeTiming();
    for (Packet& in : sealed) benchmark::DoNotOptimize(receiver.unprotect_rtp(in));
  }
  if (receiver.counters().rtp_packets != sender.counters().rtp_packets) {
    state.SkipWithError("a packet was dropped");
  }
  count_receivers(state);
}

#ifdef PARLEY_HAS_LIBSRTP
void libsrtp(benchmark::State& state, Profile profile) {
  static const auto initialised = srtp_init();
  benchmark::DoNotOptimize(initialised);
  Headers headers;
  const Packet payload(kPacketSize - kHeaderSize, 7);
  std::vector<Packet> outs(kReceivers, Packet(kPacketSize + SRTP_MAX_TRAILER_LEN));
  std::vector<srtp_t> sessions(kReceivers);
  for (std::size_t i = 0; i < kReceivers; ++i) {
    Packet key = key_of(profile, i);
    srtp_policy_t policy = {};
    if (sizes_of(profile).aead()) {
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
    } else {
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
    }
    policy.ssrc.type = ssrc_any_outbound;
    policy.key = key.data();
    if (srtp_create(&sessions[i], &policy) != srtp_err_status_ok) {
      return state.SkipWithError("no session");
    }
  }
  srtp_err_status_t status = srtp_err_status_ok;
  for (auto _ : state) {
    headers.next();
    for (std::size_t i = 0; i < kReceivers; ++i) {
      std::memcpy(outs[i].data(), headers.each[i].data(), kHeaderSize);
      std::memcpy(outs[i].data() + kHeaderSize, payload.data(), payload.size());
      int size = static_cast<int>(kPacketSize);
      status = srtp_protect(sessions[i], outs[i].data(), &size);
      benchmark::DoNotOptimize(status);
    }
  }
  if (status != srtp_err_status_ok) state.SkipWithError("nothing was protected");
  for (const srtp_t session : sessions) srtp_dealloc(session);
  count_receivers(state);
}
#endif

constexpr auto kIpsecMb = Provider::Kind::kIpsecMb;
constexpr auto kOpenssl = Provider::Kind::kOpenssl;
constexpr auto kGcm = Profile::kAeadAes128Gcm;
constexpr auto kAesCm = Profile::kAes128CmHmacSha1_80;

BENCHMARK_CAPTURE(batched, gcm_ipsec_mb, kIpsecMb, kGcm);
BENCHMARK_CAPTURE(one_by_one, gcm_ipsec_mb, kIpsecMb, kGcm);
BENCHMARK_CAPTURE(batched, gcm_openssl, kOpenssl, kGcm);
BENCHMARK_CAPTURE(batched, aes_cm_ipsec_mb, kIpsecMb, kAesCm);
BENCHMARK_CAPTURE(one_by_one, aes_cm_ipsec_mb, kIpsecMb, kAesCm);
BENCHMARK_CAPTURE(batched, aes_cm_openssl, kOpenssl, kAesCm);
#ifdef PARLEY_HAS_LIBSRTP
BENCHMARK_CAPTURE(libsrtp, gcm, kGcm);
BENCHMARK_CAPTURE(libsrtp, aes_cm, kAesCm);
#endif
BENCHMARK_CAPTURE(unprotect, gcm_ipsec_mb, kIpsecMb, kGcm);
BENCHMARK_CAPTURE(unprotect, gcm_openssl, kOpenssl, kGcm);
BENCHMARK_CAPTURE(unprotect, aes_cm_ipsec_mb, kIpsecMb, kAesCm);

}  // namespace
}  // namespace parley::srtp

BENCHMARK_MAIN();
