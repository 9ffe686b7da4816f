#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "meeting/vocabulary.h"

// The room's chat.
namespace parley::meeting {

// ---- From the client

struct SendChat {
  static constexpr std::string_view kEvent = "chat";

  std::string key = {};
  std::string text = {};
  std::optional<std::string> to = {};
  std::optional<std::int64_t> reply_to = {};

  static constexpr auto fields() {
    return std::tuple(field("key", &SendChat::key, kKeyLength),
                      field("text", &SendChat::text, kChatLength),
                      field("to", &SendChat::to, kSidLength),
                      field("replyTo", &SendChat::reply_to, kMessageNumber));
  }
  friend bool operator==(const SendChat&, const SendChat&) = default;
};

struct EditChat {
  static constexpr std::string_view kEvent = "chatEdit";

  std::int64_t id = 0;
  std::string text = {};

  static constexpr auto fields() {
    return std::tuple(field("id", &EditChat::id, kMessageNumber),
                      field("text", &EditChat::text, kChatLength));
  }
  friend bool operator==(const EditChat&, const EditChat&) = default;
};

struct DeleteChat {
  static constexpr std::string_view kEvent = "chatDelete";

  std::int64_t id = 0;

  static constexpr auto fields() {
    return std::tuple(field("id", &DeleteChat::id, kMessageNumber));
  }
  friend bool operator==(const DeleteChat&, const DeleteChat&) = default;
};

struct ReadChat {
  static constexpr std::string_view kEvent = "chatHistory";

  std::optional<std::int64_t> before = {};
  std::optional<std::int64_t> limit = {};

  static constexpr auto fields() {
    return std::tuple(field("before", &ReadChat::before, kMessageNumber),
                      field("limit", &ReadChat::limit, kPageLength));
  }
  friend bool operator==(const ReadChat&, const ReadChat&) = default;
};

// ---- From the server

struct Addressee {
  std::string sid = {};
  std::string name = {};

  static constexpr auto fields() {
    return std::tuple(field("sid", &Addressee::sid), field("name", &Addressee::name));
  }
  friend bool operator==(const Addressee&, const Addressee&) = default;
};

struct ChatView {
  std::int64_t id = 0;
  std::string key = {};
  std::string sid = {};
  std::string name = {};
  Nullable<std::int64_t> account = {};
  std::string text = {};
  Nullable<Addressee> to = {};
  Nullable<std::int64_t> reply_to = {};
  std::int64_t at = 0;
  Nullable<std::int64_t> edited = {};
  bool deleted = false;

  static constexpr auto fields() {
    return std::tuple(field("id", &ChatView::id), field("key", &ChatView::key),
                      field("sid", &ChatView::sid), field("name", &ChatView::name),
                      field("account", &ChatView::account), field("text", &ChatView::text),
                      field("to", &ChatView::to), field("replyTo", &ChatView::reply_to),
                      field("at", &ChatView::at), field("edited", &ChatView::edited),
                      field("deleted", &ChatView::deleted));
  }
  friend bool operator==(const ChatView&, const ChatView&) = default;
};

ChatView view_of(const store::ChatMessage& message);

struct ChatPosted {
  static constexpr std::string_view kEvent = "chat";

  ChatView message = {};

  static constexpr auto fields() { return std::tuple(field("message", &ChatPosted::message)); }
  friend bool operator==(const ChatPosted&, const ChatPosted&) = default;
};

struct ChatChanged {
  static constexpr std::string_view kEvent = "chatChanged";

  ChatView message = {};

  static constexpr auto fields() { return std::tuple(field("message", &ChatChanged::message)); }
  friend bool operator==(const ChatChanged&, const ChatChanged&) = default;
};

// ---- Answers

struct MessageReply {
  ChatView message = {};

  static constexpr auto fields() { return std::tuple(field("message", &MessageReply::message)); }
  friend bool operator==(const MessageReply&, const MessageReply&) = default;
};

struct HistoryReply {
  std::vector<ChatView> messages = {};  // Oldest first.
  bool more = false;

  static constexpr auto fields() {
    return std::tuple(field("messages", &HistoryReply::messages),
                      field("more", &HistoryReply::more));
  }
  friend bool operator==(const HistoryReply&, const HistoryReply&) = default;
};

}  // namespace parley::meeting
