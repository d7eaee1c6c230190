"""A gentle chord whose root and mood the seed decides."""

import random
from collections.abc import Iterator

import numpy as np
from av import AudioFrame

RATE = 48_000  # samples a second
BLOCK = 1024  # samples in one AAC frame
A_BELOW_MIDDLE_C = 220.0
CHORDS = ((0, 7, 12, 16), (0, 7, 12, 15), (0, 5, 9, 14), (0, 7, 11, 16))
FADE = 0.6  # seconds


def chord(seconds: int, chance: random.Random) -> Iterator[AudioFrame]:
    root = chance.randrange(-9, 4)
    notes = chance.choice(CHORDS)
    for start in range(0, seconds * RATE, BLOCK):
        stop = min(start + BLOCK, seconds * RATE)
        time = np.arange(start, stop, dtype=np.float64) / RATE
        sound = sum((voice(time, root + note, place) for place, note in enumerate(notes)), np.zeros(1))
        loudness = np.clip(np.minimum(time, seconds - time) / FADE, 0, 1)
        yield audio_frame((sound * loudness * 0.11).astype(np.float32), start)


def voice(time: np.ndarray, semitone: int, place: int) -> np.ndarray:
    """One note that swells in its own rhythm, with two overtones."""
    angle = 2 * np.pi * A_BELOW_MIDDLE_C * 2 ** (semitone / 12) * time
    swell = 0.7 + 0.3 * np.sin(2 * np.pi * (0.11 + 0.05 * place) * time + place)
    tone: np.ndarray = swell * (np.sin(angle) + 0.25 * np.sin(2 * angle) + 0.08 * np.sin(3 * angle))
    return tone


def audio_frame(samples: np.ndarray, start: int) -> AudioFrame:
    frame = AudioFrame.from_ndarray(samples[None, :], format="fltp", layout="mono")
    frame.sample_rate = RATE
    frame.pts = start
    return frame
