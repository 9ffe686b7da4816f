// What one request, one response and one frame cost, without sockets.
#include <benchmark/benchmark.h>

#include <string>

#include "base/overloaded.h"
#include "http/path_table.h"
#include "http/request_parser.h"
#include "http/response_head.h"
#include "http/websocket/engine.h"

namespace parley::http {
namespace {

constexpr std::string_view kPoll =
    "GET /socket.io/?EIO=4&transport=polling&t=Pabc123&sid=lv_VI97HAXpY6yYWAAAB HTTP/1.1\r\n"
    "Host: 127.0.0.1:8080\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n";

constexpr std::string_view kBrowser =
    "GET /socket.io/?EIO=4&transport=polling&t=Pabc123&sid=lv_VI97HAXpY6yYWAAAB HTTP/1.1\r\n"
    "Host: meet.example.org\r\nConnection: keep-alive\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/156.0.0.0 Safari/537.36\r\nAccept: */*\r\nSec-Fetch-Site: same-origin\r\n"
    "Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\nReferer: https://meet.example.org/room/x\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-US,en;q=0.9\r\n\r\n";

void parse_request(benchmark::State& state, std::string_view bytes) {
  RequestParser::Pool pool;
  RequestParser parser(pool);
  for (auto _ : state) {
    Bytes input = as_bytes(bytes);
    benchmark::DoNotOptimize(parser.handle_input(input, 16 << 10));
    benchmark::DoNotOptimize(parser.handle_input(input, 16 << 10));
    parser.finish_request();
  }
}
BENCHMARK_CAPTURE(parse_request, poll, kPoll);
BENCHMARK_CAPTURE(parse_request, browser, kBrowser);

void write_response(benchmark::State& state) {
  std::string head;
  for (auto _ : state) {
    const Response response = Response::text(200, "6");
    head.clear();
    append_response_head(head, response, {}, "Sun, 06 Nov 1994 08:49:37 GMT");
    benchmark::DoNotOptimize(head.data());
  }
}
BENCHMARK(write_response);

void find_route(benchmark::State& state) {
  PathTable<int> table;
  for (const std::string_view path : {"/socket.io/", "/ws", "/", "/room/*", "/api/rooms/{name}"}) {
    table.at(path) = 1;
  }
  PathParameters parameters;
  for (auto _ : state) benchmark::DoNotOptimize(table.find("/socket.io/", parameters));
}
BENCHMARK(find_route);

void receive_messages(benchmark::State& state) {
  const std::string payload(static_cast<std::size_t>(state.range(0)), 'x');
  std::string frame(
      as_text(websocket::OutgoingHeader(websocket::Opcode::kText, payload.size()).bytes()));
  frame[1] = static_cast<char>(frame[1] | '\x80');
  frame += std::string("\0\0\0\0", 4) + payload;
  websocket::Engine::Buffer spare;
  websocket::Engine engine({}, spare);
  for (auto _ : state) {
    engine.handle_input(Time{}, as_bytes(frame));
    while (auto output = engine.poll_output()) benchmark::DoNotOptimize(&*output);
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(receive_messages)->Arg(64)->Arg(1200)->Arg(65536);

void send_message(benchmark::State& state) {
  const SharedBytes payload(std::string(64, 'x'));
  websocket::Engine::Buffer spare;
  websocket::Engine engine({}, spare);
  for (auto _ : state) benchmark::DoNotOptimize(engine.send(payload, WebSocketKind::kText));
}
BENCHMARK(send_message);

void deflate_message(benchmark::State& state) {
  std::string message;
  while (message.size() < 1000) message += "{\"type\":\"candidate\",\"sid\":\"abc\"},";
  websocket::Deflater deflater({});
  for (auto _ : state) benchmark::DoNotOptimize(deflater.deflate(as_bytes(message)));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(message.size()));
}
BENCHMARK(deflate_message);

}  // namespace
}  // namespace parley::http

BENCHMARK_MAIN();
