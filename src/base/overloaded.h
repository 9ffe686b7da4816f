#pragma once

namespace parley {

// One visitor out of several lambdas: std::visit(overloaded{[](A) {}, [](B) {}}, variant).
template <class... Lambdas>
struct overloaded : Lambdas... {
  using Lambdas::operator()...;
};

}  // namespace parley
