#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <random>

#include "store/test_store.h"

namespace parley::store {
namespace {

constexpr int kKills = 100;
constexpr std::uint64_t kInATransaction = 5;

// Adds messages for ever, several in a transaction, and tells the pipe the id of the last one that
// was kept.
[[noreturn]] void write_for_ever(const std::string& file, int pipe) {
  auto store = open_sqlite(file);
  if (!store) ::_exit(2);
  const auto room = (*store)->rooms().find_or_add("garden", at(0));
  for (;;) {
    std::uint64_t newest = 0;
    const auto kept = (*store)->transaction([&]() -> Result<void> {
      for (std::uint64_t i = 0; i < kInATransaction; ++i) {
        const auto next = (*store)->chat().history(room->id, Person{.sid = "s"}, {}, 1);
        if (!next) return std::unexpected(next.error());
        const std::string key = std::to_string(next->empty() ? 1 : next->back().id.value + 1);
        const auto added = (*store)->chat().add(
            room->id, {.key = key, .author = {.sid = "s"}, .text = std::string(200, 'x')});
        if (!added) return std::unexpected(added.error());
        newest = added->message.id.value;
      }
      return {};
    });
    if (!kept || ::write(pipe, &newest, sizeof newest) != sizeof newest) ::_exit(3);
  }
}

// Lets a writer acknowledge so many transactions, kills it while it goes on, and returns the newest
// message it acknowledged.
std::uint64_t run_and_kill(const std::string& file, std::uint64_t acknowledgements) {
  int ends[2];
  if (::pipe(ends) != 0) ADD_FAILURE();
  const pid_t writer = ::fork();
  if (writer == 0) {
    ::close(ends[0]);
    write_for_ever(file, ends[1]);
  }
  ::close(ends[1]);
  std::uint64_t newest = 0;
  std::uint64_t acknowledged = 0;
  for (std::uint64_t i = 0; ::read(ends[0], &acknowledged, sizeof acknowledged) > 0; ++i) {
    newest = acknowledged;
    if (i == acknowledgements) ::kill(writer, SIGKILL);  // What it told meanwhile is read as well.
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(writer, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself with " << WEXITSTATUS(status);
  return newest;
}

TEST(KillTest, AHundredKillsLoseNothingThatWasAcknowledged) {
  const TemporaryFolder folder;
  const std::string file = folder.file("parley.db");
  std::mt19937 random{1};  // Seeded: the same numbers of acknowledgements on every run.
  std::uint64_t acknowledged = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    const std::uint64_t newest = run_and_kill(file, random() % 20);
    ASSERT_GT(newest, acknowledged) << "nothing was acknowledged";
    acknowledged = newest;
  }
  const auto store = open_sqlite(file, {.messages_per_room = 1'000'000}).value();
  const auto room = store->rooms().find("garden").value();
  const auto messages = store->chat().history(room->id, Person{.sid = "s"}, {}, 1'000'000).value();
  ASSERT_GE(messages.size(), std::min<std::uint64_t>(acknowledged, 10'000));
  EXPECT_EQ(messages.size() % kInATransaction, 0u) << "half a transaction was kept";
  for (std::size_t i = 1; i < messages.size(); ++i) {
    ASSERT_EQ(messages[i].id.value, messages[i - 1].id.value + 1) << "a message is missing";
  }
  EXPECT_GE(messages.back().id.value, acknowledged);
}

}  // namespace
}  // namespace parley::store
