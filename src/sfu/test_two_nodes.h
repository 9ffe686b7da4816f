#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sfu/test_meeting.h"

// For tests of this folder: one room on two nodes.
namespace parley::sfu {

// Two nodes, each with a network and people of its own, in step.
class TwoNodes {
 public:
  explicit TwoNodes(std::uint64_t seed, const Node::Config& config = {})
      : nodes{TestMeeting(seed, config), TestMeeting(seed + 100, config)} {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      nodes[i].relay = [this, i](Node::Relay& relay) { carry(i, relay); };
    }
  }
  // Their room is on both from now on.
  void link() {
    for (std::size_t i = 0; i < nodes.size(); ++i) tell_of_other(i);
    for (TestMeeting& each : nodes) each.flush();
    deliver();
  }
  // So it is, to what this node was told; what it says goes to the other at once.
  void link(std::size_t node) {
    tell_of_other(node);
    nodes[node].flush();
    deliver();
  }
  void run(Duration limit) {
    run_until(limit, [] { return false; });
  }
  bool run_until(Duration limit, const std::function<bool()>& done) {
    for (Duration passed{}; passed < limit && !done(); passed += kStep) {
      for (TestMeeting& each : nodes) each.run(kStep);
      deliver();
    }
    return done();
  }
  bool connect_all() {
    return run_until(std::chrono::seconds{5}, [&] {
      return std::ranges::all_of(nodes,
                                 [](TestMeeting& each) { return each.connect_all(Duration{}); });
    });
  }
  std::vector<std::string> broken() const {
    std::vector<std::string> all = nodes[0].broken();
    const std::vector<std::string> more = nodes[1].broken();
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  TestClient& at(std::size_t node, std::uint64_t id) { return nodes[node].at(id); }
  std::uint64_t pictures(std::size_t node, std::uint64_t viewer, std::uint64_t of) {
    return at(node, viewer).frames_of({of}, true);
  }
  // Whether somebody of `node` is shown `of`.
  bool shows(std::size_t node, std::uint64_t viewer, std::uint64_t of) {
    return std::ranges::any_of(nodes[node].shown(viewer), [&](const auto& slot) {
      return slot.second.participant == ParticipantId{of};
    });
  }

  static constexpr Duration kStep = std::chrono::milliseconds{1};
  std::array<TestMeeting, 2> nodes;
  std::array<std::uint64_t, 2> packets = {};  // That left a node for the other.
  std::array<std::uint64_t, 2> bytes = {};
  std::array<std::uint64_t, 2> messages = {};  // Packets among them.
  std::function<bool(RelayMessage&)> drop = [](RelayMessage&) { return false; };

 private:
  static NodeId number(std::size_t node) { return {node + 1}; }

  void tell_of_other(std::size_t node) {
    nodes[node].node.link_room(TestMeeting::kRoom, number(1 - node));
  }

  void carry(std::size_t from, Node::Relay& relay) {
    EXPECT_EQ(relay.node, number(1 - from));
    under_way_.emplace_back(from, thinned(from, std::move(relay.batch)));
  }
  // What the way loses is taken out of it.
  RelayBatch thinned(std::size_t from, RelayBatch batch) {
    RelayBatch kept;
    Bytes rest = batch.bytes;
    for (RelayMessage& message : batch.messages) {
      const auto* const packet = std::get_if<relay::Packet>(&message.what);
      const Bytes its = rest.first(packet == nullptr ? 0 : packet->size);
      rest = rest.subspan(its.size());
      ++messages[from];
      packets[from] += packet == nullptr ? 0 : 1;
      bytes[from] += its.size();
      if (packet != nullptr && drop(message)) continue;
      kept.messages.push_back(std::move(message));
      kept.bytes.insert(kept.bytes.end(), its.begin(), its.end());
    }
    EXPECT_TRUE(rest.empty());
    return kept;
  }
  void deliver() {
    while (!under_way_.empty()) {
      auto [from, batch] = std::move(under_way_.front());
      under_way_.pop_front();
      TestMeeting& to = nodes[1 - from];
      to.node.handle_relay(to.now, number(from), std::move(batch));
      to.flush();
    }
  }

  std::deque<std::pair<std::size_t, RelayBatch>> under_way_;
};

}  // namespace parley::sfu
