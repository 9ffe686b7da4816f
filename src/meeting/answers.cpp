#include "meeting/answers.h"

#include "base/overloaded.h"

namespace parley::meeting {
namespace {

// What was asked for, after "ok".
template <class T>
Json success(const T& fields) {
  Json body = to_json(fields);
  Json::Object& members = *body.as_object();
  members.insert(members.begin(), {"ok", true});
  return body;
}

}  // namespace

Json answer_body(const Reply& reply) {
  return std::visit(overloaded{
                        [](const Refusal& refusal) {
                          return Json(Json::Object{{"ok", false}, {"error", to_json(refusal)}});
                        },
                        [](const auto& fields) { return success(fields); },
                    },
                    reply);
}

Json answer_body(const Welcome& welcome) {
  return success(welcome);
}

}  // namespace parley::meeting
