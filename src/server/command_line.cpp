#include "server/command_line.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <optional>
#include <vector>

#include "server/config_file.h"
#include "server/settings.h"

namespace parley::server {
namespace {

constexpr const char* kVersion = "parley " PARLEY_VERSION;

struct Given {
  const Setting* setting = nullptr;
  std::vector<std::string> texts = {};  // Empty for a flag without a value.
};

Leave mistake(std::string sentence) {
  return {.status = 1, .text = std::move(sentence) + "\n"};
}

void add_flags(CLI::App& serve, std::vector<Given>& given) {
  for (const Setting& setting : all_settings()) {
    if (setting.flag.empty()) continue;
    const auto flag = std::string(setting.flag);
    std::string meaning(setting.meaning);
    if (!setting.in_use) meaning += " [not in use yet]";
    if (setting.placeholder.empty()) {
      serve.add_flag_callback(
          flag, [&] { given.push_back({&setting}); }, meaning);
      continue;
    }
    serve
        .add_option_function<std::vector<std::string>>(
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
}

SettingValue value_of(const Given& given) {
  if (given.texts.empty()) return true;
  if (given.setting->repeats) return given.texts;
  return given.texts.front();
}

std::optional<Leave> apply_all(const std::string& file, const std::vector<Given>& given,
                               Config& config) {
  if (!file.empty()) {
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
  return std::nullopt;
}

}  // namespace

std::variant<Config, Leave> parse_command_line(int argc, const char* const* argv) {
  CLI::App app("Parley: a video meeting that you host yourself.", "parley");
  app.set_version_flag("--version", kVersion);
  app.require_subcommand(1);
  CLI::App& serve = *app.add_subcommand("serve", "Serve meetings until SIGTERM or SIGINT.");
  serve.footer(
      "Every flag is a key of the file too, which has more: docs/operating.md lists them.");
  std::string file;
  serve.add_option("--config", file, "a TOML file of settings; flags go before it")
      ->type_name("FILE");
  std::vector<Given> given;
  add_flags(serve, given);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return Leave{.text = app.help()};
  } catch (const CLI::CallForVersion&) {
    return Leave{.text = std::string(kVersion) + "\n"};
  } catch (const CLI::ParseError& error) {
    return mistake(fmt::format("{}. Try parley serve --help.", error.what()));
  }
  Config config;
  if (auto leave = apply_all(file, given, config)) return *std::move(leave);
  return config;
}

}  // namespace parley::server
