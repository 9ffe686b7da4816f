#pragma once

#include <cstdlib>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "call.h"
#include "crypto/system_random.h"
#include "host.h"
#include "io/event_loop.h"
#include "signalling.h"
#include "srtp/provider.h"

namespace native_call {

// Ourselves in a meeting: joins, and has a call with each of the others.
class Participant final : private Signalling::Handler {
 public:
  // Both outlive it. It stops the loop when the meeting is over for us.
  Participant(parley::io::EventLoop& loop, const Files& files) : loop_(loop), files_(files) {}

  // The error is a sentence.
  std::expected<void, std::string> join(const Meeting& meeting, const std::string& name);
  void leave();

  int exit_status() const { return exit_status_; }

 private:
  void on_joined(std::string_view own_sid,
                 const std::vector<parley::peer::IceServer>& ice_servers) override;
  void on_participant(std::string_view sid, std::string_view name, bool came_first) override;
  void on_left(std::string_view sid) override;
  void on_description(std::string_view sid, const Description& description) override;
  void on_candidate(std::string_view sid, const std::optional<Candidate>& candidate) override;
  void on_closed(std::string_view reason) override;

  std::unique_ptr<Call> make_call(std::string_view sid);

  parley::io::EventLoop& loop_;
  const Files& files_;
  parley::crypto::SystemRandom random_;
  std::unique_ptr<parley::srtp::Provider> srtp_ = parley::srtp::Provider::make();
  std::unique_ptr<Signalling> signalling_;
  std::string own_sid_;
  std::optional<Shared> shared_;                        // Once we are in.
  std::map<std::string, std::unique_ptr<Call>> calls_;  // By the other's sid.
  int exit_status_ = EXIT_SUCCESS;
};

}  // namespace native_call
