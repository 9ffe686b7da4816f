#pragma once

#include <optional>

#include "base/json.h"
#include "base/time.h"
#include "store/records.h"

// Records as answers of /api show them: times in milliseconds since 1970, and no secret in any.
namespace parley::server {

Json to_view(std::optional<UnixMillis> time);  // null where there is none.
Json to_view(const store::User& user);
Json to_view(const store::Session& session, store::SessionId current);
Json to_view(const store::ApiToken& token);
Json to_view(const store::Room& room, std::optional<store::Role> you);

}  // namespace parley::server
