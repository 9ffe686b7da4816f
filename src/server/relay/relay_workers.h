#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "crypto/system_random.h"
#include "net/address.h"
#include "net/path.h"
#include "server/relay/relay_config.h"
#include "server/relay/relay_counters.h"
#include "server/relay/relay_service.h"
#include "server/worker_threads.h"
#include "turn/server_config.h"

namespace parley::tls {
class Context;
struct Handover;
}  // namespace parley::tls

namespace parley::server {

// STUN and TURN on threads apart, so that a flood of packets keeps no meeting waiting.
//
// The workers share nothing but the knowledge of their relayed ports: each has a socket of its own
// on each address, and the kernel gives it all that comes from its share of the IP addresses
// (io::PortShare). So what one client does in several connections, and after it has moved to
// another port, finds the same worker. Limits and quotas hold for each worker.
//
// First the listening, then serve(). Every function is called from the thread that made it; the
// errors are sentences for the operator.
class RelayWorkers {
 public:
  using Listening = std::expected<net::SocketAddress, std::string>;

  // A worker on each of `threads`, which outlive it.
  RelayWorkers(WorkerThreads& threads, RelayConfig config);
  ~RelayWorkers();  // Closes everything: allocations end, and their clients hear nothing.

  // STUN and TURN over UDP and TCP. "::" serves IPv4 as well. Port 0 takes one that is free for
  // both protocols. All three return the address that was taken, and may be called again for more
  // addresses.
  Listening listen(const net::SocketAddress& address);
  // The same over UDP alone: beside a TCP port whose clients are adopt()ed.
  Listening listen_udp(const net::SocketAddress& address);
  // Over TLS. Until set_certificate() who connects is turned away.
  Listening listen_tls(const net::SocketAddress& address);
  // The other three addresses of RFC 5780, over UDP alone. `primary` has been listened to; port 0
  // of the alternate one takes one that is free.
  std::expected<stun::DiscoveryAddresses, std::string> listen_discovery(
      const net::SocketAddress& primary, const net::SocketAddress& alternate);

  // Begins to answer, at once; what came before is thrown away. Without a config there is STUN, but
  // no TURN. At the addresses of `discovery`, save the primary one, there is STUN alone.
  void serve(std::optional<turn::ServerConfig> turn,
             std::optional<stun::DiscoveryAddresses> discovery = {});

  // These return at once.
  //
  // The newest first; allocations made under older ones go on.
  void set_secrets(const std::vector<std::string>& secrets);
  // What turn::PeerPolicyConfig says of this host.
  void set_host(const std::vector<net::IpAddress>& own,
                const std::vector<net::Network>& neighbours);
  // For who connects from now on.
  void set_certificate(std::shared_ptr<const tls::Context> certificate);
  // A connection that reached another port and turned out to speak STUN or TURN, with TLS or
  // without. `local` is the address that it came to.
  void adopt(tls::Handover connection, const net::SocketAddress& local);

  // Of each UDP datagram of that worker `sharer`, which lives on its thread, is asked first, until
  // stop_sharing(). Returns the socket that it came by; null: there is none.
  io::UdpSocket* share(std::size_t worker, PortSharer& sharer);
  void stop_sharing();

  // Summed. Asks all workers at once, and waits for their turns to end.
  RelayCounters counters();

  std::size_t workers() const { return workers_.size(); }

 private:
  template <class Call>
  Listening listen_all(net::SocketAddress address, Call call);
  void stop_listening(const net::SocketAddress& address);
  Listening listen_extra(stun::DiscoveryAddresses& addresses);
  void pass_on(unsigned worker, const net::Path& path, Bytes packet);  // On any worker's thread.

  crypto::SystemRandom random_;
  turn::RelayPorts relay_ports_;
  std::vector<std::unique_ptr<OnThread<RelayService>>> workers_;
};

}  // namespace parley::server
