#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "store/sqlite/database.h"

namespace parley::store::sqlite {

// The number of the newest form of the tables.
int newest_schema();

// Brings the tables to the form `target` one step after the other, each a transaction of its own:
// whatever ends it, it can go on from there. The error is a sentence for the operator: the file is
// not ours, is newer than this program, is damaged, or cannot be written.
std::expected<void, std::string> migrate(Database& database, int target = newest_schema());

}  // namespace parley::store::sqlite
