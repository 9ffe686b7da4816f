#include "http/static_files.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "http/content_coding.h"
#include "http/server.h"
#include "http/test_client.h"

namespace parley::http {
namespace {

const std::vector<StaticFile> kFiles = {
    {.path = "/index.html",
     .content_type = "text/html; charset=utf-8",
     .etag = "\"page\"",
     .identity = as_bytes("<html>"),
     .gzip = as_bytes("gzipped")},
    {.path = "/assets/app-12345678.js",
     .content_type = "text/javascript",
     .etag = "\"js\"",
     .identity = as_bytes("script();"),
     .gzip = as_bytes("gz"),
     .brotli = as_bytes("br"),
     .immutable = true},
    {.path = "/dot.png", .content_type = "image/png", .etag = "\"dot\"", .identity = as_bytes("p")},
};

std::string field(const Response& response, std::string_view name) {
  const auto it = std::ranges::find(response.headers, name, &Header::name);
  return it == response.headers.end() ? "" : it->value;
}

class HttpStaticFiles : public testing::Test {
 protected:
  Response get(std::string_view path, std::string_view accept_encoding = {},
               std::string_view if_none_match = {}) {
    Request request;
    if (!accept_encoding.empty()) request.headers.emplace_back("Accept-Encoding", accept_encoding);
    if (!if_none_match.empty()) request.headers.emplace_back("If-None-Match", if_none_match);
    return files_.respond(request, path);
  }

  StaticFiles files_{kFiles};
};

TEST_F(HttpStaticFiles, ServesTheSmallestFormThatTheClientTakes) {
  const Response brotli = get("/assets/app-12345678.js", "gzip, deflate, br");
  EXPECT_EQ(brotli.body.text(), "br");
  EXPECT_EQ(field(brotli, "Content-Encoding"), "br");
  EXPECT_EQ(field(brotli, "ETag"), "\"js-br\"");
  EXPECT_EQ(field(brotli, "Vary"), "Accept-Encoding");
  const Response gzip = get("/index.html", "gzip, deflate, br");
  EXPECT_EQ(gzip.body.text(), "gzipped");
  EXPECT_EQ(field(gzip, "ETag"), "\"page-gz\"");
  const Response identity = get("/index.html");
  EXPECT_EQ(identity.body.text(), "<html>");
  EXPECT_EQ(field(identity, "Content-Encoding"), "");
  EXPECT_EQ(field(identity, "Vary"), "Accept-Encoding");
  EXPECT_EQ(field(get("/dot.png", "br"), "Vary"), "");
}

TEST_F(HttpStaticFiles, SaysHowLongAFileMayBeKept) {
  EXPECT_EQ(field(get("/assets/app-12345678.js"), "Cache-Control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(field(get("/index.html"), "Cache-Control"), "no-cache");
}

TEST_F(HttpStaticFiles, KnowsWhatTheClientHasAlready) {
  for (const std::string_view tag : {"\"page\"", "W/\"page\"", "\"x\", \"page\"", "*"}) {
    const Response response = get("/index.html", "", tag);
    EXPECT_EQ(response.status, 304) << tag;
    EXPECT_TRUE(response.body.empty());
    EXPECT_EQ(field(response, "ETag"), "\"page\"");
    EXPECT_EQ(field(response, "Cache-Control"), "no-cache");
  }
  EXPECT_EQ(get("/index.html", "gzip", "\"page\"").status, 200) << "another form";
  EXPECT_EQ(get("/index.html", "gzip", "\"page-gz\"").status, 304);
  EXPECT_EQ(get("/index.html", "", "page").status, 200);
}

TEST_F(HttpStaticFiles, GuardsPages) {
  const Response page = get("/index.html");
  EXPECT_TRUE(field(page, "Content-Security-Policy").contains("frame-ancestors 'none'"));
  EXPECT_TRUE(field(page, "Permissions-Policy").contains("camera=(self)"));
  EXPECT_EQ(field(page, "Referrer-Policy"), "same-origin");
  const Response script = get("/assets/app-12345678.js");
  EXPECT_EQ(field(script, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(field(script, "Content-Security-Policy"), "");
}

TEST_F(HttpStaticFiles, KnowsNothingElse) {
  EXPECT_EQ(get("/index.htm").status, 404);
  EXPECT_EQ(get("/").status, 404);
  EXPECT_EQ(get("/assets").status, 404);
}

TEST_F(HttpStaticFiles, AnswersForTheAppWhereItsPathsAre) {
  io::EventLoop loop;
  Server server(loop, {});
  files_.add_to(server);
  TestClient client(loop, server.listen({.ip = *net::IpAddress::parse("127.0.0.1")}).value());
  const auto get = [&](const std::string& path) {
    client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
    return client.receive_past("\r\n\r\n");
  };
  for (const std::string path : {"/", "/room/a-b", "/room/x?name=A&join=1", "/index.html"}) {
    EXPECT_TRUE(get(path).contains("Content-Type: text/html")) << path;
    EXPECT_EQ(client.take(6), "<html>");
  }
  EXPECT_TRUE(get("/dot.png").contains("image/png"));
  EXPECT_EQ(client.take(1), "p");
  EXPECT_TRUE(get("/favicon.ico").starts_with("HTTP/1.1 404 "));
  EXPECT_TRUE(client.receive_past("}").starts_with("{"));
  client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(client.receive_past("\r\n\r\n").contains("Content-Length: 6\r\n"));
}

TEST_F(HttpStaticFiles, LeadsLostReadersBackAndTellsProgramsPlainly) {
  io::EventLoop loop;
  Server server(loop, {});
  files_.add_to(server);
  TestClient client(loop, server.listen({.ip = *net::IpAddress::parse("127.0.0.1")}).value());
  const auto get = [&](const std::string& head) {
    client.send(head + " HTTP/1.1\r\nHost: h\r\nAccept: application/xml, Text/HTML;q=0.9\r\n\r\n");
    return client.receive_past("\r\n\r\n");
  };
  const std::string page = get("GET /nowhere/at-all");
  EXPECT_TRUE(page.starts_with("HTTP/1.1 404 "));
  EXPECT_TRUE(page.contains("Content-Type: text/html"));
  EXPECT_TRUE(page.contains("Content-Security-Policy: "));
  EXPECT_EQ(client.take(6), "<html>");
  EXPECT_TRUE(get("HEAD /nowhere").contains("Content-Length: 6\r\n"));
  EXPECT_TRUE(get("POST /nowhere").contains("application/problem+json"));
  EXPECT_TRUE(client.receive_past("}").contains("404"));
}

TEST_F(HttpStaticFiles, AnswersLostReadersInFullWhateverTheyHave) {
  const auto lost = [&](std::vector<std::pair<std::string_view, std::string_view>> headers) {
    return files_.respond_lost({.path = "/nowhere", .headers = std::move(headers)});
  };
  EXPECT_EQ(lost({{"Accept", "text/html"}, {"If-None-Match", "*"}}).status, 404);
  EXPECT_EQ(lost({{"Accept", "text/html"}, {"If-None-Match", "*"}}).body.text(), "<html>");
  EXPECT_EQ(field(lost({{"Accept", "*/*"}}), "Content-Type"), "application/problem+json");
  EXPECT_EQ(field(lost({}), "Content-Type"), "application/problem+json");
}

TEST(HttpContentCoding, WeighsWhatTheClientAccepts) {
  using enum ContentCoding;
  const auto choose = [](std::string_view accepted) { return choose_coding(accepted, true, true); };
  EXPECT_EQ(choose(""), kIdentity);
  EXPECT_EQ(choose("gzip"), kGzip);
  EXPECT_EQ(choose("X-GZIP, BR"), kBrotli);
  EXPECT_EQ(choose("br;q=0.5, gzip"), kGzip);
  EXPECT_EQ(choose("br; q=0.8 , gzip;q=0.8"), kBrotli);
  EXPECT_EQ(choose("br;q=0, gzip;q=0.001"), kGzip);
  EXPECT_EQ(choose("*"), kBrotli);
  EXPECT_EQ(choose("br;q=0, *;q=0.5"), kGzip);
  EXPECT_EQ(choose("identity;q=1, gzip;q=0.5"), kIdentity);
  EXPECT_EQ(choose("identity;q=0"), kIdentity);
  EXPECT_EQ(choose("gzip;q=nonsense"), kIdentity);
  EXPECT_EQ(choose("deflate"), kIdentity);
  EXPECT_EQ(choose_coding("br, gzip", true, false), kGzip);
  EXPECT_EQ(choose_coding("br, gzip", false, false), kIdentity);
}

}  // namespace
}  // namespace parley::http
