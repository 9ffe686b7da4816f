#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "dtls/certificate.h"
#include "file_media.h"
#include "io/driver.h"
#include "io/event_loop.h"
#include "peer/peer_connection.h"
#include "signalling.h"
#include "srtp/provider.h"

namespace native_call {

// What all calls of this program share.
struct Shared {
  parley::io::EventLoop& loop;
  parley::Random& random;
  parley::srtp::Provider& srtp;
  Signalling& signalling;
  const Files& files;
  std::shared_ptr<const parley::dtls::Certificate> certificate;  // Who we are.
  std::vector<parley::peer::IceServer> ice_servers;
};

// The call with one other participant: a peer connection, driven by the loop and negotiated over
// the signalling. It answers what is said on data channels; FileMedia does the rest.
class Call {
 public:
  // `polite`: gives way when two offers meet (perfect negotiation; W3C WebRTC, 10.7).
  Call(const Shared& shared, std::string sid, bool polite);

  void start();  // It is for us to call. Else wait for their offer.
  // Of another peer connection than the one that we talk to.
  bool is_of_another(const Description& theirs) const;
  void handle(const Description& theirs);
  void handle(const std::optional<Candidate>& theirs);
  void close();

 private:
  using PeerConnection = parley::peer::PeerConnection;

  void send_media();

  void on(const PeerConnection::NegotiationNeeded&) { describe(); }
  void on(const PeerConnection::IceCandidateFound& event);
  void on(const PeerConnection::ConnectionStateChanged& event);
  void on(const PeerConnection::DataChannelAnnounced& event);
  void on(const PeerConnection::MessageReceived& event);
  void on(const PeerConnection::KeyFrameRequested&) { media_.send_key_frame(); }
  void on(const PeerConnection::FrameReceived& event) { media_.save(now(), event.frame, theirs_); }
  void on(const parley::ice::ResolveName& event);
  void on(const PeerConnection::ResolveHost& event);
  void on(const auto&) {}  // The rest is for other programs.

  void describe();
  parley::Time now() const { return shared_.loop.now(); }

  const Shared& shared_;
  std::string sid_;
  bool polite_;
  bool ignores_offer_ = false;  // Their last one; its candidates are ignored too.
  Sources theirs_;              // As they last said.
  std::string session_;         // Theirs; empty until their first description.
  PeerConnection pc_;
  FileMedia media_;
  // Carries what comes to the connection, and what it says to the sockets and to on().
  parley::io::PathDriver<PeerConnection> driver_;
  parley::io::Timer media_timer_;
};

}  // namespace native_call
