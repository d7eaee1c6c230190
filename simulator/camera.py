"""Shoots a film: a real H.264 MP4, the same bytes whenever the same film is asked for."""

import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from threading import Event

import av
from av import AudioStream, VideoFrame, VideoStream
from av.container import OutputContainer
from av.video.reformatter import ColorRange, Colorspace

from simulator.caption import caption
from simulator.film import Film
from simulator.landscape import Landscape
from simulator.palette import palettes
from simulator.picture import planes
from simulator.soundtrack import RATE, chord

FRAMES_A_SECOND = 24
SHORT_FILM = 5  # seconds; a longer one has room for one scene more
# The number of threads decides where x264 cuts its work, so it is part of what decides the bytes.
ENCODER = {"preset": "ultrafast", "crf": "21", "threads": "2", "x264-params": "deterministic=1"}


class Interrupted(Exception):
    """The simulator is about to end; what there is of the film is of no use."""


def shoot(film: Film, path: Path, interrupt: Event | None = None) -> None:
    """Replace whatever stands at `path`. Once `interrupt` is set, raise `Interrupted`."""
    with av.open(path, "w", format="mp4", options={"movflags": "+faststart"}) as container:
        video = video_stream(container, film)
        audio = audio_stream(container) if film.audio else None
        for frame in frames(film):
            if interrupt and interrupt.is_set():
                raise Interrupted
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if audio:
            record(container, audio, film)


def video_stream(container: OutputContainer, film: Film) -> VideoStream:
    stream = container.add_stream("libx264", rate=FRAMES_A_SECOND, options=ENCODER)
    stream.width, stream.height = film.size
    stream.pix_fmt = "yuv420p"
    stream.codec_context.color_range = ColorRange.MPEG
    stream.codec_context.colorspace = Colorspace.ITU709
    stream.codec_context.time_base = Fraction(1, FRAMES_A_SECOND)
    return stream


def audio_stream(container: OutputContainer) -> AudioStream:
    return container.add_stream("aac", rate=RATE, layout="mono", bit_rate=96_000)


def record(container: OutputContainer, stream: AudioStream, film: Film) -> None:
    for frame in chord(film.seconds, chance_of(film, "sound")):
        container.mux(stream.encode(frame))
    container.mux(stream.encode())


def frames(film: Film) -> Iterator[VideoFrame]:
    count = film.seconds * FRAMES_A_SECOND
    scenes = scenes_of(film)
    words = caption(film)
    for number in range(count):
        scene = scenes[number * len(scenes) // count]
        frame = scene.frame(number / FRAMES_A_SECOND)
        words.draw(planes(frame))
        frame.pts = number
        frame.time_base = Fraction(1, FRAMES_A_SECOND)
        yield frame


def scenes_of(film: Film) -> list[Landscape]:
    """Plan one scene; with cuts three, or four in a longer film."""
    chance = chance_of(film, "picture")
    count = (3 if film.seconds <= SHORT_FILM else 4) if film.multi_clip else 1
    return [Landscape(*film.size, palette, chance) for palette in palettes(film.style, film.seed, count)]


def chance_of(film: Film, purpose: str) -> random.Random:
    """Let the seed decide, and the words sway it, so that another prompt is another picture."""
    return random.Random(f"{film.seed}/{film.prompt}/{film.negative_prompt}/{purpose}")  # noqa: S311  # no secret
