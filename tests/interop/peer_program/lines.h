#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "io/event_loop.h"

namespace parley::peer_program {

// Standard input by lines, on a loop.
class Lines final : private io::Watcher {
 public:
  using OnLine = std::function<void(std::string_view)>;
  using OnEnd = std::function<void()>;

  Lines(io::EventLoop& loop, OnLine on_line, OnEnd on_end);
  ~Lines();
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;

 private:
  void on_ready(io::Readiness readiness) override;
  void give_lines();

  io::EventLoop& loop_;
  OnLine on_line_;
  OnEnd on_end_;
  std::string buffer_;
  bool ended_ = false;
};

}  // namespace parley::peer_program
