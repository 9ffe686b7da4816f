#pragma once

// A Guard takes itself off its line in its destructor; g++ 12 does not see it through the check.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdangling-pointer"
#endif

namespace parley::io {

// Tells a member function that called out whether its own object was destroyed meanwhile. Handlers
// may destroy what calls them; a Guard on the stack learns of it without a heap allocation.
//
//   Lifeline::Guard guard(lifeline_);
//   handler_.on_data(data);
//   if (!guard.alive()) return;  // Touch no member from here on.
class Lifeline {
 public:
  class Guard {
   public:
    explicit Guard(Lifeline& line) : line_(&line), outer_(line.innermost_) {
      line.innermost_ = this;
    }
    ~Guard() {
      if (line_ != nullptr) line_->innermost_ = outer_;
    }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

    bool alive() const { return line_ != nullptr; }

   private:
    friend class Lifeline;
    Lifeline* line_;
    Guard* outer_;  // The guard of a caller further down the stack.
  };

  Lifeline() = default;
  ~Lifeline() {
    for (Guard* guard = innermost_; guard != nullptr; guard = guard->outer_) guard->line_ = nullptr;
  }
  Lifeline(const Lifeline&) = delete;
  Lifeline& operator=(const Lifeline&) = delete;

 private:
  Guard* innermost_ = nullptr;
};

}  // namespace parley::io

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
