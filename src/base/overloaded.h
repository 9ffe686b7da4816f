#pragma once

namespace parley {

// One visitor out of several lambdas: std::visit(overloaded{[](A) {}, [](B) {}}, variant).
template <class... Lambdas>
struct overloaded : Lambdas... {
  using Lambdas::operator()...;
};

// What C++20 deduces by itself, for clang 16, which builds the fuzzers.
template <class... Lambdas>
overloaded(Lambdas...) -> overloaded<Lambdas...>;

}  // namespace parley
