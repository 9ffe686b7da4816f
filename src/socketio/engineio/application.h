#pragma once

#include "base/time.h"

namespace parley::engineio {

// What stands on an Engine: it reads the engine's events, answers by Engine::send(), and may have
// deadlines of its own. The engine's owner calls handle_events() after each call to the engine.
class Application {
 public:
  virtual void handle_events(Time now) = 0;
  virtual void handle_timeout(Time now) = 0;
  virtual Time next_deadline() const = 0;

 protected:
  ~Application() = default;
};

}  // namespace parley::engineio
