#pragma once

#include <expected>
#include <memory>
#include <string>

#include "store/repositories.h"

// A Store in one file, by SQLite. Errors are sentences for the operator.
namespace parley::store {

// Makes the file where it is missing, and brings an older one to the present form. Other processes
// may have it open too.
std::expected<std::unique_ptr<Store>, std::string> open_sqlite(const std::string& file,
                                                               const Limits& limits = {});

// One that is gone with the object: for tests.
std::unique_ptr<Store> open_in_memory(const Limits& limits = {});

// Copies the database as it is at one moment into a new file, whole and on the disk when it
// returns. Others may go on reading and writing it.
std::expected<void, std::string> back_up_sqlite(const std::string& file, const std::string& copy);

}  // namespace parley::store
