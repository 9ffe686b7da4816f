#include "sfu/slot_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace parley::sfu {
namespace {

using Plan = std::vector<std::optional<Track>>;

Track camera(std::uint64_t of) {
  return {.participant = {of}, .source = Source::kCamera};
}

Track screen(std::uint64_t of) {
  return {.participant = {of}, .source = Source::kScreen};
}

Plan plan(const Plan& current, std::vector<Track> wanted) {
  return plan_slots(current, wanted);
}

TEST(SlotPlan, FillsSlotsInTheOrderOfTheView) {
  EXPECT_EQ(plan(Plan(3), {camera(1), screen(1)}), (Plan{camera(1), screen(1), std::nullopt}));
}

TEST(SlotPlan, LeavesOutWhatHasNoSlot) {
  EXPECT_EQ(plan(Plan(2), {camera(1), camera(2), camera(3)}), (Plan{camera(1), camera(2)}));
  EXPECT_EQ(plan({}, {camera(1)}), Plan{});
}

TEST(SlotPlan, KeepsWhatStaysWhereItIs) {
  const Plan current = {camera(1), camera(2), camera(3)};
  EXPECT_EQ(plan(current, {camera(3), camera(1), camera(2)}), current);
  EXPECT_EQ(plan(current, {camera(4), camera(3)}), (Plan{camera(4), std::nullopt, camera(3)}));
}

TEST(SlotPlan, GivesTheSlotOfTheLeastImportantToOneMoreImportant) {
  EXPECT_EQ(plan({camera(1), camera(2)}, {screen(9), camera(1), camera(2)}),
            (Plan{camera(1), screen(9)}));
}

TEST(SlotPlan, EmptiesWhatIsNoLongerWanted) {
  EXPECT_EQ(plan({camera(1), camera(2)}, {}), Plan(2));
}

TEST(SlotPlan, ShowsTheMostImportantOnceEachWhateverCameBefore) {
  std::mt19937 random{7};
  Plan current(5);
  for (int i = 0; i < 2'000; ++i) {
    std::vector<Track> wanted;
    for (std::uint64_t id = 1; id <= 9; ++id) {
      if (random() % 2 == 0) wanted.push_back(camera(id));
    }
    std::shuffle(wanted.begin(), wanted.end(), random);
    const Plan before = current;
    current = plan_slots(before, wanted);
    const std::size_t shown = std::min(wanted.size(), current.size());
    std::set<std::uint64_t> seen;
    for (std::size_t slot = 0; slot < current.size(); ++slot) {
      if (!current[slot]) continue;
      EXPECT_TRUE(seen.insert(current[slot]->participant.value).second);
      const auto was = std::ranges::find(before, current[slot]);
      if (was != before.end()) {
        EXPECT_EQ(was - before.begin(), std::ptrdiff_t(slot));
      }
    }
    EXPECT_EQ(seen.size(), shown);
    for (std::size_t j = 0; j < shown; ++j) EXPECT_TRUE(seen.contains(wanted[j].participant.value));
  }
}

}  // namespace
}  // namespace parley::sfu
