#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "meeting/vocabulary.h"

// Who is on the stage of a lecture, and what is told of the audience: its size, and pages of it.
namespace parley::meeting {

// ---- From the client

// Lets somebody on stage, or off.
struct ChangeStage {
  static constexpr std::string_view kEvent = "stage";

  std::optional<std::string> sid = {};  // None: oneself.
  bool on = false;

  static constexpr auto fields() {
    return std::tuple(field("sid", &ChangeStage::sid, kSidLength), field("on", &ChangeStage::on));
  }
  friend bool operator==(const ChangeStage&, const ChangeStage&) = default;
};

// Asks for a page of the audience.
struct ReadRoster {
  static constexpr std::string_view kEvent = "roster";
  static constexpr std::int64_t kUsualPage = 50;

  std::optional<std::int64_t> after = {};  // The `next` of the page before.
  std::optional<std::int64_t> limit = {};
  std::optional<std::string> search = {};  // Part of the name.

  static constexpr auto fields() {
    return std::tuple(field("after", &ReadRoster::after, kPlace),
                      field("limit", &ReadRoster::limit, kPageLength),
                      field("search", &ReadRoster::search, kNameLength));
  }
  friend bool operator==(const ReadRoster&, const ReadRoster&) = default;
};

// ---- From the server

struct AudienceSize {
  std::int64_t count = 0;
  std::int64_t hands = 0;  // Raised.

  static constexpr auto fields() {
    return std::tuple(field("count", &AudienceSize::count), field("hands", &AudienceSize::hands));
  }
  friend bool operator==(const AudienceSize&, const AudienceSize&) = default;
};

struct AudienceMember {
  std::string sid = {};
  std::string name = {};
  bool account = false;
  Nullable<std::int64_t> hand = {};
  bool away = false;
  std::int64_t joined_at = 0;

  static constexpr auto fields() {
    using Member = AudienceMember;
    return std::tuple(field("sid", &Member::sid), field("name", &Member::name),
                      field("account", &Member::account), field("hand", &Member::hand),
                      field("away", &Member::away), field("joinedAt", &Member::joined_at));
  }
  friend bool operator==(const AudienceMember&, const AudienceMember&) = default;
};

// To whom it concerns.
struct StageChanged {
  static constexpr std::string_view kEvent = "stage";

  bool on_stage = false;
  Nullable<std::string> by = {};  // Null: it follows from the settings or a role.

  static constexpr auto fields() {
    return std::tuple(field("onStage", &StageChanged::on_stage), field("by", &StageChanged::by));
  }
  friend bool operator==(const StageChanged&, const StageChanged&) = default;
};

struct AudienceChanged {
  static constexpr std::string_view kEvent = "audience";

  std::int64_t count = 0;
  std::int64_t hands = 0;
  // To hosts: the first of the raised hands.
  std::optional<std::vector<AudienceMember>> raised = {};

  static constexpr auto fields() {
    return std::tuple(field("count", &AudienceChanged::count),
                      field("hands", &AudienceChanged::hands),
                      field("raised", &AudienceChanged::raised));
  }
  friend bool operator==(const AudienceChanged&, const AudienceChanged&) = default;
};

// Those of the audience, summed since the last.
struct ReactionsTold {
  static constexpr std::string_view kEvent = "reactions";

  std::map<std::string, std::int64_t> counts = {};  // By emoji.

  static constexpr auto fields() { return std::tuple(field("counts", &ReactionsTold::counts)); }
  friend bool operator==(const ReactionsTold&, const ReactionsTold&) = default;
};

// The answer to the event "roster".
struct RosterReply {
  std::vector<AudienceMember> people = {};  // In the order of coming.
  std::int64_t count = 0;                   // Of the whole audience.
  Nullable<std::int64_t> next = {};         // Null: these were the last.

  static constexpr auto fields() {
    return std::tuple(field("people", &RosterReply::people), field("count", &RosterReply::count),
                      field("next", &RosterReply::next));
  }
  friend bool operator==(const RosterReply&, const RosterReply&) = default;
};

}  // namespace parley::meeting
