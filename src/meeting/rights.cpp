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

Outcome judge(const Permissions& permissions, const SendDescription& description) {
  if (!description.sources) return std::nullopt;
  for (const auto& [mid, source] : *description.sources) {
    if (!permits(permissions, source)) return needs(false, "sources." + mid);
  }
  return std::nullopt;
}

// A variant of any commands.
template <class... Commands>
Outcome judge_any(Role role, const Permissions& permissions,
                  const std::variant<Commands...>& command) {
  const bool host = is_host(role);
  return std::visit(
      overloaded{
          [&](const ChangeSettings&) { return needs(host); },
          [&](const AdmitPeople&) { return needs(host); },
          [&](const RefusePeople&) { return needs(host); },
          [&](const RemoveParticipant&) { return needs(host); },
          [&](const Mute&) { return needs(host); }, [&](const Ask&) { return needs(host); },
          [&](const Permit&) { return needs(host); }, [&](const End&) { return needs(host); },
          [&](const ChangeRole&) { return needs(role == Role::kOwner); },
          [&](const ChangeHand& hand) { return needs(!hand.sid || host, "sid"); },
          [&](const SetMedia& media) { return judge(permissions, media); },
          [&](const SendDescription& description) { return judge(permissions, description); },
          [&](const SendChat&) { return needs(permissions.chat); },
          [&](const EditChat&) { return needs(permissions.chat); },
          [&](const DeleteChat&) { return needs(permissions.chat); },
          [&](const ChangeTodos&) { return needs(permissions.todo); },
          [](const auto&) { return Outcome(); },  // Everyone may.
      },
      command);
}

}  // namespace

Permissions permissions_of(Role role, const std::optional<Permissions>& own,
                           const RoomSettings& settings) {
  if (is_host(role)) return {};
  return own.value_or(settings.permissions);
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

std::optional<Refusal> refusal_of(Role role, const Permissions& permissions,
                                  const Command& command) {
  return judge_any(role, permissions, command);
}

std::optional<Refusal> refusal_of(Role role, const Permissions& permissions,
                                  const StoredCommand& command) {
  return judge_any(role, permissions, command);
}

}  // namespace parley::meeting
