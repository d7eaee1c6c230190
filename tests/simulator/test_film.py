from dataclasses import replace

import pytest

from simulator.film import ASPECT_RATIOS, RESOLUTIONS, Film

WIDE = {"360p": (640, 360), "540p": (960, 540), "720p": (1280, 720), "1080p": (1920, 1080)}
CLASSIC = {"360p": (480, 360), "540p": (720, 540), "720p": (960, 720), "1080p": (1440, 1080)}
FILM = Film(prompt="a boat", seed=1)


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_the_short_side_of_the_frame_is_the_resolution(resolution: str) -> None:
    sizes = {ratio: replace(FILM, aspect_ratio=ratio, resolution=resolution).size for ratio in ASPECT_RATIOS}
    short = int(resolution[:-1])
    assert sizes == {
        "16:9": WIDE[resolution],
        "4:3": CLASSIC[resolution],
        "1:1": (short, short),
        "3:4": CLASSIC[resolution][::-1],
        "9:16": WIDE[resolution][::-1],
    }


def test_films_share_a_file_only_if_nothing_in_them_differs() -> None:
    assert replace(FILM).fingerprint == FILM.fingerprint
    others = [replace(FILM, seed=2), replace(FILM, audio=True), replace(FILM, negative_prompt="fog")]
    assert len({film.fingerprint for film in [FILM, *others]}) == 4
