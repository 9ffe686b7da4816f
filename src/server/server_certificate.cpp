#include "server/server_certificate.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/log.h"
#include "server/local_addresses.h"

namespace parley::server {
namespace {

constexpr std::string_view kChain = "cert.pem";
constexpr std::string_view kKey = "key.pem";
constexpr std::chrono::days kRenewBefore{30};

std::string content_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// RFC 1123, 2.1. A host may call itself anything; a certificate may not.
bool is_host_name(std::string_view name) {
  return !name.empty() && name.size() < 254 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
  });
}

void add(std::vector<std::string>& names, std::string name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
}

}  // namespace

std::expected<ServerCertificate::Files, std::string> ServerCertificate::files(
    crypto::WallTime now, Random& random) const {
  if (!is_self_made()) return given_;
  if (is_good(now)) return own_files();
  return make(now, random);
}

std::expected<ServerCertificate::Files, std::string> ServerCertificate::make(crypto::WallTime now,
                                                                             Random& random) const {
  const auto made = crypto::make_self_signed({.names = names_, .now = now}, random);
  if (!made) return std::unexpected("No certificate could be made: " + made.error());
  // The key first: a chain without its key would look complete.
  if (auto written = directory_.write(kKey, made->key_pem); !written) {
    return std::unexpected(std::move(written.error()));
  }
  if (auto written = directory_.write(kChain, made->certificate_pem); !written) {
    return std::unexpected(std::move(written.error()));
  }
  log::info("server", "made a certificate in {}", own_files().chain);
  return own_files();
}

bool ServerCertificate::is_good(crypto::WallTime now) const {
  const auto facts = crypto::read_certificate(content_of(own_files().chain));
  return facts && facts->not_before <= now && now + kRenewBefore < facts->not_after &&
         !content_of(own_files().key).empty() &&
         std::ranges::all_of(names_, [&](const std::string& name) { return facts->covers(name); });
}

ServerCertificate::Files ServerCertificate::own_files() const {
  return {.chain = directory_.file(kChain), .key = directory_.file(kKey)};
}

std::vector<std::string> names_in(const std::string& chain_file) {
  auto facts = crypto::read_certificate(content_of(chain_file));
  return facts ? std::move(facts->names) : std::vector<std::string>();
}

std::vector<std::string> names_of_this_host(const Config& config) {
  std::vector<std::string> names;
  const std::string host = local_host_name();
  if (is_host_name(host)) add(names, host);
  if (is_host_name(host) && host.find('.') == host.npos) add(names, host + ".local");  // RFC 6762.
  add(names, "localhost");
  for (const net::IpAddress& address : local_addresses()) add(names, address.to_string());
  if (config.public_address) add(names, config.public_address->to_string());
  return names;
}

}  // namespace parley::server
