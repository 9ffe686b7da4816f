#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "crypto/system_random.h"
#include "io/driver.h"
#include "io/event_loop.h"
#include "peer/peer_connection.h"
#include "srtp/provider.h"
#include "test_media.h"

namespace parley::peer_program {

// A peer::PeerConnection over UDP that obeys the commands of ../peers/README.md and tells its
// events on standard output.
class Peer {
 public:
  struct Options {
    std::vector<peer::IceServer> ice_servers = {};
    bool is_relay_only = false;
  };

  Peer(io::EventLoop& loop, const Options& options);

  // One line of input.
  void obey(std::string_view line);
  // Closes the connection and ends the loop, once what it has to say has left.
  void close();

 private:
  // One kind of media that we send, as long as the other side wants it.
  struct Source {
    peer::TransceiverId transceiver = {};
    TestMedia media;
    std::unique_ptr<io::Timer> timer = {};
    Time due = {};
  };
  struct FrameCounts {
    std::int64_t audio = 0;
    std::int64_t video = 0;
  };

  // Commands.
  void obey(std::string_view command, const Json& members);
  void channel(const Json& members);
  void offer(const Json& members);
  void description(const Json& members);
  void candidate(const Json& members);
  void send(const Json& members);
  void stats();

  // Events of the connection.
  void on(peer::PeerConnection::ConnectionStateChanged event);
  void on(peer::PeerConnection::IceCandidateFound event);
  void on(peer::PeerConnection::Track event);
  void on(peer::PeerConnection::DataChannelAnnounced event);
  void on(peer::PeerConnection::DataChannelOpened event);
  void on(peer::PeerConnection::MessageReceived event);
  void on(peer::PeerConnection::DataChannelClosed event);
  void on(peer::PeerConnection::FrameReceived event);
  void on(peer::PeerConnection::KeyFrameRequested event);
  void on(ice::ResolveName event);
  template <class Event>
  void on(Event) {}  // The other side of the test needs no more.

  void add_tracks();
  void tell_description();
  void tell_channel(sctp::ChannelId channel, bool remote);
  sctp::ChannelId channel_of(const Json& members) const;
  std::string mid_of(const Json& members) const;
  void play(Source& source);

  io::EventLoop& loop_;
  crypto::SystemRandom random_;
  std::unique_ptr<srtp::Provider> provider_ = srtp::Provider::make();
  peer::PeerConnection connection_;
  io::PathDriver<peer::PeerConnection> driver_;
  std::vector<peer::MediaKind> waiting_;  // Tracks that get into the next description of ours.
  std::vector<std::unique_ptr<Source>> sources_;
  std::map<std::string, sctp::ChannelId> channels_;  // By label.
  FrameCounts frames_;
  std::map<std::string, std::int64_t> layers_;  // Frames by rid, of a simulcast.
};

void tell(std::string_view event, Json members = Json::Object());

}  // namespace parley::peer_program
