#include "mcu/picture_room.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/overloaded.h"

namespace parley::mcu {
namespace {

constexpr std::uint8_t kInputEncodings = 3;
constexpr Duration kChooseInterval = std::chrono::milliseconds{500};
// From a key frame that is asked for to the picture: longer, and something is wrong with it.
constexpr Duration kMaxIncomplete = std::chrono::milliseconds{1'500};
// Of what a quality is to cost at most: with less, the next smaller one looks better.
constexpr double kLeast = 0.53;

InputId input_of(sfu::ParticipantId who, sfu::Source source) {
  return {.person = {who.value},
          .source = source == sfu::Source::kScreen ? Source::kScreen : Source::kCamera};
}

sfu::Source source_of(InputId input) {
  return input.source == Source::kScreen ? sfu::Source::kScreen : sfu::Source::kCamera;
}

// Each quality in H.264 as well, behind the others.
VideoMixer::Config with_spare(VideoMixer::Config config) {
  const std::size_t count = config.qualities.size();
  for (std::size_t i = 0; i < count; ++i) {
    OutputStream::Config quality = config.qualities[i];
    quality.format = codec::Format::kH264;
    quality.temporal_layers = false;
    config.qualities.push_back(quality);
  }
  return config;
}

// The mixer's qualities from `first` on, the largest of which is the first.
PublishedPicture::Config config_of(sfu::ParticipantId id, codec::Format format,
                                   const VideoMixer::Config& config, std::size_t first) {
  PublishedPicture::Config published{
      .id = id, .format = format, .spare = format != codec::Format::kVp8};
  for (std::size_t i = config.qualities.size(); i-- > 0;) {
    const DataRate most = config.qualities[i].rate;
    published.qualities.push_back(first + i);
    published.rates.bounds.push_back({.least = most * kLeast, .most = most});
  }
  return published;
}

}  // namespace

PictureRoom::PictureRoom(sfu::RoomId id, const VideoMixer::Config& config,
                         const Surroundings& around)
    : RoomMixer(id, around),
      mode_(config.mode),
      mixer_(with_spare(config), around.codecs, around.fonts) {
  published_.emplace_back(config_of(picture_id(id), codec::Format::kVp8, config, 0), links_,
                          around.random);
  published_.emplace_back(
      config_of(spare_picture_id(id), codec::Format::kH264, config, config.qualities.size()),
      links_, around.random);
}

// The spare one is told once the other one is there: nobody takes it for want of that.
void PictureRoom::link(sfu::NodeId node) {
  if (!links_.add(node)) return;
  links_.tell(node, {}, sfu::relay::Listening{true});
  published_.front().publish(node);
  update_needs();
}

void PictureRoom::leave() {
  for (PublishedPicture& picture : published_) picture.leave();
  for (const sfu::NodeId node : links_.nodes()) {
    links_.tell(node, {}, sfu::relay::Listening{false});
  }
}

// --- Who is there

void PictureRoom::describe(Time now, sfu::ParticipantId who, const Looks& looks) {
  Person& person = people_[who];
  person.looks = looks;
  person.is_here = true;
  if (!began_) began_ = now;
  choose_mode();
  update(now, who, person);
}

void PictureRoom::forget(Time now, sfu::ParticipantId who) {
  gone(now, who);
  people_.erase(who);
  mixer_.remove_person({who.value});
  choose_mode();
}

void PictureRoom::choose_mode() {
  const bool is_lecture =
      std::ranges::any_of(people_, [](const auto& person) { return person.second.looks.lectures; });
  mixer_.set_mode(is_lecture ? LayoutMode::kLecture : mode_);
}

// Somebody who publishes is drawn once it is told who they are.
void PictureRoom::update(Time now, sfu::ParticipantId who, const Person& person) {
  if (!person.is_here) return;
  mixer_.set_person(now, {.id = {who.value},
                          .name = person.looks.name,
                          .muted = person.looks.muted,
                          .speaks = person.speaks,
                          .has_camera = shows(now, who, sfu::Source::kCamera, person.looks.camera),
                          .has_screen = shows(now, who, sfu::Source::kScreen, person.looks.screen),
                          .lectures = person.looks.lectures});
  drain(now);
}

// Who switches it off says so before the last of it has come, and long before its node takes it for
// ended: from then on it is neither drawn nor asked for.
bool PictureRoom::shows(Time now, sfu::ParticipantId who, sfu::Source source, bool is_on) {
  const PictureInput* const input = find(input_of(who, source));
  if (input != nullptr && !is_on && input->is_wanted()) {
    on(now, VideoMixer::WantsSize{.input = input_of(who, source)});
  }
  return input != nullptr && is_on;
}

// --- What nodes tell

void PictureRoom::handle_relayed(Time now, sfu::NodeId from, sfu::RelayMessage& message,
                                 Bytes packet) {
  const sfu::ParticipantId who = message.publisher;
  if (const auto* const heard = std::get_if<sfu::relay::Heard>(&message.what)) {
    return on(now, who, *heard);  // By no node that carries the room.
  }
  link(from);
  std::visit(
      overloaded{
          [&](const sfu::relay::Track& track) { on(now, from, who, track); },
          [&](const sfu::relay::TrackEnded& ended) { on(now, who, ended); },
          [&](const sfu::relay::Packet& one) { on(now, who, one, packet); },
          [&](const sfu::relay::Report& report) { on(who, report); },
          [&](const sfu::relay::Order& order) { on(now, who, order); },
          [&](const sfu::relay::Gone&) { gone(now, who); },
          [&](const sfu::relay::Needs& needs) { on(from, who, needs); },
          [&](const sfu::relay::Budgets& budgets) { on(now, from, who, budgets); },
          [&](const sfu::relay::Asked& asked) { on(asked); }, [](const auto&) {},  // Messages.
      },
      message.what);
}

void PictureRoom::on(Time now, sfu::NodeId from, sfu::ParticipantId who,
                     const sfu::relay::Track& track) {
  if (track.mix) return;
  links_.tell(from, who, sfu::relay::Needs{.source = track.source, .encodings = 0});
  if (!is_video(track.source)) return;
  Person& person = people_[who];
  if (person.inputs.erase(track.source) > 0) update(now, who, person);  // It begins anew.
  person.inputs.emplace(track.source, PictureInput(track, from));
  update(now, who, person);
}

void PictureRoom::on(Time now, sfu::ParticipantId who, const sfu::relay::TrackEnded& ended) {
  const auto found = people_.find(who);
  if (found == people_.end() || found->second.inputs.erase(ended.source) == 0) return;
  update(now, who, found->second);
  if (!found->second.is_here && found->second.inputs.empty()) people_.erase(found);
}

void PictureRoom::gone(Time now, sfu::ParticipantId who) {
  const auto found = people_.find(who);
  if (found == people_.end()) return;
  found->second.inputs.clear();
  update(now, who, found->second);
  if (!found->second.is_here) people_.erase(found);
}

void PictureRoom::on(Time now, sfu::ParticipantId who, const sfu::relay::Packet& packet,
                     Bytes bytes) {
  if (!is_video(packet.source)) return;
  if (packet.arrived) return;  // Sound would wait for what is as late.
  ++counters_.packets;
  const InputId id = input_of(who, packet.source);
  PictureInput* const input = find(id);
  if (input == nullptr) {
    ++counters_.of_nobody;
    return;
  }
  const auto view = rtp::PacketView::parse(bytes);
  const auto read = view ? input->read(now, *view, packet.encoding) : std::nullopt;
  if (!read) {
    ++counters_.unreadable;
    return;
  }
  mixer_.handle_input(now, {.from = id, .packet = *read});
}

void PictureRoom::on(sfu::ParticipantId who, const sfu::relay::Report& report) {
  if (!is_video(report.source)) return;
  if (PictureInput* const input = find(input_of(who, report.source))) {
    input->handle_report(report);
  }
}

// What is needed may be another encoding now.
void PictureRoom::on(Time now, sfu::ParticipantId who, const sfu::relay::Order& order) {
  if (!is_video(order.source)) return;
  const InputId id = input_of(who, order.source);
  PictureInput* const input = find(id);
  if (input == nullptr) return;
  input->set_order(order.order);
  ask_for(now, id, *input);
}

// A mixer of sound, which hears all of the room, says so many times a second.
void PictureRoom::on(Time now, sfu::ParticipantId who, const sfu::relay::Heard& heard) {
  const auto found = people_.find(who);
  if (found == people_.end()) return;
  Person& person = found->second;
  if (std::exchange(person.speaks, heard.speaks) != heard.speaks) update(now, who, person);
  if (!heard.captured) return;
  for (const auto& [source, input] : person.inputs) {
    for (std::uint8_t encoding = 0; encoding < kInputEncodings; ++encoding) {
      const auto timestamp = input.timestamp_at(encoding, *heard.captured);
      if (!timestamp) continue;
      mixer_.set_pace(input_of(who, source), encoding, {.timestamp = *timestamp, .due = heard.at});
    }
  }
}

PictureInput* PictureRoom::find(InputId input) {
  const auto person = people_.find({input.person.value});
  if (person == people_.end()) return nullptr;
  const auto found = person->second.inputs.find(source_of(input));
  return found == person->second.inputs.end() ? nullptr : &found->second;
}

// --- What is asked of us

PublishedPicture* PictureRoom::published_as(sfu::ParticipantId mix) {
  const auto found = std::ranges::find(
      published_, mix, [](const PublishedPicture& picture) { return picture.config().id; });
  return found == published_.end() ? nullptr : &*found;
}

void PictureRoom::on(sfu::NodeId from, sfu::ParticipantId mix, const sfu::relay::Needs& needs) {
  PublishedPicture* const picture = published_as(mix);
  if (picture != nullptr && picture->handle_needs(from, needs.encodings)) update_needs();
}

void PictureRoom::on(Time now, sfu::NodeId from, sfu::ParticipantId mix,
                     const sfu::relay::Budgets& budgets) {
  PublishedPicture* const picture = published_as(mix);
  if (picture == nullptr || !picture->handle_budgets(now, from, budgets.viewers)) return;
  const std::vector<std::size_t>& qualities = picture->config().qualities;
  for (std::size_t i = 0; i < qualities.size(); ++i) {
    mixer_.set_rate(qualities[i], picture->rate(i));
  }
}

// What was lost on the way is little, and what came after it leans on it: a key frame mends both.
void PictureRoom::on(const sfu::relay::Asked& asked) {
  if (!asked.feedback.key_frame) return;
  for (const PublishedPicture& picture : published_) {
    const auto encoding = picture.find(asked.feedback.ssrc);
    if (encoding) mixer_.request_key_frame(picture.config().qualities[*encoding]);
  }
}

void PictureRoom::update_needs() {
  for (const PublishedPicture& picture : published_) {
    const std::vector<std::size_t>& qualities = picture.config().qualities;
    for (std::size_t i = 0; i < qualities.size(); ++i) {
      mixer_.set_needed(qualities[i], picture.is_needed(i));
    }
  }
}

// --- What comes of it

void PictureRoom::handle_timeout(Time now) {
  if (choose_at_ <= now) choose(now);
  mixer_.handle_timeout(now);
  drain(now);
  if (shown_ || !is_complete(now)) return;
  shown_ = true;  // From the next picture on.
  for (const std::size_t quality : published_.front().config().qualities) {
    mixer_.begin_anew(quality);
  }
}

// Encodings come and go as their sender's link and ours allow.
void PictureRoom::choose(Time now) {
  choose_at_ = now + kChooseInterval;
  for (auto& [who, person] : people_) {
    for (auto& [source, input] : person.inputs) {
      mixer_.choose(input_of(who, source), input.best(now));
    }
  }
}

void PictureRoom::drain(Time now) {
  while (const auto output = mixer_.poll_output()) {
    std::visit([&](const auto& one) { on(now, one); }, *output);
  }
}

void PictureRoom::on(Time now, const VideoMixer::WantsSize& wants) {
  PictureInput* const input = find(wants.input);
  if (input == nullptr) return;
  input->want(wants.size);
  ask_for(now, wants.input, *input);
}

void PictureRoom::ask_for(Time now, InputId id, const PictureInput& input) {
  links_.tell(input.home(), {id.person.value},
              sfu::relay::Needs{.source = source_of(id), .encodings = input.needed()});
  mixer_.choose(id, input.best(now));
}

void PictureRoom::on(Time, const VideoMixer::NeedsKeyFrame& needs) {
  PictureInput* const input = find(needs.input);
  const auto ssrc = input == nullptr ? std::nullopt : input->ssrc(needs.encoding);
  if (!ssrc) return;  // Nothing of it has come; what comes first is asked for again.
  links_.tell(input->home(), {needs.input.person.value},
              sfu::relay::Asked{.source = source_of(needs.input),
                                .feedback = {.ssrc = *ssrc, .key_frame = true}});
}

bool PictureRoom::is_complete(Time now) const {
  if (began_ && now - *began_ > kMaxIncomplete) return true;
  for (const auto& [who, person] : people_) {
    for (const auto& [source, input] : person.inputs) {
      const auto counters = mixer_.input_counters(input_of(who, source));
      if (person.is_here && input.is_wanted() && (!counters || counters->decoded == 0))
        return false;
    }
  }
  return true;
}

void PictureRoom::on(Time, const VideoMixer::Encoded& encoded) {
  if (!shown_) return;
  for (PublishedPicture& picture : published_) picture.send(encoded);
  for (const sfu::NodeId node : links_.nodes()) {
    if (published_.front().has_been_sent(node)) published_.back().publish(node);
  }
}

void PictureRoom::handle_load(Time now, Duration took) {
  mixer_.handle_load(now, took);
  for (PublishedPicture& picture : published_) picture.set_reduced(is_reduced());
}

RoomMixer::Counters PictureRoom::counters() const {
  Counters counters = counters_;
  counters.packets_out = links_.packets();
  counters.video = mixer_.counters();
  counters.overloaded = is_reduced() ? 1 : 0;
  return counters;
}

}  // namespace parley::mcu
