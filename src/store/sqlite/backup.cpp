#include <fcntl.h>
#include <fmt/core.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "store/sqlite.h"

namespace parley::store {
namespace {

using Outcome = std::expected<void, std::string>;

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
using Connection = std::unique_ptr<sqlite3, Close>;

std::unexpected<std::string> cannot(std::string_view do_what, std::string_view file,
                                    std::string_view why) {
  return std::unexpected(fmt::format("{} cannot be {}: {}.", file, do_what, why));
}

// Never makes the file.
std::expected<Connection, std::string> connect(const std::string& file) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READWRITE, nullptr);
  Connection connection(handle);
  if (code != SQLITE_OK) return cannot("opened", file, sqlite3_errmsg(handle));
  sqlite3_busy_timeout(handle, 5'000);
  return connection;
}

// In one step: it reads one state of the database, and writers need not wait meanwhile.
Outcome copy_pages(const std::string& file, const std::string& draft) {
  auto from = connect(file);
  if (!from) return std::unexpected(std::move(from.error()));
  auto to = connect(draft);
  if (!to) return std::unexpected(std::move(to.error()));
  sqlite3_backup* const backup = sqlite3_backup_init(to->get(), "main", from->get(), "main");
  if (backup == nullptr) return cannot("copied", file, sqlite3_errmsg(to->get()));
  const int stepped = sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  if (stepped != SQLITE_DONE || finished != SQLITE_OK) {
    return cannot("copied", file, sqlite3_errmsg(to->get()));
  }
  // One file by itself, without a journal beside it.
  const int alone =
      sqlite3_exec(to->get(), "PRAGMA journal_mode = DELETE", nullptr, nullptr, nullptr);
  if (alone != SQLITE_OK) return cannot("written", draft, sqlite3_errmsg(to->get()));
  std::string answer;
  sqlite3_exec(
      to->get(), "PRAGMA quick_check(1)",
      [](void* into, int, char** columns, char**) {
        *static_cast<std::string*>(into) = columns[0];
        return 0;
      },
      &answer, nullptr);
  if (answer != "ok") return std::unexpected(fmt::format("{} is damaged: {}.", file, answer));
  return {};
}

Outcome sync(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const int problem = errno;
  if (fd >= 0) ::close(fd);
  if (!synced) return cannot("written", path, std::strerror(problem));
  return {};
}

// Onto a name that nobody has, which only some file systems can check in the same moment.
Outcome move_in_place(const std::string& draft, const std::string& copy) {
  const auto rename = [&](unsigned flags) {
    return ::renameat2(AT_FDCWD, draft.c_str(), AT_FDCWD, copy.c_str(), flags) == 0;
  };
  if (!rename(RENAME_NOREPLACE) && (errno != EINVAL || !rename(0))) {
    return cannot("written", copy, std::strerror(errno));
  }
  const auto folder = std::filesystem::absolute(copy).parent_path();
  return sync(folder.string(), O_RDONLY | O_DIRECTORY);
}

}  // namespace

Outcome back_up_sqlite(const std::string& file, const std::string& copy) {
  struct stat status = {};
  if (::stat(file.c_str(), &status) != 0) return cannot("read", file, std::strerror(errno));
  if (::lstat(copy.c_str(), &status) == 0) {
    return std::unexpected(fmt::format("{} is there already, and is not overwritten.", copy));
  }
  const std::string draft = fmt::format("{}.{}", copy, ::getpid());
  const int fd = ::open(draft.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return cannot("written", copy, std::strerror(errno));
  ::close(fd);
  Outcome done = copy_pages(file, draft);
  if (done) done = sync(draft, O_RDONLY);
  if (done) done = move_in_place(draft, copy);
  if (!done) ::unlink(draft.c_str());
  return done;
}

}  // namespace parley::store
