#include "server/settings.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

#include "base/overloaded.h"
#include "turn/peer_policy.h"

namespace parley::server {
namespace {

std::string quoted(const SettingValue& value) {
  return std::visit(overloaded{
                        [](const std::string& text) { return '"' + text + '"'; },
                        [](std::int64_t number) { return std::to_string(number); },
                        [](bool on) { return std::string(on ? "true" : "false"); },
                        [](const std::vector<std::string>&) { return std::string("an array"); },
                    },
                    value);
}

std::string must_be(std::string_view what, const SettingValue& value) {
  return fmt::format("must be {}, not {}", what, quoted(value));
}

// ---- Readers: one for each kind of value.

SettingProblem read(const SettingValue& value, std::string& into) {
  const auto* const text = std::get_if<std::string>(&value);
  if (text == nullptr || text->empty()) return must_be("a text", value);
  into = *text;
  return std::nullopt;
}

SettingProblem read(const SettingValue& value, bool& into) {
  const auto* const on = std::get_if<bool>(&value);
  if (on == nullptr) return must_be("true or false", value);
  into = *on;
  return std::nullopt;
}

SettingProblem read(const SettingValue& value, std::int64_t min, std::int64_t max,
                    std::int64_t& into) {
  std::optional<std::int64_t> number;
  if (const auto* const whole = std::get_if<std::int64_t>(&value)) number = *whole;
  if (const auto* const text = std::get_if<std::string>(&value)) {
    std::int64_t parsed = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), parsed);
    if (error == std::errc() && end == text->data() + text->size()) number = parsed;
  }
  if (!number || *number < min || *number > max) {
    return must_be(fmt::format("a whole number from {} to {}", min, max), value);
  }
  into = *number;
  return std::nullopt;
}

SettingProblem read(const SettingValue& value, std::int64_t min, std::int64_t max,
                    std::chrono::seconds& into) {
  std::int64_t count = 0;
  if (auto problem = read(value, min, max, count)) return problem;
  into = std::chrono::seconds(count);
  return std::nullopt;
}

SettingProblem read(const SettingValue& value, std::vector<std::string>& into) {
  const auto* const texts = std::get_if<std::vector<std::string>>(&value);
  if (texts == nullptr) return must_be("an array of texts", value);
  into = *texts;
  return std::nullopt;
}

SettingProblem read(const SettingValue& value, bool may_be_off, Config::Listen& into) {
  const auto* const text = std::get_if<std::string>(&value);
  if (may_be_off && text != nullptr && *text == "off") {
    into.enabled = false;
    return std::nullopt;
  }
  const auto address = text == nullptr ? std::nullopt : net::SocketAddress::parse(*text);
  if (!address) {
    return must_be(may_be_off ? "an address and port such as 0.0.0.0:8443 or [::]:8443, or \"off\""
                              : "an address and port such as 127.0.0.1:8080 or [::1]:8080",
                   value);
  }
  into = {.address = *address, .enabled = true, .asked_for = true};
  return std::nullopt;
}

SettingProblem read(const SettingValue& value, std::vector<net::Network>& into) {
  std::vector<std::string> texts;
  if (auto problem = read(value, texts)) return problem;
  into.clear();
  for (const std::string& text : texts) {
    const auto network = net::Network::parse(text);
    if (!network) return must_be("addresses or blocks such as 10.0.0.0/8", text);
    into.push_back(*network);
  }
  return std::nullopt;
}

SettingProblem read(const SettingValue& value, std::optional<net::IpAddress>& into) {
  const auto* const text = std::get_if<std::string>(&value);
  const auto address = text == nullptr ? std::nullopt : net::IpAddress::parse(*text);
  if (!address || address->is_any()) {
    return must_be("an IP address such as 203.0.113.7", value);
  }
  into = address;
  return std::nullopt;
}

// ---- Readers of one setting each.

SettingProblem read_stun_alternate(Config& config, const SettingValue& value) {
  const auto* const text = std::get_if<std::string>(&value);
  Config::Stun::Alternate alternate;
  if (const auto address = text ? net::SocketAddress::parse(*text) : std::nullopt) {
    alternate = {.ip = address->ip, .port = address->port};
  } else if (const auto ip = text ? net::IpAddress::parse(*text) : std::nullopt) {
    alternate.ip = *ip;
  }
  if (alternate.ip.is_any()) {
    return must_be("an IP address of this host, such as 192.0.2.2 or 192.0.2.2:3479", value);
  }
  config.stun.alternate = alternate;
  return std::nullopt;
}

SettingProblem read_log_level(Config& config, const SettingValue& value) {
  const auto* const text = std::get_if<std::string>(&value);
  const auto level = text == nullptr ? std::nullopt : log::parse_level(*text);
  if (!level) return must_be("one of trace, debug, info, warning, error, off", value);
  config.log_level = *level;
  return std::nullopt;
}

// RFC 6454, 6.2: scheme "://" host [":" port], and no more.
bool is_origin(std::string_view text) {
  if (text == "*") return true;
  const std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  if (scheme == 0 || text.size() == scheme) return false;
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' ||
           c == '[' || c == ']';
  };
  return std::ranges::all_of(text.substr(scheme), allowed);
}

SettingProblem read_origins(Config& config, const SettingValue& value) {
  std::vector<std::string> origins;
  if (auto problem = read(value, origins)) return problem;
  for (const std::string& origin : origins) {
    if (!is_origin(origin)) {
      return must_be(
          "origins such as https://meet.example.org, in small letters and without a path", origin);
    }
  }
  config.http.allowed_origins = std::move(origins);
  return std::nullopt;
}

SettingProblem read_turn_users(Config& config, const SettingValue& value) {
  std::vector<std::string> users;
  if (auto problem = read(value, users)) return problem;
  for (const std::string& user : users) {
    const std::size_t colon = user.find(':');
    if (colon == 0 || colon == user.npos || colon + 1 == user.size()) {
      return "must be NAME:PASSWORD";  // Without the value: it is a secret.
    }
  }
  config.turn.user_texts = std::move(users);
  return std::nullopt;
}

SettingProblem read_turn_secrets(Config& config, const SettingValue& value) {
  std::vector<std::string> secrets;
  if (auto problem = read(value, secrets)) return problem;
  if (std::ranges::any_of(secrets, &std::string::empty)) return "must be texts that are not empty";
  config.turn.secrets = std::move(secrets);
  return std::nullopt;
}

SettingProblem read_turn_tcp(Config& config, const SettingValue& value) {
  using turn::TcpFor;
  const auto* const text = std::get_if<std::string>(&value);
  if (text != nullptr && *text == "off") {
    config.turn.tcp = TcpFor::kNobody;
  } else if (text != nullptr && *text == "users") {
    config.turn.tcp = TcpFor::kUsers;
  } else if (text != nullptr && *text == "all") {
    config.turn.tcp = TcpFor::kAll;
  } else {
    return must_be("one of off, users, all", value);
  }
  return std::nullopt;
}

SettingProblem read_turn_nat64(Config& config, const SettingValue& value) {
  std::vector<net::Network> prefixes;
  if (auto problem = read(value, prefixes)) return problem;
  for (const net::Network& prefix : prefixes) {
    if (!turn::is_nat64_prefix(prefix)) {
      return must_be("IPv6 prefixes of 32, 40, 48, 56, 64 or 96 bits", prefix.to_string());
    }
  }
  config.turn.nat64 = std::move(prefixes);
  return std::nullopt;
}

// ---- The list. The order is that of --help and of docs/operating.md.

constexpr std::int64_t kMany = 1'000'000;
constexpr std::int64_t kTwoHours = 2 * 3'600;  // Rooms in use say so once an hour.
constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kMegabyte = 1 << 20;
constexpr std::int64_t kLastPort = 65'535;

using Value = SettingValue;

constexpr std::array kSettings = {
    Setting{"http.listen", "--listen", "ADDR:PORT", "where to serve HTTP (127.0.0.1:8080)",
            [](Config& c, const Value& v) { return read(v, false, c.http.listen); }},
    Setting{"https.listen", "--https", "ADDR:PORT", "where to serve HTTPS, or off ([::]:8443)",
            [](Config& c, const Value& v) { return read(v, true, c.https.listen); }},
    Setting{"data", "--data", "DIR",
            "the directory of database, keys and certificates (./parley-data)",
            [](Config& c, const Value& v) { return read(v, c.data); }},
    Setting{"public_address", "--public-address", "IP",
            "the address under which clients reach STUN and TURN (the name they use for the page)",
            [](Config& c, const Value& v) { return read(v, c.public_address); }},
    Setting{"stun.listen", "--stun", "ADDR:PORT",
            "where to serve STUN and TURN, UDP and TCP, or off ([::]:3478)",
            [](Config& c, const Value& v) { return read(v, true, c.stun.listen); }},
    Setting{"stun.alternate", "--stun-alternate", "IP[:PORT]",
            "a second address, by which clients discover what their NAT does (none)",
            read_stun_alternate},
    Setting{"stun.alternate_public_address", "", "",
            "the address under which clients reach stun.alternate, where that is another",
            [](Config& c, const Value& v) { return read(v, c.stun.alternate_public_address); }},
    Setting{"log.level", "--log-level", "LEVEL", "trace, debug, info, warning, error or off (info)",
            read_log_level},
    Setting{"http.allowed_origins", "", "", "origins of other sites whose pages may connect",
            read_origins},
    Setting{"http.trusted_proxies", "", "", "proxies whose X-Forwarded-* are believed",
            [](Config& c, const Value& v) { return read(v, c.http.trusted_proxies); }},
    Setting{"http.max_connections", "", "", "connections at once",
            [](Config& c, const Value& v) { return read(v, 1, kMany, c.http.max_connections); }},
    Setting{"http.max_connections_per_address", "", "", "connections of one address at once",
            [](Config& c, const Value& v) {
              return read(v, 1, kMany, c.http.max_connections_per_address);
            }},
    Setting{"http.max_queued_bytes", "", "", "bytes that may wait for one slow client",
            [](Config& c, const Value& v) {
              return read(v, kMegabyte, 1024 * kMegabyte, c.http.max_queued_bytes);
            }},
    Setting{"http.idle_timeout", "", "", "seconds between two requests of one connection",
            [](Config& c, const Value& v) { return read(v, 1, kDay, c.http.idle_timeout); }},
    Setting{"https.certificate", "", "", "the certificate chain, a PEM file",
            [](Config& c, const Value& v) { return read(v, c.https.certificate); }},
    Setting{"https.key", "", "", "its private key, a PEM file",
            [](Config& c, const Value& v) { return read(v, c.https.key); }},
    Setting{"rooms.max_rooms", "", "", "rooms at once",
            [](Config& c, const Value& v) { return read(v, 1, kMany, c.rooms.max_rooms); }},
    Setting{"rooms.max_participants", "", "", "participants in one room",
            [](Config& c, const Value& v) { return read(v, 2, 2'000, c.rooms.max_participants); }},
    Setting{
        "rooms.max_mesh_participants", "", "",
        "participants in a room that never goes by the server",
        [](Config& c, const Value& v) { return read(v, 2, 100, c.rooms.max_mesh_participants); }},
    Setting{"rooms.max_waiting", "", "", "people who wait to be admitted to one room",
            [](Config& c, const Value& v) { return read(v, 1, 1'000, c.rooms.max_waiting); }},
    Setting{"rooms.max_stage", "", "",
            "people on the stage of a lecture, hosts and programs counted",
            [](Config& c, const Value& v) { return read(v, 1, 256, c.rooms.max_stage); }},
    Setting{"rooms.mesh_limit", "", "",
            "people who are connected with each other directly; more go by the server",
            [](Config& c, const Value& v) { return read(v, 1, 1'000, c.rooms.mesh_limit); }},
    Setting{"rooms.grace", "", "", "seconds a place is kept for who lost the connection",
            [](Config& c, const Value& v) { return read(v, 1, 3'600, c.rooms.grace); }},
    Setting{"rooms.resume", "", "", "seconds a resume is good for after it was given out",
            [](Config& c, const Value& v) { return read(v, 1, 30 * kDay, c.rooms.resume); }},
    Setting{"rooms.forget_after", "", "", "seconds that a room without an owner is kept unused",
            [](Config& c, const Value& v) {
              return read(v, kTwoHours, 366 * kDay, c.rooms.forget_after);
            }},
    Setting{"rooms.events_per_second", "", "", "events of one client a second, in the long run",
            [](Config& c, const Value& v) { return read(v, 1, kMany, c.rooms.events_per_second); }},
    Setting{"rooms.events_burst", "", "", "events of one client at once",
            [](Config& c, const Value& v) { return read(v, 10, kMany, c.rooms.events_burst); }},
    Setting{"auth.guests", "", "", "whether one may join without an account (true)",
            [](Config& c, const Value& v) { return read(v, c.auth.guests); }},
    Setting{"auth.registration", "", "", "whether anybody may make an account (true)",
            [](Config& c, const Value& v) { return read(v, c.auth.registration); }},
    Setting{"single_port", "--single-port", "",
            "serve HTTPS, STUN, TURN and media on the port of --https alone",
            [](Config& c, const Value& v) { return read(v, c.single_port); }},
    Setting{"media.listen", "--media", "ADDR:PORT", "where to carry media ([::]:40000)",
            [](Config& c, const Value& v) { return read(v, false, c.media.listen); }},
    Setting{"media.workers", "--workers", "N", "threads that relay and carry media (one a core)",
            [](Config& c, const Value& v) { return read(v, 1, 1'024, c.media.workers); }},
    Setting{"media.room_share", "", "", "people of one room on one worker, before others have some",
            [](Config& c, const Value& v) { return read(v, 1, kMany, c.media.room_share); }},
    Setting{"media.rooms_in_metrics", "", "", "the largest rooms, of which /metrics tells",
            [](Config& c, const Value& v) { return read(v, 0, 10'000, c.media.rooms_in_metrics); }},
    Setting{"media.sfu", "", "", "whether sound and picture may go by this server (true)",
            [](Config& c, const Value& v) { return read(v, c.media.sfu); }},
    Setting{"media.mixers", "--mixers", "N",
            "mixers, which make one stream of everyone for who asks for it (1; 0: nobody may)",
            [](Config& c, const Value& v) { return read(v, 0, 64, c.media.mixers); }},
    Setting{"turn.enabled", "", "", "whether to relay for who cannot be reached (true)",
            [](Config& c, const Value& v) { return read(v, c.turn.enabled); }},
    Setting{"turn.tls", "--turn-tls", "ADDR:PORT",
            "where to serve TURN over TLS, or off ([::]:5349)",
            [](Config& c, const Value& v) { return read(v, true, c.turn.tls); }},
    Setting{"turn.realm", "--turn-realm", "NAME", "the realm of the TURN server (parley)",
            [](Config& c, const Value& v) { return read(v, c.turn.realm); }},
    Setting{"turn.users", "--turn-user", "NAME:PASSWORD",
            "a user of the TURN server; or the key that parley turn-key makes of a password",
            read_turn_users, true},
    Setting{"turn.secrets", "", "", "secrets of time-limited TURN logins, the newest first",
            read_turn_secrets},
    Setting{"turn.tcp", "", "", "who may be relayed to peers over TCP: off, users or all (users)",
            read_turn_tcp},
    Setting{"turn.allow_peers", "--turn-allow-peer", "CIDR",
            "peers that TURN may relay to, beyond public ones",
            [](Config& c, const Value& v) { return read(v, c.turn.allow_peers); }, true},
    Setting{"turn.deny_peers", "--turn-deny-peer", "CIDR", "peers that TURN may not relay to",
            [](Config& c, const Value& v) { return read(v, c.turn.deny_peers); }, true},
    Setting{"turn.nat64", "", "",
            "prefixes by which this network reaches IPv4, beyond 64:ff9b::/96", read_turn_nat64},
    Setting{"turn.first_port", "", "", "the first port of relayed addresses",
            [](Config& c, const Value& v) { return read(v, 1, kLastPort, c.turn.first_port); }},
    Setting{"turn.last_port", "", "", "the last port of relayed addresses",
            [](Config& c, const Value& v) { return read(v, 1, kLastPort, c.turn.last_port); }},
    Setting{"turn.max_allocations", "", "", "relayed addresses of one worker at once",
            [](Config& c, const Value& v) { return read(v, 1, kMany, c.turn.max_allocations); }},
    Setting{"turn.user_allocations", "", "", "relayed addresses of one user at once",
            [](Config& c, const Value& v) { return read(v, 1, kMany, c.turn.user_allocations); }},
    Setting{"turn.user_mbit", "", "", "megabits a second of one user, both ways together",
            [](Config& c, const Value& v) { return read(v, 1, kMany, c.turn.user_mbit); }},
    Setting{
        "turn.address_allocations", "", "", "relayed addresses of one client's address at once",
        [](Config& c, const Value& v) { return read(v, 1, kMany, c.turn.address_allocations); }},
    Setting{"turn.address_mbit", "", "", "megabits a second of one address, both ways together",
            [](Config& c, const Value& v) { return read(v, 1, kMany, c.turn.address_mbit); }},
    Setting{"turn.credential_lifetime", "", "",
            "seconds that a login is good for which we hand out",
            [](Config& c,
               const Value& v) { return read(v, 60, 30 * kDay, c.turn.credential_lifetime); }},
    Setting{"test_hooks", "--test-hooks", "",
            "answer what public protocol test suites expect; not for use",
            [](Config& c, const Value& v) { return read(v, c.test_hooks); }},
};

// Levenshtein's: how many characters to insert, delete or replace.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0u);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::span<const Setting> all_settings() {
  return kSettings;
}

const Setting* find_setting(std::string_view key) {
  const auto it = std::ranges::find(kSettings, key, &Setting::key);
  return it == kSettings.end() ? nullptr : &*it;
}

std::optional<std::string_view> similar_key(std::string_view key) {
  const auto distance = [&](const Setting& setting) { return edit_distance(key, setting.key); };
  const auto nearest = std::ranges::min_element(kSettings, {}, distance);
  if (distance(*nearest) > std::min<std::size_t>(3, key.size() / 3)) return std::nullopt;
  return nearest->key;
}

SettingProblem apply(const Setting& setting, const SettingValue& value, Config& config) {
  return setting.set(config, value);
}

}  // namespace parley::server
