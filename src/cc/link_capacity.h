#pragma once

#include <optional>

#include "base/data_rate.h"

namespace parley::cc {

// Where the path was full the last times: near it, an increase has to be careful
// (draft-ietf-rmcat-gcc-02, 5.5, "close to convergence").
class LinkCapacity {
 public:
  void handle_overuse(DataRate acked) { update(acked, 0.05); }
  void handle_probe(DataRate measured) { update(measured, 0.5); }
  void reset() { estimate_kbps_.reset(); }

  std::optional<DataRate> estimate() const;
  // Three standard deviations around it; anything while there is no estimate.
  DataRate lower_bound() const;
  DataRate upper_bound() const;

 private:
  void update(DataRate sample, double weight);
  double deviation_kbps() const;

  std::optional<double> estimate_kbps_;
  double variance_ = 0.4;  // Divided by the estimate.
};

}  // namespace parley::cc
