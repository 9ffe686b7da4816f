#include "meeting/answers.h"

#include "base/overloaded.h"

namespace parley::meeting {
namespace {

// What was asked for, after "ok". A welcome lists all who are there: no tree is made of it.
template <class T>
Json::Written success(const T& fields) {
  Json::Written body = written(fields);
  body.text.replace(0, 1, body.text == "{}" ? R"({"ok":true)" : R"({"ok":true,)");
  return body;
}

}  // namespace

Json::Written answer_body(const Reply& reply) {
  return std::visit(
      overloaded{
          [](const Refusal& refusal) {
            return Json::Written{R"({"ok":false,"error":)" + written(refusal).text + '}'};
          },
          [](const auto& fields) { return success(fields); },
      },
      reply);
}

Json::Written answer_body(const Welcome& welcome) {
  return success(welcome);
}

}  // namespace parley::meeting
