#pragma once

#if defined(PARLEY_HAS_LIBUSRSCTP)

#include <usrsctp.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/bytes.h"

namespace parley::sim {

// An SCTP end by libusrsctp, which browsers used for years: without a socket, a thread or a timer
// of its own. Packets it sends pile up in `sent`; its time passes by pass_time() alone. Its limit:
// it is one library for the whole process.
class UsrsctpPeer {
 public:
  struct Message {
    std::uint16_t stream = 0;
    std::uint32_t ppid = 0;
    bool unordered = false;
    std::vector<std::uint8_t> payload = {};
  };
  struct Options {
    std::size_t mtu = 1'191;
    int buffer = 4 * 1'024 * 1'024;  // SO_RCVBUF and SO_SNDBUF
    bool keep_messages = true;       // Else they are only counted.
  };

  UsrsctpPeer() : UsrsctpPeer(Options{}) {}
  explicit UsrsctpPeer(const Options& options) : options_(options) {
    library();
    usrsctp_register_address(this);
    socket_ = usrsctp_socket(AF_CONN, SOCK_STREAM, IPPROTO_SCTP, &on_receive, nullptr, 0, this);
    PARLEY_ASSERT(socket_ != nullptr);
    set_options();
    sockaddr_conn local = address();
    PARLEY_ASSERT(usrsctp_bind(socket_, as_sockaddr(local), sizeof local) == 0);
  }
  UsrsctpPeer(const UsrsctpPeer&) = delete;
  UsrsctpPeer& operator=(const UsrsctpPeer&) = delete;
  ~UsrsctpPeer() {
    usrsctp_close(socket_);
    if (listener_ != nullptr) usrsctp_close(listener_);
    usrsctp_deregister_address(this);
  }

  void connect() {
    sockaddr_conn remote = address();
    const int result = usrsctp_connect(socket_, as_sockaddr(remote), sizeof remote);
    PARLEY_ASSERT(result == 0 || errno == EINPROGRESS);
    sctp_paddrparams params{};
    std::memcpy(&params.spp_address, &remote, sizeof remote);
    params.spp_flags = SPP_PMTUD_DISABLE;
    params.spp_pathmtu = static_cast<std::uint32_t>(options_.mtu);
    PARLEY_ASSERT(usrsctp_setsockopt(socket_, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &params,
                                     sizeof params) == 0);
  }

  // Waits for the other end to connect; accept() says when it has.
  void listen() { PARLEY_ASSERT(usrsctp_listen(socket_, 1) == 0); }
  bool accept() {
    struct socket* const accepted = usrsctp_accept(socket_, nullptr, nullptr);
    if (accepted == nullptr) return false;
    listener_ = std::exchange(socket_, accepted);
    set_options();
    return true;
  }

  void handle_input(Bytes packet) { usrsctp_conninput(this, packet.data(), packet.size(), 0); }

  struct SendOptions {
    bool unordered = false;
    std::optional<std::uint32_t> max_retransmits = {};
    std::optional<std::uint32_t> lifetime_ms = {};
  };
  bool send(std::uint16_t stream, std::uint32_t ppid, Bytes payload) {
    return send(stream, ppid, payload, SendOptions{});
  }
  // False where its buffer is full.
  bool send(std::uint16_t stream, std::uint32_t ppid, Bytes payload, const SendOptions& options) {
    sctp_sendv_spa spa{};
    spa.sendv_flags = SCTP_SEND_SNDINFO_VALID;
    spa.sendv_sndinfo.snd_sid = stream;
    spa.sendv_sndinfo.snd_ppid = __builtin_bswap32(ppid);
    spa.sendv_sndinfo.snd_flags = SCTP_EOR;
    if (options.unordered) spa.sendv_sndinfo.snd_flags |= SCTP_UNORDERED;
    if (options.max_retransmits || options.lifetime_ms) {
      spa.sendv_flags |= SCTP_SEND_PRINFO_VALID;
      spa.sendv_prinfo.pr_policy = options.max_retransmits ? SCTP_PR_SCTP_RTX : SCTP_PR_SCTP_TTL;
      spa.sendv_prinfo.pr_value =
          options.max_retransmits ? *options.max_retransmits : *options.lifetime_ms;
    }
    return usrsctp_sendv(socket_, payload.data(), payload.size(), nullptr, 0, &spa, sizeof spa,
                         SCTP_SENDV_SPA, 0) == static_cast<ssize_t>(payload.size());
  }

  // Resets these streams of its own to send on.
  bool reset_streams(const std::vector<std::uint16_t>& streams) {
    std::vector<std::uint8_t> bytes(sizeof(sctp_reset_streams) + streams.size() * 2);
    sctp_reset_streams reset{};
    reset.srs_flags = SCTP_STREAM_RESET_OUTGOING;
    reset.srs_number_streams = static_cast<std::uint16_t>(streams.size());
    std::memcpy(bytes.data(), &reset, sizeof reset);
    std::memcpy(bytes.data() + sizeof reset, streams.data(), streams.size() * 2);
    return usrsctp_setsockopt(socket_, IPPROTO_SCTP, SCTP_RESET_STREAMS, bytes.data(),
                              static_cast<socklen_t>(bytes.size())) == 0;
  }

  void shutdown() { usrsctp_shutdown(socket_, SHUT_WR); }

  // For all ends of the process.
  static void pass_time(std::uint32_t milliseconds) { usrsctp_handle_timers(milliseconds); }

  std::deque<std::vector<std::uint8_t>> sent;
  std::deque<Message> received;
  std::uint64_t received_messages = 0;
  std::uint64_t received_bytes = 0;
  bool is_up = false;
  bool is_down = false;
  std::size_t incoming_resets = 0;
  std::size_t outgoing_resets = 0;

 private:
  struct Library {
    Library() {
      usrsctp_init_nothreads(0, &on_send, nullptr);
      usrsctp_sysctl_set_sctp_ecn_enable(0);
      usrsctp_sysctl_set_sctp_asconf_enable(0);
      usrsctp_sysctl_set_sctp_auth_enable(0);
      usrsctp_sysctl_set_sctp_blackhole(2);
      usrsctp_sysctl_set_sctp_initial_cwnd(10);
      usrsctp_sysctl_set_sctp_max_chunks_on_queue(1'000'000);
    }
  };
  static void library() { static Library once; }

  static int on_send(void* address, void* data, std::size_t size, std::uint8_t, std::uint8_t) {
    const auto* const bytes = static_cast<const std::uint8_t*>(data);
    static_cast<UsrsctpPeer*>(address)->sent.emplace_back(bytes, bytes + size);
    return 0;
  }

  static int on_receive(struct socket*, sctp_sockstore, void* data, std::size_t size,
                        sctp_rcvinfo info, int flags, void* self) {
    if (data == nullptr) return 1;
    auto& peer = *static_cast<UsrsctpPeer*>(self);
    const Bytes bytes(static_cast<const std::uint8_t*>(data), size);
    if ((flags & MSG_NOTIFICATION) != 0) {
      peer.on_notification(bytes);
    } else {
      peer.on_data(bytes, info, (flags & MSG_EOR) != 0);
    }
    std::free(data);
    return 1;
  }

  void on_data(Bytes bytes, const sctp_rcvinfo& info, bool ends) {
    received_bytes += bytes.size();
    if (ends) ++received_messages;
    if (!options_.keep_messages) return;
    Message& message = partial_[info.rcv_sid];
    message.payload.insert(message.payload.end(), bytes.begin(), bytes.end());
    if (!ends) return;
    message.stream = info.rcv_sid;
    message.ppid = __builtin_bswap32(info.rcv_ppid);
    message.unordered = (info.rcv_flags & SCTP_UNORDERED) != 0;
    received.push_back(std::exchange(message, {}));
  }

  void on_notification(Bytes bytes) {
    sctp_notification event{};
    std::memcpy(&event, bytes.data(), std::min(bytes.size(), sizeof event));
    if (event.sn_header.sn_type == SCTP_ASSOC_CHANGE) {
      (event.sn_assoc_change.sac_state == SCTP_COMM_UP ? is_up : is_down) = true;
    } else if (event.sn_header.sn_type == SCTP_STREAM_RESET_EVENT) {
      const auto what = event.sn_strreset_event.strreset_flags;
      if ((what & SCTP_STREAM_RESET_INCOMING_SSN) != 0) ++incoming_resets;
      if ((what & SCTP_STREAM_RESET_OUTGOING_SSN) != 0) ++outgoing_resets;
    }
  }

  sockaddr_conn address() {
    sockaddr_conn conn{};
    conn.sconn_family = AF_CONN;
    conn.sconn_port = __builtin_bswap16(5'000);
    conn.sconn_addr = this;
    return conn;
  }
  static sockaddr* as_sockaddr(sockaddr_conn& conn) { return reinterpret_cast<sockaddr*>(&conn); }

  template <class Value>
  void set(int level, int name, const Value& value) {
    PARLEY_ASSERT(usrsctp_setsockopt(socket_, level, name, &value, sizeof value) == 0);
  }

  void set_options() {
    usrsctp_set_non_blocking(socket_, 1);
    set(SOL_SOCKET, SO_LINGER, linger{.l_onoff = 1, .l_linger = 0});
    set(SOL_SOCKET, SO_RCVBUF, options_.buffer);
    set(SOL_SOCKET, SO_SNDBUF, options_.buffer);
    set(IPPROTO_SCTP, SCTP_NODELAY, std::uint32_t{1});
    set(IPPROTO_SCTP, SCTP_ENABLE_STREAM_RESET,
        sctp_assoc_value{.assoc_id = SCTP_ALL_ASSOC, .assoc_value = SCTP_ENABLE_RESET_STREAM_REQ});
    for (const int type : {SCTP_ASSOC_CHANGE, SCTP_STREAM_RESET_EVENT}) {
      sctp_event event{};
      event.se_assoc_id = SCTP_ALL_ASSOC;
      event.se_type = static_cast<std::uint16_t>(type);
      event.se_on = 1;
      set(IPPROTO_SCTP, SCTP_EVENT, event);
    }
    sctp_initmsg init{};
    init.sinit_num_ostreams = 1'024;
    init.sinit_max_instreams = 1'024;
    set(IPPROTO_SCTP, SCTP_INITMSG, init);
  }

  Options options_;
  struct socket* socket_ = nullptr;
  struct socket* listener_ = nullptr;
  std::map<std::uint16_t, Message> partial_;
};

}  // namespace parley::sim

#endif
