#include <utility>

#include "http/connection.h"
#include "http/server.h"

namespace parley::http {

Responder::Responder(std::weak_ptr<Connection> connection, std::uint64_t request)
    : connection_(std::move(connection)), request_(request) {}

Responder::Responder(Responder&& other) noexcept = default;

Responder& Responder::operator=(Responder&& other) noexcept {
  Responder replaced(std::move(*this));  // Answers 500 if it was still owed.
  connection_ = std::move(other.connection_);
  request_ = other.request_;
  return *this;
}

Responder::~Responder() {
  if (const auto connection = connection_.lock()) {
    connection->respond(request_, Response::problem(500, "Internal Server Error", ""));
  }
}

void Responder::send(Response response) {
  const auto connection = std::exchange(connection_, {}).lock();
  if (connection != nullptr) connection->respond(request_, std::move(response));
}

void Responder::on_abandoned(std::move_only_function<void()> call) {
  if (const auto connection = connection_.lock()) {
    connection->set_abandoned(request_, std::move(call));
  }
}

}  // namespace parley::http
