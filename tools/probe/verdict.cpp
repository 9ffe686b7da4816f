#include "probe/verdict.h"

#include <algorithm>

#include "probe/findings.h"

namespace parley::probe {
namespace {

std::string summary_of(Verdict::Status status, const Report& report) {
  switch (status) {
    case Verdict::Status::kWorks: return "Calls connect from here.";
    case Verdict::Status::kRestricted: return "Calls connect from here, but not at their best.";
    case Verdict::Status::kBroken: break;
  }
  return report.web.reached ? "Calls do not connect from here."
                            : "The server cannot be reached from here.";
}

}  // namespace

std::string_view to_string(Verdict::Status status) {
  switch (status) {
    case Verdict::Status::kWorks: return "works";
    case Verdict::Status::kRestricted: return "restricted";
    case Verdict::Status::kBroken: break;
  }
  return "broken";
}

std::string_view to_string(Finding::Weight weight) {
  switch (weight) {
    case Finding::Weight::kGood: return "good";
    case Finding::Weight::kNote: return "note";
    case Finding::Weight::kRestricts: return "restricts";
    case Finding::Weight::kBreaks: break;
  }
  return "breaks";
}

Verdict judge(const Report& report) {
  Verdict verdict;
  verdict.findings = web_findings(report);
  if (report.web.reached) {
    std::ranges::move(media_findings(report), std::back_inserter(verdict.findings));
    std::ranges::move(port_findings(report), std::back_inserter(verdict.findings));
  }
  std::ranges::stable_sort(verdict.findings, std::ranges::greater{}, &Finding::weight);
  const auto worst =
      verdict.findings.empty() ? Finding::Weight::kGood : verdict.findings.front().weight;
  if (worst == Finding::Weight::kBreaks) verdict.status = Verdict::Status::kBroken;
  if (worst == Finding::Weight::kRestricts) verdict.status = Verdict::Status::kRestricted;
  verdict.summary = summary_of(verdict.status, report);
  return verdict;
}

std::vector<std::string> candidate_types(const Report& report) {
  std::vector<std::string> types;
  const auto add = [&](std::string type) {
    if (std::ranges::find(types, type) == types.end()) types.push_back(std::move(type));
  };
  for (const PathReport& path : report.paths) {
    if (path.local) add("host");
  }
  for (const PathReport& path : report.paths) {
    if (path.way == Way::kUdp && path.announced && path.mapped && path.mapped != path.local) {
      add("srflx");
    }
  }
  for (const PathReport& path : report.paths) {
    if (path.relayed) add("relay by " + std::string(to_string(path.way)));
  }
  return types;
}

}  // namespace parley::probe
