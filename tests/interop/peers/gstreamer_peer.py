#!/usr/bin/python3
"""GStreamer's webrtcbin as a peer that speaks the lines of README.md, so that a test can put it
together with any other. Debian's own Python has the bindings: python3-gi and python3-gst-1.0."""
import base64
import json
import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstWebRTC", "1.0")
gi.require_version("GstSdp", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC

VIDEO = """videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=25/1
  ! vp8enc deadline=1 keyframe-max-dist=50 target-bitrate=400000 ! rtpvp8pay pt={pt} picture-id-mode=15-bit
  ! capsfilter caps=application/x-rtp,media=video,encoding-name=VP8,clock-rate=90000,payload={pt}"""
# As a streaming program sends it: constrained baseline, a key frame a second with its parameter sets.
H264 = """videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=320,height=240,framerate=25/1
  ! openh264enc bitrate=400000 gop-size=25 complexity=low ! video/x-h264,profile=constrained-baseline
  ! rtph264pay pt={pt} config-interval=-1 aggregate-mode=zero-latency
  ! capsfilter caps=application/x-rtp,media=video,encoding-name=H264,clock-rate=90000,payload={pt},packetization-mode=(string)1,profile-level-id=(string)42e01f"""
# The channels are said here, as an offer made before the payloader knows them would be of no known codec.
AUDIO = """audiotestsrc is-live=true freq=440 ! audio/x-raw,rate=48000,channels=2
  ! opusenc ! rtpopuspay pt={pt}
  ! capsfilter caps=application/x-rtp,media=audio,encoding-name=OPUS,encoding-params=(string)2,clock-rate=48000,payload={pt}"""
SOURCES = {"VP8": (VIDEO, 96), "H264": (H264, 102), "OPUS": (AUDIO, 111)}  # With the number that an offer gives it.
CODECS = {"video": "VP8", "audio": "OPUS"}  # Of a track that is not told which.
SINKS = {"VP8": "queue ! rtpvp8depay ! vp8dec", "H264": "queue ! rtph264depay ! h264parse ! openh264dec", "OPUS": "queue ! rtpopusdepay ! opusparse"}

output_lock = threading.Lock()  # Events come from GStreamer's threads too.


def tell(event, **members):
    with output_lock:
        print(json.dumps({"event": event, **members}), flush=True)


def payload_type(media, encoding):
    """The number that this section of an offer gives to that encoding, or None."""
    for i in range(media.attributes_len()):
        attribute = media.get_attribute(i)
        if attribute.key == "rtpmap":
            number, name = attribute.value.split(" ", 1)
            if name.upper().startswith(encoding + "/"):
                return int(number)
    return None


class Peer:
    def __init__(self, loop):
        self.loop = loop
        self.tracks = {}  # Of each kind that is to be sent, and is not yet, the codec.
        self.channels = {}
        self.opening = threading.Lock()
        self.counts = {kind: dict(packetsReceived=0, packetsSent=0, framesReceived=0) for kind in CODECS}
        self.pipeline = Gst.Pipeline.new()
        self.webrtc = Gst.ElementFactory.make("webrtcbin")
        self.webrtc.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
        self.pipeline.add(self.webrtc)
        self.ice = self.webrtc.get_property("ice-agent")  # Kept: Python would drop a reference that is not its own.
        self.ice.emit("add-local-ip-address", "127.0.0.1")
        self.webrtc.connect("on-ice-candidate", self.on_candidate)
        self.webrtc.connect("notify::ice-gathering-state", self.on_gathering)
        self.webrtc.connect("notify::connection-state", self.on_state)
        self.webrtc.connect("pad-added", self.on_pad)
        self.webrtc.connect("on-data-channel", lambda _, channel: self.adopt(channel, remote=True))
        bus = self.pipeline.get_bus()
        bus.add_signal_watch()
        bus.connect("message::error", lambda _, message: tell("error", message=message.parse_error()[0].message))
        self.pipeline.set_state(Gst.State.PLAYING)

    # --- Commands ---------------------------------------------------------------------------------

    def track(self, kind, codec=None):
        self.tracks[kind] = codec or CODECS[kind]

    def channel(self, label, **options):
        structure = Gst.Structure.new_empty("options")
        names = {"maxRetransmits": "max-retransmits", "maxPacketLifeTime": "max-packet-lifetime"}
        for name, value in options.items():
            structure.set_value(names.get(name, name), value)
        self.adopt(self.webrtc.emit("create-data-channel", label, structure), remote=False)

    def offer(self, iceRestart=False):
        if iceRestart:
            raise ValueError("this webrtcbin cannot restart ICE")
        for kind, codec in self.tracks.items():
            pipeline, number = SOURCES[codec]
            self.send_track(kind, pipeline.format(pt=number), "sink_%u")
        self.tracks.clear()
        self.await_ssrcs()
        self.make("offer")

    def description(self, type, sdp):
        _, message = GstSdp.SDPMessage.new_from_text(sdp)
        kinds = {"offer": GstWebRTC.WebRTCSDPType.OFFER, "answer": GstWebRTC.WebRTCSDPType.ANSWER}
        taken = Gst.Promise.new()
        self.webrtc.emit("set-remote-description", GstWebRTC.WebRTCSessionDescription.new(kinds[type], message), taken)
        taken.wait()
        if type == "offer":
            self.answer_tracks(message)
            self.make("answer")

    def candidate(self, candidate, sdpMid=None, sdpMLineIndex=0):
        if candidate:  # It needs no end of candidates.
            self.webrtc.emit("add-ice-candidate", sdpMLineIndex or 0, candidate)

    def send(self, label, text=None, base64=None):
        if text is not None:
            self.channels[label].emit("send-string", text)
        else:
            self.channels[label].emit("send-data", GLib.Bytes.new(decode(base64)))

    def closeChannel(self, label):
        self.channels[label].emit("close")

    def stats(self):
        tell("stats", **self.counts)

    def close(self):
        self.pipeline.set_state(Gst.State.NULL)
        tell("state", state="closed")
        self.loop.quit()

    # An offer names a track's SSRC only once the payloader has said it, which it does on a thread of its own; and without
    # them some peers cannot tell sound and picture apart.
    def await_ssrcs(self):
        for _ in range(1000):
            caps = [pad.get_current_caps() for pad in self.webrtc.sinkpads]
            if all(each and each.get_structure(0).has_field("ssrc") for each in caps):
                return
            time.sleep(0.005)
        tell("error", message="a track that never had an SSRC")

    # --- Descriptions -----------------------------------------------------------------------------

    def make(self, kind):
        made = Gst.Promise.new_with_change_func(self.on_made, kind)
        self.webrtc.emit("create-" + kind, None, made)

    def on_made(self, promise, kind):
        reply = promise.get_reply()
        if reply is None or not reply.has_field(kind):
            tell("error", message=f"no {kind}: {reply and reply.to_string()}")
            return
        description = reply.get_value(kind)
        self.webrtc.emit("set-local-description", description, Gst.Promise.new())
        tell("description", type=kind, sdp=description.sdp.as_text())

    # A track that answers takes the section of its kind, and the payload type that the offer has there.
    def answer_tracks(self, offer):
        for index in range(offer.medias_len()):
            media = offer.get_media(index)
            kind = media.get_media()
            if kind not in self.tracks:
                continue
            number = payload_type(media, self.tracks[kind])
            if number is not None:
                pipeline, _ = SOURCES[self.tracks.pop(kind)]
                self.send_track(kind, pipeline.format(pt=number), f"sink_{index}")

    def send_track(self, kind, description, pad_name):
        source = Gst.parse_bin_from_description(description, True)
        self.pipeline.add(source)
        pad = self.webrtc.request_pad_simple(pad_name)
        pad.get_property("transceiver").set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDRECV)
        source.get_static_pad("src").link(pad)
        self.count(source.get_static_pad("src"), kind, "packetsSent")
        source.sync_state_with_parent()

    # --- What happens -----------------------------------------------------------------------------

    def on_candidate(self, _, index, candidate):
        tell("candidate", candidate=candidate, sdpMid=None, sdpMLineIndex=index)

    def on_gathering(self, *_):
        if self.webrtc.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
            tell("candidate", candidate=None, sdpMid=None, sdpMLineIndex=None)

    def on_state(self, *_):
        tell("state", state=self.webrtc.get_property("connection-state").value_nick)

    def on_pad(self, _, pad):
        if pad.get_direction() != Gst.PadDirection.SRC:
            return
        caps = pad.get_current_caps().get_structure(0)
        kind, encoding = caps.get_string("media"), caps.get_string("encoding-name")
        if encoding not in SINKS:
            tell("error", message=f"{encoding} came, which nobody offered")
            return
        sink = Gst.parse_bin_from_description(SINKS[encoding] + " ! fakesink name=end sync=false async=false", True)
        self.pipeline.add(sink)
        self.count(pad, kind, "packetsReceived")
        self.count(sink.get_by_name("end").get_static_pad("sink"), kind, "framesReceived")
        sink.sync_state_with_parent()
        pad.link(sink.get_static_pad("sink"))
        tell("track", kind=kind)

    def count(self, pad, kind, what):
        def on_buffer(_, info):
            lists = info.type & Gst.PadProbeType.BUFFER_LIST
            self.counts[kind][what] += info.get_buffer_list().length() if lists else 1
            return Gst.PadProbeReturn.OK

        pad.add_probe(Gst.PadProbeType.BUFFER | Gst.PadProbeType.BUFFER_LIST, on_buffer)

    # --- Data channels ----------------------------------------------------------------------------

    def adopt(self, channel, remote):
        label = channel.get_property("label")
        self.channels[label] = channel
        told = []

        # A channel of a call that stands opens by itself on a thread of webrtcbin's: perhaps before the signal is connected.
        def on_open(*_):
            with self.opening:
                if told:
                    return
                told.append(True)
            tell("channel", label=label, id=channel.get_property("id"), protocol=channel.get_property("protocol") or "",
                 ordered=channel.get_property("ordered"), remote=remote)

        channel.connect("on-message-string", lambda _, text: tell("message", label=label, text=text or ""))
        channel.connect("on-message-data", lambda _, data: tell("message", label=label, base64=encode(data)))
        channel.connect("on-close", lambda _: tell("channelClosed", label=label))
        channel.connect("on-error", lambda _, error: tell("error", message=f"{label}: {error.message}"))
        channel.connect("on-open", on_open)
        if channel.get_property("ready-state") == GstWebRTC.WebRTCDataChannelState.OPEN:
            on_open()


def encode(data):
    return base64.b64encode(data.get_data() if data else b"").decode()


def decode(text):
    return base64.b64decode(text)


def main():
    Gst.init(None)
    loop = GLib.MainLoop()
    peer = Peer(loop)

    def obey(line):
        members = json.loads(line)
        try:
            getattr(peer, members.pop("command"))(**members)
        except Exception as problem:  # Of one command: the test reads it.
            tell("error", message=f"{type(problem).__name__}: {problem}")
        return False

    def read():
        for line in sys.stdin:
            GLib.idle_add(obey, line)
        GLib.idle_add(peer.close)

    threading.Thread(target=read, daemon=True).start()
    tell("ready", name="gstreamer")
    loop.run()


main()
