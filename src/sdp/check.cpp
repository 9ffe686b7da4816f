#include <fmt/format.h>

#include <algorithm>

#include "sdp/negotiation.h"

namespace parley::sdp {
namespace {

using Checked = std::expected<void, NegotiationError>;

std::string check_same_section(const MediaSection& before, const MediaSection& after) {
  if (before.kind != after.kind || before.kind_name != after.kind_name) {
    return fmt::format("it was {} and is now {}", to_string(before.kind), to_string(after.kind));
  }
  if (before.mid != after.mid) {
    return fmt::format("its mid was \"{}\" and is now \"{}\"", before.mid, after.mid);
  }
  return {};
}

bool fits_setup(std::optional<Setup> offered, std::optional<Setup> answered) {
  if (!answered) return true;  // Active, as RFC 4145, 4.1 has it.
  if (answered == Setup::kActpass || answered == Setup::kHoldconn) return false;
  return offered.value_or(Setup::kActpass) == Setup::kActpass || offered != answered;
}

std::string check_answer_section(const MediaSection& offer, const MediaSection& answer) {
  if (auto reason = check_same_section(offer, answer); !reason.empty()) return reason;
  if (answer.is_rejected()) return {};
  if (offer.is_rejected()) return "it takes up what was not offered";
  const Direction allowed = reversed(offer.direction);
  if (intersection(answer.direction, allowed) != answer.direction) {
    return fmt::format("its direction is {} where the offer was {}", to_string(answer.direction),
                       to_string(offer.direction));
  }
  if (!fits_setup(offer.setup, answer.setup)) return "its a=setup does not answer the offer's";
  if (answer.rtcp_mux && !offer.rtcp_mux) return "it agrees to rtcp-mux that was not offered";
  return {};
}

std::string check_bundle(const SessionDescription& offer, const SessionDescription& answer,
                         const std::string& mid) {
  const auto* const answered = answer.find_bundle(mid);
  if (answered == nullptr) return {};
  const auto* const offered = offer.find_bundle(mid);
  const bool fits = offered != nullptr && std::ranges::all_of(*answered, [&](const auto& other) {
                      return std::ranges::find(*offered, other) != offered->end();
                    });
  return fits ? "" : "its bundle was not offered";
}

}  // namespace

Checked check_answer(const SessionDescription& offer, const SessionDescription& answer) {
  const std::size_t count = std::min(offer.sections.size(), answer.sections.size());
  if (offer.sections.size() != answer.sections.size()) {
    return std::unexpected(
        NegotiationError{count, fmt::format("the offer has {} sections and the answer {}",
                                            offer.sections.size(), answer.sections.size())});
  }
  for (std::size_t i = 0; i < count; ++i) {
    const MediaSection& section = answer.sections[i];
    auto reason = check_answer_section(offer.sections[i], section);
    if (reason.empty() && !section.is_rejected()) {
      reason = check_bundle(offer, answer, section.mid);
    }
    if (!reason.empty()) return std::unexpected(NegotiationError{i, std::move(reason)});
  }
  return {};
}

Checked check_successor(const SessionDescription& previous, const SessionDescription& next) {
  for (std::size_t i = 0; i < previous.sections.size(); ++i) {
    if (i == next.sections.size()) return std::unexpected(NegotiationError{i, "it is missing"});
    if (previous.sections[i].is_rejected()) continue;
    auto reason = check_same_section(previous.sections[i], next.sections[i]);
    if (!reason.empty()) return std::unexpected(NegotiationError{i, std::move(reason)});
  }
  return {};
}

}  // namespace parley::sdp
