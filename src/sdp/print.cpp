#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "sdp/parse.h"

namespace parley::sdp {
namespace {

// Writes lines. A value never ends its line early, whoever gave it to us: line ends are left out.
class Printer {
 public:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    const std::size_t begin = text_.size();
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    const auto is_forbidden = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    text_.erase(std::remove_if(text_.begin() + static_cast<std::ptrdiff_t>(begin), text_.end(),
                               is_forbidden),
                text_.end());
    text_ += "\r\n";
  }

  void attribute(std::string_view name, std::string_view value) {
    if (value.empty()) return line("a={}", name);
    line("a={}:{}", name, value);
  }
  void text_if(std::string_view name, std::string_view value) {
    if (!value.empty()) attribute(name, value);
  }
  void flag_if(std::string_view name, bool set) {
    if (set) line("a={}", name);
  }

  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string formats_of(const MediaSection& section) {
  if (!section.codecs.empty()) {
    std::string text;
    for (const Codec& codec : section.codecs) text += fmt::format(" {}", codec.payload_type);
    return text;
  }
  return section.formats.empty() ? " 0" : fmt::format(" {}", fmt::join(section.formats, " "));
}

std::string_view kind_of(const MediaSection& section) {
  return section.kind == MediaKind::kOther ? std::string_view(section.kind_name)
                                           : to_string(section.kind);
}

std::string text_of(const FormatParameter& parameter) {
  return parameter.value.empty() ? parameter.name
                                 : fmt::format("{}={}", parameter.name, parameter.value);
}

void print(Printer& out, const Codec& codec) {
  const int type = codec.payload_type;
  const std::string channels = codec.channels > 1 ? fmt::format("/{}", codec.channels) : "";
  if (!codec.name.empty()) {
    out.line("a=rtpmap:{} {}/{}{}", type, codec.name, codec.clock_rate, channels);
  }
  for (const std::string& feedback : codec.feedback) out.line("a=rtcp-fb:{} {}", type, feedback);
  if (codec.parameters.empty()) return;
  std::vector<std::string> parameters;
  std::ranges::transform(codec.parameters, std::back_inserter(parameters), text_of);
  out.line("a=fmtp:{} {}", type, fmt::join(parameters, ";"));
}

void print(Printer& out, const Extension& extension) {
  const bool both = extension.direction == Direction::kSendRecv;
  out.line("a=extmap:{}{}{} {}", extension.id, both ? "" : "/",
           both ? "" : to_string(extension.direction), extension.uri);
}

std::string text_of(const std::vector<Simulcast::Stream>& streams) {
  std::string text;
  for (const Simulcast::Stream& stream : streams) {
    if (!text.empty()) text += ';';
    for (const Simulcast::Alternative& alternative : stream) {
      if (&alternative != &stream.front()) text += ',';
      text += (alternative.paused ? "~" : "") + alternative.rid;
    }
  }
  return text;
}

void print(Printer& out, const Simulcast& simulcast) {
  const bool both = !simulcast.send.empty() && !simulcast.recv.empty();
  out.line("a=simulcast:{}{}{}{}{}", simulcast.send.empty() ? "" : "send ", text_of(simulcast.send),
           both ? " " : "", simulcast.recv.empty() ? "" : "recv ", text_of(simulcast.recv));
}

void print_media(Printer& out, const MediaSection& section) {
  for (const Msid& msid : section.msids) {
    out.line("a=msid:{}{}{}", msid.stream, msid.track.empty() ? "" : " ", msid.track);
  }
  out.attribute(to_string(section.direction), {});
  for (const Codec& codec : section.codecs) print(out, codec);
  out.flag_if("extmap-allow-mixed", section.extmap_allow_mixed);
  for (const Extension& extension : section.extensions) print(out, extension);
}

void print_transport(Printer& out, const MediaSection& section) {
  out.text_if("ice-ufrag", section.ice_ufrag);
  out.text_if("ice-pwd", section.ice_pwd);
  if (!section.ice_options.empty()) {
    out.line("a=ice-options:{}", fmt::join(section.ice_options, " "));
  }
  for (const Fingerprint& fingerprint : section.fingerprints) {
    out.line("a=fingerprint:{} {:02X}", fingerprint.algorithm, fmt::join(fingerprint.bytes, ":"));
  }
  if (section.setup) out.attribute("setup", to_string(*section.setup));
  out.flag_if("rtcp-mux", section.rtcp_mux);
  out.flag_if("rtcp-mux-only", section.rtcp_mux_only);
  out.flag_if("rtcp-rsize", section.rtcp_rsize);
}

void print_streams(Printer& out, const MediaSection& section) {
  for (const Rid& rid : section.rids) {
    out.line("a=rid:{} {}{}{}", rid.id, rid.send ? "send" : "recv",
             rid.restrictions.empty() ? "" : " ", rid.restrictions);
  }
  if (section.simulcast) print(out, *section.simulcast);
  for (const SourceGroup& group : section.source_groups) {
    out.line("a=ssrc-group:{}{}{}", group.semantics, group.ssrcs.empty() ? "" : " ",
             fmt::join(group.ssrcs, " "));
  }
  for (const Source& source : section.sources) {
    out.line("a=ssrc:{} cname:{}", source.ssrc, source.cname);
    if (!source.msid.empty()) out.line("a=ssrc:{} msid:{}", source.ssrc, source.msid);
  }
}

void print(Printer& out, const MediaSection& section) {
  out.line("m={} {} {}{}", kind_of(section), section.port, section.protocol, formats_of(section));
  out.line("c={}", section.connection);
  out.text_if("mid", section.mid);
  out.flag_if("bundle-only", section.bundle_only);
  print_media(out, section);
  print_transport(out, section);
  print_streams(out, section);
  if (section.sctp_port) out.line("a=sctp-port:{}", *section.sctp_port);
  if (section.max_message_size) out.line("a=max-message-size:{}", *section.max_message_size);
  for (const Attribute& other : section.others) out.attribute(other.name, other.value);
  for (const std::string& candidate : section.candidates) out.attribute("candidate", candidate);
  out.flag_if("end-of-candidates", section.end_of_candidates);
}

}  // namespace

std::string to_string(const SessionDescription& description) {
  Printer out;
  const Origin& origin = description.origin;
  out.line("v=0");
  out.line("o={} {} {} {}", origin.username, origin.session_id, origin.version, origin.address);
  out.line("s={}", description.name);
  out.line("t=0 0");
  out.flag_if("ice-lite", description.ice_lite);
  for (const std::vector<std::string>& bundle : description.bundles) {
    out.line("a=group:BUNDLE{}{}", bundle.empty() ? "" : " ", fmt::join(bundle, " "));
  }
  for (const Attribute& other : description.others) out.attribute(other.name, other.value);
  for (const MediaSection& section : description.sections) print(out, section);
  return out.take();
}

}  // namespace parley::sdp
