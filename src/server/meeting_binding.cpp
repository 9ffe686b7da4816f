#include "server/meeting_binding.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace parley::server {

using meeting::ConnectionId;
using meeting::Rooms;

namespace {

meeting::RoomsConfig with(meeting::RoomsConfig config, const MediaDesk* media) {
  config.topology.media = config.topology.media && media != nullptr;
  return config;
}

}  // namespace

MeetingBinding::MeetingBinding(io::EventLoop& loop, meeting::RoomsConfig config, Random& random,
                               Storage* storage, MediaDesk* media)
    : loop_(loop),
      rooms_(with(config, media), random),
      storage_(storage,
               [this](std::uint64_t ticket, meeting::StoreReply reply) {
                 handle(Rooms::FromStore{ticket, std::move(reply)});
               }),
      media_(media),
      timer_(loop, [this] {
        rooms_.handle_timeout(loop_.now());
        drain_outputs();
      }) {
  if (media_ == nullptr) return;
  media_->set_listener([this](meeting::FromMedia event) { handle(std::move(event)); });
}

ConnectionId MeetingBinding::add(Door& door, meeting::Identity identity, std::string address) {
  auto place = std::ranges::find(doors_, &door);
  if (place == doors_.end()) place = std::ranges::find(doors_, nullptr);
  PARLEY_ASSERT(place != doors_.end());
  *place = &door;
  const ConnectionId id{++last_ * kMaxDoors + static_cast<std::size_t>(place - doors_.begin())};
  handle(Rooms::Came{id, std::move(identity), std::move(address)});
  return id;
}

void MeetingBinding::said(ConnectionId from, std::string_view event, Json body,
                          std::optional<std::int64_t> ack) {
  std::optional<meeting::JoinClaim> claim;
  if (event == meeting::Join::kEvent) {
    const Json* const token = body.find("token");
    if (token != nullptr && token->as_string() != nullptr)
      claim = verify_token_(*token->as_string());
  }
  handle(Rooms::Said{from, std::string(event), std::move(body), ack, std::move(claim)});
}

void MeetingBinding::lost(ConnectionId connection, bool may_recover) {
  handle(Rooms::Lost{connection, may_recover});
}

void MeetingBinding::recovered(ConnectionId connection) {
  handle(Rooms::Recovered{connection});
}

void MeetingBinding::close(std::string reason) {
  handle(Rooms::Close{std::move(reason)});
}

void MeetingBinding::room_changed(std::string_view room) {
  handle(Rooms::RoomChanged{std::string(room)});
}

void MeetingBinding::room_deleted(std::string_view room) {
  handle(Rooms::RoomDeleted{std::string(room)});
}

void MeetingBinding::handle(Rooms::Input input) {
  rooms_.handle_input(loop_.now(), std::move(input));
  drain_outputs();
}

void MeetingBinding::drain_outputs() {
  if (std::exchange(draining_, true)) return;
  drain(rooms_,
        [&](Rooms::Output output) { std::visit([&](auto& effect) { perform(effect); }, output); });
  draining_ = false;
  timer_.arm(rooms_.next_deadline());
}

void MeetingBinding::perform(const meeting::Tell& tell) {
  const Json body = meeting::body_of(tell.event);
  std::vector<ConnectionId> behind_it;
  for (Door* const door : doors_) {
    behind_it.clear();
    std::ranges::copy_if(tell.to, std::back_inserter(behind_it),
                         [&](ConnectionId to) { return &door_of(to) == door; });
    if (!behind_it.empty()) door->tell(behind_it, meeting::name_of(tell.event), body);
  }
}

void MeetingBinding::perform(const meeting::Answer& answer) {
  door_of(answer.to).answer(answer.to, answer.ack, meeting::answer_body(answer.reply));
}

void MeetingBinding::perform(meeting::Admit& admit) {
  Door& door = door_of(admit.to);
  admit.welcome.ice_servers = door.ice_servers(admit.to, admit.welcome.sid);
  if (admit.ack) return door.answer(admit.to, *admit.ack, answer_body(admit.welcome));
  door.tell(std::array{admit.to}, "admitted", to_json(admit.welcome));
}

void MeetingBinding::perform(const meeting::GiveIceServers& give) {
  Door& door = door_of(give.to);
  door.answer(give.to, give.ack,
              answer_body(meeting::IceServersReply{door.ice_servers(give.to, give.sid)}));
}

void MeetingBinding::perform(const meeting::Forget& forget) {
  door_of(forget.connection).forget(forget.connection);
}

void MeetingBinding::perform(meeting::ToStore& request) {
  storage_.ask(std::move(request));
}

void MeetingBinding::perform(meeting::ToMedia& request) {
  media_->carry_out(std::move(request));
}

Door& MeetingBinding::door_of(ConnectionId connection) const {
  return *doors_.at(connection.value % kMaxDoors);
}

}  // namespace parley::server
