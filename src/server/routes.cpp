#include "server/routes.h"

#include "server/metrics.h"

namespace parley::server {
namespace {

using http::Method;
using http::Request;
using http::Responder;
using http::Response;

constexpr std::size_t kMaxEventBytes = 128 << 10;  // docs/protocol.md: one event.

Response uncached(Response response) {
  return std::move(response).with("Cache-Control", "no-store");
}

void add_health(http::Server& http, const bool& draining) {
  http.route(Method::kGet, "/healthz", [](const Request&, Responder responder) {
    responder.send(uncached(Response::text(200, "ok\n")));
  });
  http.route(Method::kGet, "/readyz", [&draining](const Request&, Responder responder) {
    responder.send(
        uncached(draining ? Response::text(503, "draining\n") : Response::text(200, "ready\n")));
  });
}

}  // namespace

// The hash in style-src is that of nothing: the app's style library puts an empty <style> into the
// page and fills it through the CSSOM. So no inline style, and no inline script, is ever let in.
http::StaticFilesConfig web_config() {
  return {.content_security_policy =
              "default-src 'none'; script-src 'self'; "
              "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; "
              "img-src 'self' data: blob:; media-src 'self' blob: mediastream:; font-src 'self'; "
              "connect-src 'self'; manifest-src 'self'; worker-src 'self' blob:; "
              "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
          .app_paths = {"/", "/room/*", "/account", "/doctor", "/inspector"}};
}

void add_routes(http::Server& http, const RouteContext& context) {
  context.web.add_to(http);
  add_health(http, context.draining);
  http.route(Method::kGet, "/metrics", [&http, context](const Request&, Responder responder) {
    Response response;
    response.with("Content-Type", MetricsText::kContentType);
    response.body = SharedBytes(metrics_page(
        {http, context.io, context.meeting.rooms(), context.ws, context.whip, context.storage,
         context.housekeeping, context.api, context.media, context.relay, context.front_door}));
    responder.send(uncached(std::move(response)));
  });
  http.websocket("/ws", {.max_message_bytes = kMaxEventBytes},
                 [context](const Request& request)
                     -> std::expected<std::unique_ptr<http::WebSocketHandler>, Response> {
                   if (!context.origins.allows(request)) {
                     return std::unexpected(OriginPolicy::refusal());
                   }
                   return context.ws.accept(request);
                 });
}

}  // namespace parley::server
