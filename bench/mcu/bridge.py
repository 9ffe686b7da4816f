#!/usr/bin/env python3
"""bridge.py [REPEATS [SECONDS]]: the sound of many by Parley's mixer and by Janus's audiobridge.

So many people send Opus by plain RTP, of whom five speak, and get everyone but themselves the same
way. One after the other, several times; what counts is the CPU time of the server's process. Needs
a release build of mcu_mix and mcu_bridge, and janus.
"""
import json
import os
import pathlib
import select
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("PARLEY_BUILD", HERE.parent.parent / "build/release"))
JANUS = "/usr/lib/x86_64-linux-gnu/janus"
SPEAKERS = 5
TICKS = os.sysconf("SC_CLK_TCK")


def packets_of(path):
    data, packets = path.read_bytes(), []
    while data:
        size = int.from_bytes(data[:2], "big")
        packets.append(data[2:2 + size])
        data = data[2 + size:]
    return packets


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Parley:
    def __init__(self, folder):
        self.process = subprocess.Popen([BUILD / "bench/mcu_bridge"], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def join(self, _port):
        return ("127.0.0.1", self.port)


class Janus:
    def __init__(self, folder):
        port = free_port()
        others = ("duktape echotest lua nosip recordplay sip streaming textroom videocall videoroom voicemail").split()
        (folder / "janus.jcfg").write_text(f'''
            general: {{ configs_folder = "{folder}" plugins_folder = "{JANUS}/plugins" transports_folder = "{JANUS}/transports"
              events_folder = "{folder}" loggers_folder = "{folder}" debug_level = 1 session_timeout = 0 }}
            media: {{ rtp_port_range = "20000-60000" }}
            nat: {{ }}
            plugins: {{ disable = "{','.join(f'libjanus_{name}.so' for name in others)}" }}
            transports: {{ disable = "libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so,libjanus_websockets.so" }}''')
        (folder / "janus.transport.http.jcfg").write_text(
            f'general: {{ http = true port = {port} ip = "127.0.0.1" https = false base_path = "/janus" }} admin: {{ admin_http = false }}')
        (folder / "janus.plugin.audiobridge.jcfg").write_text(
            'general: { local_ip = "127.0.0.1" }\nroom-1: { sampling_rate = 48000 allow_rtp_participants = true record = false }')
        self.process = subprocess.Popen(["janus", "-F", folder, "-C", folder / "janus.jcfg"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{port}/janus"
        for _ in range(100):
            try:
                self.session = self.post(self.url, janus="create")["data"]["id"]
                break
            except OSError:
                time.sleep(0.1)

    def post(self, url, **body):
        request = urllib.request.Request(url, json.dumps({"transaction": "t", **body}).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def join(self, port):
        session = f"{self.url}/{self.session}"
        handle = self.post(session, janus="attach", plugin="janus.plugin.audiobridge")["data"]["id"]
        self.post(f"{session}/{handle}", janus="message", body={
            "request": "join", "room": 1, "muted": False, "bitrate": 96000, "quality": 5,
            "rtp": {"ip": "127.0.0.1", "port": port, "payload_type": 111, "audiolevel_ext": 1}})
        while True:
            with urllib.request.urlopen(f"{session}?maxev=1") as answer:
                event = json.load(answer)
            event = event[0] if isinstance(event, list) else event
            data = event.get("plugindata", {}).get("data", {})
            if event.get("sender") == handle and "rtp" in data:
                return (data["rtp"]["ip"], data["rtp"]["port"])
            if "error" in data:
                sys.exit(f"Janus: {data['error']}")


def measure(server_of, folder, people, seconds, sounds):
    server = server_of(folder)
    try:
        sockets, to = [], []
        for _ in range(people):
            one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            one.bind(("127.0.0.1", 0))
            one.setblocking(False)
            sockets.append(one)
            to.append(server.join(one.getsockname()[1]))
        poll = select.epoll()
        for one in sockets:
            poll.register(one.fileno(), select.EPOLLIN)
        by_fd = {one.fileno(): one for one in sockets}
        heard, late, began, frame, spent = 0, 0, time.monotonic(), 0, 0.0
        warm = 100  # Frames before it counts.
        while frame < warm + seconds * 50:
            if frame == warm:
                spent, heard, counted = -cpu_seconds(server.process.pid), 0, time.monotonic()
            for who, one in enumerate(sockets):
                speaks = who < SPEAKERS
                sound = sounds[who if speaks else SPEAKERS]
                level = 20 if speaks else 75
                header = struct.pack(">BBHIIHHBBH", 0x90, 111, frame & 0xFFFF, frame * 960, 1000 + who, 0xBEDE, 1,
                                     0x10, 0x80 | level if speaks else level, 0)
                one.sendto(header + sound[frame % len(sound)], to[who])
            frame += 1
            due = began + frame * 0.02
            late += time.monotonic() > due
            while (left := due - time.monotonic()) > 0:
                for fd, _ in poll.poll(left):
                    try:
                        while True:
                            by_fd[fd].recv(2048)
                            heard += 1
                    except BlockingIOError:
                        pass
        took = time.monotonic() - counted
        spent += cpu_seconds(server.process.pid)
        return {"core": spent / took, "heard": heard / (people * took * 50), "late": late}
    finally:
        server.process.kill()
        server.process.wait()


def main():
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([BUILD / "bench/mcu_mix", "say", folder, "10"], check=True)
        sounds = [packets_of(folder / f"{number}.packets") for number in range(SPEAKERS + 1)]
        print("| people, of whom five speak | Parley, of a core | Janus's audiobridge | times |")
        print("|---|---|---|---|")
        for people in (10, 50, 100):
            cores = {}
            for _ in range(repeats):
                for server_of in (Parley, Janus):
                    result = measure(server_of, folder, people, seconds, sounds)
                    print(people, server_of.__name__, result, file=sys.stderr)
                    cores.setdefault(server_of, []).append(result["core"])
            ours, theirs = (statistics.median(cores[one]) for one in (Parley, Janus))
            print(f"| {people} | {ours * 100:.1f}% | {theirs * 100:.1f}% | {theirs / ours:.1f} |")


main()
