#pragma once

#include <expected>
#include <string>
#include <vector>

#include "base/random.h"
#include "crypto/certificate.h"
#include "server/config.h"
#include "server/data_directory.h"

namespace parley::server {

// The certificate that HTTPS shows: the operator's, or one that we sign ourselves, so that a phone
// on the network may use its camera. Ours is kept in the data directory, names this host in every
// way in which a link may, and is made anew before it expires or when a name is missing in it.
class ServerCertificate {
 public:
  struct Files {
    std::string chain = {};
    std::string key = {};

    friend bool operator==(const Files&, const Files&) = default;
  };

  // `directory` is for our own files; `names` are what ours must be valid for.
  ServerCertificate(const Config::Https& config, DataDirectory directory,
                    std::vector<std::string> names)
      : given_{config.certificate, config.key},
        directory_(std::move(directory)),
        names_(std::move(names)) {}

  bool is_self_made() const { return given_.chain.empty(); }

  // The files to load at `now`. The error is a sentence for the operator.
  std::expected<Files, std::string> files(crypto::WallTime now, Random& random) const;

  // Makes ours anew, whatever there is.
  std::expected<Files, std::string> make(crypto::WallTime now, Random& random) const;

 private:
  bool is_good(crypto::WallTime now) const;
  Files own_files() const;

  Files given_;
  DataDirectory directory_;
  std::vector<std::string> names_;
};

// Whom the certificate in a PEM file is for; nobody where it cannot be read.
std::vector<std::string> names_in(const std::string& chain_file);

// Every name by which a browser may reach this host, the host's own name first.
std::vector<std::string> names_of_this_host(const Config& config);

}  // namespace parley::server
