#include "server/command_line.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "server/settings.h"

namespace parley::server {
namespace {

Command parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "parley");
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

Config accepted(std::vector<const char*> arguments) {
  auto result = parse(std::move(arguments));
  if (const auto* const leave = std::get_if<Leave>(&result)) {
    ADD_FAILURE() << leave->text;
    return {};
  }
  return std::get<Serve>(std::move(result)).config;
}

std::string refused(std::vector<const char*> arguments) {
  const auto result = parse(std::move(arguments));
  const auto* const leave = std::get_if<Leave>(&result);
  if (leave == nullptr) return "accepted";
  EXPECT_EQ(leave->status, 1);
  return leave->text;
}

TEST(CommandLine, ServesWithItsDefaults) {
  const Config config = accepted({"serve"});
  EXPECT_EQ(config.http.listen.address.to_string(), "127.0.0.1:8080");
  EXPECT_EQ(config.https.listen.address.to_string(), "[::]:8443");
  EXPECT_EQ(config.stun.listen.address.to_string(), "[::]:3478");
  EXPECT_EQ(config.data, "./parley-data");
  EXPECT_FALSE(config.test_hooks);
}

TEST(CommandLine, TakesEveryFlagOfItsContract) {
  const Config config = accepted({"serve",
                                  "--listen",
                                  "[::1]:0",
                                  "--https",
                                  "127.0.0.1:0",
                                  "--data=/tmp/x",
                                  "--public-address",
                                  "203.0.113.7",
                                  "--stun",
                                  "0.0.0.0:3479",
                                  "--media",
                                  "0.0.0.0:41000",
                                  "--workers",
                                  "2",
                                  "--turn-realm",
                                  "example.org",
                                  "--turn-user",
                                  "ada:one",
                                  "--turn-user",
                                  "bob:two",
                                  "--turn-allow-peer",
                                  "127.0.0.0/8",
                                  "--turn-deny-peer",
                                  "203.0.113.0/24",
                                  "--turn-tls",
                                  "0.0.0.0:5350",
                                  "--single-port",
                                  "--log-level",
                                  "debug",
                                  "--test-hooks"});
  EXPECT_EQ(config.http.listen.address.to_string(), "[::1]:0");
  EXPECT_EQ(config.https.listen.address.to_string(), "127.0.0.1:0");
  EXPECT_EQ(config.data, "/tmp/x");
  EXPECT_EQ(config.public_address->to_string(), "203.0.113.7");
  EXPECT_EQ(config.stun.listen.address.to_string(), "0.0.0.0:3479");
  EXPECT_EQ(config.media.listen.address.to_string(), "0.0.0.0:41000");
  EXPECT_EQ(config.media.workers, 2);
  EXPECT_EQ(config.turn.users, (std::vector{turn::make_user("example.org", {"ada", "one"}),
                                            turn::make_user("example.org", {"bob", "two"})}));
  EXPECT_EQ(config.turn.allow_peers.size(), 1u);
  EXPECT_EQ(config.log_level, log::Level::kDebug);
  EXPECT_TRUE(config.test_hooks);
  EXPECT_EQ(config.turn.deny_peers.size(), 1u);
  EXPECT_EQ(config.turn.tls.address.to_string(), "0.0.0.0:5350");
  EXPECT_TRUE(config.single_port);
}

TEST(CommandLine, SaysInOneSentenceWhatIsWrong) {
  EXPECT_EQ(refused({"serve", "--listen", "8080"}),
            "--listen must be an address and port such as 127.0.0.1:8080 or [::1]:8080, not "
            "\"8080\".\n");
  EXPECT_EQ(refused({"serve", "--workers", "0"}),
            "--workers must be a whole number from 1 to 1024, not \"0\".\n");
  EXPECT_EQ(refused({"serve", "--config", "/nowhere.toml"}),
            "/nowhere.toml cannot be read: No such file or directory.\n");
  for (const std::vector<const char*>& arguments :
       {std::vector<const char*>{}, {"dance"}, {"--dance"}}) {
    const std::string text = refused(arguments);
    EXPECT_TRUE(text.ends_with(". Try parley --help.\n")) << text;
  }
  for (const std::vector<const char*>& arguments : {std::vector<const char*>{"serve", "--dance"},
                                                    {"serve", "--listen"},
                                                    {"serve", "more"},
                                                    {"serve", "--data", "a", "--data", "b"}}) {
    const std::string text = refused(arguments);
    EXPECT_TRUE(text.ends_with(". Try parley serve --help.\n")) << text;
  }
}

TEST(CommandLine, TakesAProbe) {
  const auto plain = std::get<Probe>(parse({"probe", "https://meet.example.org"})).options;
  EXPECT_EQ(plain.url, "https://meet.example.org");
  EXPECT_EQ(plain.seconds, std::chrono::seconds(4));
  EXPECT_FALSE(plain.json || plain.insecure);
  const auto all =
      std::get<Probe>(parse({"probe", "a.org", "--json", "--ca", "ca.pem", "--seconds", "9"}))
          .options;
  EXPECT_TRUE(all.json);
  EXPECT_EQ(all.ca_file, "ca.pem");
  EXPECT_EQ(all.seconds, std::chrono::seconds(9));
  EXPECT_TRUE(std::get<Probe>(parse({"probe", "a.org", "--insecure"})).options.insecure);
}

TEST(CommandLine, RefusesAProbeThatMakesNoSense) {
  EXPECT_NE(refused({"probe"}).find("URL is required"), std::string::npos);
  EXPECT_NE(refused({"probe", "a.org", "--seconds", "0"}).find("--seconds"), std::string::npos);
  EXPECT_NE(refused({"probe", "a.org", "--ca", "x", "--insecure"}).find("excludes"),
            std::string::npos);
}

TEST(CommandLine, BacksUpTheDataOfAServer) {
  const auto backup = std::get<Backup>(parse({"backup", "copy.db", "--data", "/srv/parley"}));
  EXPECT_EQ(backup.config.data, "/srv/parley");
  EXPECT_EQ(backup.file, "copy.db");
  EXPECT_EQ(std::get<Backup>(parse({"backup", "copy.db"})).config.data, "./parley-data");
  for (const std::vector<const char*>& arguments : {std::vector<const char*>{"backup"},
                                                    {"backup", "a", "b"},
                                                    {"backup", "a", "--listen", "x"}}) {
    const std::string text = refused(arguments);
    EXPECT_TRUE(text.ends_with(". Try parley backup --help.\n")) << text;
  }
}

TEST(CommandLine, HelpNamesEveryFlag) {
  for (const std::vector<const char*>& arguments :
       {std::vector<const char*>{"serve", "--help"}, {"serve", "-h"}}) {
    const auto leave = std::get<Leave>(parse(arguments));
    EXPECT_EQ(leave.status, 0);
    for (const Setting& setting : all_settings()) {
      EXPECT_NE(leave.text.find(setting.flag), std::string::npos) << setting.flag;
    }
  }
  EXPECT_EQ(std::get<Leave>(parse({"--help"})).status, 0);
  const auto version = std::get<Leave>(parse({"--version"}));
  EXPECT_EQ(version.status, 0);
  EXPECT_TRUE(version.text.starts_with("parley ") && version.text.ends_with('\n')) << version.text;
}

class CommandLineWithFile : public testing::Test {
 protected:
  CommandLineWithFile() : file_(testing::TempDir() + "parley-command-line-XXXXXX") {
    const int fd = ::mkstemp(file_.data());  // One for each test: they run side by side.
    if (fd < 0) ADD_FAILURE() << file_;
    ::close(fd);
  }
  ~CommandLineWithFile() override { std::remove(file_.c_str()); }

  const char* write(std::string_view text) {
    std::ofstream(file_) << text;
    return file_.c_str();
  }

 private:
  std::string file_;
};

TEST_F(CommandLineWithFile, FlagsGoBeforeTheFileAndTheFileBeforeDefaults) {
  const char* const file =
      write("data = \"from-file\"\n[https]\nlisten = \"off\"\n[turn]\nusers = [\"a:b\"]\n");
  const Config config =
      accepted({"serve", "--data", "from-flag", "--config", file, "--turn-user", "c:d"});
  EXPECT_EQ(config.data, "from-flag");
  EXPECT_FALSE(config.https.listen.enabled);
  EXPECT_EQ(config.turn.users, std::vector{turn::make_user("parley", {"c", "d"})});
  EXPECT_EQ(config.http.listen.address.port, 8080);
}

TEST_F(CommandLineWithFile, KeepsTheKeysOfTurnUsersAlone) {
  const char* const file = write("[turn]\nusers = [\"ada:lovelace\"]\nrealm = \"in-the-file\"\n");
  const Config config = accepted({"serve", "--config", file, "--turn-realm", "example.org"});
  EXPECT_EQ(config.turn.users, std::vector{turn::make_user("example.org", {"ada", "lovelace"})});
  EXPECT_TRUE(config.turn.user_texts.empty()) << "they hold passwords";
}

TEST_F(CommandLineWithFile, RefusesWhatContradictsItself) {
  EXPECT_EQ(refused({"serve", "--config", write("[turn]\nfirst_port = 2\nlast_port = 1\n")}),
            "turn.first_port is above turn.last_port.\n");
  EXPECT_EQ(refused({"serve", "--single-port", "--https", "off"}),
            "single_port is the port of https.listen, which is off.\n");
  EXPECT_EQ(refused({"serve", "--stun", "192.0.2.1:3478", "--stun-alternate", "192.0.2.1:3479"}),
            "stun.alternate must be another IP address than that of stun.listen, 192.0.2.1.\n");
}

TEST_F(CommandLineWithFile, RemembersTheFileToReadItAgain) {
  const char* const file = write("[turn]\nfirst_port = 1\nlast_port = 1\n");
  EXPECT_EQ(accepted({"serve", "--config", file}).file, file);
  EXPECT_EQ(accepted({"serve"}).file, "");
}

TEST_F(CommandLineWithFile, EverySubcommandTakesTheFile) {
  const char* const file = write("data = \"from-file\"\n[https]\nlisten = \"off\"\n");
  EXPECT_EQ(std::get<Backup>(parse({"backup", "copy.db", "--config", file})).config.data,
            "from-file");
  const auto key = std::get<TurnKeyCommand>(
      parse({"turn-key", "ada", "--config", file, "--turn-realm", "example.org"}));
  EXPECT_EQ(key.name, "ada");
  EXPECT_EQ(key.config.turn.realm, "example.org");
}

TEST_F(CommandLineWithFile, ACertificateAndItsKeyGoTogether) {
  const char* const file = write("[https]\ncertificate = \"/c.pem\"\n");
  EXPECT_EQ(refused({"serve", "--config", file}),
            "https.certificate and https.key go together; only one of them is set.\n");
}

}  // namespace
}  // namespace parley::server
