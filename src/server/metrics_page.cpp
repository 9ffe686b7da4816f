#include "server/metrics_page.h"

#include <string>
#include <utility>
#include <vector>

#include "server/front_door_metrics.h"
#include "server/media_metrics.h"
#include "server/metrics.h"
#include "server/relay_metrics.h"

namespace parley::server {
namespace {

void write(MetricsText& metrics, const http::Server::Counters& http) {
  metrics.counter("http_connections", "TCP connections accepted.").value(http.connections);
  metrics.counter("http_requests", "HTTP requests answered.").value(http.requests);
  metrics.counter("http_websockets", "WebSockets opened.").value(http.websockets);
  metrics.gauge("http_open_connections", "TCP connections now, WebSockets among them.")
      .value(http.open_connections);
  metrics.gauge("http_open_websockets", "WebSockets now.").value(http.open_websockets);
  metrics.counter("http_refusals", "Connections and requests refused or given up, by reason.")
      .value("reason", "full", http.refused_full)
      .value("reason", "address", http.refused_address)
      .value("reason", "bad-request", http.bad_requests)
      .value("reason", "slow-reader", http.slow_readers)
      .value("reason", "timed-out", http.timed_out)
      .value("reason", "tls", http.tls_failures);
}

void write(MetricsText& metrics, const socketio::Server::Counters& io) {
  metrics.counter("socketio_connections", "Sockets connected.").value(io.connections);
  metrics.counter("socketio_recoveries", "Sockets recovered after a break.").value(io.recovered);
  metrics.counter("socketio_events", "Events from clients.").value(io.events);
  metrics.counter("socketio_deliveries", "Events to clients, once a receiver.")
      .value(io.deliveries);
  metrics.counter("socketio_refusals", "What clients did wrong, by reason.")
      .value("reason", "refused", io.refused)
      .value("reason", "parse-error", io.parse_errors)
      .value("reason", "stray-packet", io.stray_packets)
      .value("reason", "connect-timeout", io.connect_timeouts);
}

void write(MetricsText& metrics, const MeetingWs::Counters& ws) {
  metrics.gauge("ws_open", "Clients of /ws now.").value(ws.open);
  metrics.counter("ws_connections", "Clients of /ws.").value(ws.connections);
  metrics.counter("ws_messages", "Messages of clients of /ws.").value(ws.messages);
  metrics.counter("ws_refusals", "What clients of /ws did wrong, by reason.")
      .value("reason", "malformed", ws.malformed)
      .value("reason", "ping-timeout", ws.ping_timeouts);
}

void write(MetricsText& metrics, const WhipDoor::Counters& whip) {
  metrics.gauge("whip_open", "Sessions of WHIP and WHEP now.").value(whip.open);
  metrics.counter("whip_sessions", "Sessions of WHIP and WHEP, by kind.")
      .value("kind", "whip", whip.published)
      .value("kind", "whep", whip.played);
  metrics.counter("whip_refusals", "Requests for a session that were refused.").value(whip.refused);
  metrics.counter("whip_restarts", "ICE restarts of sessions.").value(whip.restarts);
  metrics.counter("whip_broken", "Sessions that ended because their media had failed.")
      .value(whip.broken);
}

void write(MetricsText& metrics, const meeting::Counters& rooms) {
  metrics.gauge("rooms", "Rooms now.").value(rooms.rooms);
  metrics.gauge("participants", "Participants now, those away among them.")
      .value(rooms.participants);
  metrics.gauge("participants_away", "Participants whose connection broke, now.").value(rooms.away);
  metrics.counter("joins", "Participants who came in.").value(rooms.joins);
  metrics.counter("returns", "Participants who came back after a break, by the way they took.")
      .value("by", "resume", rooms.resumes)
      .value("by", "recovery", rooms.recoveries);
  metrics.counter("replaced", "Connections replaced by another of the same participant.")
      .value(rooms.replaced);
  metrics.counter("departures", "Participants who went, by reason.")
      .value("reason", "left", rooms.leaves)
      .value("reason", "timeout", rooms.timeouts)
      .value("reason", "removed", rooms.removed);
  metrics.gauge("waiting", "People who wait to be admitted, now.").value(rooms.waiting);
  metrics.counter("waited", "People who had to wait to be admitted.").value(rooms.waited);
  metrics.counter("wait_ends", "How waiting ended.")
      .value("by", "admitted", rooms.admitted)
      .value("by", "refused", rooms.refused)
      .value("by", "timeout", rooms.wait_timeouts)
      .value("by", "left", rooms.wait_left);
  metrics.counter("host_actions", "What hosts did.")
      .value("action", "mute", rooms.mutes)
      .value("action", "ask", rooms.asks)
      .value("action", "permit", rooms.permits)
      .value("action", "role", rooms.role_changes)
      .value("action", "settings", rooms.settings_changes)
      .value("action", "remove", rooms.removed)
      .value("action", "end", rooms.ended);
  metrics.counter("chat", "Chat messages stored, repeated, edited and deleted.")
      .value("event", "message", rooms.messages)
      .value("event", "repeated", rooms.repeated_messages)
      .value("event", "edited", rooms.edits)
      .value("event", "deleted", rooms.deletions);
  metrics.counter("questions", "Questions asked, repeated, judged by hosts, deleted, forgotten.")
      .value("event", "asked", rooms.questions)
      .value("event", "repeated", rooms.repeated_questions)
      .value("event", "judged", rooms.questions_judged)
      .value("event", "deleted", rooms.questions_deleted)
      .value("event", "forgotten", rooms.questions_forgotten);
  metrics.counter("question_votes", "Votes on questions that were counted.").value(rooms.votes);
  metrics.counter("question_vote_writes", "Writes to the store that they took.")
      .value(rooms.vote_writes);
  metrics.counter("question_vote_tellings", "How often a room was told of new numbers of votes.")
      .value(rooms.vote_tellings);
  metrics.counter("todo_changes", "Changes of to-do lists stored.").value(rooms.todo_changes);
  metrics.counter("room_store_requests", "What rooms asked of the store.")
      .value(rooms.store_requests);
  metrics.counter("room_store_failures", "What the store failed of that.")
      .value(rooms.store_failures);
  metrics.counter("room_shared_reads", "Of what people read, answered from a read for another.")
      .value(rooms.shared_reads);
  metrics.counter("relayed", "Events passed on from one participant to another.")
      .value("event", "description", rooms.descriptions)
      .value("event", "candidate", rooms.candidates)
      .value("event", "reaction", rooms.reactions);
  metrics.gauge("audience", "Participants in the audience of a lecture, now.")
      .value(rooms.audience);
  metrics.counter("stage", "Who went on the stage of a lecture, off it, or had no place there.")
      .value("event", "up", rooms.stage_up)
      .value("event", "down", rooms.stage_down)
      .value("event", "left-out", rooms.stage_left_out);
  metrics.counter("audience_tellings", "What lectures were told of their audience.")
      .value(rooms.audience_told);
  metrics.counter("roster_pages", "Pages of an audience that were read.").value(rooms.roster_pages);
  metrics.counter("audience_reactions", "Reactions of audiences, and those there were too many of.")
      .value("event", "summed", rooms.reactions_summed)
      .value("event", "dropped", rooms.reactions_dropped);
  metrics.gauge("rooms_by_server", "Rooms whose media goes by the server, now.")
      .value(rooms.sfu_rooms);
  metrics.counter("topology_changes", "Rooms whose media took another way, by reason.");
  for (const auto& [reason, name] : names_of(meeting::TopologyReason{})) {
    metrics.value("reason", name, rooms.topology_changes[std::to_underlying(reason)]);
  }
  metrics.counter("unconnected", "Reports of two who could not be connected directly.")
      .value(rooms.unconnected);
  metrics.counter("media_requests", "What rooms asked of media.").value(rooms.media_requests);
  metrics.counter("media_unanswered", "Offers without an answer, by reason.")
      .value("reason", "bad-offer", rooms.media_bad_offers)
      .value("reason", "timeout", rooms.media_timeouts);
  metrics.counter("media_connections", "Connections with media that came up, paused and ended.")
      .value("state", "connected", rooms.media_connected)
      .value("state", "lost", rooms.media_lost)
      .value("state", "failed", rooms.media_failed);
  metrics.counter("waiting_dropped", "Events for someone away that there was no room to keep.")
      .value(rooms.missed_dropped);
  metrics.counter("bad_resumes", "Joins whose resume was forged or too old.")
      .value(rooms.bad_resumes);
  metrics.counter("refusals", "Events refused, by code.");
  for (const auto& [code, name] : names_of(meeting::Code{})) {
    metrics.value("code", name, rooms.refusals[std::to_underlying(code)]);
  }
}

void write(MetricsText& metrics, const Storage::Counters& storage) {
  metrics.gauge("storage_queued", "Jobs of the database now.").value(storage.queued);
  metrics.counter("storage_jobs", "Jobs of the database.").value(storage.jobs);
  metrics.counter("storage_commits", "Commits, which the jobs share.").value(storage.commits);
  metrics.counter("storage_busy_seconds", "Time that the database took.")
      .value(std::chrono::duration<double>(storage.busy).count());
  metrics.counter("storage_failures", "Jobs that were not carried out, by reason.")
      .value("reason", "unavailable", storage.unavailable)
      .value("reason", "queue-full", storage.refused);
}

void write(MetricsText& metrics, const Housekeeping::Counters& removed) {
  metrics.counter("storage_removed", "What nobody would ask for again, by kind.")
      .value("kind", "room", removed.rooms)
      .value("kind", "session", removed.sessions);
}

void write(MetricsText& metrics, const ApiCounters& api) {
  metrics.counter("api_answers", "Answers of the HTTP API, by status.");
  for (const auto& [status, count] : api.answers) {
    metrics.value("status", std::to_string(status), count);
  }
  metrics.counter("accounts", "What became of accounts, by event.")
      .value("event", "registered", api.registrations)
      .value("event", "logged-in", api.log_ins)
      .value("event", "wrong-log-in", api.wrong_log_ins)
      .value("event", "refreshed", api.refreshes)
      .value("event", "token-reused", api.reused_tokens);
}

// STUN is answered at the media ports as well.
RelayCounters relay_counters(RelayWorkers* relay, const std::vector<MediaCounters>& media) {
  RelayCounters counters;
  if (relay != nullptr) counters = relay->counters();
  for (const MediaCounters& worker : media) add(counters.binding, worker.binding);
  return counters;
}

}  // namespace

std::string metrics_page(const MetricsSources& sources) {
  MetricsText metrics;
  write(metrics, sources.rooms.counters());
  write(metrics, sources.http.counters());
  write(metrics, sources.io.counters());
  write(metrics, sources.ws.counters());
  write(metrics, sources.whip.counters());
  write(metrics, sources.storage.counters());
  write(metrics, sources.housekeeping.counters());
  write(metrics, sources.api);
  const std::vector<MediaCounters> media = sources.media.counters();
  write_relay_metrics(metrics, relay_counters(sources.relay, media));
  if (sources.media.serving()) {
    write_media_metrics(metrics, media, sources.media.rooms());
    write_mix_metrics(metrics, sources.media.mix_counters(), sources.media.rooms().mixes_refused());
  }
  if (sources.front_door != nullptr) {
    write_front_door_metrics(metrics, sources.front_door->counters());
  }
  write_process_metrics(metrics);
  return metrics.text();
}

}  // namespace parley::server
