#include "sfu/path_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "sfu/member.h"

namespace parley::sfu {
namespace {

net::Path path_of(std::uint16_t port, net::Transport transport = net::Transport::kUdp) {
  return {.transport = transport,
          .local = net::SocketAddress::parse("192.0.2.1:40000").value(),
          .remote = {net::IpAddress::v4({198, 51, 100, 7}), port}};
}

TEST(PathTable, FindsWhomAPathIsOf) {
  PathTable table;
  Member ada, bob;
  table.set(path_of(1), ada);
  table.set(path_of(2), bob);
  EXPECT_EQ(table.find(path_of(1)), &ada);
  EXPECT_EQ(table.find(path_of(2)), &bob);
  EXPECT_EQ(table.find(path_of(3)), nullptr);
  EXPECT_EQ(table.find(path_of(1, net::Transport::kTcp)), nullptr);
}

TEST(PathTable, GivesAPathToTheLastWhoHasIt) {
  PathTable table;
  Member ada, bob;
  table.set(path_of(1), ada);
  table.set(path_of(1), bob);
  EXPECT_EQ(table.size(), 1u);
  table.remove(path_of(1), ada);
  EXPECT_EQ(table.find(path_of(1)), &bob);
  table.remove(path_of(1), bob);
  EXPECT_EQ(table.find(path_of(1)), nullptr);
  EXPECT_EQ(table.size(), 0u);
}

TEST(PathTable, AgreesWithAMapWhateverComesAndGoes) {
  std::mt19937 random{3};
  PathTable table;
  std::vector<Member> members(4);
  std::map<net::Path, Member*> expected;
  for (int i = 0; i < 50'000; ++i) {
    const net::Path path = path_of(static_cast<std::uint16_t>(random() % (i < 25'000 ? 40 : 700)));
    Member& member = members[random() % members.size()];
    if (random() % 2 == 0) {
      table.set(path, member);
      expected[path] = &member;
    } else {
      table.remove(path, member);
      const auto it = expected.find(path);
      if (it != expected.end() && it->second == &member) expected.erase(it);
    }
    ASSERT_EQ(table.size(), expected.size());
    const net::Path asked = path_of(static_cast<std::uint16_t>(random() % 700));
    const auto it = expected.find(asked);
    ASSERT_EQ(table.find(asked), it == expected.end() ? nullptr : it->second) << i;
  }
}

}  // namespace
}  // namespace parley::sfu
