#include "probe/port_probe.h"

#include <utility>

#include "stun/message.h"

namespace parley::probe {
namespace {

constexpr Duration kAgain = std::chrono::milliseconds{300};

PortReport report_of(Way way, const Question& question, std::string problem) {
  PortReport report{.way = way, .server = question.to(), .problem = std::move(problem)};
  if (question.answer()) report.round_trip = question.answer()->round_trip;
  if (!report.reached() && report.problem.empty()) report.problem = "STUN is not answered there.";
  return report;
}

}  // namespace

PortProbe::PortProbe(Config config, Random& random) : config_(std::move(config)), random_(&random) {
  for (const net::SocketAddress& port : config_.ports) {
    datagrams_.emplace_back(port);
    streams_.push_back({.question = Question(port)});
  }
}

void PortProbe::start(Time now) {
  give_up_at_ = now + config_.patience;
  for (std::size_t port = 0; port < streams_.size(); ++port) outputs_.push_back(Connect{port});
  ask_again(now);
  settle();
}

// By UDP: of a stream nothing is lost.
void PortProbe::ask_again(Time now) {
  for (Question& question : datagrams_) {
    if (question.answer()) continue;
    outputs_.push_back(SendDatagram{question.to(), question.ask(now, *random_)});
  }
  again_at_ = now + kAgain;
}

void PortProbe::handle_input(Time now, Input input) {
  if (give_up_at_ == kNever) return;
  std::visit([&](const auto& event) { on(now, event); }, input);
  settle();
}

void PortProbe::on(Time now, const Connected& connected) {
  const auto request = streams_[connected.port].question.ask(now, *random_);
  const auto header = net::PacketFramer::header(request.size());
  SendData send{.port = connected.port, .bytes = {header.begin(), header.end()}};
  send.bytes.insert(send.bytes.end(), request.begin(), request.end());
  outputs_.push_back(std::move(send));
}

void PortProbe::on(Time now, const Datagram& datagram) {
  const auto message = stun::MessageView::parse(datagram.packet);
  if (!message) return;
  for (Question& question : datagrams_) {
    if (question.take(now, datagram.from, *message)) return;
  }
}

void PortProbe::on(Time now, const Data& data) {
  Stream& stream = streams_[data.port];
  if (stream.is_settled()) return;
  stream.framer.append(data.bytes);
  while (const auto packet = stream.framer.next()) {
    const auto message = stun::MessageView::parse(*packet);
    if (!message) {
      stream.problem = "What answers there does not speak STUN as ICE does over TCP.";
      return;
    }
    if (stream.question.take(now, stream.question.to(), *message)) return;
  }
}

void PortProbe::on(Time, const Broken& broken) {
  Stream& stream = streams_[broken.port];
  if (!stream.is_settled()) stream.problem = broken.problem;
}

// Nothing is waited for that has come.
void PortProbe::settle() {
  const auto is_answered = [](const Question& question) { return question.answer().has_value(); };
  const bool is_over = std::ranges::all_of(datagrams_, is_answered) &&
                       std::ranges::all_of(streams_, &Stream::is_settled);
  if (!is_over || give_up_at_ == kNever) return;
  give_up_at_ = again_at_ = kNever;
  outputs_.push_back(Done{});
}

void PortProbe::handle_timeout(Time now) {
  if (give_up_at_ <= now) {
    give_up_at_ = again_at_ = kNever;
    outputs_.push_back(Done{});
  } else if (again_at_ <= now) {
    ask_again(now);
  }
}

std::optional<PortProbe::Output> PortProbe::poll_output() {
  if (outputs_.empty()) return std::nullopt;
  auto output = std::move(outputs_.front());
  outputs_.pop_front();
  return output;
}

std::vector<PortReport> PortProbe::result() const {
  std::vector<PortReport> reports;
  for (std::size_t port = 0; port < datagrams_.size(); ++port) {
    const Stream& stream = streams_[port];
    reports.push_back(report_of(Way::kUdp, datagrams_[port], {}));
    reports.push_back(report_of(Way::kTcp, stream.question, stream.problem));
  }
  return reports;
}

}  // namespace parley::probe
