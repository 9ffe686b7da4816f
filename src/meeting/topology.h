#pragma once

#include <cstddef>
#include <optional>

#include "base/time.h"
#include "meeting/vocabulary.h"

namespace parley::meeting {

// Decides for one room how its media travels: from peer to peer, or over the server.
//
// To the server it goes at once, for people wait to see each other; back only when nothing has
// spoken for the server for a while, so that who leaves and comes again moves nobody.
class TopologyController {
 public:
  struct Config {
    bool media = false;          // Whether there is a server to go over.
    bool one_stream = false;     // Whether that can make one stream of everyone.
    std::size_t mesh_limit = 2;  // As many people are connected with each other directly.
    Duration back_after = std::chrono::seconds{30};
  };

  // What is true of the room.
  struct Facts {
    std::size_t people = 0;
    bool unconnected = false;  // Two who are there could not be connected directly.
    bool viewer = false;       // Somebody is there who may send neither sound nor picture.
    bool program = false;      // Somebody is there who speaks with this server alone.
    bool one_stream = false;   // Somebody is sent everyone in one stream.
    bool lecture = false;      // It is one: whatever its maker has asked for.

    friend bool operator==(const Facts&, const Facts&) = default;
  };

  struct Change {
    Topology topology = Topology::kP2p;
    TopologyReason reason = TopologyReason::kThird;

    friend bool operator==(const Change&, const Change&) = default;
  };

  // Peer to peer, always.
  TopologyController() = default;
  // `asked`: by the room's maker. What is not carried is taken as kAuto.
  TopologyController(Config config, Topology asked) : config_(config), asked_(asked) {}

  // Whether it can ever be the server.
  bool may_go_over_server() const {
    return config_.media && (asked_ != Topology::kP2p || facts_.lecture);
  }
  bool may_make_one_stream() const { return config_.one_stream && may_go_over_server(); }
  Topology topology() const { return topology_; }
  // Why that holds; nothing has changed yet where it is peer to peer and has always been.
  TopologyReason reason() const { return reason_; }
  // When handle_timeout() is to be called.
  Time deadline() const { return back_at_; }

  // The facts are these from now on. Gives what changes, if anything does.
  std::optional<Change> update(Time now, const Facts& facts);
  std::optional<Change> handle_timeout(Time now);

 private:
  // Why the facts want the server; none: they do not.
  std::optional<TopologyReason> reason_for_server() const;
  Change change_to(Topology topology, TopologyReason reason);

  Config config_ = {};
  Topology asked_ = Topology::kP2p;
  Facts facts_ = {};
  Topology topology_ = Topology::kP2p;
  TopologyReason reason_ = TopologyReason::kLeft;
  Time back_at_ = kNever;  // Set while it goes over the server, and nothing speaks for that.
};

}  // namespace parley::meeting
