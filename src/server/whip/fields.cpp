#include "server/whip/fields.h"

namespace parley::server {

std::string_view text_of(const Json& fields, std::string_view key) {
  const Json* const field = fields.find(key);
  const std::string* const text = field == nullptr ? nullptr : field->as_string();
  return text == nullptr ? std::string_view() : *text;
}

bool is_true(const Json& fields, std::string_view key) {
  const Json* const field = fields.find(key);
  return field != nullptr && field->as_bool() != nullptr && *field->as_bool();
}

const Json::Array& list_of(const Json& fields, std::string_view key) {
  static const Json::Array kNone;
  const Json* const field = fields.find(key);
  return field == nullptr || field->as_array() == nullptr ? kNone : *field->as_array();
}

}  // namespace parley::server
