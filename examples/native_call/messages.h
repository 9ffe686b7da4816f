#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "peer/ice_servers.h"

// What goes through signalling (docs/protocol.md), and how to read it. A member that is missing or
// of another type is read as empty: the server checks what it passes on.
namespace native_call {

// An offer or an answer, and what its media sections show: {"0": "camera"}.
struct Description {
  std::string type = {};
  std::string sdp = {};
  std::map<std::string, std::string> sources = {};

  // Which peer connection it is of: the session id of its o= line (RFC 8866, 5.2).
  std::string_view session() const;
};

// An ICE candidate of the section `mid`.
struct Candidate {
  std::string candidate = {};
  std::string mid = {};
};

std::string text_of(const parley::Json& object, std::string_view key);
bool is_true(const parley::Json& object, std::string_view key);
parley::Json::Array list_of(const parley::Json& object, std::string_view key);

Description description_of(const parley::Json& fields);
// None: no more will come.
std::optional<Candidate> candidate_of(const parley::Json& fields);
std::vector<parley::peer::IceServer> ice_servers_of(const parley::Json& welcome);

}  // namespace native_call
