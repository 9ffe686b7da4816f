#pragma once

#include <stdlib.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.h"
#include "crypto/certificate.h"
#include "tls/context.h"

namespace parley::tls {

// A self-signed certificate and its key, in a directory of their own. Valid from a day before the
// given time, for thirty days.
class TestCertificate {
 public:
  explicit TestCertificate(std::vector<std::string> names = {"localhost", "127.0.0.1"},
                           crypto::WallTime now = std::chrono::system_clock::now()) {
    std::string directory = "/tmp/parley-tls-test-XXXXXX";
    if (::mkdtemp(directory.data()) == nullptr) std::abort();
    directory_ = directory;
    SeededRandom random(1);
    auto made = crypto::make_self_signed(
        {.names = std::move(names), .now = now, .valid_for = std::chrono::days{30}}, random);
    pem_ = made->certificate_pem;
    write(chain_file(), made->certificate_pem);
    write(key_file(), made->key_pem);
  }
  ~TestCertificate() { std::filesystem::remove_all(directory_); }
  TestCertificate(const TestCertificate&) = delete;
  TestCertificate& operator=(const TestCertificate&) = delete;

  std::string chain_file() const { return directory_ + "/chain.pem"; }
  std::string key_file() const { return directory_ + "/key.pem"; }
  const std::string& pem() const { return pem_; }

  std::shared_ptr<const Context> for_server() const {
    return Context::for_server(chain_file(), key_file()).value();
  }
  // Clients that trust it, and it alone.
  std::shared_ptr<const Context> for_clients() const {
    return Context::for_clients({.by = Verify::By::kRoots, .pem = pem_}).value();
  }

 private:
  static void write(const std::string& file, std::string_view text) {
    std::FILE* const out = std::fopen(file.c_str(), "w");
    std::fwrite(text.data(), 1, text.size(), out);
    std::fclose(out);
  }

  std::string directory_;
  std::string pem_;
};

}  // namespace parley::tls
