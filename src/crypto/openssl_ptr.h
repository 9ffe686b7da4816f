#pragma once

#include <memory>

// Owning pointers to OpenSSL's objects, for .cpp files.
namespace parley::crypto {

template <auto Free>
struct OpensslFree {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

template <class T, auto Free>
using OpensslPtr = std::unique_ptr<T, OpensslFree<Free>>;

}  // namespace parley::crypto
