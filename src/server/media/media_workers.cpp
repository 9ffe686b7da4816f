#include "server/media/media_workers.h"

#include <algorithm>
#include <latch>
#include <utility>

#include "dtls/certificate.h"
#include "ice/candidate.h"
#include "io/clock.h"
#include "io/port_share.h"

namespace parley::server {
namespace {

// A port that is free for UDP may be taken for TCP: then another one is tried.
constexpr int kPortAttempts = 16;
// The program's life: nobody looks at it, the fingerprint is what counts.
constexpr std::chrono::days kCertificateDays{3'650};

// RFC 8445, 5.1.2.1: UDP before TCP, whichever is added first.
std::vector<ice::Candidate> candidates_at(const std::vector<net::IpAddress>& addresses,
                                          std::uint16_t port) {
  std::vector<ice::Candidate> candidates;
  for (const net::IpAddress& ip : addresses) {
    candidates.push_back(ice::Candidate::host({ip, port}));
  }
  for (const net::IpAddress& ip : addresses) {
    candidates.push_back(ice::Candidate::tcp_host({ip, port}, ice::TcpType::kPassive));
  }
  return candidates;
}

meeting::FromMedia refusal_of(meeting::ToMedia request) {
  return {
      .room = std::move(request.room),
      .sid = std::move(request.sid),
      .event = meeting::Answered{request.ticket, std::unexpected("This server carries no media.")}};
}

std::vector<std::uint8_t> copy_of(Bytes bytes) {
  return {bytes.begin(), bytes.end()};
}

std::size_t size_of(const WorkerThreads* threads) {
  return threads == nullptr ? 0 : threads->size();
}

// All are asked at once.
template <class Counters>
std::vector<Counters> counters_of(const auto& services, auto&& count) {
  std::vector<Counters> each(services.size());
  std::latch done(static_cast<std::ptrdiff_t>(services.size()));
  for (std::size_t i = 0; i < services.size(); ++i) {
    services[i]->tell([&, i](auto& service) {
      each[i] = count(service);
      done.count_down();
    });
  }
  done.wait();
  return each;
}

}  // namespace

std::string ufrag_in(std::string_view sdp) {
  constexpr std::string_view kAttribute = "a=ice-ufrag:";
  const std::size_t found = sdp.find(kAttribute);
  if (found == std::string_view::npos) return {};
  const std::string_view rest = sdp.substr(found + kAttribute.size());
  return std::string(rest.substr(0, rest.find_first_of("\r\n")));
}

MediaWorkers::MediaWorkers(io::EventLoop& loop, WorkerThreads& threads, WorkerThreads* mixers,
                           MediaConfig config)
    : loop_(loop),
      rooms_(threads.size(), config.room_share, size_of(mixers) / 2),
      most_rooms_(config.rooms_in_metrics),
      max_queued_relay_(config.max_queued_relay),
      relay_queued_(threads.size() + size_of(mixers)) {
  for (unsigned i = 0; i < threads.size(); ++i) {
    workers_.push_back(
        std::make_unique<OnThread<MediaService>>(threads.at(i), [&](io::EventLoop& its_loop) {
          return std::make_unique<MediaService>(its_loop, config, i, random_);
        }));
  }
  for (std::size_t i = 0; i < size_of(mixers); ++i) {
    const auto kind =
        i < size_of(mixers) / 2 ? mcu::Node::Kind::kSound : mcu::Node::Kind::kPictures;
    auto to_worker = [this, index = threads.size() + i](std::size_t to, sfu::RelayBatch batch) {
      return relay(index, to, std::move(batch));
    };
    mixers_.push_back(
        std::make_unique<OnThread<MixService>>(mixers->at(i), [&](io::EventLoop& its_loop) {
          return std::make_unique<MixService>(its_loop, kind, config.mixer, random_, to_worker);
        }));
  }
}

MediaWorkers::~MediaWorkers() {
  *open_ = false;
  if (relay_ != nullptr) relay_->stop_sharing();
  // Before the first of them is gone.
  for (const auto& worker : workers_) {
    worker->ask([](MediaService& service) { service.stop(); });
  }
  for (const auto& mixer : mixers_) {
    mixer->ask([](MixService& service) { service.stop(); });
  }
}

MediaWorkers::Listening MediaWorkers::listen(const net::SocketAddress& first) {
  std::vector<net::SocketAddress> taken;
  const auto listen_one = [&](OnThread<MediaService>& worker) {
    net::SocketAddress address = first;
    if (first.port != 0) address.port = static_cast<std::uint16_t>(first.port + taken.size());
    auto port = worker.ask([&](MediaService& service) { return service.listen(address); });
    for (int left = kPortAttempts; !port && address.port == 0 && left > 1; --left) {
      port = worker.ask([&](MediaService& service) { return service.listen(address); });
    }
    return port;
  };
  for (const auto& worker : workers_) {
    auto port = listen_one(*worker);
    if (!port) {
      for (const auto& one : workers_) {
        one->ask([](MediaService& service) { service.stop_listening(); });
      }
      return port;
    }
    taken.push_back(*port);
  }
  for (const net::SocketAddress& one : taken) ports_.push_back(one.port);
  return taken.front();
}

void MediaWorkers::share(RelayWorkers& relay, std::uint16_t port) {
  relay_ = &relay;
  shared_port_ = port;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    MediaService* const sharer = workers_[i]->ask([](MediaService& service) { return &service; });
    io::UdpSocket* const socket = relay.share(i, *sharer);
    workers_[i]->ask([&](MediaService& service) { service.share(*socket); });
  }
}

void MediaWorkers::serve(const std::vector<net::IpAddress>& addresses) {
  const auto certificate = dtls::Certificate::make(io::wall_now(), random_, kCertificateDays);
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    const std::uint16_t port = shared_port_ != 0 ? shared_port_ : ports_[i];
    workers_[i]->ask([&](MediaService& service) {
      service.serve(certificate, candidates_at(addresses, port), others_of(i));
    });
  }
  serving_ = true;
}

MediaService::Others MediaWorkers::others_of(std::size_t worker) {
  MediaService::Others others;
  others.tell = [this, worker](std::vector<MediaNotice> notices) {
    loop_.post([this, worker, open = open_, notices = std::move(notices)]() mutable {
      if (*open) hear(worker, std::move(notices));
    });
  };
  others.relay = [this, worker](std::size_t to, sfu::RelayBatch batch) {
    return relay(worker, to, std::move(batch));
  };
  if (!steers()) return others;
  others.pass_on = [this](unsigned to, const net::Path& path, Bytes datagram) {
    workers_[to]->tell([path, datagram = copy_of(datagram)](MediaService& service) mutable {
      service.on_passed_on(path, datagram);
    });
  };
  others.hand_over = [this](unsigned to, IceHandover connection) {
    workers_[to]->tell([connection = std::move(connection)](MediaService& service) mutable {
      service.adopt(std::move(connection));
    });
  };
  return others;
}

// On the thread of `from`. A mixer counts as a worker behind the others.
std::size_t MediaWorkers::relay(std::size_t from, std::size_t to, sfu::RelayBatch batch) {
  std::size_t dropped = 0;
  std::atomic<std::size_t>& queued = relay_queued_[to];
  if (queued.load(std::memory_order_relaxed) + batch.bytes.size() > max_queued_relay_) {
    dropped = batch.drop_packets();
  }
  queued.fetch_add(batch.bytes.size(), std::memory_order_relaxed);
  if (to < workers_.size()) {
    post_relay(*workers_[to], queued, from, std::move(batch));
  } else {
    post_relay(*mixers_[to - workers_.size()], queued, from, std::move(batch));
  }
  return dropped;
}

template <class Service>
void MediaWorkers::post_relay(OnThread<Service>& to, std::atomic<std::size_t>& queued,
                              std::size_t from, sfu::RelayBatch batch) {
  to.tell([&queued, from, batch = std::move(batch)](Service& service) mutable {
    queued.fetch_sub(batch.bytes.size(), std::memory_order_relaxed);
    service.on_relayed(from, std::move(batch));
  });
}

void MediaWorkers::adopt(tls::Handover connection, const net::SocketAddress& local) {
  const unsigned share = io::share_of(connection.peer.ip, static_cast<unsigned>(workers_.size()));
  IceHandover handover{.fd = std::move(connection.fd),
                       .path = {net::Transport::kTcp, local, connection.peer},
                       .received = std::move(connection.received)};
  workers_[share]->tell([handover = std::move(handover)](MediaService& service) mutable {
    service.adopt(std::move(handover));
  });
}

// --- The meeting's requests, and what they come to ---

void MediaWorkers::carry_out(meeting::ToMedia request) {
  MediaRooms::Outcome outcome;
  if (serving_) {
    outcome = rooms_.handle_request(std::move(request));
  } else if (std::holds_alternative<meeting::Connect>(request.request)) {
    outcome.events.push_back(refusal_of(std::move(request)));
  }
  if (outcome.events.empty()) return settle(std::move(outcome));
  loop_.post([this, open = open_, outcome = std::move(outcome)]() mutable {
    if (*open) settle(std::move(outcome));
  });
}

void MediaWorkers::hear(std::size_t worker, std::vector<MediaNotice> notices) {
  for (MediaNotice& notice : notices) {
    if (const auto* const answer = std::get_if<MediaAnswer>(&notice)) steer(worker, *answer);
    settle(rooms_.handle_notice(worker, std::move(notice)));
  }
}

void MediaWorkers::settle(MediaRooms::Outcome outcome) {
  for (const sfu::ParticipantId gone : outcome.gone) forget(gone);
  for (ForMedia& next : outcome.calls) {
    std::visit([this](auto& one) { carry_out(std::move(one)); }, next);
  }
  if (!on_event_) return;
  for (meeting::FromMedia& event : outcome.events) on_event_(std::move(event));
}

void MediaWorkers::carry_out(ForWorker next) {
  workers_[next.worker]->tell([call = std::move(next.call)](MediaService& service) mutable {
    service.carry_out(std::move(call));
  });
}

void MediaWorkers::carry_out(ForMixer next) {
  mixers_[next.mixer]->tell([call = std::move(next.call)](MixService& service) mutable {
    service.carry_out(std::move(call));
  });
}

// The workers know it before the participant does.
void MediaWorkers::steer(std::size_t worker, const MediaAnswer& answer) {
  if (!steers() || !answer.answer || !rooms_.knows(answer.participant)) return;
  forget(answer.participant);
  const std::string& ufrag = ufrags_[answer.participant] = ufrag_in(*answer.answer);
  for (const auto& one : workers_) {
    one->tell([ufrag, worker](MediaService& service) {
      service.steer(ufrag, static_cast<unsigned>(worker));
    });
  }
}

void MediaWorkers::forget(sfu::ParticipantId gone) {
  const auto known = ufrags_.extract(gone);
  if (known.empty()) return;
  for (const auto& one : workers_) {
    one->tell([ufrag = known.mapped()](MediaService& service) { service.forget(ufrag); });
  }
}

std::vector<MediaCounters> MediaWorkers::counters() {
  std::vector<sfu::RoomId> rooms;
  for (const MediaRooms::Large& room : rooms_.largest(most_rooms_)) rooms.push_back(room.id);
  return counters_of<MediaCounters>(workers_,
                                    [&](MediaService& service) { return service.counters(rooms); });
}

std::vector<MixCounters> MediaWorkers::mix_counters() {
  return counters_of<MixCounters>(mixers_, [](MixService& service) { return service.counters(); });
}

}  // namespace parley::server
