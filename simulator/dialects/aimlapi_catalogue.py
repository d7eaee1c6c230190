"""The models of AIMLAPI, as `/v1/models` lists them."""

import itertools
from decimal import Decimal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.backstage import Json
from simulator.film import RESOLUTIONS, Film
from simulator.tariff import TIMES, dollars

DIALECT = "aimlapi"
DASHED, DOTTED = "pixverse/v5-5-text-to-video", "pixverse/v5.5/text-to-video"
V5_NAME = "pixverse/v5/text-to-video"
RATE = Decimal("1.05")
CREDITS_A_DOLLAR = 2_000_000
SECTIONS = ("pricing", "modalities", "capabilities")


async def models(request: Request) -> Response:
    """No key is needed. A model is found by its id or by an alias, whatever the case."""
    wanted = listed(request, "id")
    included = listed(request, "include")
    sections = SECTIONS if "all" in included or request.query_params.get("details") == "true" else included
    found = [each for each in catalogue() if not wanted or wanted & names_of(each)]
    data = [{name: part for name, part in each.items() if name not in SECTIONS or name in sections} for each in found]
    return JSONResponse({"object": "list", "data": data})


def listed(request: Request, name: str) -> set[str]:
    """Values come repeated, or separated by commas."""
    values = ",".join(request.query_params.getlist(name)).lower().split(",")
    return {value.strip() for value in values} - {""}


def catalogue() -> list[Json]:
    return [
        entry(DOTTED, [DASHED], "PixVerse v5.5", audio=True),
        entry(V5_NAME, [], "PixVerse v5", audio=False),
    ]


def names_of(model: Json) -> set[str]:
    aliases = model["aliases"]
    return {str(model["id"]), *(aliases if isinstance(aliases, list) else [])}


def entry(name: str, aliases: list[str], title: str, *, audio: bool) -> Json:
    return {
        "id": name,
        "aliases": aliases,
        "type": "video",
        "info": {"name": f"{title} Text to Video", "developer": "PixVerse"},
        "tags": ["playground:video"],
        "pricing": {"kind": "variants", "dimensions": ["resolution", "duration"], "variants": variants()},
        "modalities": {"input": ["text"], "output": ["video"]},
        "capabilities": ["text_to_video", "audio_generation"] if audio else ["text_to_video"],
    }


def variants() -> list[Json]:
    shapes = itertools.product(RESOLUTIONS, TIMES)
    films = [Film(prompt="", seed=0, resolution=resolution, seconds=seconds) for resolution, seconds in shapes]
    return [
        {
            "when": {"resolution": film.resolution, "duration": film.seconds},
            "price": float(dollars(film, RATE)),
            "unit": "generation",
            "per": 1,
        }
        for film in films
    ]
