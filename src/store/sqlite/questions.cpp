#include <algorithm>
#include <map>

#include "store/sqlite/repositories.h"

namespace parley::store::sqlite {
namespace {

// What read_question() reads, in its order.
#define PARLEY_QUESTION "id, key, sid, name, account, text, state, votes, at"

std::string_view text_of(QuestionState state) {
  for (const auto& [known, name] : names_of(state)) {
    if (known == state) return name;
  }
  std::unreachable();
}

QuestionState state_of(std::string_view text) {
  for (const auto& [state, name] : names_of(QuestionState{})) {
    if (name == text) return state;
  }
  return QuestionState::kDismissed;  // The table holds no other.
}

Question read_question(Row& row) {
  return {.id = row.id<QuestionId>(),
          .key = row.text(),
          .author = {.sid = row.text(), .name = row.text(), .account = row.id<UserId>()},
          .text = row.text(),
          .state = state_of(row.text()),
          .votes = static_cast<std::uint64_t>(row.integer()),
          .at = row.time()};
}

Questions::Seen read_seen(Row& row) {
  Questions::Seen seen{.question = read_question(row)};
  seen.voted = row.boolean();
  return seen;
}

}  // namespace

// ---- New ones

Result<std::optional<Questions::Seen>> Questions::find_by_key(RoomId room, const Person& author,
                                                              std::string_view key) {
  const std::string voter = voter_of(author);
  return db_.one("SELECT " PARLEY_QUESTION
                 ", EXISTS (SELECT 1 FROM question_votes AS v"
                 " WHERE v.room = q.room AND v.question = q.id AND v.voter = ?1)"
                 " FROM questions AS q WHERE room = ?2 AND key = ?3 AND (sid = ?4 OR account = ?5)",
                 {voter, room, key, author.sid, author.account}, read_seen);
}

Result<std::optional<QuestionId>> Questions::make_place(RoomId room) {
  const auto count = db_.number("SELECT count(*) FROM questions WHERE room = ?", {room});
  if (!count) return std::unexpected(count.error());
  if (std::cmp_less(*count, limits_.questions_per_room)) return std::nullopt;
  const auto oldest = db_.number(
      "SELECT min(id) FROM questions WHERE room = ? AND state IN ('answered', 'dismissed')",
      {room});
  if (!oldest) return std::unexpected(oldest.error());
  if (*oldest == 0) return std::unexpected(Error::kFull);
  const QuestionId id{static_cast<std::uint64_t>(*oldest)};
  const auto gone = db_.change("DELETE FROM questions WHERE room = ? AND id = ?", {room, id});
  if (!gone) return std::unexpected(gone.error());
  return id;
}

Result<QuestionId> Questions::next_id(RoomId room) {
  const auto raised =
      db_.change("UPDATE rooms SET last_question = last_question + 1 WHERE id = ?", {room});
  if (!raised) return std::unexpected(raised.error());
  const auto last = db_.number("SELECT last_question FROM rooms WHERE id = ?", {room});
  if (!last) return std::unexpected(last.error());
  return QuestionId{static_cast<std::uint64_t>(*last)};
}

Result<Questions::Added> Questions::add(RoomId room, const Question& question) {
  return db_.transaction([&]() -> Result<Added> {
    const Person& author = question.author;
    auto earlier = find_by_key(room, author, question.key);
    if (!earlier) return std::unexpected(earlier.error());
    if (*earlier) {
      return Added{.question = std::move((*earlier)->question), .voted = (*earlier)->voted};
    }
    if (question.state == QuestionState::kWaiting) {
      const auto waiting = db_.number(
          "SELECT count(*) FROM questions WHERE room = ? AND state = 'waiting'"
          " AND (sid = ? OR account = ?)",
          {room, author.sid, author.account});
      if (!waiting) return std::unexpected(waiting.error());
      if (std::cmp_greater_equal(*waiting, limits_.waiting_questions_per_person)) {
        return std::unexpected(Error::kTooMany);
      }
    }
    const auto id = next_id(room);
    if (!id) return std::unexpected(id.error());
    const auto forgotten = make_place(room);
    if (!forgotten) return std::unexpected(forgotten.error());
    Added added{.question = question, .fresh = true, .forgotten = *forgotten};
    added.question.id = *id;
    added.question.votes = 0;
    const auto kept = db_.run("INSERT INTO questions (room, " PARLEY_QUESTION
                              ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
                              {room, *id, question.key, author.sid, author.name, author.account,
                               question.text, text_of(question.state), question.at});
    if (!kept) return std::unexpected(kept.error());
    return added;
  });
}

// ---- Reading

Result<std::optional<Question>> Questions::find(RoomId room, QuestionId id) {
  return db_.one("SELECT " PARLEY_QUESTION " FROM questions WHERE room = ? AND id = ?", {room, id},
                 read_question);
}

Result<std::vector<Questions::Seen>> Questions::list(RoomId room, const Person& reader, bool all,
                                                     QuestionId after, std::size_t limit) {
  const std::string voter = voter_of(reader);
  return db_.all("SELECT " PARLEY_QUESTION
                 ", EXISTS (SELECT 1 FROM question_votes AS v"
                 " WHERE v.room = q.room AND v.question = q.id AND v.voter = ?1)"
                 " FROM questions AS q WHERE room = ?2 AND id > ifnull(?3, 0)"
                 " AND (?4 OR state IN ('open', 'answered') OR sid = ?5 OR account = ?6)"
                 " ORDER BY id LIMIT ?7",
                 {voter, room, after, all, reader.sid, reader.account, limit}, read_seen);
}

// ---- Changes

Result<Questions::Moved> Questions::set_state(RoomId room, QuestionId id, QuestionState state) {
  return db_.transaction([&]() -> Result<Moved> {
    auto found = find(room, id);
    if (!found) return std::unexpected(found.error());
    if (!*found) return std::unexpected(Error::kNotFound);
    Moved moved{.question = **std::move(found)};
    moved.before = std::exchange(moved.question.state, state);
    const auto changed = db_.change("UPDATE questions SET state = ? WHERE room = ? AND id = ?",
                                    {text_of(state), room, id});
    if (!changed) return std::unexpected(changed.error());
    auto voters =
        db_.all("SELECT voter FROM question_votes WHERE room = ? AND question = ? ORDER BY voter",
                {room, id}, [](Row& row) { return row.text(); });
    if (!voters) return std::unexpected(voters.error());
    moved.voters = *std::move(voters);
    return moved;
  });
}

Result<Question> Questions::remove(RoomId room, QuestionId id) {
  return db_.transaction([&]() -> Result<Question> {
    auto found = find(room, id);
    if (!found) return std::unexpected(found.error());
    if (!*found) return std::unexpected(Error::kNotFound);
    const auto gone = db_.change("DELETE FROM questions WHERE room = ? AND id = ?", {room, id});
    if (!gone) return std::unexpected(gone.error());
    return **std::move(found);
  });
}

// ---- Votes

// Whether the voter's vote is there afterwards.
Result<bool> Questions::count(RoomId room, Question& question, const Ballot& ballot) {
  if (question.state != QuestionState::kOpen) return false;
  if (!ballot.on) {
    const auto gone =
        db_.run("DELETE FROM question_votes WHERE room = ? AND question = ? AND voter = ?",
                {room, question.id, ballot.voter});
    if (!gone) return std::unexpected(gone.error());
    question.votes -= static_cast<std::uint64_t>(*gone);
    return false;
  }
  if (question.votes >= limits_.votes_per_question) {
    const auto there = db_.number(
        "SELECT count(*) FROM question_votes WHERE room = ? AND question = ? AND voter = ?",
        {room, question.id, ballot.voter});
    if (!there) return std::unexpected(there.error());
    return *there > 0;
  }
  const auto fresh =
      db_.run("INSERT OR IGNORE INTO question_votes (room, question, voter) VALUES (?, ?, ?)",
              {room, question.id, ballot.voter});
  if (!fresh) return std::unexpected(fresh.error());
  question.votes += static_cast<std::uint64_t>(*fresh);
  return true;
}

Result<Questions::Counted> Questions::vote(RoomId room, std::span<const Ballot> ballots) {
  return db_.transaction([&]() -> Result<Counted> {
    std::map<QuestionId, std::optional<Question>> questions;
    std::map<QuestionId, std::uint64_t> before;
    Counted counted;
    for (const Ballot& ballot : ballots) {
      const auto [it, first] = questions.try_emplace(ballot.question);
      if (first) {
        auto found = find(room, ballot.question);
        if (!found) return std::unexpected(found.error());
        it->second = *std::move(found);
        before[ballot.question] = it->second ? it->second->votes : 0;
      }
      const auto voted = it->second ? count(room, *it->second, ballot) : false;
      if (!voted) return std::unexpected(voted.error());
      counted.voted.push_back(*voted);
    }
    for (auto& [id, question] : questions) {
      if (!question) continue;
      if (question->votes != before[id]) {
        const auto kept = db_.change("UPDATE questions SET votes = ? WHERE room = ? AND id = ?",
                                     {question->votes, room, id});
        if (!kept) return std::unexpected(kept.error());
        counted.changed.push_back(id);
      }
      counted.questions.push_back(*std::move(question));
    }
    return counted;
  });
}

}  // namespace parley::store::sqlite
