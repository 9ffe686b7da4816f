#!/usr/bin/python3
"""aiortc as a peer that speaks the lines of README.md, so that a test can put it together with any
other. Its SCTP, DTLS and ICE are its own, in Python; Debian's Python has it: python3-aiortc."""
import asyncio
import base64
import fractions
import json
import math
import ssl
import sys
import time

import aioice.ice
import aiortc.codecs
import av
import numpy
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from aiortc.sdp import candidate_from_sdp

# It leaves out the address that every machine has; Firefox wants another, where there is one.
host_addresses = aioice.ice.get_host_addresses
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1", *host_addresses(use_ipv4, False)]

# Its offers have one number for two header extensions, which Chromium refuses in a bundle.
for extension in aiortc.codecs.HEADER_EXTENSIONS["audio"]:
    if extension.uri == "urn:ietf:params:rtp-hdrext:ssrc-audio-level":
        extension.id = 3

# It has no way to be told which TURN server to believe; those of tests have made their certificate themselves.
ssl.create_default_context = ssl._create_unverified_context

OPTIONS = {"protocol", "ordered", "maxRetransmits", "maxPacketLifeTime", "negotiated", "id"}


def tell(event, **members):
    print(json.dumps({"event": event, **members}), flush=True)


class Paced(MediaStreamTrack):
    """Frames of `duration` seconds each, as fast as they are played."""

    duration = 0.02

    def __init__(self):
        super().__init__()
        self.start = time.monotonic()
        self.count = 0

    async def recv(self):
        due = self.start + self.count * self.duration
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        frame = self.make(self.count)
        self.count += 1
        return frame


class Tone(Paced):
    kind = "audio"

    def make(self, count):
        at = count * 960 + numpy.arange(960)
        samples = (8000 * numpy.sin(2 * math.pi * 440 * at / 48000)).astype(numpy.int16)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = 48000
        frame.pts = count * 960
        frame.time_base = fractions.Fraction(1, 48000)
        return frame


class Picture(Paced):
    kind = "video"
    duration = 0.04

    def make(self, count):
        picture = numpy.full((240, 320, 3), (count * 3) % 200, dtype=numpy.uint8)
        left = count * 5 % 300
        picture[100:140, left:left + 20] = 255
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = count * 3600
        frame.time_base = fractions.Fraction(1, 90000)
        return frame


class Peer:
    def __init__(self, relay):
        servers = [RTCIceServer(*relay)] if relay else []
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        self.relay_only = bool(relay)
        self.tracks = []  # Kinds that are to be sent, and are not yet.
        self.channels = {}
        self.frames = {"audio": 0, "video": 0}
        self.tasks = set()
        self.pc.on("connectionstatechange", lambda: tell("state", state=self.pc.connectionState))
        self.pc.on("datachannel", lambda channel: self.adopt(channel, remote=True))
        self.pc.on("track", self.on_track)

    # --- Commands ---------------------------------------------------------------------------------

    async def track(self, kind):
        self.tracks.append(kind)

    async def channel(self, label, **options):
        unknown = options.keys() - OPTIONS
        if unknown:
            raise ValueError(f"no such option: {unknown}")
        self.adopt(self.pc.createDataChannel(label, **options), remote=False)

    async def offer(self, iceRestart=False):
        if iceRestart:
            raise ValueError("aiortc cannot restart ICE")
        self.add_tracks()
        await self.set_local(await self.pc.createOffer())

    async def description(self, type, sdp):
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp=sdp, type=type))
        if type == "offer":
            self.add_tracks()
            await self.set_local(await self.pc.createAnswer())

    async def candidate(self, candidate, sdpMid=None, sdpMLineIndex=None):
        if not candidate:
            return  # It does not wait for the end.
        parsed = candidate_from_sdp(candidate.removeprefix("candidate:"))
        parsed.sdpMid, parsed.sdpMLineIndex = sdpMid, sdpMLineIndex
        if parsed.protocol == "udp":
            await self.pc.addIceCandidate(parsed)

    async def send(self, label, text=None, base64=None):
        self.channels[label].send(text if text is not None else decode(base64))

    async def closeChannel(self, label):
        self.channels[label].close()

    async def stats(self):
        sums = {kind: dict(packetsReceived=0, packetsSent=0, framesReceived=count) for kind, count in self.frames.items()}
        for report in (await self.pc.getStats()).values():
            if report.type == "inbound-rtp":
                sums[report.kind]["packetsReceived"] += report.packetsReceived
            elif report.type == "outbound-rtp":
                sums[report.kind]["packetsSent"] += report.packetsSent
        tell("stats", **sums)

    async def close(self):
        await self.pc.close()

    # --- What happens -----------------------------------------------------------------------------

    def add_tracks(self):
        for kind in self.tracks:
            self.pc.addTrack(Picture() if kind == "video" else Tone())
        self.tracks.clear()

    async def set_local(self, description):
        await self.pc.setLocalDescription(description)  # It gathers here: all candidates are in the SDP.
        lines = self.pc.localDescription.sdp.splitlines(keepends=True)
        if self.relay_only:  # It has no such policy: what is not told nobody can use.
            lines = [line for line in lines if not line.startswith("a=candidate:") or " typ relay " in line]
        tell("description", type=self.pc.localDescription.type, sdp="".join(lines))
        tell("candidate", candidate=None, sdpMid=None, sdpMLineIndex=None)

    def on_track(self, track):
        tell("track", kind=track.kind)

        async def count():
            try:
                while True:
                    await track.recv()
                    self.frames[track.kind] += 1
            except MediaStreamError:
                pass  # It has ended.

        task = asyncio.ensure_future(count())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def adopt(self, channel, remote):
        label = channel.label
        self.channels[label] = channel

        def on_open():
            tell("channel", label=label, id=channel.id, protocol=channel.protocol, ordered=channel.ordered, remote=remote)

        def on_message(message):
            content = {"text": message} if isinstance(message, str) else {"base64": encode(message)}
            tell("message", label=label, **content)

        channel.on("message", on_message)
        channel.on("close", lambda: tell("channelClosed", label=label))
        if channel.readyState == "open":
            on_open()
        else:
            channel.on("open", on_open)


def encode(data):
    return base64.b64encode(data).decode()


def decode(text):
    return base64.b64decode(text)


async def main():
    relay = sys.argv[2:5] if sys.argv[1:2] == ["--relay-only"] else []  # URL USERNAME CREDENTIAL
    peer = Peer(relay)
    reader = asyncio.StreamReader(limit=1 << 20)  # A long message in base64 is one line.
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    tell("ready", name="aiortc")
    while line := await reader.readline():
        members = json.loads(line)
        command = members.pop("command")
        try:
            await getattr(peer, command)(**members)
        except Exception as problem:  # Of one command: the test reads it.
            tell("error", message=f"{command}: {type(problem).__name__}: {problem}")
        if command == "close":
            return
    await peer.close()


asyncio.run(main())
