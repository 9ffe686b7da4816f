#include "meeting/rights.h"

#include "base/overloaded.h"

namespace parley::meeting {
namespace {

using Outcome = std::optional<Refusal>;

Outcome needs(bool right) {
  if (right) return std::nullopt;
  return Refusal::of(Code::kForbidden);
}

Outcome needs(bool right, std::string_view field) {
  if (right) return std::nullopt;
  return Refusal::of(Code::kForbidden, field);
}

Outcome judge(const Permissions& permissions, const SetMedia& media) {
  if (media.micinf && !permissions.microphone) return needs(false, "micinf");
  if (media.vidinf && !permissions.camera) return needs(false, "vidinf");
  return needs(!media.scrinf || permissions.screen, "scrinf");
}

Outcome judge(const Permissions& permissions, bool on_stage, const SendDescription& description) {
  if (!on_stage) return needs(false);
  if (!description.sources) return std::nullopt;
  for (const auto& [mid, source] : *description.sources) {
    if (!permits(permissions, source)) return needs(false, "sources." + mid);
  }
  return std::nullopt;
}

// A variant of any commands.
template <class... Commands>
Outcome judge_any(const Participant& from, const std::variant<Commands...>& command) {
  const Permissions& permissions = from.permissions;
  const bool host = is_host(from.role);
  return std::visit(
      overloaded{
          [&](const ChangeSettings&) { return needs(host); },
          [&](const AdmitPeople&) { return needs(host); },
          [&](const RefusePeople&) { return needs(host); },
          [&](const RemoveParticipant&) { return needs(host); },
          [&](const Mute&) { return needs(host); },
          [&](const Ask&) { return needs(host); },
          [&](const Permit&) { return needs(host); },
          [&](const End&) { return needs(host); },
          [&](const ChangeRole&) { return needs(from.role == Role::kOwner); },
          [&](const ChangeStage& stage) { return needs(host || (!stage.sid && !stage.on)); },
          [&](const ReadRoster&) { return needs(from.on_stage); },
          [&](const ChangeHand& hand) { return needs(!hand.sid || host, "sid"); },
          [&](const SetMedia& media) { return judge(permissions, media); },
          [&](const SendDescription& description) {
            return judge(permissions, from.on_stage, description);
          },
          [&](const SendCandidate&) { return needs(from.on_stage); },
          [&](const SendChat&) { return needs(permissions.chat); },
          [&](const EditChat&) { return needs(permissions.chat); },
          [&](const DeleteChat&) { return needs(permissions.chat); },
          [&](const ChangeTodos&) { return needs(permissions.todo); },
          [&](const AskQuestion&) { return needs(permissions.chat); },
          [&](const JudgeQuestion&) { return needs(host); },
          [](const auto&) { return Outcome(); },  // Everyone may.
      },
      command);
}

}  // namespace

bool belongs_on_stage(Role role, bool invited, const RoomSettings& settings) {
  return !settings.lecture || is_host(role) || invited;
}

Permissions permissions_of(Role role, const std::optional<Permissions>& own,
                           const RoomSettings& settings, bool on_stage) {
  if (is_host(role)) return {};
  Permissions permissions = own.value_or(settings.permissions);
  if (!on_stage) permissions.microphone = permissions.camera = permissions.screen = false;
  return permissions;
}

bool permits_media(const Permissions& permissions) {
  return permissions.microphone || permissions.camera || permissions.screen;
}

bool permits(const Permissions& permissions, HostedSource source) {
  switch (source) {
    case HostedSource::kMicrophone: return permissions.microphone;
    case HostedSource::kCamera: return permissions.camera;
    case HostedSource::kScreen: return permissions.screen;
  }
  std::unreachable();
}

bool permits(const Permissions& permissions, Source source) {
  switch (source) {
    case Source::kMicrophone: return permissions.microphone;
    case Source::kCamera: return permissions.camera;
    case Source::kScreen:
    case Source::kScreenAudio: return permissions.screen;
  }
  std::unreachable();
}

SetMedia permitted_part(const SetMedia& media, const Permissions& permissions) {
  return {.micinf = media.micinf && permissions.microphone,
          .vidinf = media.vidinf && permissions.camera,
          .scrinf = media.scrinf && permissions.screen};
}

std::optional<Refusal> refusal_of(const Participant& from, const Command& command) {
  return judge_any(from, command);
}

std::optional<Refusal> refusal_of(const Participant& from, const StoredCommand& command) {
  return judge_any(from, command);
}

}  // namespace parley::meeting
