#include "server/whip/whip_door.h"

#include <algorithm>
#include <array>
#include <utility>

#include "http/authorization.h"
#include "server/calendar.h"
#include "server/whip/fields.h"
#include "server/whip/status.h"

namespace parley::server {

using http::Method;
using http::Request;
using http::Responder;
using http::Response;
using meeting::ConnectionId;
using namespace whip_http;

namespace {

constexpr std::int64_t kJoin = 1, kConnect = 2, kRestart = 3;  // By which the answers are known.

// The refusal that an acknowledgement brings; none if it brings what was asked for.
std::optional<Problem> problem_of(const Json& body) {
  if (is_true(body, "ok")) return std::nullopt;
  const Json* const error = body.find("error");
  if (error == nullptr) return Problem{};
  return Problem{status_of(text_of(*error, "code")), std::string(text_of(*error, "message")),
                 std::string(text_of(*error, "field"))};
}

Problem no_session() {
  return {404, "There is no such session."};
}

std::string_view root_of(ProgramKind kind) {
  return kind == ProgramKind::kPublisher ? "/whip/" : "/whep/";
}

// What is wrong with what the address asks for.
std::optional<Problem> wrong_wish(ProgramKind kind, const Request& request) {
  auto problem = wrong_word(request, "source", {"camera", "screen"});
  if (problem || kind == ProgramKind::kPublisher) return problem;
  return wrong_word(request, "view", {"all", "each"});
}

bool& flag_of(auto& media, std::string_view source) {
  if (source == "microphone") return media.microphone;
  return source == "camera" ? media.camera : media.screen;
}

}  // namespace

WhipDoor::WhipDoor(MeetingBinding& meeting, const IceServers& ice_servers,
                   const OriginPolicy& origins, Random& random, Config config)
    : meeting_(meeting),
      ice_servers_(ice_servers),
      origins_(origins),
      random_(random),
      config_(config) {}

void WhipDoor::add_to(http::Server& http) {
  for (const ProgramKind kind : {ProgramKind::kPublisher, ProgramKind::kPlayer}) {
    const std::string path = std::string(root_of(kind)) + "{room}";
    http.route_any(
        path,
        [this, kind](const Request& request, Responder responder) {
          open(kind, request, std::move(responder));
        },
        config_.max_offer);
    http.route_any(
        path + "/{session}",
        [this, kind](const Request& request, Responder responder) {
          handle(kind, request, std::move(responder));
        },
        SdpFragment::kMaxSize);
  }
}

// --- Requests ---

void WhipDoor::open(ProgramKind kind, const Request& request, Responder responder) {
  if (!origins_.allows(request)) return responder.send(OriginPolicy::refusal());
  const std::string origin(request.header("Origin").value_or(""));
  const auto refuse = [&](Response response) {
    ++counters_.refused;
    responder.send(for_origin(std::move(response), origin));
  };
  if (request.method == Method::kOptions) return responder.send(options(origin));
  if (is_reading(request)) return responder.send(for_origin({.status = 204}, origin));
  if (request.method != Method::kPost) return refuse(wrong_method("GET, HEAD, POST, OPTIONS"));
  if (!has_type(request, kSdp)) return refuse(wrong_type("Accept-Post", kSdp));
  if (const auto problem = wrong_wish(kind, request)) return refuse(to_response(*problem));
  const bool screen = request.query_parameter("source") == "screen";
  auto offer =
      ProgramOffer::parse(kind, as_text(request.body),
                          screen ? ProgramOffer::Shows::kScreen : ProgramOffer::Shows::kCamera);
  if (!offer) return refuse(to_response({400, offer.error(), "offer"}));
  if (sessions_.size() >= config_.max_sessions) {
    return refuse(to_response({503, "This server is full."}));
  }
  if (from_.of(request.peer.ip) >= config_.max_sessions_per_address) {
    return refuse(to_response({429, "There are too many sessions from this address."}));
  }
  Session& session = add(kind, request, *std::move(offer));
  const ConnectionId id = session.connection;
  session.owed.emplace(Owed{.responder = std::move(responder), .origin = origin});
  session.owed->responder.on_abandoned([this, id] { end(id); });
  if (sessions_.contains(id)) join(session, request);
}

WhipDoor::Session& WhipDoor::add(ProgramKind kind, const Request& request, ProgramOffer offer) {
  const ConnectionId id =
      meeting_.add(*this, {.by_server_alone = true, .plays = kind == ProgramKind::kPlayer},
                   request.peer.ip.to_string());
  Session& session = sessions_[id];
  session = {.connection = id,
             .from = request.peer.ip,
             .kind = kind,
             .path = std::string(root_of(kind)) + std::string(request.path_parameter("room")) +
                     "/" + random_.token(24),
             .offer = std::move(offer.sdp),
             .sources = std::move(offer.sources),
             .etag = new_etag(),
             .host = request.host,
             .https = request.secure,
             .offered = {offer.microphone, offer.camera, offer.screen}};
  session.media = session.offered;
  if (kind == ProgramKind::kPlayer) {
    session.director.emplace(Director::Wish{request.query_parameter("show").value_or(""),
                                            request.query_parameter("source").value_or(""),
                                            request.query_parameter("view").value_or("")},
                             offer.pictures);
  }
  by_path_.emplace(session.path, id);
  from_.add(session.from);
  ++counters_.open;
  return session;
}

void WhipDoor::join(const Session& session, const Request& request) {
  const std::string_view otherwise = session.kind == ProgramKind::kPublisher ? "Stream" : "Player";
  Json join =
      Json::Object{{"room", request.path_parameter("room")},
                   {"name", request.query_parameter("name").value_or(std::string(otherwise))},
                   {"micinf", session.media.microphone},
                   {"vidinf", session.media.camera}};
  if (const auto token = http::bearer_token(request); !token.empty()) join.set("token", token);
  meeting_.said(session.connection, "join", std::move(join), kJoin);
}

void WhipDoor::handle(ProgramKind kind, const Request& request, Responder responder) {
  if (!origins_.allows(request)) return responder.send(OriginPolicy::refusal());
  const std::string origin(request.header("Origin").value_or(""));
  if (request.method == Method::kOptions) return responder.send(options(origin));
  Session* const session = find(request.path);
  if (session == nullptr || session->kind != kind || !session->established) {
    return responder.send(for_origin(to_response(no_session()), origin));
  }
  if (is_reading(request)) return responder.send(for_origin({.status = 204}, origin));
  if (request.method == Method::kDelete) {
    if (session->owed) {  // A restart is under way: it finds nothing left.
      refuse(*session, no_session());
    } else {
      end(session->connection);
    }
    return responder.send(for_origin({.status = 200}, origin));
  }
  if (request.method == Method::kPatch) return patch(*session, request, std::move(responder));
  responder.send(for_origin(wrong_method("GET, HEAD, PATCH, DELETE, OPTIONS"), origin));
}

// Of its own ICE session it can only bring candidates, which we learn from its checks; other
// credentials are a restart (RFC 9725, 4.3.3).
void WhipDoor::patch(Session& session, const Request& request, Responder responder) {
  const std::string origin(request.header("Origin").value_or(""));
  const auto reply = [&](Response response) {
    responder.send(for_origin(std::move(response), origin));
  };
  if (!has_type(request, kFragment)) return reply(wrong_type("Accept-Patch", kFragment));
  const auto match = request.header("If-Match");
  if (!match) return reply(to_response({428, "Say by If-Match which ICE session it is about."}));
  if (!matches(*match, session.etag)) {
    return reply(to_response({412, "That ICE session is not the current one."}));
  }
  const auto fragment = SdpFragment::parse(as_text(request.body));
  if (!fragment) return reply(to_response({400, fragment.error()}));
  const bool trickles = *fragment == SdpFragment() || credentials_of(session.offer) == *fragment;
  if (trickles) return reply({.status = 204});
  if (session.owed) return reply(to_response({409, "Another restart is under way."}));
  restart(session, *fragment, {.responder = std::move(responder), .origin = origin});
}

void WhipDoor::restart(Session& session, const SdpFragment& fragment, Owed owed) {
  owed.offer = with_credentials(session.offer, fragment);
  session.owed.emplace(std::move(owed));
  negotiate(session, session.owed->offer, true);
}

void WhipDoor::negotiate(const Session& session, std::string_view offer, bool restart) {
  meeting_.said(session.connection, "negotiate",
                Json::Object{{"renegotiate", restart},
                             {"offer", Json::Object{{"sdp", offer}, {"sources", session.sources}}}},
                restart ? kRestart : kConnect);
}

// --- What the meeting says ---

void WhipDoor::answer(ConnectionId to, std::int64_t ack, const Json::Written& written) {
  const auto found = sessions_.find(to);
  if (found == sessions_.end() || !found->second.owed) return;
  const Json body = Json::parse(written.text).value();
  if (ack == kJoin) return on_joined(found->second, body);
  if (ack == kConnect) return on_connected(found->second, body);
  if (ack == kRestart) on_restarted(found->second, body);
}

// Its offer is no part of the join: so it is told what is wrong with it.
void WhipDoor::on_joined(Session& session, const Json& body) {
  if (const auto problem = problem_of(body)) return refuse(session, *problem);
  if (is_true(body, "waiting")) {
    return refuse(session, {403, "A host would have to let you in: ask for a join token."});
  }
  session.owed->links = links_of(body);
  if (session.director) session.director->welcome(body);
  negotiate(session, session.offer, false);
}

void WhipDoor::on_connected(Session& session, const Json& body) {
  if (const auto problem = problem_of(body)) return refuse(session, *problem);
  session.established = true;
  const std::string_view sdp = text_of(body, "answer");
  const bool plays = session.kind == ProgramKind::kPlayer;
  ++(plays ? counters_.played : counters_.published);
  Response response{.status = 201,
                    .body = SharedBytes(as_program_answer(session.kind, session.offer, sdp))};
  response.with("Content-Type", kSdp)
      .with("Location", session.path)
      .with("ETag", quoted(session.etag))
      .with("Accept-Patch", kFragment);
  Owed owed = *std::exchange(session.owed, std::nullopt);
  for (const std::string& link : owed.links) response.with("Link", link);
  owed.responder.send(for_origin(std::move(response), owed.origin));
  if (session.media.screen) say_media(session);
  if (plays) direct(session);
}

void WhipDoor::on_restarted(Session& session, const Json& body) {
  Owed owed = *std::exchange(session.owed, std::nullopt);
  if (const auto problem = problem_of(body)) {
    return owed.responder.send(for_origin(to_response(*problem), owed.origin));
  }
  ++counters_.restarts;
  session.offer = std::move(owed.offer);
  session.etag = new_etag();
  Response response{.status = 200, .body = SharedBytes(fragment_of(text_of(body, "answer")))};
  response.with("Content-Type", kFragment).with("ETag", quoted(session.etag));
  owed.responder.send(for_origin(std::move(response), owed.origin));
}

void WhipDoor::tell(std::span<const ConnectionId> to, std::string_view event, const Json& body) {
  static constexpr std::array<std::string_view, 5> kEnds = {"removed", "ended", "replaced",
                                                            "refused", "closing"};
  // Without an answer it asks for a new connection: the one that there was has failed.
  const bool broken = event == "topology" && text_of(body, "answer").empty();
  const bool over = broken || std::ranges::find(kEnds, event) != kEnds.end();
  for (const ConnectionId id : to) {
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) continue;
    Session& session = found->second;
    if (over) {
      on_over(session, event);
    } else if (event == "muted") {
      on_muted(session, body);
    } else if (event == "asked") {
      on_asked(session, body);
    } else if (event == "stage" && is_true(body, "onStage")) {
      say_media(session);  // There is no person to ask: it sends what it offered.
    } else if (session.director) {
      session.director->handle(event, body);
      if (session.established) direct(session);
    }
  }
}

void WhipDoor::on_muted(Session& session, const Json& body) {
  flag_of(session.media, text_of(body, "source")) = false;
}

// There is no person to ask: what a host has switched off is on again when a host wants it.
void WhipDoor::on_asked(Session& session, const Json& body) {
  const std::string_view source = text_of(body, "source");
  if (!is_true(body, "on") || !flag_of(session.offered, source)) return;
  flag_of(session.media, source) = true;
  say_media(session);
}

void WhipDoor::say_media(const Session& session) {
  meeting_.said(session.connection, "media",
                Json::Object{{"micinf", session.media.microphone},
                             {"vidinf", session.media.camera},
                             {"scrinf", session.media.screen}},
                std::nullopt);
}

void WhipDoor::direct(Session& session) {
  if (auto view = session.director->take_view()) {
    meeting_.said(session.connection, "view", *std::move(view), std::nullopt);
  }
}

void WhipDoor::on_over(Session& session, std::string_view event) {
  if (event == "topology") ++counters_.broken;
  if (session.owed) {
    return refuse(session, {503, "The session has ended: " + std::string(event) + "."});
  }
  end(session.connection);
}

void WhipDoor::forget(ConnectionId) {}  // end() has done it.

std::vector<meeting::IceServer> WhipDoor::ice_servers(ConnectionId connection,
                                                      std::string_view sid) {
  const auto found = sessions_.find(connection);
  if (found == sessions_.end()) return {};
  const Session& session = found->second;
  return ice_servers_.for_client({.host = session.host, .https = session.https, .who = sid},
                                 unix_seconds());
}

void WhipDoor::refuse(Session& session, const Problem& problem) {
  if (!session.established) ++counters_.refused;
  Owed owed = *std::exchange(session.owed, std::nullopt);
  owed.responder.send(for_origin(to_response(problem), owed.origin));
  end(session.connection);
}

void WhipDoor::end(ConnectionId connection) {
  const auto found = sessions_.find(connection);
  if (found == sessions_.end()) return;
  by_path_.erase(found->second.path);
  from_.remove(found->second.from);
  sessions_.erase(found);
  --counters_.open;
  meeting_.said(connection, "leave", Json::Object{}, std::nullopt);
  meeting_.lost(connection, false);
}

WhipDoor::Session* WhipDoor::find(std::string_view path) {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? nullptr : &sessions_.at(found->second);
}

}  // namespace parley::server
