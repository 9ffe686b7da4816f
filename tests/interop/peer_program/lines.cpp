#include "lines.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace parley::peer_program {

Lines::Lines(io::EventLoop& loop, OnLine on_line, OnEnd on_end)
    : loop_(loop), on_line_(std::move(on_line)), on_end_(std::move(on_end)) {
  fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
  loop_.watch(STDIN_FILENO, *this);
}

Lines::~Lines() {
  if (!ended_) loop_.unwatch(STDIN_FILENO, *this);
}

void Lines::on_ready(io::Readiness) {
  std::array<char, 65'536> chunk;
  while (!ended_) {
    const ssize_t size = read(STDIN_FILENO, chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return;
    if (size > 0) {
      buffer_.append(chunk.data(), static_cast<std::size_t>(size));
      give_lines();
      continue;
    }
    ended_ = true;
    loop_.unwatch(STDIN_FILENO, *this);
    on_end_();
  }
}

void Lines::give_lines() {
  std::size_t begin = 0;
  for (std::size_t end = buffer_.find('\n'); end != std::string::npos;
       end = buffer_.find('\n', begin)) {
    on_line_(std::string_view(buffer_).substr(begin, end - begin));
    begin = end + 1;
  }
  buffer_.erase(0, begin);
}

}  // namespace parley::peer_program
