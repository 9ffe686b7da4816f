#include "participant.h"

#include <fmt/format.h>

#include "io/clock.h"

namespace native_call {

using namespace parley;

std::expected<void, std::string> Participant::join(const Meeting& meeting,
                                                   const std::string& name) {
  auto signalling = Signalling::connect(loop_, random_, meeting.host, *this);
  if (!signalling) return std::unexpected(signalling.error());
  signalling_ = *std::move(signalling);
  signalling_->join(meeting.room, name, files_.sound.has_value(), files_.picture.has_value());
  return {};
}

// The loop ends with what this turn has to say still sent.
void Participant::leave() {
  for (const auto& [sid, call] : calls_) call->close();
  signalling_->leave();
  loop_.stop();
}

void Participant::on_joined(std::string_view own_sid,
                            const std::vector<peer::IceServer>& ice_servers) {
  if (shared_) return;
  fmt::print("joined as {}\n", own_sid);
  own_sid_ = own_sid;
  shared_.emplace(Shared{.loop = loop_,
                         .random = random_,
                         .srtp = *srtp_,
                         .signalling = *signalling_,
                         .files = files_,
                         .certificate = dtls::Certificate::make(io::wall_now(), random_),
                         .ice_servers = ice_servers});
}

// Of two offers that meet, that of the smaller id stands.
std::unique_ptr<Call> Participant::make_call(std::string_view sid) {
  return std::make_unique<Call>(*shared_, std::string(sid), own_sid_ > sid);
}

void Participant::on_participant(std::string_view sid, std::string_view name, bool came_first) {
  if (!shared_) return;
  fmt::print("{} is {}\n", sid, name);
  auto& call = calls_[std::string(sid)];
  call = make_call(sid);
  if (came_first) call->start();
}

void Participant::on_left(std::string_view sid) {
  fmt::print("{}: left\n", sid);
  calls_.erase(std::string(sid));
}

void Participant::on_description(std::string_view sid, const Description& description) {
  const auto call = calls_.find(std::string(sid));
  if (call == calls_.end()) return;
  // Whoever has loaded the page again comes with a new connection; the old one leads nowhere.
  if (call->second->is_of_another(description)) call->second = make_call(sid);
  call->second->handle(description);
}

void Participant::on_candidate(std::string_view sid, const std::optional<Candidate>& candidate) {
  const auto call = calls_.find(std::string(sid));
  if (call != calls_.end()) call->second->handle(candidate);
}

void Participant::on_closed(std::string_view reason) {
  fmt::print(stderr, "{}\n", reason);
  exit_status_ = EXIT_FAILURE;
  loop_.stop();
}

}  // namespace native_call
