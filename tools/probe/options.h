#pragma once

#include <chrono>
#include <string>

namespace parley::probe {

// What `parley probe` is asked.
struct Options {
  std::string url = {};  // "https://meet.example.org", "meet.example.org", "http://192.0.2.1:8080".
  bool json = false;     // Instead of the table.
  std::string ca_file = {};         // PEM; empty: those whom this computer trusts.
  bool insecure = false;            // Believe any certificate, and do not judge it.
  std::chrono::seconds seconds{4};  // How long each way through the relay is measured.
};

}  // namespace parley::probe
