#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "meeting/vocabulary.h"

// What hosts do to a room and to those in it, and what comes of it; hands and reactions.
namespace parley::meeting {

// ---- From the client

struct ChangeSettings {
  static constexpr std::string_view kEvent = "settings";

  std::optional<bool> locked = {};
  std::optional<bool> waiting_room = {};
  std::optional<bool> members_only = {};
  std::optional<Permissions> permissions = {};
  std::optional<bool> lecture = {};

  static constexpr auto fields() {
    return std::tuple(field("locked", &ChangeSettings::locked),
                      field("waitingRoom", &ChangeSettings::waiting_room),
                      field("membersOnly", &ChangeSettings::members_only),
                      field("permissions", &ChangeSettings::permissions),
                      field("lecture", &ChangeSettings::lecture));
  }
  friend bool operator==(const ChangeSettings&, const ChangeSettings&) = default;
};

struct AdmitPeople {
  static constexpr std::string_view kEvent = "admit";

  std::vector<std::string> sids = {};

  static constexpr auto fields() { return std::tuple(field("sids", &AdmitPeople::sids, kSids)); }
  friend bool operator==(const AdmitPeople&, const AdmitPeople&) = default;
};

struct RefusePeople {
  static constexpr std::string_view kEvent = "refuse";

  std::vector<std::string> sids = {};

  static constexpr auto fields() { return std::tuple(field("sids", &RefusePeople::sids, kSids)); }
  friend bool operator==(const RefusePeople&, const RefusePeople&) = default;
};

struct RemoveParticipant {
  static constexpr std::string_view kEvent = "remove";

  std::string sid = {};

  static constexpr auto fields() {
    return std::tuple(field("sid", &RemoveParticipant::sid, kSidLength));
  }
  friend bool operator==(const RemoveParticipant&, const RemoveParticipant&) = default;
};

struct Mute {
  static constexpr std::string_view kEvent = "mute";

  HostedSource source = HostedSource::kMicrophone;
  std::optional<std::string> sid = {};  // None: everyone but the hosts and oneself.

  static constexpr auto fields() {
    return std::tuple(field("source", &Mute::source), field("sid", &Mute::sid, kSidLength));
  }
  friend bool operator==(const Mute&, const Mute&) = default;
};

struct Ask {
  static constexpr std::string_view kEvent = "ask";

  std::string sid = {};
  HostedSource source = HostedSource::kMicrophone;
  bool on = false;

  static constexpr auto fields() {
    return std::tuple(field("sid", &Ask::sid, kSidLength), field("source", &Ask::source),
                      field("on", &Ask::on));
  }
  friend bool operator==(const Ask&, const Ask&) = default;
};

struct Permit {
  static constexpr std::string_view kEvent = "permit";

  std::string sid = {};
  Permissions permissions = {};

  static constexpr auto fields() {
    return std::tuple(field("sid", &Permit::sid, kSidLength),
                      field("permissions", &Permit::permissions));
  }
  friend bool operator==(const Permit&, const Permit&) = default;
};

struct ChangeRole {
  static constexpr std::string_view kEvent = "role";

  std::string sid = {};
  Role role = Role::kParticipant;

  static constexpr auto fields() {
    return std::tuple(field("sid", &ChangeRole::sid, kSidLength), field("role", &ChangeRole::role));
  }
  friend bool operator==(const ChangeRole&, const ChangeRole&) = default;
};

struct End {
  static constexpr std::string_view kEvent = "end";

  static constexpr auto fields() { return std::tuple(); }
  friend bool operator==(const End&, const End&) = default;
};

struct ChangeHand {
  static constexpr std::string_view kEvent = "hand";

  bool raised = false;
  std::optional<std::string> sid = {};  // None: one's own.

  static constexpr auto fields() {
    return std::tuple(field("raised", &ChangeHand::raised),
                      field("sid", &ChangeHand::sid, kSidLength));
  }
  friend bool operator==(const ChangeHand&, const ChangeHand&) = default;
};

struct React {
  static constexpr std::string_view kEvent = "react";

  std::string emoji = {};

  static constexpr auto fields() { return std::tuple(field("emoji", &React::emoji, kEmojiLength)); }
  friend bool operator==(const React&, const React&) = default;
};

// ---- From the server

struct WaitingPerson {
  std::string sid = {};
  std::string name = {};
  bool account = false;
  std::int64_t since = 0;

  static constexpr auto fields() {
    return std::tuple(field("sid", &WaitingPerson::sid), field("name", &WaitingPerson::name),
                      field("account", &WaitingPerson::account),
                      field("since", &WaitingPerson::since));
  }
  friend bool operator==(const WaitingPerson&, const WaitingPerson&) = default;
};

struct WaitingChanged {
  static constexpr std::string_view kEvent = "waiting";

  std::vector<WaitingPerson> people = {};

  static constexpr auto fields() { return std::tuple(field("people", &WaitingChanged::people)); }
  friend bool operator==(const WaitingChanged&, const WaitingChanged&) = default;
};

struct SettingsChanged {
  static constexpr std::string_view kEvent = "settings";

  bool locked = false;
  bool waiting_room = false;
  bool members_only = false;
  Permissions permissions = {};
  bool lecture = false;
  Nullable<std::string> by = {};

  static constexpr auto fields() {
    return std::tuple(field("locked", &SettingsChanged::locked),
                      field("waitingRoom", &SettingsChanged::waiting_room),
                      field("membersOnly", &SettingsChanged::members_only),
                      field("permissions", &SettingsChanged::permissions),
                      field("lecture", &SettingsChanged::lecture),
                      field("by", &SettingsChanged::by));
  }
  friend bool operator==(const SettingsChanged&, const SettingsChanged&) = default;
};

struct Reaction {
  static constexpr std::string_view kEvent = "reaction";

  std::string sid = {};
  std::string emoji = {};

  static constexpr auto fields() {
    return std::tuple(field("sid", &Reaction::sid), field("emoji", &Reaction::emoji));
  }
  friend bool operator==(const Reaction&, const Reaction&) = default;
};

struct Refused {
  static constexpr std::string_view kEvent = "refused";

  RefusedReason reason = RefusedReason::kRefused;

  static constexpr auto fields() { return std::tuple(field("reason", &Refused::reason)); }
  friend bool operator==(const Refused&, const Refused&) = default;
};

struct Muted {
  static constexpr std::string_view kEvent = "muted";

  std::string by = {};
  HostedSource source = HostedSource::kMicrophone;

  static constexpr auto fields() {
    return std::tuple(field("by", &Muted::by), field("source", &Muted::source));
  }
  friend bool operator==(const Muted&, const Muted&) = default;
};

struct Asked {
  static constexpr std::string_view kEvent = "asked";

  std::string by = {};
  HostedSource source = HostedSource::kMicrophone;
  bool on = false;

  static constexpr auto fields() {
    return std::tuple(field("by", &Asked::by), field("source", &Asked::source),
                      field("on", &Asked::on));
  }
  friend bool operator==(const Asked&, const Asked&) = default;
};

struct NewResume {
  static constexpr std::string_view kEvent = "resume";

  std::string resume = {};

  static constexpr auto fields() { return std::tuple(field("resume", &NewResume::resume)); }
  friend bool operator==(const NewResume&, const NewResume&) = default;
};

struct Removed {
  static constexpr std::string_view kEvent = "removed";

  std::string by = {};

  static constexpr auto fields() { return std::tuple(field("by", &Removed::by)); }
  friend bool operator==(const Removed&, const Removed&) = default;
};

struct Ended {
  static constexpr std::string_view kEvent = "ended";

  Nullable<std::string> by = {};

  static constexpr auto fields() { return std::tuple(field("by", &Ended::by)); }
  friend bool operator==(const Ended&, const Ended&) = default;
};

}  // namespace parley::meeting
