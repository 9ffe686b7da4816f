#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "crypto/system_random.h"
#include "io/event_loop.h"
#include "net/address.h"
#include "server/media/media_config.h"
#include "server/media/media_counters.h"
#include "server/media/media_desk.h"
#include "server/media/media_rooms.h"
#include "server/media/media_service.h"
#include "server/media/mix_service.h"
#include "server/relay/relay_workers.h"
#include "server/worker_threads.h"
#include "tls/stream.h"

namespace parley::server {

// Media on threads apart, and the meeting's way to it. The workers share nothing: each has rooms of
// its own, and a port of its own, which the answers to its participants name. With a single port
// they share that of the relay: then a worker passes on what is for a participant of another.
// Beside them are mixers, reached as they reach each other.
//
// Every function is called from the thread that made it, the loop's; the errors are sentences for
// the operator.
class MediaWorkers final : public MediaDesk {
 public:
  using Listening = MediaService::Listening;

  // A worker on each of `threads`, and a mixer on each of `mixers`: the first half of sound, the
  // others of pictures; null: nothing is mixed. All outlive it.
  MediaWorkers(io::EventLoop& loop, WorkerThreads& threads, WorkerThreads* mixers,
               MediaConfig config);
  ~MediaWorkers();  // Closes everything; participants hear nothing.

  // One port a worker for UDP and TCP, counted up from this one; with port 0 each takes a free one.
  // Returns the first. All or none.
  Listening listen(const net::SocketAddress& first);
  const std::vector<std::uint16_t>& ports() const { return ports_; }  // None before.
  // Or the UDP port of the relay, which outlives this; those who come by TCP are adopt()ed.
  void share(RelayWorkers& relay, std::uint16_t port);

  // From now on there are rooms, at these addresses of ours, the best first. Before, and without
  // it, plain STUN is answered and nothing else.
  void serve(const std::vector<net::IpAddress>& addresses);
  bool serving() const { return serving_; }

  // A connection that reached the single port and turned out to speak ICE.
  void adopt(tls::Handover connection, const net::SocketAddress& local);

  // MediaDesk
  void set_listener(OnEvent on_event) override { on_event_ = std::move(on_event); }
  void carry_out(meeting::ToMedia request) override;

  const MediaRooms& rooms() const { return rooms_; }
  // By worker. Asks all at once, and waits for their turns to end.
  std::vector<MediaCounters> counters();
  std::vector<MixCounters> mix_counters();  // By mixer; so, too.

 private:
  void hear(std::size_t worker, std::vector<MediaNotice> notices);
  void settle(MediaRooms::Outcome outcome);
  void carry_out(ForWorker next);
  void carry_out(ForMixer next);
  void steer(std::size_t worker, const MediaAnswer& answer);
  void forget(sfu::ParticipantId gone);
  std::size_t relay(std::size_t from, std::size_t to, sfu::RelayBatch batch);
  template <class Service>
  void post_relay(OnThread<Service>& to, std::atomic<std::size_t>& queued, std::size_t from,
                  sfu::RelayBatch batch);
  bool steers() const { return shared_port_ != 0 && workers_.size() > 1; }
  MediaService::Others others_of(std::size_t worker);

  io::EventLoop& loop_;
  crypto::SystemRandom random_;
  OnEvent on_event_;
  MediaRooms rooms_;
  // Set to false as this goes: what workers have posted and the loop has not run is for nobody.
  std::shared_ptr<bool> open_ = std::make_shared<bool>(true);
  std::size_t most_rooms_;  // Whose counters are asked for.
  std::size_t max_queued_relay_;
  // Bytes that wait for each worker, then for each mixer. Outlives them.
  std::vector<std::atomic<std::size_t>> relay_queued_;
  std::vector<std::unique_ptr<OnThread<MediaService>>> workers_;
  std::vector<std::unique_ptr<OnThread<MixService>>> mixers_;
  std::vector<std::uint16_t> ports_;
  std::uint16_t shared_port_ = 0;  // 0: none.
  RelayWorkers* relay_ = nullptr;  // Whose it is.
  // By participant, where the port is shared: what the workers know them by.
  std::unordered_map<sfu::ParticipantId, std::string> ufrags_;
  bool serving_ = false;
};

// Our side's ICE user name fragment in an answer; empty where there is none.
std::string ufrag_in(std::string_view sdp);

}  // namespace parley::server
