#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "account/join_tokens.h"
#include "account/password.h"
#include "account/throttle.h"
#include "http/server.h"
#include "io/event_loop.h"
#include "server/api/api_counters.h"
#include "server/api/call.h"
#include "server/config.h"
#include "server/identities.h"
#include "server/meeting_binding.h"
#include "server/origin_policy.h"
#include "server/storage.h"
#include "server/worker_pool.h"

namespace parley::server {

// What the handlers of /api work with. All of it outlives the http::Server.
struct ApiContext {
  http::Server& http;
  io::EventLoop& loop;
  Storage& storage;
  WorkerPool& pool;
  const OriginPolicy& origins;
  MeetingBinding& meeting;
  Identities& identities;
  const account::JoinTokens& join_tokens;
  const account::PasswordHasher& hasher;
  account::Throttle& throttle;
  Random& random;  // May be used from several threads at once.
  ApiCounters& counters;
  Config::Auth settings;
};

// What every call under /api has in common, in one place: where a change may come from, who makes
// it, and that no answer is cached.
class Api {
 public:
  enum class For : std::uint8_t {
    kEverybody,  // `caller` is nobody, for a guest.
    kAccounts,   // By cookie or by API token.
    kPeople,     // By cookie alone: what a program must not do with an API token.
  };
  using Handler = std::function<void(Call)>;

  explicit Api(ApiContext context) : context_(context) {}

  void route(http::Method method, std::string_view pattern, For whom, Handler handler);

  const ApiContext& context() const { return context_; }

  // Asks the store on its thread, then calls `then(call, value)` here. Where the store fails the
  // call is answered, and `then` is not called.
  template <class Job, class Then>
  void ask_store(Call call, Job job, Then then);

  // Works on the pool, then calls `then(call, result)` here; 503 where it is full.
  template <class Work, class Then>
  void work(Call call, Work work, Then then);

 private:
  void authenticate(Call call, For whom, const Handler& handler);
  void authenticate_session(Call call, For whom, const Handler& handler);
  void authenticate_program(Call call, For whom, const Handler& handler);
  void dispatch(Call call, const Handler& handler);

  ApiContext context_;
};

// ---- Answers that many calls share.

http::Response problem_of(store::Error error);
http::Response unauthorized();
http::Response forbidden(std::string_view detail, std::string_view field = {});
http::Response not_found(std::string_view detail);
http::Response conflict(std::string_view detail, std::string_view field = {});
http::Response invalid(std::string_view field, std::string_view problem);
http::Response too_many(std::chrono::seconds wait);
http::Response busy();

template <class Job, class Then>
void Api::ask_store(Call call, Job job, Then then) {
  context_.storage.run(std::move(job),
                       [call = std::move(call), then = std::move(then)](auto&& result) mutable {
                         if (!result) return call.send(problem_of(result.error()));
                         then(std::move(call), *std::move(result));
                       });
}

template <class Work, class Then>
void Api::work(Call call, Work work, Then then) {
  if (!context_.pool.has_room()) return call.send(busy());
  context_.pool.run(std::move(work),
                    [call = std::move(call), then = std::move(then)](auto result) mutable {
                      then(std::move(call), std::move(result));
                    });
}

}  // namespace parley::server
