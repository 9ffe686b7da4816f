#include "sfu/allocator.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "sfu/ladder.h"

namespace parley::sfu {
namespace {

// A step of one tile.
struct Step {
  std::size_t want = 0;
  std::size_t rung = 0;
  std::size_t round = 0;
};

// So many rungs the most important tiles are ahead of the rest.
constexpr std::size_t kAhead[] = {2, 1};

// In which round a tile takes a rung: in the first all get their least. A screen then becomes
// legible before anything else.
std::size_t round_of(std::size_t want, std::size_t rung, bool sharper) {
  if (rung == 0) return 0;
  if (sharper) return 1;
  const std::size_t ahead = want < std::size(kAhead) ? kAhead[want] : 0;
  return 2 + (rung > ahead ? rung - ahead : 0);
}

std::vector<Step> steps_of(const std::vector<Ladder>& ladders) {
  std::vector<Step> steps;
  for (std::size_t want = 0; want < ladders.size(); ++want) {
    std::size_t round = 0;  // No rung before the one below it.
    for (std::size_t rung = 0; rung < ladders[want].rungs().size(); ++rung) {
      round = std::max(round, round_of(want, rung, ladders[want].rungs()[rung].sharper));
      steps.push_back({.want = want, .rung = rung, .round = round});
    }
  }
  std::ranges::sort(steps, [](const Step& a, const Step& b) {
    return std::tie(a.round, a.want, a.rung) < std::tie(b.round, b.want, b.rung);
  });
  return steps;
}

Choice choice_of(const Ladder& ladder, std::optional<std::size_t> rung) {
  if (ladder.rungs().empty()) return {.limit = Limit::kSender};
  if (!rung) return {.limit = Limit::kDownlink};
  const bool top = *rung + 1 == ladder.rungs().size();
  return {.target = ladder.rungs()[*rung].target,
          .rate = ladder.rungs()[*rung].rate,
          .limit = top ? ladder.limit_at_top() : Limit::kDownlink};
}

}  // namespace

std::vector<Choice> allocate(const Budget& budget, std::span<const Want> wants) {
  const std::vector<Ladder> ladders(wants.begin(), wants.end());
  std::vector<std::optional<std::size_t>> taken(wants.size());
  const DataRate with_headroom = budget.rate * (1 - kHeadroom);
  DataRate used;
  for (const Step& step : steps_of(ladders)) {
    std::optional<std::size_t>& now = taken[step.want];
    // A tile goes up rung by rung; where one is too dear, the others may still have something of
    // it.
    const bool is_next = step.rung == 0 ? !now : now == step.rung - 1;
    if (!is_next) continue;
    const Ladder& ladder = ladders[step.want];
    const DataRate below = now ? ladder.rungs()[*now].rate : DataRate();
    const DataRate sum = used + (ladder.rungs()[step.rung].rate - below);
    const bool has_it = ladder.current() && *ladder.current() >= step.rung;
    const bool is_given = !budget.is_firm && used == DataRate();
    if (!is_given && sum > (has_it ? budget.to_keep : with_headroom)) continue;
    now = step.rung;
    used = sum;
  }
  std::vector<Choice> choices;
  for (std::size_t i = 0; i < wants.size(); ++i) {
    choices.push_back(choice_of(ladders[i], taken[i]));
  }
  return choices;
}

DataRate desired_rate(std::span<const Want> wants) {
  DataRate sum;
  for (const Want& want : wants) {
    const Ladder ladder(want);
    if (!ladder.rungs().empty()) sum = sum + ladder.rungs().back().rate;
  }
  return sum;
}

}  // namespace parley::sfu
