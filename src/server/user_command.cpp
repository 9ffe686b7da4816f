#include "server/user_command.h"

#include <fmt/core.h>

#include "account/names.h"
#include "account/sessions.h"
#include "meeting/names.h"
#include "server/calendar.h"
#include "server/data_directory.h"
#include "store/sqlite.h"

namespace parley::server {
namespace {

using Text = std::expected<std::string, std::string>;  // To print; else why not.

constexpr std::size_t kMaxDisplayNameBytes = 64;
constexpr std::size_t kListedAtOnce = 1'000;

std::unexpected<std::string> because(store::Error error) {
  return std::unexpected(error == store::Error::kFull
                             ? "There are as many accounts as there may be."
                             : fmt::format("The database failed: {}.", to_string(error)));
}

Text hash_of_new_password(const account::PasswordHasher& hasher, const PasswordSource& source) {
  const auto password = source("Password");
  if (!password) return password;
  if (const auto problem = account::problem_with_password(*password)) {
    return std::unexpected(fmt::format("The password {}.", *problem));
  }
  return hasher.hash(*password);
}

std::expected<store::User, std::string> find(store::Store& store, const std::string& name) {
  auto user = store.users().find_by_name(name);
  if (!user) return because(user.error());
  if (!*user) return std::unexpected(fmt::format("There is no account {}.", name));
  return **std::move(user);
}

Text add(store::Store& store, const UserCommand& command, const account::PasswordHasher& hasher,
         const PasswordSource& password) {
  if (const auto problem = account::problem_with_name(command.name)) {
    return std::unexpected(fmt::format("The name {}.", *problem));
  }
  auto shown =
      meeting::normal_name(command.display_name.empty() ? command.name : command.display_name);
  if (!shown) return std::unexpected(fmt::format("The name to show {}.", shown.error()));
  if (shown->size() > kMaxDisplayNameBytes) {
    return std::unexpected("The name to show may hold at most 64 bytes.");
  }
  const std::string taken = fmt::format("There is an account {} already.", command.name);
  if (find(store, command.name)) return std::unexpected(taken);
  auto hash = hash_of_new_password(hasher, password);
  if (!hash) return hash;
  const auto added = store.users().add({.name = command.name,
                                        .display_name = *std::move(shown),
                                        .password_hash = *std::move(hash),
                                        .created = unix_now()});
  if (!added && added.error() == store::Error::kConflict) return std::unexpected(taken);
  if (!added) return because(added.error());
  return fmt::format("The account {} is made.\n", command.name);
}

Text set_password(store::Store& store, const std::string& name,
                  const account::PasswordHasher& hasher, const PasswordSource& password) {
  const auto user = find(store, name);
  if (!user) return std::unexpected(user.error());
  const auto hash = hash_of_new_password(hasher, password);
  if (!hash) return hash;
  const auto done = store.transaction([&]() -> store::Result<void> {
    if (auto set = store.users().set_password_hash(user->id, *hash); !set) return set;
    return store.sessions().remove_all(user->id, {});
  });
  if (!done) return because(done.error());
  return fmt::format("The account {} has a new password, and is logged in nowhere.\n", name);
}

Text remove(store::Store& store, const std::string& name) {
  const auto user = find(store, name);
  if (!user) return std::unexpected(user.error());
  if (auto removed = store.users().remove(user->id); !removed) return because(removed.error());
  return fmt::format("The account {} is deleted.\n", name);
}

Text list(store::Store& store) {
  std::string text;
  std::string after;
  for (;;) {
    const auto users = store.users().list(after, kListedAtOnce);
    if (!users) return because(users.error());
    for (const store::User& user : *users) {
      text += fmt::format("{}\t{}\n", user.name, user.display_name);
    }
    if (users->size() < kListedAtOnce) return text;
    after = users->back().name;
  }
}

}  // namespace

Text run_user_command(const UserCommand& command, const account::PasswordHasher& hasher,
                      const PasswordSource& password) {
  // It makes the directory where it is missing, with the mode that it must have.
  if (auto data = DataDirectory::open(command.config.data); !data) {
    return std::unexpected(data.error());
  }
  const auto store = store::open_sqlite(database_file(command.config.data));
  if (!store) return std::unexpected(store.error());
  switch (command.what) {
    case UserCommand::What::kAdd: return add(**store, command, hasher, password);
    case UserCommand::What::kPassword: return set_password(**store, command.name, hasher, password);
    case UserCommand::What::kDelete: return remove(**store, command.name);
    case UserCommand::What::kList: return list(**store);
  }
  std::unreachable();
}

}  // namespace parley::server
