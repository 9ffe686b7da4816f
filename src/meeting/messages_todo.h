#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "meeting/vocabulary.h"

// The room's to-do list.
namespace parley::meeting {

// ---- From the client

// What someone did to an item, `age` ago.
struct TodoChange {
  std::string item = {};
  std::int64_t age = 0;  // ms.
  std::optional<std::string> text = {};
  std::optional<bool> done = {};
  std::optional<Nullable<std::string>> assignee = {};
  std::optional<std::string> position = {};
  std::optional<bool> removed = {};  // Only true.

  static constexpr auto fields() {
    return std::tuple(
        field("item", &TodoChange::item, kItemLength), field("age", &TodoChange::age, kAge),
        field("text", &TodoChange::text, kTodoLength), field("done", &TodoChange::done),
        field("assignee", &TodoChange::assignee, kNameLength),
        field("position", &TodoChange::position, kPositionLength),
        field("removed", &TodoChange::removed));
  }
  friend bool operator==(const TodoChange&, const TodoChange&) = default;
};

struct ReadTodos {
  static constexpr std::string_view kEvent = "todoList";

  static constexpr auto fields() { return std::tuple(); }
  friend bool operator==(const ReadTodos&, const ReadTodos&) = default;
};

struct ChangeTodos {
  static constexpr std::string_view kEvent = "todo";

  std::vector<TodoChange> changes = {};

  static constexpr auto fields() {
    return std::tuple(field("changes", &ChangeTodos::changes, kChanges));
  }
  friend bool operator==(const ChangeTodos&, const ChangeTodos&) = default;
};

// ---- From the server

struct TodoView {
  std::string id = {};
  std::string text = {};
  bool done = false;
  Nullable<std::string> assignee = {};
  std::string position = {};
  std::string by = {};
  std::int64_t at = 0;
  bool removed = false;

  static constexpr auto fields() {
    return std::tuple(field("id", &TodoView::id), field("text", &TodoView::text),
                      field("done", &TodoView::done), field("assignee", &TodoView::assignee),
                      field("position", &TodoView::position), field("by", &TodoView::by),
                      field("at", &TodoView::at), field("removed", &TodoView::removed));
  }
  friend bool operator==(const TodoView&, const TodoView&) = default;
};

TodoView view_of(const store::TodoItem& item);

struct TodosChanged {
  static constexpr std::string_view kEvent = "todo";

  std::vector<TodoView> items = {};

  static constexpr auto fields() { return std::tuple(field("items", &TodosChanged::items)); }
  friend bool operator==(const TodosChanged&, const TodosChanged&) = default;
};

// ---- Answers

struct ItemsReply {
  std::vector<TodoView> items = {};

  static constexpr auto fields() { return std::tuple(field("items", &ItemsReply::items)); }
  friend bool operator==(const ItemsReply&, const ItemsReply&) = default;
};

}  // namespace parley::meeting
