#pragma once

namespace parley::io {

// A link of a ring of links; alone in it, it is on no list.
class TurnEndLink {
 public:
  TurnEndLink() = default;
  ~TurnEndLink() { unlink(); }
  TurnEndLink(const TurnEndLink&) = delete;
  TurnEndLink& operator=(const TurnEndLink&) = delete;

  bool is_linked() const { return next_ != this; }

 private:
  friend class TurnEndList;

  void unlink() {
    previous_->next_ = next_;
    next_->previous_ = previous_;
    previous_ = next_ = this;
  }
  void link_before(TurnEndLink& other) {
    previous_ = other.previous_;
    next_ = &other;
    previous_->next_ = this;
    other.previous_ = this;
  }

  TurnEndLink* previous_ = this;
  TurnEndLink* next_ = this;
};

// Something that may have work left for the end of a loop's turn, mostly output to flush. It is a
// link of the loop's list itself: to ask for its turn costs no allocation, and asking twice is one.
// Destroying it takes it off the list.
class TurnEnd : public TurnEndLink {
 public:
  virtual void on_turn_end() = 0;

 protected:
  ~TurnEnd() = default;
};

// First come, first served.
class TurnEndList {
 public:
  bool empty() const { return !head_.is_linked(); }

  void add(TurnEnd& entry) {
    if (!entry.is_linked()) entry.link_before(head_);
  }

  // Calls those who wait now. Who asks again meanwhile waits for the next run(), so one that always
  // has more to do cannot keep the loop.
  void run() {
    if (empty()) return;
    TurnEndLink batch;
    batch.link_before(head_);  // batch takes over the ring;
    head_.unlink();            // head_ starts a new one.
    while (batch.is_linked()) {
      auto& entry = static_cast<TurnEnd&>(*batch.next_);  // Only add() links: all are TurnEnds.
      entry.unlink();
      entry.on_turn_end();
    }
  }

 private:
  TurnEndLink head_;
};

}  // namespace parley::io
