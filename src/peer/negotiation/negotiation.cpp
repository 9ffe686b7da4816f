#include "peer/negotiation/negotiation.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace parley::peer {
namespace {

std::unexpected<Error> fail(Error::Kind kind, std::string message) {
  return std::unexpected(Error{kind, std::move(message)});
}

std::unexpected<Error> wrong_state(SdpType type, SignalingState state) {
  return fail(Error::Kind::kInvalidState,
              fmt::format("an {} has no place in state {}", to_string(type), to_string(state)));
}

void add(DescriptionChanges& changes, DescriptionChanges more) {
  std::ranges::copy(more.tracks_added, std::back_inserter(changes.tracks_added));
  std::ranges::copy(more.tracks_removed, std::back_inserter(changes.tracks_removed));
  changes.settled |= more.settled;
}

}  // namespace

Negotiation::Negotiation(Config config, Random& random)
    : config_(std::move(config)),
      random_(&random),
      cname_(random.token(16)),
      session_id_(std::to_string(random.u64() >> 2)) {}  // 62 bits: RFC 8829, 5.2.1.

std::expected<DescriptionChanges, Error> Negotiation::set_local(SdpType type) {
  if (type == SdpType::kRollback) {
    if (state_ != SignalingState::kHaveLocalOffer) return wrong_state(type, state_);
    return roll_back();
  }
  const auto expected_state =
      type == SdpType::kOffer ? SignalingState::kStable : SignalingState::kHaveRemoteOffer;
  if (state_ != expected_state) return wrong_state(type, state_);
  if (!created_ || created_type_ != type) {
    return fail(Error::Kind::kInvalidModification, "this description was not made here");
  }
  pending_local_ = std::move(created_);
  created_.reset();
  learn(*pending_local_);
  if (type == SdpType::kAnswer) return settle();
  save_places();
  slots_ = created_slots_;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (!slots_[i].transceiver) continue;
    Transceiver& transceiver = *find_mutable(*slots_[i].transceiver);
    transceiver.section = i;
    transceiver.mid = slots_[i].mid;
  }
  state_ = SignalingState::kHaveLocalOffer;
  return DescriptionChanges{};
}

std::expected<DescriptionChanges, Error> Negotiation::set_remote(
    SdpType type, sdp::SessionDescription description) {
  if (type == SdpType::kRollback) {
    if (state_ != SignalingState::kHaveRemoteOffer) return wrong_state(type, state_);
    return roll_back();
  }
  // An offer that meets one of ours takes it back (perfect negotiation), and one that comes again
  // before it was answered takes the place of the first.
  const bool replaces = type == SdpType::kOffer && (state_ == SignalingState::kHaveLocalOffer ||
                                                    state_ == SignalingState::kHaveRemoteOffer);
  const auto expected_state =
      type == SdpType::kOffer ? SignalingState::kStable : SignalingState::kHaveLocalOffer;
  if (state_ != expected_state && !replaces) return wrong_state(type, state_);
  if (auto checked = check_remote(type, description); !checked) {
    return std::unexpected(checked.error());
  }
  DescriptionChanges changes;
  if (replaces) add(changes, roll_back());
  learn(description);
  if (type == SdpType::kOffer) {
    save_places();
    take_offer(description);
    state_ = SignalingState::kHaveRemoteOffer;
  }
  tell_tracks(description, changes);
  pending_remote_ = std::move(description);
  if (type == SdpType::kAnswer) add(changes, settle());
  return changes;
}

std::expected<void, Error> Negotiation::check_remote(
    SdpType type, const sdp::SessionDescription& description) const {
  const auto& sections = description.sections;
  if (sections.size() > config_.media.max_sections) {
    return fail(Error::Kind::kLimit, "the description has too many sections");
  }
  std::expected<void, sdp::NegotiationError> fits;
  if (type == SdpType::kAnswer) {
    fits = check_answer(*pending_local_, description);
  } else if (current_remote_) {
    fits = check_successor(*current_remote_, description);
  }
  if (!fits) {
    return fail(Error::Kind::kInvalidAccess,
                fmt::format("section {}: {}", fits.error().section, fits.error().reason));
  }
  for (std::size_t i = 0; i < sections.size(); ++i) {
    if (sections[i].is_rejected() || !is_bundled(description, sections[i])) continue;
    if (sections[i].ice_ufrag.empty() || sections[i].ice_pwd.empty() ||
        sections[i].fingerprints.empty()) {
      return fail(Error::Kind::kInvalidAccess,
                  fmt::format("section {}: it has no ICE credentials, or no fingerprint", i));
    }
  }
  return {};
}

// Whether the section goes over our one path: it is in the bundle, or alone.
bool Negotiation::is_bundled(const sdp::SessionDescription& description,
                             const sdp::MediaSection& section) {
  const auto first = std::ranges::find_if(
      description.sections, [](const sdp::MediaSection& other) { return !other.is_rejected(); });
  if (first == description.sections.end()) return false;
  if (&*first == &section) return true;
  const auto* const bundle = description.find_bundle(first->mid);
  return bundle != nullptr && std::ranges::find(*bundle, section.mid) != bundle->end();
}

void Negotiation::learn(const sdp::SessionDescription& description) {
  for (const sdp::MediaSection& section : description.sections) {
    payload_types_.learn(section.codecs);
    extension_ids_.learn(section.extensions);
  }
}

void Negotiation::take_offer(const sdp::SessionDescription& offer) {
  slots_.resize(offer.sections.size());
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const sdp::MediaSection& section = offer.sections[i];
    Slot& slot = slots_[i];
    slot.mid = section.mid;
    slot.data = section.is_data_channel() && !section.is_rejected();
    if (!section.is_rtp() || (section.is_rejected() && !slot.transceiver)) continue;
    if (slot.transceiver) continue;
    slot.transceiver = transceiver_for(section, i).id;
  }
}

// RFC 8829, 5.10: one that add_track() made and nobody has offered yet, or else a new one.
Transceiver& Negotiation::transceiver_for(const sdp::MediaSection& section, std::size_t index) {
  auto it = transceivers_.end();
  if (receives(section.direction)) {
    it = std::ranges::find_if(transceivers_, [&](const Transceiver& transceiver) {
      return transceiver.by_add_track && transceiver.kind == section.kind && !transceiver.section &&
             !transceiver.stopped;
    });
  }
  if (it == transceivers_.end()) {
    Transceiver& made = make_transceiver(section.kind, {.direction = Direction::kRecvOnly});
    made.by_peer = true;
    it = transceivers_.end() - 1;
  }
  it->section = index;
  it->mid = section.mid;
  return *it;
}

// The answer is there: what was pending is in force.
DescriptionChanges Negotiation::settle() {
  const bool we_answered = state_ == SignalingState::kHaveRemoteOffer;
  current_local_ = std::move(pending_local_);
  current_remote_ = std::move(pending_remote_);
  pending_local_.reset();
  pending_remote_.reset();
  we_offered_ = !we_answered;
  DescriptionChanges changes{.settled = true};
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const sdp::MediaSection& ours = current_local_->sections[i];
    const sdp::MediaSection& theirs = current_remote_->sections[i];
    const bool rejected = ours.is_rejected() || theirs.is_rejected();
    if (slots_[i].transceiver) {
      Transceiver& transceiver = *find_mutable(*slots_[i].transceiver);
      transceiver.stopped |= rejected;
      transceiver.current_direction =
          rejected ? Direction::kInactive
                   : intersection(ours.direction, reversed(theirs.direction));
      if (rejected && std::exchange(transceiver.told, false)) {
        changes.tracks_removed.push_back(transceiver.id);
      }
      if (rejected) transceiver.section.reset();
    }
    if (rejected) slots_[i] = {.mid = slots_[i].mid};
    if (rejected || setup_) continue;
    const sdp::Setup answered = (we_answered ? ours : theirs).setup.value_or(sdp::Setup::kActive);
    const bool is_answerer_active = answered == sdp::Setup::kActive;
    setup_ = is_answerer_active == we_answered ? sdp::Setup::kActive : sdp::Setup::kPassive;
  }
  settled_slots_ = slots_;
  state_ = SignalingState::kStable;
  return changes;
}

void Negotiation::tell_tracks(const sdp::SessionDescription& remote, DescriptionChanges& changes) {
  for (std::size_t i = 0; i < slots_.size() && i < remote.sections.size(); ++i) {
    if (!slots_[i].transceiver) continue;
    Transceiver& transceiver = *find_mutable(*slots_[i].transceiver);
    const sdp::MediaSection& section = remote.sections[i];
    const bool receives_now =
        !section.is_rejected() && sends(section.direction) && !transceiver.stopped;
    transceiver.remote_streams.clear();
    for (const sdp::Msid& msid : section.msids) {
      if (msid.stream != "-") transceiver.remote_streams.push_back(msid.stream);
      transceiver.remote_track = msid.track;
    }
    if (receives_now == transceiver.told) continue;
    transceiver.told = receives_now;
    (receives_now ? changes.tracks_added : changes.tracks_removed).push_back(transceiver.id);
  }
}

void Negotiation::save_places() {
  settled_slots_ = slots_;
  settled_places_.clear();
  for (const Transceiver& transceiver : transceivers_) {
    settled_places_.push_back(
        {transceiver.id, transceiver.section, transceiver.mid, transceiver.told});
  }
}

DescriptionChanges Negotiation::roll_back() {
  DescriptionChanges changes;
  slots_ = settled_slots_;
  pending_local_.reset();
  pending_remote_.reset();
  for (Transceiver& transceiver : transceivers_) {
    const auto place = std::ranges::find(settled_places_, transceiver.id, &Place::transceiver);
    const Place before = place == settled_places_.end() ? Place{} : *place;
    transceiver.section = before.section;
    transceiver.mid = before.mid;
    if (transceiver.told && !before.told) changes.tracks_removed.push_back(transceiver.id);
    if (!transceiver.told && before.told) changes.tracks_added.push_back(transceiver.id);
    transceiver.told = before.told;
  }
  std::erase_if(transceivers_, [&](const Transceiver& transceiver) {
    const bool is_new = std::ranges::find(settled_places_, transceiver.id, &Place::transceiver) ==
                        settled_places_.end();
    return is_new && transceiver.by_peer && !sends(transceiver.direction);
  });
  state_ = SignalingState::kStable;
  return changes;
}

bool Negotiation::is_needed() const {
  if (state_ != SignalingState::kStable) return false;
  const bool has_data = std::ranges::any_of(slots_, &Slot::data);
  if (wants_data_ && !has_data) return true;
  return std::ranges::any_of(transceivers_, [&](const Transceiver& each) { return differs(each); });
}

bool Negotiation::differs(const Transceiver& transceiver) const {
  if (!transceiver.section) return !transceiver.stopped;
  const std::size_t index = *transceiver.section;
  if (transceiver.stopped) return true;  // Its section is still in use.
  if (!current_local_ || index >= current_local_->sections.size()) return true;
  const Direction described = current_local_->sections[index].direction;
  const Direction possible = reversed(current_remote_->sections[index].direction);
  // What we offered is what we want, or all of it was agreed to. What we answered could be no more
  // than what was offered.
  if (we_offered_) return described != transceiver.direction && possible != transceiver.direction;
  return described != intersection(transceiver.direction, possible);
}

const sdp::SessionDescription* Negotiation::local() const {
  if (pending_local_) return &*pending_local_;
  return current_local_ ? &*current_local_ : nullptr;
}

const sdp::SessionDescription* Negotiation::remote() const {
  if (pending_remote_) return &*pending_remote_;
  return current_remote_ ? &*current_remote_ : nullptr;
}

SdpType Negotiation::local_type() const {
  const bool is_offer = pending_local_ ? state_ == SignalingState::kHaveLocalOffer : we_offered_;
  return is_offer ? SdpType::kOffer : SdpType::kAnswer;
}

SdpType Negotiation::remote_type() const {
  const bool is_offer = pending_remote_ ? state_ == SignalingState::kHaveRemoteOffer : !we_offered_;
  return is_offer ? SdpType::kOffer : SdpType::kAnswer;
}

std::vector<Agreement> Negotiation::agreements() const {
  std::vector<Agreement> agreements;
  if (!current_local_ || !current_remote_) return agreements;
  for (std::size_t i = 0; i < settled_slots_.size(); ++i) {
    if (!settled_slots_[i].transceiver) continue;
    const Transceiver* const transceiver = find(*settled_slots_[i].transceiver);
    if (transceiver == nullptr) continue;
    agreements.push_back(
        agree(*transceiver, current_local_->sections[i], current_remote_->sections[i]));
  }
  return agreements;
}

const sdp::MediaSection* Negotiation::agreed_data_section() const {
  if (!current_remote_) return nullptr;
  for (std::size_t i = 0; i < settled_slots_.size(); ++i) {
    if (settled_slots_[i].data) return &current_remote_->sections[i];
  }
  return nullptr;
}

const sdp::MediaSection* Negotiation::remote_transport() const {
  const sdp::SessionDescription* const description = remote();
  if (description == nullptr) return nullptr;
  const auto it = std::ranges::find_if(description->sections, [](const sdp::MediaSection& section) {
    return !section.is_rejected() && !section.ice_ufrag.empty();
  });
  return it == description->sections.end() ? nullptr : &*it;
}

}  // namespace parley::peer
