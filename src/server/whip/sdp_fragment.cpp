#include "server/whip/sdp_fragment.h"

#include <ranges>

namespace parley::server {
namespace {

constexpr std::string_view kUfrag = "a=ice-ufrag:";
constexpr std::string_view kPwd = "a=ice-pwd:";

// Calls `visit(line)` for each line, without its end.
void for_each_line(std::string_view text, auto&& visit) {
  for (const auto part : std::views::split(text, '\n')) {
    std::string_view line(part.begin(), part.end());
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) visit(line);
  }
}

SdpFragment first_credentials(std::string_view text) {
  SdpFragment found;
  for_each_line(text, [&](std::string_view line) {
    if (found.ufrag.empty() && line.starts_with(kUfrag)) found.ufrag = line.substr(kUfrag.size());
    if (found.pwd.empty() && line.starts_with(kPwd)) found.pwd = line.substr(kPwd.size());
  });
  return found;
}

}  // namespace

std::expected<SdpFragment, std::string> SdpFragment::parse(std::string_view text) {
  if (text.size() > kMaxSize) return std::unexpected("The fragment is too long.");
  bool well_formed = true, candidates = false;
  for_each_line(text, [&](std::string_view line) {
    well_formed &= line.size() > 2 && line[1] == '=';
    candidates |= line.starts_with("a=candidate:") || line.starts_with("a=end-of-candidates");
  });
  if (!well_formed) return std::unexpected("A line of the fragment is no line of SDP.");
  SdpFragment fragment = first_credentials(text);
  if (candidates && fragment == SdpFragment()) return fragment;
  if (fragment.ufrag.empty() || fragment.pwd.empty()) {
    return std::unexpected("The fragment has no a=ice-ufrag and a=ice-pwd.");
  }
  return fragment;
}

std::optional<SdpFragment> credentials_of(std::string_view sdp) {
  SdpFragment found = first_credentials(sdp);
  if (found.ufrag.empty() || found.pwd.empty()) return std::nullopt;
  return found;
}

std::string with_credentials(std::string_view sdp, const SdpFragment& credentials) {
  std::string changed;
  for_each_line(sdp, [&](std::string_view line) {
    if (line.starts_with(kUfrag)) {
      changed.append(kUfrag).append(credentials.ufrag);
    } else if (line.starts_with(kPwd)) {
      changed.append(kPwd).append(credentials.pwd);
    } else {
      changed.append(line);
    }
    changed += "\r\n";
  });
  return changed;
}

// Everything is bundled: the first section speaks for all.
std::string fragment_of(std::string_view answer) {
  std::string head, section;
  int sections = 0;
  for_each_line(answer, [&](std::string_view line) {
    if (line.starts_with("m=")) ++sections;
    const auto is = [&](std::string_view name) { return line.starts_with(name); };
    const bool of_all = is("a=ice-lite") || is("a=ice-options:") || is("a=group:BUNDLE");
    const bool of_path = is("m=") || is("a=mid:") || is("a=ice-options:") || is(kUfrag) ||
                         is(kPwd) || is("a=candidate:") || is("a=end-of-candidates");
    std::string* const to = sections == 0 && of_all    ? &head
                            : sections == 1 && of_path ? &section
                                                       : nullptr;
    if (to != nullptr) to->append(line).append("\r\n");
  });
  return head + section;
}

}  // namespace parley::server
