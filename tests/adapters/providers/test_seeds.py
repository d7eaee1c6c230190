"""The pages that the dialects were learnt from: what they print, word for word, and what we make of it.

A page is named by its number: 000 to 002 are AIMLAPI's, 003 is ShortAPI's, 004 is fal's.
"""

import ast
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import httpx
import pytest

from adapters.providers.aimlapi import Aimlapi
from bot.catalogue import Capabilities, Shot, offer_named
from bot.job import Failure, FailureKind, Ticket
from bot.money import dollars
from bot.ports import Broken, Finished, Queued, Rendering, Sight, Take
from bot.request import Ratio, Resolution, Style, Thinking, VideoRequest
from bot.trouble import Ambiguous, Passing
from tests.adapters.providers.scripted import CORRELATION, KEY, MAKERS, Checked, Maker, scripted

DRAGON = (
    "A menacing evil dragon appears in a distance above the tallest mountain, then rushes toward the camera with its "
    "jaws open, revealing massive fangs. We see it's coming."
)
RACCOON = "A cheerful white raccoon running through a sequoia forest"
BLOSSOMS = (
    "An anime scene: A young woman stands beneath a cherry blossom tree, her long hair gently swaying in the breeze. "
    "She wears a light summer dress and holds a book in her hands, smiling as she gazes into the distance. Sunlight "
    "filters through the branches, softly illuminating her face. The background is filled with fluttering pink cherry "
    "blossoms, creating a warm and dreamy atmosphere. The image has a cinematic feel, with a shallow depth of field "
    "and excellent image quality."
)
FLIGHT = (
    "Epic low-cut camera capture of a girl clad in ultraviolet threads, Peter Max art style depiction, luminous "
    "diamond skin glistening under a vast moon's radiance, embodied in a superhuman flight among mystical ruins, "
    "symbolizing a deity's ritual ascent, hyper-detailed"
)
NEGATIVE = (
    "blurry, low quality, low resolution, pixelated, noisy, grainy, out of focus, poorly lit, poorly exposed, "
    "poorly composed, poorly framed, poorly cropped, poorly color corrected, poorly color graded"
)


def legacy(client: httpx.AsyncClient, key: str) -> Checked:
    return Aimlapi(client, key, legacy=True)


@dataclass(frozen=True, kw_only=True)
class Example:
    """A create call as a page prints it, and the request that we make the same call of."""

    offer: str
    request: VideoRequest
    url: str
    printed: dict[str, object]
    ours: dict[str, object] = field(default_factory=dict)
    """What we write differently, and right by the page's own schema."""
    authorization: str = f"Bearer {KEY}"
    callback: str | None = None
    maker: Maker | None = None


GENERATIONS = "https://api.aimlapi.com/v2/video/generations"
LEGACY = "https://api.aimlapi.com/v2/generate/video/pixverse/generation"
FAL = "https://queue.fal.run/fal-ai/pixverse/v5.5/text-to-video"

EXAMPLES = {
    "000": Example(
        offer="aimlapi/pixverse-v5.5",
        request=VideoRequest(prompt=DRAGON),
        url=GENERATIONS,
        printed={"model": "pixverse/v5-5-text-to-video", "prompt": DRAGON},
    ),
    "001 in Python": Example(
        offer="aimlapi/pixverse-v5.5",
        request=VideoRequest(prompt=RACCOON, ratio=Ratio.WIDE, seconds=5, resolution=Resolution.P1080),
        url=GENERATIONS,
        printed={
            "model": "pixverse/v5-5-text-to-video",
            "prompt": "A cheerful white raccoon running through a sequoia forest",
            "aspect_ratio": "16:9",
            "duration": "5",
            "resolution": "1080p",
        },
        ours={"duration": 5},
    ),
    "001 in JavaScript": Example(
        offer="aimlapi/pixverse-v5.5",
        request=VideoRequest(prompt=f"{RACCOON}.", ratio=Ratio.WIDE, seconds=5, resolution=Resolution.P1080),
        url=GENERATIONS,
        printed={
            "model": "pixverse/v5-5-text-to-video",
            "prompt": "\nA cheerful white raccoon running through a sequoia forest.\n",
            "duration": 5,
            "aspect_ratio": "16:9",
            "resolution": "1080p",
        },
        ours={"prompt": f"{RACCOON}."},
    ),
    "002": Example(
        offer="aimlapi/pixverse-v5",
        request=VideoRequest(prompt=DRAGON, resolution=Resolution.P1080, seconds=5),
        url=LEGACY,
        printed={"model": "pixverse/v5/text-to-video", "prompt": DRAGON, "resolution": "1080p", "duration": "5"},
        ours={"duration": 5},
        maker=legacy,
    ),
    "003": Example(
        offer="shortapi/pixverse-v5.5",
        request=VideoRequest(prompt=BLOSSOMS),
        url="https://api.shortapi.ai/api/v1/job/create",
        printed={
            "model": "pixverse/pixverse-5.5/text-to-video",
            "args": {"prompt": BLOSSOMS},
            "callback_url": "CALLBACK_URL",
        },
        callback="CALLBACK_URL",
    ),
    "004, what is required": Example(
        offer="fal/pixverse-v5.5",
        request=VideoRequest(prompt=FLIGHT),
        url=FAL,
        printed={"prompt": FLIGHT},
        authorization=f"Key {KEY}",
    ),
    "004, in full": Example(
        offer="fal/pixverse-v5.5",
        request=VideoRequest(prompt=FLIGHT, ratio=Ratio.WIDE, resolution=Resolution.P720, seconds=5, negative=NEGATIVE),
        url=FAL,
        printed={
            "prompt": FLIGHT,
            "aspect_ratio": "16:9",
            "resolution": "720p",
            "duration": "5",
            "negative_prompt": NEGATIVE,
        },
        authorization=f"Key {KEY}",
    ),
}

ACCEPTED: dict[str, object] = {"id": "1", "request_id": "1", "code": 0, "data": {"job_id": "1"}}
"""What each of them takes for an acceptance."""


@pytest.mark.parametrize("name", EXAMPLES)
async def test_a_printed_request_is_what_we_send(name: str) -> None:
    example = EXAMPLES[name]
    offer = offer_named(example.offer)
    client, asked = scripted(httpx.Response(200, json=ACCEPTED))
    provider = (example.maker or MAKERS[offer.provider])(client, KEY)
    await provider.submit(
        Take(offer=offer, request=example.request, correlation=CORRELATION, callback=example.callback)
    )
    assert (asked[0].method, str(asked[0].url)) == ("POST", example.url)
    assert asked[0].headers["authorization"] == example.authorization
    assert asked[0].headers["content-type"] == "application/json"
    assert json.loads(asked[0].content) == example.printed | example.ours


TRANSCRIPT_001 = """\
{'id': 'FxkOMGP_IRjjNHfzH3LTV', 'status': 'queued', 'meta': {'usage': {'credits_used': 5000000}}}
Generation ID:   FxkOMGP_IRjjNHfzH3LTV
Status: queued. Checking again in 15 seconds.
Status: generating. Checking again in 15 seconds.
Status: generating. Checking again in 15 seconds.
Status: generating. Checking again in 15 seconds.
Status: generating. Checking again in 15 seconds.
Status: generating. Checking again in 15 seconds.
Status: generating. Checking again in 15 seconds.
Status: generating. Checking again in 15 seconds.
Processing complete:
 {'id': 'FxkOMGP_IRjjNHfzH3LTV', 'status': 'succeeded', 'video': {'url': 'https://cdn.aimlapi.com/panda/pixverse%2Fmp4%2Fmedia%2Fweb%2Fori%2FXxfCXAeT4Mr3QY0RVb564_seed1231972948.mp4'}}
"""


async def test_the_transcript_of_001_is_followed_from_its_id_to_its_video() -> None:
    first, _, *under_way, _, last = TRANSCRIPT_001.splitlines()
    words = [line.removeprefix("Status: ").split(".")[0] for line in under_way]
    bodies = [ast.literal_eval(first), *({"id": "x", "status": word} for word in words), ast.literal_eval(last.strip())]
    client, asked = scripted(*(httpx.Response(200, json=body) for body in bodies))
    provider = Aimlapi(client, KEY)
    example = EXAMPLES["001 in Python"]
    ticket = await provider.submit(
        Take(offer=offer_named(example.offer), request=example.request, correlation=CORRELATION)
    )
    assert ticket == "FxkOMGP_IRjjNHfzH3LTV"
    assert [await provider.look(ticket) for _ in bodies[1:]] == [
        Queued(),
        *[Rendering()] * 7,
        Finished(
            "https://cdn.aimlapi.com/panda/pixverse%2Fmp4%2Fmedia%2Fweb%2Fori%2FXxfCXAeT4Mr3QY0RVb564_seed1231972948.mp4"
        ),
    ]
    assert {str(request.url) for request in asked[1:]} == {f"{GENERATIONS}?generation_id=FxkOMGP_IRjjNHfzH3LTV"}
    assert {request.headers["authorization"] for request in asked} == {f"Bearer {KEY}"}


RESPONSE_000 = """\
{
  'id': 'gen-1733832000-example',
  'object': 'image',
  'created': 1733832000,
  'model': 'pixverse/v5-5-text-to-video',
  'data': [
    {
      'url': 'https://cdn.aimlapi.com/generated-images/pixverse/v5-5-text-to-video/example-output.png',
      'revised_prompt': 'Example output for documentation.'
    }
  ],
  'usage': {
    'prompt_tokens': 0,
    'completion_tokens': 0,
    'total_tokens': 0
  }
}
"""

RESPONSE_003_CREATED = '{ "code": 0, "data": { "amount": "0.02", "job_id": "" } }'
RESPONSE_003_SUCCEEDED = '{ "code": 0, "data": { "status": 2, "result": { "videos": [{ "url": "https://..." }] } } }'
RESPONSE_004 = """\
{
  "video": {
    "file_size": 5485412,
    "file_name": "output.mp4",
    "content_type": "video/mp4",
    "url": "https://storage.googleapis.com/falserverless/model_tests/video_models/output-4.mp4"
  }
}
"""


async def aimlapi_sees(body: object) -> Sight:
    client, _ = scripted(httpx.Response(200, json=body))
    return await Aimlapi(client, KEY).look(Ticket("1"))


async def test_the_image_that_000_prints_for_a_response_is_no_video() -> None:
    printed = ast.literal_eval(RESPONSE_000)
    with pytest.raises(Passing):
        await aimlapi_sees(printed)
    assert await aimlapi_sees(printed | {"status": "completed"}) == Finished(None)


STATUSES: list[tuple[str, dict[str, object], Sight]] = [
    ("001", {"id": "1", "status": "queued"}, Queued()),
    ("001", {"id": "1", "status": "generating", "video": None, "error": None, "meta": None}, Rendering()),
    ("001", {"id": "1", "status": "completed", "video": {"url": "https://m/a.mp4"}}, Finished("https://m/a.mp4")),
    (
        "001",
        {"id": "1", "status": "error", "error": {"name": "Error", "message": "It broke"}},
        Broken(Failure(FailureKind.PROVIDER, "It broke")),
    ),
    ("002", {"id": "1", "status": "waiting"}, Queued()),
    ("002", {"id": "1", "status": "active"}, Rendering()),
    ("002", {"id": "1", "status": "complete", "video": {"url": "https://m/a.mp4"}}, Finished("https://m/a.mp4")),
]


@pytest.mark.parametrize(("page", "body", "sight"), STATUSES)
async def test_every_status_that_a_page_of_aimlapi_names_is_understood(
    page: str, body: dict[str, object], sight: Sight
) -> None:
    assert await aimlapi_sees(body) == sight, page


async def test_the_query_of_003_ends_with_its_video() -> None:
    client, asked = scripted(httpx.Response(200, text=RESPONSE_003_SUCCEEDED))
    assert await MAKERS["shortapi"](client, KEY).look(Ticket("J1")) == Finished("https://...")
    assert (asked[0].method, str(asked[0].url)) == ("GET", "https://api.shortapi.ai/api/v1/job/query?id=J1")
    assert asked[0].headers["authorization"] == f"Bearer {KEY}"


async def test_the_create_of_003_names_its_job_and_as_printed_names_none() -> None:
    example = EXAMPLES["003"]
    take = Take(offer=offer_named(example.offer), request=example.request, correlation=CORRELATION)
    named = RESPONSE_003_CREATED.replace('"job_id": ""', '"job_id": "J1"')
    client, _ = scripted(httpx.Response(200, text=named), httpx.Response(200, text=RESPONSE_003_CREATED))
    provider = MAKERS["shortapi"](client, KEY)
    assert await provider.submit(take) == "J1"
    with pytest.raises(Ambiguous):
        await provider.submit(take)


async def test_the_response_of_004_is_its_video() -> None:
    own = f"{FAL.removesuffix('/v5.5/text-to-video')}/requests/1"
    client, _ = scripted(httpx.Response(200, json={"status": "COMPLETED"}), httpx.Response(200, text=RESPONSE_004))
    ticket = Ticket(json.dumps({"status": f"{own}/status", "response": own, "cancel": f"{own}/cancel"}))
    assert await MAKERS["fal"](client, KEY).look(ticket) == Finished(
        "https://storage.googleapis.com/falserverless/model_tests/video_models/output-4.mp4"
    )


Schema = Mapping[str, Sequence[str | int]]

SCHEMA_001: Schema = {
    "aspect_ratio": ["16:9", "4:3", "1:1", "3:4", "9:16"],
    "resolution": ["360p", "540p", "720p", "1080p"],
    "duration": [5, 8, 10],
    "style": ["anime", "3d_animation", "clay", "comic", "cyberpunk"],
    "thinking_type": ["enabled", "disabled", "auto"],
}
SCHEMA_003: Schema = {
    "resolution": ["540p", "720p", "1080p"],
    "duration": ["5", "8", "10"],
    "aspect_ratio": ["16:9", "9:16", "4:3", "3:4", "1:1"],
}
SCHEMA_004: Schema = {**SCHEMA_001, "duration": ["5", "8", "10"]}


def options(can: Capabilities) -> dict[str, set[str]]:
    found = {
        "aspect_ratio": set(map(str, can.ratios)),
        "resolution": set(map(str, can.resolutions)),
        "duration": set(map(str, can.lengths)),
        "style": set(map(str, can.styles)),
        "thinking_type": {"enabled", "disabled", "auto"} if can.thinking else set(),
    }
    return {name: values for name, values in found.items() if values}


@pytest.mark.parametrize(
    ("offer", "schema"),
    [
        ("aimlapi/pixverse-v5.5", SCHEMA_001),
        ("shortapi/pixverse-v5.5", SCHEMA_003),
        ("fal/pixverse-v5.5", SCHEMA_004),
    ],
)
def test_the_catalogue_offers_what_the_schema_of_a_page_lists(offer: str, schema: Schema) -> None:
    assert options(offer_named(offer).can) == {name: set(map(str, values)) for name, values in schema.items()}


@pytest.mark.parametrize("thinking", Thinking)
async def test_every_way_to_think_has_a_name_in_the_schema(thinking: Thinking) -> None:
    client, asked = scripted(httpx.Response(200, json=ACCEPTED))
    request = VideoRequest(prompt=RACCOON, thinking=thinking, style=Style.CLAY)
    await Aimlapi(client, KEY).submit(
        Take(offer=offer_named("aimlapi/pixverse-v5.5"), request=request, correlation=CORRELATION)
    )
    assert json.loads(asked[0].content)["thinking_type"] in SCHEMA_001["thinking_type"]


PRICING_003 = (
    "for single-clip generation without audio, the price is $0.128 (5s), $0.255 (8s), and $0.281 (10s) at 540p; $0.170 "
    "(5s), $0.340 (8s), and $0.374 (10s) at 720p; and $0.340 (5s) and $0.680 (8s) at 1080p. For single-clip generation "
    "with audio, the price is $0.170 (5s), $0.340 (8s), and $0.374 (10s) at 540p; $0.213 (5s), $0.425 (8s), and $0.468 "
    "(10s) at 720p; and $0.383 (5s) and $0.765 (8s) at 1080p. For multi-clip generation without audio, the price is "
    "$0.213 (5s), $0.425 (8s), and $0.468 (10s) at 540p; $0.255 (5s), $0.510 (8s), and $0.561 (10s) at 720p; and "
    "$0.425 (5s) and $0.850 (8s) at 1080p. For multi-clip generation with audio, the price is $0.255 (5s), $0.510 "
    "(8s), and $0.561 (10s) at 540p; $0.298 (5s), $0.595 (8s), and $0.655 (10s) at 720p; and $0.468 (5s) and $0.935 "
    "(8s) at 1080p."
)


def printed_prices() -> list[tuple[Shot, Decimal]]:
    found = []
    for sentence in re.split(r"(?<=1080p)\.\s*", PRICING_003)[:4]:
        for group in sentence.split("the price is")[1].split(";"):
            resolution = Resolution(re.findall(r"\d+p", group)[0])
            for price, seconds in re.findall(r"\$([\d.]+) \((\d+)s\)", group):
                shot = Shot(
                    ratio=Ratio.WIDE,
                    resolution=resolution,
                    seconds=int(seconds),
                    audio="with audio" in sentence,
                    multi_clip="multi-clip" in sentence,
                )
                found.append((shot, Decimal(price)))
    return found


def test_every_price_that_003_prints_is_the_catalogue_s() -> None:
    prices = offer_named("shortapi/pixverse-v5.5").prices
    printed = printed_prices()
    assert len(printed) == 32
    assert [prices.price(shot) for shot, _ in printed] == [dollars(price) for _, price in printed]
