#include "io/udp_memory.h"

#include <netinet/udp.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/assert.h"

namespace parley::io {
namespace {

// A message's length has 16 bits, with the headers of UDP and IPv6 in it.
constexpr std::size_t kMaxRunBytes = 65'535 - 8 - 40;

// And the kernel cuts it into so many, at most.
constexpr std::size_t kMaxRunDatagrams = 64;

// UDP's own limit, which only a run comes near to.
constexpr std::size_t kLongestMessage = 65'535;
// An odd number of cache lines: the beginnings of the slots are not all of one set of the cache.
constexpr std::size_t kSlotSize = 64 * 1035;
static_assert(ReceivedDatagram::kHeadroom + kLongestMessage + ReceivedDatagram::kTailroom <=
              kSlotSize);

template <class T>
T read_value(const cmsghdr* control) {
  T value;
  std::memcpy(&value, CMSG_DATA(control), sizeof value);
  return value;
}

// IPV6_PKTINFO also comes for IPv4 datagrams on an IPv6 socket, with a mapped address.
void read_control(const cmsghdr* control, UdpIncoming::Message& message) {
  if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
    message.path.local = from_kernel(read_value<in_pktinfo>(control).ipi_spec_dst);
  } else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
    const auto info = read_value<in6_pktinfo>(control);
    message.path.local = from_kernel(info.ipi6_addr);
    if (IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr)) message.path.interface = info.ipi6_ifindex;
  } else if (control->cmsg_level == IPPROTO_UDP && control->cmsg_type == UDP_GRO) {
    message.piece = static_cast<std::size_t>(std::max(read_value<int>(control), 0));
  }
}

// Appends a control message to `header`, whose memory suffices for two.
template <class Value>
void append_control(msghdr& header, int level, int type, const Value& value) {
  auto* const control = reinterpret_cast<cmsghdr*>(static_cast<std::uint8_t*>(header.msg_control) +
                                                   header.msg_controllen);
  control->cmsg_level = level;
  control->cmsg_type = type;
  control->cmsg_len = CMSG_LEN(sizeof value);
  std::memcpy(CMSG_DATA(control), &value, sizeof value);
  header.msg_controllen += CMSG_SPACE(sizeof value);
}

}  // namespace

UdpIncoming::UdpIncoming() : bytes_(new std::uint8_t[kBatch * kSlotSize]) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    pieces_[i] = {.iov_base = bytes_.get() + i * kSlotSize + ReceivedDatagram::kHeadroom,
                  .iov_len = kLongestMessage};
    msghdr& header = messages_[i].msg_hdr;
    header.msg_name = &addresses_[i];
    header.msg_iov = &pieces_[i];
    header.msg_iovlen = 1;
    header.msg_control = &controls_[i];
  }
}

std::span<mmsghdr> UdpIncoming::to_fill() {
  for (mmsghdr& message : std::span(messages_).first(std::exchange(filled_, 0))) {
    message.msg_hdr.msg_namelen = sizeof(KernelAddress);
    message.msg_hdr.msg_controllen = sizeof(UdpControl);
  }
  return messages_;
}

UdpIncoming::Message UdpIncoming::at(std::size_t i, const net::IpAddress& local) {
  msghdr& header = messages_[i].msg_hdr;
  Message message{.path = {.remote = from_kernel(addresses_[i]), .local = local},
                  .bytes = {static_cast<std::uint8_t*>(pieces_[i].iov_base), messages_[i].msg_len}};
  for (cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
    read_control(c, message);
  }
  return message;
}

std::span<mmsghdr> UdpOutgoing::messages(const UdpQueue& queue, const Form& form) {
  std::size_t used = 0;
  std::size_t datagrams = 0;
  pieces_used_ = 0;
  const UdpDatagram* next = queue.first;
  while (next != nullptr && datagrams < kBatch &&
         next->dont_fragment == queue.first->dont_fragment) {
    const UdpDatagram& first = *next;
    const std::size_t i = used++;
    begin(i, first.path, form);
    next = add_run(i, &first, form.in_runs ? kBatch - datagrams : 1);
    datagrams += runs_[i];
    write_control(i, first.path, first.size, form);
  }
  return std::span(messages_).first(used);
}

std::span<mmsghdr> UdpOutgoing::messages(std::span<const net::DatagramBatch::Run> runs,
                                         std::size_t skipped, const Form& form) {
  std::size_t used = 0;
  for (const auto& [path, piece, datagrams, bytes] : runs) {
    const UdpPath way{.remote = path.remote, .local = path.local.ip};
    const std::size_t most = form.in_runs ? std::min(kMaxRunBytes / piece, kMaxRunDatagrams) : 1;
    for (std::size_t done = std::exchange(skipped, 0); done < datagrams; done += runs_[used++]) {
      if (used == kBatch) return messages_;
      runs_[used] = std::min(most, datagrams - done);
      const Bytes rest = bytes.subspan(done * piece);
      msghdr& header = begin(used, way, form);
      pieces_[used] = {.iov_base = const_cast<std::uint8_t*>(rest.data()),  // It only reads.
                       .iov_len = std::min(rest.size(), runs_[used] * piece)};
      header.msg_iov = &pieces_[used];
      header.msg_iovlen = 1;
      write_control(used, way, piece, form);
    }
  }
  return std::span(messages_).first(used);
}

msghdr& UdpOutgoing::begin(std::size_t i, const UdpPath& path, const Form& form) {
  messages_[i] = {};
  msghdr& header = messages_[i].msg_hdr;
  header.msg_name = &addresses_[i];
  header.msg_namelen = write_to(addresses_[i], path.remote, form.family, path.interface);
  return header;
}

// Makes message `i` of as many datagrams from `first` on, up to `most`, as may travel as one.
// Returns the next one.
const UdpDatagram* UdpOutgoing::add_run(std::size_t i, const UdpDatagram* first, std::size_t most) {
  msghdr& header = messages_[i].msg_hdr;
  header.msg_iov = &pieces_[pieces_used_];
  const std::size_t piece = first->size;
  if (piece > 0) most = std::min(kMaxRunBytes / piece, most);
  std::size_t run = 0;
  const std::uint8_t* end = nullptr;
  const UdpDatagram* next = first;
  bool may_go_on = piece > 0;
  do {
    if (next->bytes != end || run == 0) {
      pieces_[pieces_used_++] = {.iov_base = next->bytes, .iov_len = 0};
      ++header.msg_iovlen;
    }
    pieces_[pieces_used_ - 1].iov_len += next->size;
    end = next->bytes + next->size;
    may_go_on = may_go_on && ++run < most && next->size == piece;  // Only the last may be shorter.
    next = next->next;
  } while (may_go_on && next != nullptr && next->size != 0 && next->size <= piece &&
           next->dont_fragment == first->dont_fragment && next->path == first->path);
  runs_[i] = std::max<std::size_t>(run, 1);
  return next;
}

void UdpOutgoing::write_control(std::size_t i, const UdpPath& path, std::size_t piece,
                                const Form& form) {
  msghdr& header = messages_[i].msg_hdr;
  header.msg_control = &controls_[i];
  header.msg_controllen = 0;
  if (form.with_local && !path.local.is_any() && form.family == AF_INET) {
    in_pktinfo info = {};
    info.ipi_spec_dst = to_in_addr(path.local);
    append_control(header, IPPROTO_IP, IP_PKTINFO, info);
  } else if (form.with_local && !path.local.is_any()) {
    in6_pktinfo info = {};
    info.ipi6_addr = to_in6_addr(path.local);
    info.ipi6_ifindex = path.interface;
    append_control(header, IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
  if (runs_[i] > 1) {
    append_control(header, IPPROTO_UDP, UDP_SEGMENT, static_cast<std::uint16_t>(piece));
  }
}

UdpMemory::~UdpMemory() {
  while (free_ != nullptr) delete std::exchange(free_, free_->next);
  while (free_chunks_ != nullptr) delete std::exchange(free_chunks_, free_chunks_->next);
  delete chunk_;
}

void UdpMemory::add(UdpQueue& queue, const UdpPath& path, Bytes payload, bool dont_fragment) {
  UdpDatagram* datagram = free_;
  if (datagram != nullptr) {
    free_ = datagram->next;
    --free_count_;
  } else {
    datagram = new UdpDatagram;
  }
  std::uint8_t* const bytes = take_bytes(payload.size());
  if (!payload.empty()) std::memcpy(bytes, payload.data(), payload.size());
  *datagram = {.next = nullptr,
               .path = path,
               .size = static_cast<std::uint16_t>(payload.size()),
               .dont_fragment = dont_fragment,
               .chunk = chunk_,
               .bytes = bytes};
  (queue.count++ == 0 ? queue.first : queue.last->next) = datagram;
  queue.last = datagram;
}

// In chunk_, for one datagram.
std::uint8_t* UdpMemory::take_bytes(std::size_t size) {
  PARLEY_ASSERT(size <= UdpSocket::kMaxDatagram);
  if (chunk_ == nullptr || UdpChunk::kSize - chunk_->used < size) {
    chunk_ = free_chunks_ != nullptr ? free_chunks_ : new UdpChunk;
    if (chunk_ == free_chunks_) {
      free_chunks_ = chunk_->next;
      --free_chunk_count_;
    }
    chunk_->used = chunk_->waiting = 0;
  }
  ++chunk_->waiting;
  return chunk_->bytes.data() + std::exchange(chunk_->used, chunk_->used + size);
}

void UdpMemory::drop(UdpQueue& queue, std::size_t count) {
  PARLEY_ASSERT(count <= queue.count);
  queue.count -= count;
  for (; count > 0; --count) {
    UdpDatagram* const datagram = std::exchange(queue.first, queue.first->next);
    if (--datagram->chunk->waiting == 0) give_back(datagram->chunk);
    if (free_count_ == kKeptDatagrams) {
      delete datagram;
      continue;
    }
    datagram->next = std::exchange(free_, datagram);
    ++free_count_;
  }
}

// Nobody waits in it any more.
void UdpMemory::give_back(UdpChunk* chunk) {
  if (chunk == chunk_) {
    chunk->used = 0;
  } else if (free_chunk_count_ == kKeptChunks) {
    delete chunk;
  } else {
    chunk->next = std::exchange(free_chunks_, chunk);
    ++free_chunk_count_;
  }
}

}  // namespace parley::io
