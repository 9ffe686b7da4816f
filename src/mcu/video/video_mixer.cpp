#include "mcu/video/video_mixer.h"

#include <algorithm>
#include <utility>

#include "mcu/video/drawing.h"

namespace parley::mcu {
namespace {

std::uint64_t timestamp_of(Duration since) {
  return static_cast<std::uint64_t>(since.count()) * 9 / 100;  // 90,000 a second.
}

constexpr int even(int value) {
  return value - value % 2;
}

}  // namespace

VideoMixer::VideoMixer(const Config& config, Codecs& codecs, const Fonts& fonts)
    : config_(config),
      codecs_(codecs),
      fonts_(fonts),
      mode_(config.mode),
      load_(config.load),
      layout_(config.moves_take) {
  for (const OutputStream::Config& quality : config.qualities) {
    qualities_.emplace_back(quality, codecs);
  }
  resize();
}

void VideoMixer::set_person(Time now, const Person& person) {
  auto [it, is_new] = members_.try_emplace(person.id);
  Member& member = it->second;
  if (is_new) {
    member.order = came_++;
  } else if (member.person == person) {
    return;
  }
  if (member.person.speaks) member.spoke_at = now;
  if (person.speaks) member.spoke_at = now;
  if (!person.speaks) member.speaks_since = kNever;
  if (person.speaks && member.speaks_since == kNever) member.speaks_since = now;
  member.person = person;
  keep_stream({.person = person.id, .source = Source::kCamera}, person.has_camera);
  keep_stream({.person = person.id, .source = Source::kScreen}, person.has_screen);
  layout_changed_ = true;
  if (!next_) began_ = next_ = now;
}

void VideoMixer::remove_person(PersonId person) {
  if (members_.erase(person) == 0) return;
  keep_stream({.person = person, .source = Source::kCamera}, false);
  keep_stream({.person = person, .source = Source::kScreen}, false);
  if (main_ == person) main_.reset();
  layout_changed_ = true;
}

void VideoMixer::keep_stream(InputId id, bool is_there) {
  if (!is_there) {
    streams_.erase(id);
    return;
  }
  InputStream::Config config = config_.input;
  std::int64_t& most = config.limits.most_pixels;
  if (id.source == Source::kCamera) most = std::min(most, config_.most_camera_pixels);
  streams_.try_emplace(id, config, codecs_);
}

void VideoMixer::set_mode(LayoutMode mode) {
  layout_changed_ = layout_changed_ || mode != mode_;
  mode_ = mode;
}

VideoMixer::Stream* VideoMixer::find(InputId input) {
  const auto found = streams_.find(input);
  return found == streams_.end() ? nullptr : &found->second;
}

const VideoMixer::Stream* VideoMixer::find(InputId input) const {
  const auto found = streams_.find(input);
  return found == streams_.end() ? nullptr : &found->second;
}

void VideoMixer::choose(InputId input, std::uint8_t encoding) {
  if (Stream* const stream = find(input)) stream->input.choose(encoding);
}

void VideoMixer::set_pace(InputId input, std::uint8_t encoding, InputStream::Pace pace) {
  if (Stream* const stream = find(input)) stream->input.set_pace(encoding, pace);
}

void VideoMixer::set_needed(std::size_t quality, bool needed) {
  const bool was_needed = is_needed();
  qualities_.at(quality).set_needed(needed);
  layout_changed_ = layout_changed_ || was_needed != is_needed();
}

void VideoMixer::set_rate(std::size_t quality, DataRate rate) {
  qualities_.at(quality).set_rate(rate);
}

void VideoMixer::request_key_frame(std::size_t quality) {
  qualities_.at(quality).request_key_frame();
}

void VideoMixer::begin_anew(std::size_t quality) {
  qualities_.at(quality).begin_anew();
}

bool VideoMixer::is_needed() const {
  return std::ranges::any_of(qualities_, &OutputStream::is_needed);
}

void VideoMixer::handle_input(Time now, Input input) {
  Stream* const stream = find(input.from);
  if (stream == nullptr) {
    ++counters_.unknown;
    return;
  }
  stream->input.insert(now, input.packet);
  ask_for_key_frame(now, input.from, *stream);
}

// An owner who comes late gets one picture, and not all that are missing: they would be as late.
void VideoMixer::handle_timeout(Time now) {
  if (!next_ || now < *next_) return;
  const std::int64_t behind = (now - *next_) / interval();
  counters_.left_out += static_cast<std::uint64_t>(behind);
  *next_ += behind * interval();
  make_picture(*next_);
  *next_ += interval();
}

void VideoMixer::handle_load(Time now, Duration took) {
  const LoadControl::Step before = load_.step();
  if (!load_.handle_picture(now, took)) return;
  const LoadControl::Step after = load_.step();
  const bool is_less =
      after.frames_per_second < before.frames_per_second || after.eighths < before.eighths;
  ++(is_less ? counters_.steps_down : counters_.steps_up);
  if (after.eighths != before.eighths) resize();
}

std::optional<VideoMixer::Output> VideoMixer::poll_output() {
  std::optional<Output> output;
  if (!outputs_.empty()) {
    output.emplace(std::move(outputs_.front()));
    outputs_.pop_front();
  }
  return output;
}

Time VideoMixer::next_deadline() const {
  return next_.value_or(kNever);
}

std::optional<Duration> VideoMixer::lateness(InputId input) const {
  const Stream* const stream = find(input);
  return stream == nullptr ? std::nullopt : stream->input.lateness();
}

std::optional<InputStream::Counters> VideoMixer::input_counters(InputId input) const {
  const Stream* const stream = find(input);
  if (stream == nullptr) return std::nullopt;
  return stream->input.counters();
}

LayoutConfig VideoMixer::layout_config() const {
  LayoutConfig config = config_.layout;
  config.canvas.width = even(config.canvas.width * load_.step().eighths / 8);
  config.canvas.height = even(config.canvas.height * load_.step().eighths / 8);
  return config;
}

Duration VideoMixer::interval() const {
  return Duration(1'000'000 / load_.step().frames_per_second);
}

void VideoMixer::resize() {
  compositor_.emplace(layout_config().canvas, fonts_);
  scaled_.clear();
  composed_ = nullptr;
  layout_ = MovingLayout(config_.moves_take);
  layout_changed_ = true;
}

// While who is large speaks they stay, whoever else does.
void VideoMixer::choose_main(Time now) {
  const auto current = main_ ? members_.find(*main_) : members_.end();
  if (current != members_.end() && current->second.person.speaks) return;
  const Member* chosen = nullptr;
  for (const auto& [id, member] : members_) {
    if (!member.person.speaks) continue;
    if (main_ && now - member.speaks_since < config_.speaks_before_main) continue;
    if (chosen == nullptr || member.speaks_since < chosen->speaks_since) chosen = &member;
  }
  if (chosen == nullptr) return;
  layout_changed_ = layout_changed_ || main_ != chosen->person.id;
  main_ = chosen->person.id;
}

void VideoMixer::lay_out(Time now) {
  layout_changed_ = false;
  std::vector<const Member*> members;
  for (const auto& [id, member] : members_) members.push_back(&member);
  std::ranges::sort(members, {}, &Member::order);
  std::vector<LayoutPerson> people;
  for (const Member* const member : members) {
    people.push_back({.id = member->person.id,
                      .has_screen = member->person.has_screen,
                      .lectures = member->person.lectures,
                      .spoke_at = member->spoke_at});
  }
  const std::vector<Cell> cells = arrange(people, mode_, main_, layout_config());
  if (cells != layout_.target()) layout_.set(now, cells);
  want_sizes();
}

void VideoMixer::want_sizes() {
  const std::vector<Cell> cells = layout_.target();
  for (auto& [id, stream] : streams_) {
    const auto cell = std::ranges::find(cells, id, &Cell::shows);
    Size size = {};
    if (is_needed() && cell != cells.end()) size = cell->rect.size();
    stream.input.set_shown(!size.empty());
    if (stream.wanted == size) continue;
    stream.wanted = size;
    outputs_.push_back(WantsSize{.input = id, .size = size});
  }
}

void VideoMixer::make_picture(Time now) {
  choose_main(now);
  if (layout_changed_) lay_out(now);
  if (!is_needed()) return;
  for (auto& [id, stream] : streams_) {
    // What is nearer to this picture than to the next is in it.
    stream.has_changed = stream.input.advance(now, now + interval() / 2);
    ask_for_key_frame(now, id, stream);
  }
  compose(now);
  encode(now);
  ++counters_.pictures;
}

void VideoMixer::compose(Time now) {
  std::vector<Compositor::Tile> tiles;
  for (const Cell& cell : layout_.at(now)) {
    Compositor::Tile tile{.cell = cell};
    const bool is_camera = cell.shows.source == Source::kCamera;
    if (const auto member = members_.find(cell.shows.person); member != members_.end()) {
      const Person& person = member->second.person;
      tile.name = person.name;
      tile.muted = person.muted && is_camera;
      tile.speaks = person.speaks && is_camera;
    }
    if (const Stream* const stream = find(cell.shows)) {
      const bool is_stale = is_camera && stream->input.picture_changed() &&
                            now - *stream->input.picture_changed() > config_.stale_after;
      if (!is_stale) tile.picture = stream->input.picture();
      tile.changed = stream->has_changed;
    }
    tiles.push_back(tile);
  }
  composed_ = &compositor_->draw(tiles);
  scaled_.clear();
}

PictureView VideoMixer::scaled(int divisor) {
  if (divisor == 1) return composed_->view();
  const auto found = scaled_.find(divisor);
  if (found != scaled_.end()) return found->second.view();
  const Size size{composed_->size().width / divisor, composed_->size().height / divisor};
  Picture& picture = scaled_.emplace(divisor, Picture(size)).first->second;
  draw_scaled(composed_->view(), picture,
              {.width = picture.size().width, .height = picture.size().height});
  return picture.view();
}

void VideoMixer::encode(Time now) {
  const std::uint64_t timestamp = timestamp_of(now - *began_);
  for (std::size_t i = 0; i < qualities_.size(); ++i) {
    OutputStream& quality = qualities_[i];
    if (!quality.is_needed()) continue;
    const PictureView picture = scaled(quality.divisor());
    auto encoded = quality.encode(picture, timestamp, load_.step().frames_per_second);
    if (!encoded || encoded->data.empty()) continue;
    ++counters_.encoded;
    outputs_.push_back(Encoded{.quality = i,
                               .format = quality.format(),
                               .captured = now,
                               .timestamp = timestamp,
                               .key = encoded->key,
                               .temporal_layer = encoded->temporal_layer,
                               .size = picture.size,
                               .data = std::move(encoded->data)});
  }
}

void VideoMixer::ask_for_key_frame(Time now, InputId id, Stream& stream) {
  while (const auto encoding = stream.input.poll_key_frame_request(now)) {
    outputs_.push_back(NeedsKeyFrame{.input = id, .encoding = *encoding});
  }
}

}  // namespace parley::mcu
