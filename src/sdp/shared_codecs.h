#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "sdp/codec.h"

namespace parley::sdp {

// A list of codecs with many holders, which nobody changes: of the fifty slots that someone
// receives by, half have one list and half the other. It passes for a std::span.
class SharedCodecs {
 public:
  SharedCodecs() = default;  // None.
  SharedCodecs(std::vector<Codec> codecs)
      : codecs_(std::make_shared<const std::vector<Codec>>(std::move(codecs))) {}
  SharedCodecs(std::initializer_list<Codec> codecs) : SharedCodecs(std::vector<Codec>(codecs)) {}

  auto begin() const { return span().begin(); }
  auto end() const { return span().end(); }
  const Codec& front() const { return span().front(); }
  bool empty() const { return span().empty(); }
  std::size_t size() const { return span().size(); }

 private:
  std::span<const Codec> span() const {
    return codecs_ == nullptr ? std::span<const Codec>() : std::span<const Codec>(*codecs_);
  }

  std::shared_ptr<const std::vector<Codec>> codecs_;
};

}  // namespace parley::sdp
