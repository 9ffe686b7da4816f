#!/usr/bin/env python3
"""run.py [REPEATS [SECONDS]]: what a mixer does, by Parley and by GStreamer, side by side.

Pictures: nine people of 360p into one of 720p. Each reads the same nine files of VP8, composes them
and encodes VP8 at 1.5 Mbit/s with the same settings of libvpx.
Sound: a hundred people of whom five speak. Each decodes Opus, mixes, and encodes at 96 kbit/s.
As fast as they can, one after the other, several times; what counts is CPU time. Needs a release
build of mcu_compose and mcu_mix, and gst-launch-1.0.
"""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("PARLEY_BUILD", HERE.parent.parent / "build/release"))
COMPOSE = BUILD / "bench/mcu_compose"
MIX = BUILD / "bench/mcu_mix"
SPEED = 12
GAP = 8
CELL = (420, 236)


def cpu_time(command):
    """The seconds of CPU time that a command takes, and its standard output."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} failed")
    return usage.ru_utime + usage.ru_stime, output


def gstreamer(folder, out, with_encoder=True, with_scaling=True):
    """The same work, without names and who speaks."""
    width, height = CELL if with_scaling else (640, 360)
    pads, inputs = [], []
    for who in range(9):
        x, y = who % 3 * (width + GAP), who // 3 * (height + GAP)
        pads += [f"sink_{who}::xpos={x}", f"sink_{who}::ypos={y}"]
        pads += [f"sink_{who}::width={width}", f"sink_{who}::height={height}"]
        inputs += f"filesrc location={folder}/{who}.ivf ! ivfparse ! vp8dec threads=1 ! c.sink_{who}".split()
    encoder = (f"vp8enc deadline=1 cpu-used=-{SPEED} threads=1 target-bitrate=1500000 end-usage=cbr "
               "keyframe-mode=disabled keyframe-max-dist=99999 min-quantizer=2 max-quantizer=56 "
               "undershoot=100 overshoot=15 buffer-size=1000 buffer-initial-size=500 "
               f"buffer-optimal-size=600 dropframe-threshold=0 static-threshold=1 ! filesink location={out}")
    return ["gst-launch-1.0", "-q", "compositor", "name=c", "background=black", "max-threads=1", *pads, "!",
            "video/x-raw,format=I420,width=1280,height=720,framerate=30/1", "!",
            *(encoder if with_encoder else "fakesink sync=false").split(), *inputs]


def run_all(cases, repeats):
    """The CPU seconds of each case, of all its runs."""
    took = {name: [] for name in cases}
    for _ in range(repeats):
        for name, command in cases.items():
            took[name].append(cpu_time([str(word) for word in command])[0])
    print("each:", {name: [round(s, 2) for s in all] for name, all in took.items()}, file=sys.stderr)
    return {name: statistics.median(all) for name, all in took.items()}


def pictures(folder, repeats, frames):
    subprocess.run([COMPOSE, "film", folder, str(frames)], check=True)
    cases = {
        "Parley": [COMPOSE, "compose", folder, f"{folder}/parley.ivf", "1", str(SPEED)],
        "Parley, two temporal layers": [COMPOSE, "compose", folder, f"{folder}/layers.ivf", "2", str(SPEED)],
        "GStreamer": gstreamer(folder, f"{folder}/gstreamer.ivf"),
        "GStreamer without encoding": gstreamer(folder, None, with_encoder=False),
    }
    took = run_all(cases, repeats)
    print("| nine people in one picture | CPU ms a picture | of a core at 30 a second | times Parley | kbit/s |")
    print("|---|---|---|---|---|")
    for name, command in cases.items():
        file = next((w for w in map(str, command) if w.endswith(".ivf") and not w[-5].isdigit()), None)
        size = os.path.getsize(file.removeprefix("location=")) if file else 0
        rate = f"{size * 8 * 30 / frames / 1000:.0f}" if size else ""
        print(f"| {name} | {took[name] / frames * 1000:.1f} | {took[name] / frames * 30:.2f} "
              f"| {took[name] / took['Parley']:.2f} | {rate} |")


def gstreamer_mix(folder, people):
    """One mix of all; it knows of nobody that they are silent, and makes none for who speaks."""
    inputs = []
    for who in range(people):
        inputs += f"filesrc location={folder}/{min(who, 5)}.opus ! oggdemux ! opusdec ! m.".split()
    return ["gst-launch-1.0", "-q", "audiomixer", "name=m", "!",
            "audio/x-raw,format=S16LE,rate=48000,channels=1", "!",
            *"opusenc bitrate=96000 complexity=5 frame-size=20 audio-type=voice ! fakesink sync=false".split(), *inputs]


def sound(folder, repeats, seconds):
    subprocess.run([MIX, "say", folder, str(seconds)], check=True)
    for number in range(6):
        subprocess.run(["gst-launch-1.0", "-q", *(f"filesrc location={folder}/{number}.wav ! wavparse ! audioconvert ! "
                        "opusenc bitrate=32000 inband-fec=true packet-loss-percentage=20 audio-type=voice "
                        f"! oggmux ! filesink location={folder}/{number}.opus").split()], check=True)
    cases = {
        "Parley, and a mix of their own for the five": [MIX, "mix", folder, "100", "1"],
        "Parley, one mix": [MIX, "mix", folder, "100", "0"],
        "GStreamer, one mix": gstreamer_mix(folder, 100),
        "GStreamer, one mix of the five alone": gstreamer_mix(folder, 5),
    }
    took = run_all(cases, repeats)
    print("| a hundred of whom five speak | of a core | times Parley with one mix |")
    print("|---|---|---|")
    for name in cases:
        print(f"| {name} | {took[name] / seconds * 100:.1f}% | {took[name] / took['Parley, one mix']:.2f} |")


def main():
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    with tempfile.TemporaryDirectory() as folder:
        pictures(folder, repeats, seconds * 30)
        print()
        sound(folder, repeats, seconds)


main()
