#pragma once

#include <expected>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "meeting/messages_call.h"
#include "meeting/messages_chat.h"
#include "meeting/messages_host.h"
#include "meeting/messages_lecture.h"
#include "meeting/messages_media.h"
#include "meeting/messages_questions.h"
#include "meeting/messages_todo.h"
#include "meeting/refusal.h"

// Every message of docs/protocol.md as a struct: what a client says (a Command) and what it is told
// (an Event). Each is declared in the messages_*.h of its subject; the answers are in answers.h.
namespace parley::meeting {

using Command =
    std::variant<Join, Leave, SetMedia, SendDescription, SendCandidate, AskIceServers, ConnectMedia,
                 ReportUnconnected, ChangeView, ChangeSettings, AdmitPeople, RefusePeople,
                 RemoveParticipant, Mute, Ask, Permit, ChangeRole, End, ChangeStage, ReadRoster,
                 ChangeHand, React, SendChat, EditChat, DeleteChat, ReadChat, ReadTodos,
                 ChangeTodos, AskQuestion, JudgeQuestion, DeleteQuestion, CastVote, ReadQuestions>;

// "join", "leave", ...
std::vector<std::string_view> command_names();

// Reads what a client said. What is checked: names and types of all fields, lengths, and that
// fields agree with each other; `room` and `name` come out in their normal form. What only the room
// knows (is there such a sid?) is not.
std::expected<Command, Refusal> parse_command(std::string_view event, const Json& body);

using Event =
    std::variant<Joined, Left, MediaChanged, Away, Back, ParticipantChanged, Description, Candidate,
                 TopologyChanged, SlotsTold, SpeakersTold, QualityTold, LayersTold, WaitingChanged,
                 SettingsChanged, Reaction, ChatPosted, ChatChanged, TodosChanged, Refused, Muted,
                 Asked, NewResume, Removed, Ended, Replaced, Closing, Error, StageChanged,
                 AudienceChanged, ReactionsTold, QuestionChanged, QuestionGone, VotesTold>;

std::string_view name_of(const Event& event);
Json body_of(const Event& event);

}  // namespace parley::meeting
