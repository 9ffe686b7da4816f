#include "server/address_news.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace parley::server {
namespace {

constexpr std::uint32_t kGroups =
    RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;

io::Fd open_rtnetlink() {
  io::Fd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE));
  sockaddr_nl groups = {};
  groups.nl_family = AF_NETLINK;
  groups.nl_groups = kGroups;
  const auto* const address = reinterpret_cast<const sockaddr*>(&groups);
  if (!fd.is_open() || ::bind(fd.get(), address, sizeof(groups)) != 0) return io::Fd();
  return fd;
}

}  // namespace

AddressNews::AddressNews(io::EventLoop& loop, io::EventLoop::Call on_news)
    : loop_(loop), on_news_(std::move(on_news)), fd_(open_rtnetlink()) {
  if (fd_.is_open()) loop_.watch_input(fd_.get(), *this);
}

AddressNews::~AddressNews() {
  if (fd_.is_open()) loop_.unwatch(fd_.get(), *this);
}

// Reads until nothing is left, so that the next message is told. What is lost where the queue ran
// over (ENOBUFS) is news as well.
void AddressNews::on_ready(io::Readiness) {
  std::array<std::uint8_t, 4096> message;  // Only that there is one counts: it may be cut short.
  bool is_news = false;
  for (;;) {
    const auto size = ::recv(fd_.get(), message.data(), message.size(), 0);
    if (size < 0 && errno != EINTR && errno != ENOBUFS) break;
    is_news = true;
  }
  if (is_news) on_news_();
}

}  // namespace parley::server
