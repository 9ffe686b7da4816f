#pragma once

#include <cstdint>

// What another process has used up, as the kernel tells.
namespace parley::load {

double cpu_seconds(int pid);  // Of all its threads, in nanoseconds' steps.
std::uint64_t resident_bytes(int pid);
std::uint64_t kernel_bytes();  // Of the whole host: slabs.
std::uint64_t open_files(int pid);

}  // namespace parley::load
