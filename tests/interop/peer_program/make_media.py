#!/usr/bin/python3
"""Makes picture.ivf (two seconds of a moving picture, VP8) and tone.ivf (one of 440 Hz, Opus packets of
20 ms in the same container), which peer_program sends over and over. They are kept in the repository:
the program then needs no codec. Debian: python3-av."""
import fractions
import math
import pathlib
import struct

import av
import numpy

HERE = pathlib.Path(__file__).parent


def write_ivf(name, codec, width, height, rate, packets):
    with open(HERE / name, "wb") as file:
        file.write(struct.pack("<4sHH4sHHIIII", b"DKIF", 0, 32, codec, width, height, rate, 1, len(packets), 0))
        for count, packet in enumerate(packets):
            file.write(struct.pack("<IQ", len(packet), count) + packet)


def encoded(context, frames):
    return [bytes(packet) for frame in [*frames, None] for packet in context.encode(frame)]


# With noise in it, so that a key frame takes several packets.
def pictures(count):
    noise = numpy.random.default_rng(1).integers(0, 80, (240, 320, 3), dtype=numpy.uint8)
    for n in range(count):
        picture = noise.copy()
        picture[:, :, 0] += numpy.uint8(2 * n)
        left = 20 + int(130 * (1 + math.sin(2 * math.pi * n / count)))
        picture[100:140, left:left + 20] = 255
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
        frame.pts = n
        frame.time_base = fractions.Fraction(1, 25)
        yield frame


def tones(count):
    for n in range(count):
        at = n * 960 + numpy.arange(960)
        samples = (8000 * numpy.sin(2 * math.pi * 440 * at / 48000)).astype(numpy.int16)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = 48000
        frame.pts = n * 960
        frame.time_base = fractions.Fraction(1, 48000)
        yield frame


video = av.CodecContext.create("libvpx", "w")
video.width, video.height, video.pix_fmt = 320, 240, "yuv420p"
video.time_base, video.framerate = fractions.Fraction(1, 25), fractions.Fraction(25)
video.bit_rate = 250_000
video.options = {"deadline": "realtime", "lag-in-frames": "0", "auto-alt-ref": "0", "g": "25", "error-resilient": "1"}
write_ivf("picture.ivf", b"VP80", 320, 240, 25, encoded(video, pictures(50)))

audio = av.CodecContext.create("libopus", "w")
audio.sample_rate, audio.layout, audio.format = 48000, "mono", "s16"
audio.bit_rate = 24_000
write_ivf("tone.ivf", b"OPUS", 0, 0, 50, encoded(audio, tones(50)))
