#include "server/command_line.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "server/config_file.h"
#include "server/settings.h"
#include "server/stun_discovery.h"
#include "server/turn_users.h"

namespace parley::server {
namespace {

constexpr const char* kVersion = "parley " PARLEY_VERSION;

struct Given {
  const Setting* setting = nullptr;
  std::vector<std::string> texts = {};  // Empty for a flag without a value.
};

// A subcommand, what was given to it, and what it means then.
struct Subcommand {
  CLI::App* app = nullptr;
  std::string file = {};
  std::vector<Given> given = {};
  std::function<Command(Config config)> command = {};
};

// Addresses stay good: CLI writes to what is inside.
using Subcommands = std::list<Subcommand>;

Leave mistake(std::string sentence) {
  return {.status = 1, .text = std::move(sentence) + "\n"};
}

void add_flag(CLI::App& app, const Setting& setting, std::vector<Given>& given) {
  const auto flag = std::string(setting.flag);
  const std::string meaning(setting.meaning);
  if (setting.placeholder.empty()) {
    app.add_flag_callback(
        flag, [&] { given.push_back({&setting}); }, meaning);
    return;
  }
  app.add_option_function<std::vector<std::string>>(
         flag,
         [&](const std::vector<std::string>& texts) {
           given.push_back({&setting, texts});
         },
         meaning)
      ->type_name(std::string(setting.placeholder))
      ->expected(setting.repeats ? CLI::detail::expected_max_vector_size : 1)
      ->allow_extra_args(false)
      ->multi_option_policy(setting.repeats ? CLI::MultiOptionPolicy::TakeAll
                                            : CLI::MultiOptionPolicy::Throw);
}

Subcommand& add_subcommand(CLI::App& parent, Subcommands& all, const char* name,
                           const char* meaning) {
  Subcommand& added = all.emplace_back(Subcommand{.app = parent.add_subcommand(name, meaning)});
  added.app->add_option("--config", added.file, "a TOML file of settings; flags go before it")
      ->type_name("FILE");
  return added;
}

void add_serve(CLI::App& parley, Subcommands& all) {
  Subcommand& serve =
      add_subcommand(parley, all, "serve", "Serve meetings until SIGTERM or SIGINT.");
  serve.app->footer(
      "Every flag is a key of the file too, which has more: docs/operating.md lists them.");
  for (const Setting& setting : all_settings()) {
    if (!setting.flag.empty()) add_flag(*serve.app, setting, serve.given);
  }
  serve.command = [](Config config) { return Serve{std::move(config)}; };
}

// A subcommand that works on the data of a server, whether one is running or not.
Subcommand& add_tool(CLI::App& parent, Subcommands& all, const char* name, const char* meaning) {
  Subcommand& tool = add_subcommand(parent, all, name, meaning);
  add_flag(*tool.app, *find_setting("data"), tool.given);
  return tool;
}

void add_backup(CLI::App& parley, Subcommands& all) {
  Subcommand& backup = add_tool(parley, all, "backup",
                                "Copy the database into a new file, also while it is in use.");
  const auto file = std::make_shared<std::string>();
  backup.app->add_option("FILE", *file, "where to; it must not be there yet")->required();
  backup.command = [file](Config config) { return Backup{std::move(config), *file}; };
}

void add_user_tool(CLI::App& user, Subcommands& all, UserCommand::What what, const char* name,
                   const char* meaning) {
  Subcommand& tool = add_tool(user, all, name, meaning);
  const auto command = std::make_shared<UserCommand>(UserCommand{.what = what});
  if (what != UserCommand::What::kList) {
    tool.app->add_option("NAME", command->name, "the account's name")->required();
  }
  if (what == UserCommand::What::kAdd) {
    tool.app->add_option("--display-name", command->display_name, "the name that others see (NAME)")
        ->type_name("TEXT");
  }
  tool.command = [command](Config config) {
    command->config = std::move(config);
    return *command;
  };
}

void add_user(CLI::App& parley, Subcommands& all) {
  using enum UserCommand::What;
  CLI::App& user = *parley.add_subcommand("user", "Make, change, list and delete accounts.");
  user.require_subcommand(1);
  user.footer("Passwords are asked for, or are the first line of standard input.");
  add_user_tool(user, all, kAdd, "add", "Make an account.");
  add_user_tool(user, all, kPassword, "password",
                "Give an account a new password, and end all its sessions.");
  add_user_tool(user, all, kDelete, "delete", "Delete an account with the rooms that it owns.");
  add_user_tool(user, all, kList, "list", "List the accounts, one a line.");
}

void add_turn_key(CLI::App& parley, Subcommands& all) {
  Subcommand& tool = add_subcommand(parley, all, "turn-key",
                                    "Print the line for turn.users that stands for a password.");
  add_flag(*tool.app, *find_setting("turn.realm"), tool.given);
  const auto name = std::make_shared<std::string>();
  tool.app->add_option("NAME", *name, "the user's name")->required();
  tool.app->footer("The password is asked for, or is the first line of standard input.");
  tool.command = [name](Config config) { return TurnKeyCommand{std::move(config), *name}; };
}

// Has no settings of ours: the server that it asks is another's, or somewhere else.
void add_probe(CLI::App& parley, Subcommands& all) {
  constexpr int kMaxSeconds = 60;
  Subcommand& probe = all.emplace_back(
      Subcommand{.app = parley.add_subcommand(
                     "probe", "Find out whether calls by a server connect from here.")});
  const auto options = std::make_shared<probe::Options>();
  CLI::App& app = *probe.app;
  app.add_option("URL", options->url, "the server's web page")->required();
  app.add_flag("--json", options->json, "print JSON instead of a table");
  auto* ca = app.add_option("--ca", options->ca_file, "whom to trust: certificates in a PEM file")
                 ->type_name("FILE");
  app.add_flag("--insecure", options->insecure, "trust any certificate")->excludes(ca);
  app.add_option_function<int>(
         "--seconds", [options](int seconds) { options->seconds = std::chrono::seconds(seconds); },
         "how long each way through the relay is measured (4)")
      ->type_name("N")
      ->check(CLI::Range(1, kMaxSeconds));
  app.footer("Exit status: 0 calls connect, 1 they do not, 2 they do, but not at their best.");
  probe.command = [options](const Config&) { return Probe{*options}; };
}

SettingValue value_of(const Given& given) {
  if (given.texts.empty()) return true;
  if (given.setting->repeats) return given.texts;
  return given.texts.front();
}

std::optional<Leave> apply_all(const std::string& file, const std::vector<Given>& given,
                               Config& config) {
  if (!file.empty()) {
    config.file = file;
    if (auto applied = apply_file(file, config); !applied) return mistake(applied.error());
  }
  for (const Given& flag : given) {
    if (const auto problem = apply(*flag.setting, value_of(flag), config)) {
      return mistake(fmt::format("{} {}.", flag.setting->flag, *problem));
    }
  }
  if (config.https.certificate.empty() != config.https.key.empty()) {
    return mistake("https.certificate and https.key go together; only one of them is set.");
  }
  if (config.turn.first_port > config.turn.last_port) {
    return mistake("turn.first_port is above turn.last_port.");
  }
  if (config.single_port && !config.https.listen.enabled) {
    return mistake("single_port is the port of https.listen, which is off.");
  }
  if (auto problem = check_stun_alternate(config)) return mistake(*std::move(problem));
  keep_turn_keys(config);
  return std::nullopt;
}

// The words of the command line that name a subcommand.
std::string spelled(const CLI::App& app) {
  const auto inner = app.get_subcommands();
  return inner.empty() ? app.get_name()
                       : fmt::format("{} {}", app.get_name(), spelled(*inner.front()));
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  CLI::App app("Parley: a video meeting that you host yourself.", "parley");
  app.set_version_flag("--version", kVersion);
  app.require_subcommand(1);
  Subcommands all;
  add_serve(app, all);
  add_backup(app, all);
  add_user(app, all);
  add_turn_key(app, all);
  add_probe(app, all);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return Leave{.text = app.help()};
  } catch (const CLI::CallForVersion&) {
    return Leave{.text = std::string(kVersion) + "\n"};
  } catch (const CLI::ParseError& error) {
    return mistake(fmt::format("{}. Try {} --help.", error.what(), spelled(app)));
  }
  const auto asked =
      std::ranges::find_if(all, [](const Subcommand& each) { return each.app->parsed(); });
  Config config;
  if (auto leave = apply_all(asked->file, asked->given, config)) return *std::move(leave);
  return asked->command(std::move(config));
}

}  // namespace parley::server
