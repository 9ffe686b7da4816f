#include "http/request_parser.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace parley::http {
namespace {

// Few requests are under way at one moment of a loop; a large body is not worth keeping room for.
constexpr std::size_t kMaxSpare = 16;
constexpr std::size_t kMaxSpareBytes = 64 << 10;

constexpr RequestError kBodyTooLarge{413, "the body is too large"};
constexpr RequestError kBadChunk{400, "a chunk of the body is malformed"};

}  // namespace

struct RequestParser::Work {
  enum class Stage : std::uint8_t { kHead, kBody, kWhole };

  // Copies the head, and moves the views into it there.
  void own_head();

  Stage stage = Stage::kHead;
  bool head_is_borrowed = false;  // From the caller's input.
  Bytes head_block = {};
  RequestHead head = {};
  HeadScanner scanner = {};
  ChunkedDecoder decoder = {};
  std::size_t max_body_bytes = 0;
  std::vector<std::uint8_t> head_bytes = {};
  std::vector<std::uint8_t> body = {};
};

void RequestParser::Work::own_head() {
  if (!std::exchange(head_is_borrowed, false)) return;
  head_bytes.assign(head_block.begin(), head_block.end());
  const std::string_view from = as_text(head_block);
  const std::string_view to = as_text(head_bytes);
  const auto move = [&](std::string_view& view) {
    if (view.data() == nullptr || view.empty()) return;
    view = to.substr(static_cast<std::size_t>(view.data() - from.data()), view.size());
  };
  move(head.request.target);
  move(head.request.query);
  for (auto& [name, value] : head.request.headers) {
    move(name);
    move(value);
  }
  head_block = head_bytes;
}

RequestParser::RequestParser(Pool& pool) : pool_(pool) {}

RequestParser::~RequestParser() {
  finish_request();
}

std::expected<RequestParser::Event, RequestError> RequestParser::handle_input(
    Bytes& input, std::size_t max_header_bytes) {
  if (work_ == nullptr) {
    if (input.empty()) return Event::kNeedMore;
    work_ = pool_.take();
  }
  if (work_->stage == Work::Stage::kHead) return handle_head(input, max_header_bytes);
  PARLEY_ASSERT(work_->stage == Work::Stage::kBody);
  return work_->head.chunked ? handle_chunked_body(input) : handle_body(input);
}

std::expected<RequestParser::Event, RequestError> RequestParser::handle_head(
    Bytes& input, std::size_t max_header_bytes) {
  Work& work = *work_;
  const std::size_t held = work.head_bytes.size();
  Bytes block = input;
  if (held > 0) {
    const Bytes added = input.first(std::min(input.size(), max_header_bytes - held));
    work.head_bytes.insert(work.head_bytes.end(), added.begin(), added.end());
    block = work.head_bytes;
  }
  const auto found = work.scanner.scan(block, max_header_bytes);
  if (!found) return std::unexpected(found.error());
  if (found->end == 0) {
    if (held == 0) work.head_bytes.assign(input.begin(), input.end());
    input = {};
    return Event::kNeedMore;
  }
  work.head_is_borrowed = held == 0;
  work.head_block = block.subspan(found->begin, found->end - found->begin);
  input = input.subspan(found->end - held);
  const auto parsed = parse_request_head(work.head_block, work.head);
  if (!parsed) return std::unexpected(parsed.error());
  work.stage = Work::Stage::kBody;
  return Event::kHead;
}

std::expected<RequestParser::Event, RequestError> RequestParser::handle_body(Bytes& input) {
  Work& work = *work_;
  if (work.head.content_length > work.max_body_bytes) return std::unexpected(kBodyTooLarge);
  const std::size_t missing = work.head.content_length - work.body.size();
  const Bytes added = input.first(std::min(input.size(), missing));
  input = input.subspan(added.size());
  if (added.size() == missing && work.body.empty()) {
    work.head.request.body = added;  // All of it lies in the input.
  } else {
    work.own_head();
    // Not reserved at once: a claim of many bytes must not cost memory before they come.
    work.body.insert(work.body.end(), added.begin(), added.end());
    if (work.body.size() < work.head.content_length) return Event::kNeedMore;
    work.head.request.body = work.body;
  }
  work.stage = Work::Stage::kWhole;
  return Event::kRequest;
}

std::expected<RequestParser::Event, RequestError> RequestParser::handle_chunked_body(Bytes& input) {
  Work& work = *work_;
  switch (work.decoder.decode(input, work.body, work.max_body_bytes)) {
    case ChunkedDecoder::Status::kNeedMore: work.own_head(); return Event::kNeedMore;
    case ChunkedDecoder::Status::kMalformed: return std::unexpected(kBadChunk);
    case ChunkedDecoder::Status::kTooLarge: return std::unexpected(kBodyTooLarge);
    case ChunkedDecoder::Status::kDone: break;
  }
  work.head.request.body = work.body;
  work.stage = Work::Stage::kWhole;
  return Event::kRequest;
}

RequestHead& RequestParser::head() {
  PARLEY_ASSERT(work_ != nullptr);
  return work_->head;
}

void RequestParser::set_max_body_bytes(std::size_t max_body_bytes) {
  PARLEY_ASSERT(work_ != nullptr);
  work_->max_body_bytes = max_body_bytes;
}

bool RequestParser::is_in_body() const {
  return work_ != nullptr && work_->stage == Work::Stage::kBody;
}

void RequestParser::finish_request() {
  if (work_ != nullptr) pool_.give_back(std::move(work_));
}

RequestParser::Pool::Pool() = default;
RequestParser::Pool::~Pool() = default;

std::unique_ptr<RequestParser::Work> RequestParser::Pool::take() {
  if (spare_.empty()) return std::make_unique<Work>();
  std::unique_ptr<Work> work = std::move(spare_.back());
  spare_.pop_back();
  return work;
}

void RequestParser::Pool::give_back(std::unique_ptr<Work> work) {
  if (spare_.size() == kMaxSpare) return;
  if (work->body.capacity() + work->head_bytes.capacity() > kMaxSpareBytes) return;
  work->stage = Work::Stage::kHead;
  work->head_is_borrowed = false;
  work->head_block = {};
  work->head.clear();
  work->scanner = {};
  work->decoder = {};
  work->max_body_bytes = 0;
  work->head_bytes.clear();
  work->body.clear();
  spare_.push_back(std::move(work));
}

}  // namespace parley::http
