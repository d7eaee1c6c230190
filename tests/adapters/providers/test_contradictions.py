"""Where the providers' pages contradict each other or themselves: C1 to C30, and how each is settled here.

Two of them touch neither a dialect nor the catalogue nor the grammar:

- C26, how long fal keeps a file: a clip is fetched as soon as it is there.
- C29, how long a generation takes: what is told to people is learnt from past ones, never read on a page.
"""

import json
from itertools import permutations

import httpx
import pytest

from adapters.providers.aimlapi import Aimlapi
from bot.catalogue import OFFERS, offer_named
from bot.choosing import NoOffer, fitting, objections, offers_at
from bot.grammar import parse
from bot.job import Failure, FailureKind, Ticket
from bot.ports import Broken, Finished, Queued, Rendering, Sight
from bot.request import Ratio, Resolution, Thinking, VideoRequest
from bot.trouble import Ambiguous, OutOfService
from tests.adapters.providers.scripted import KEY, MAKERS, made, scripted, take

V5_5 = [f"{provider}/pixverse-v5.5" for provider in MAKERS]
VIDEO = {"url": "https://m/a.mp4"}
ACCEPTANCES: dict[str, object] = {
    "fal": {"request_id": "1"},
    "aimlapi": {"id": "1"},
    "shortapi": {"code": 0, "data": {"job_id": "1"}},
    "pixverse": {"ErrCode": 0, "Resp": {"video_id": 1}},
}


async def sent(offer: str, request: VideoRequest) -> dict[str, object]:
    """The options of a create, wherever in its body they stand."""
    provider = offer_named(offer).provider
    adapter, asked = made(provider, httpx.Response(200, json=ACCEPTANCES[provider]))
    await adapter.submit(take(offer, request))
    body: dict[str, object] = json.loads(asked[0].content)
    args = body.get("args", body)
    assert isinstance(args, dict)
    return args


async def seen(provider: str, *bodies: object, ticket: str = "1") -> Sight:
    adapter, _ = made(provider, *(httpx.Response(200, json=body) for body in bodies))
    return await adapter.look(Ticket(ticket))


async def ticket_of(provider: str, body: object, status: int = 200) -> Ticket:
    adapter, _ = made(provider, httpx.Response(status, json=body))
    return await adapter.submit(take(f"{provider}/pixverse-v5.5"))


async def test_c01_the_dashed_name_of_the_model_is_sent_and_the_dotted_one_where_it_is_unknown() -> None:
    unknown = httpx.Response(400, json={"message": "model: Invalid enum value. Expected 'pixverse/v5.5/text-to-video'"})
    adapter, asked = made("aimlapi", unknown, httpx.Response(200, json={"id": "1"}))
    assert await adapter.submit(take("aimlapi/pixverse-v5.5")) == "1"
    assert [json.loads(request.content)["model"] for request in asked] == [
        "pixverse/v5-5-text-to-video",
        "pixverse/v5.5/text-to-video",
    ]


@pytest.mark.parametrize(("offer", "written"), list(zip(V5_5, ["5", 5, "5", 5], strict=True)))
async def test_c02_a_length_is_a_number_or_text_as_each_provider_wants_it(offer: str, written: object) -> None:
    assert (await sent(offer, VideoRequest(prompt="a fox", seconds=5)))["duration"] == written


@pytest.mark.parametrize("typed", ["5", "5s"])
def test_c02_people_may_write_the_unit(typed: str) -> None:
    assert parse(f"/video a fox --dur {typed}").request.seconds == 5


def test_c03_eight_seconds_at_1080p_are_refused_by_aimlapi_alone() -> None:
    request = VideoRequest(prompt="a fox", resolution=Resolution.P1080, seconds=8)
    refusing = {offer.id for offer in OFFERS if objections(request, offer)}
    assert refusing == {"aimlapi/pixverse-v5.5", "aimlapi/pixverse-v5"}
    assert fitting(request, offers_at(["aimlapi", "fal"]))[0].provider == "fal"


def test_c04_ten_seconds_at_1080p_are_refused_everywhere() -> None:
    with pytest.raises(NoOffer):
        fitting(VideoRequest(prompt="a fox", resolution=Resolution.P1080, seconds=10), OFFERS)


@pytest.mark.parametrize("word", ["completed", "complete", "succeeded", "success", "done", "ready", "finished"])
async def test_c05_every_word_for_success_is_understood(word: str) -> None:
    assert await seen("aimlapi", {"status": word, "video": VIDEO}) == Finished("https://m/a.mp4")


@pytest.mark.parametrize(
    ("word", "sight"),
    [
        ("queued", Queued()),
        ("waiting", Queued()),
        ("generating", Rendering()),
        ("active", Rendering()),
        ("new to all", Rendering()),
    ],
)
async def test_c06_every_word_for_being_under_way_is_understood_and_so_is_a_new_one(word: str, sight: Sight) -> None:
    assert await seen("aimlapi", {"status": word}) == sight


@pytest.mark.parametrize("word", ["error", "failed"])
async def test_c07_both_words_for_failure_are_understood(word: str) -> None:
    assert await seen("aimlapi", {"status": word, "error": "No"}) == Broken(Failure(FailureKind.PROVIDER, "No"))


async def test_c08_an_image_is_no_video() -> None:
    image = {"status": "completed", "object": "image", "data": [{"url": "https://m/a.png"}]}
    assert await seen("aimlapi", image) == Finished(None)
    assert await seen("aimlapi", image | {"video": {"url": "https://m/a.png"}}) == Finished(None)


async def test_c09_what_to_film_is_the_prompt_and_neither_content_nor_messages() -> None:
    assert (await sent("aimlapi/pixverse-v5.5", VideoRequest(prompt="a fox"))).keys() == {"model", "prompt"}


@pytest.mark.parametrize(
    ("legacy", "path"), [(False, "/v2/video/generations"), (True, "/v2/generate/video/pixverse/generation")]
)
async def test_c10_the_older_address_is_there_for_those_who_need_it(*, legacy: bool, path: str) -> None:
    client, asked = scripted(httpx.Response(200, json={"id": "1"}), httpx.Response(200, json={"status": "queued"}))
    adapter = Aimlapi(client, KEY, legacy=legacy)
    assert await adapter.look(await adapter.submit(take("aimlapi/pixverse-v5.5"))) == Queued()
    assert [(request.method, request.url.path) for request in asked] == [("POST", path), ("GET", path)]


async def test_c11_the_key_is_sent_with_both_calls() -> None:
    adapter, asked = made(
        "aimlapi", httpx.Response(200, json={"id": "1"}), httpx.Response(200, json={"status": "queued"})
    )
    await adapter.look(await adapter.submit(take("aimlapi/pixverse-v5.5")))
    assert [request.headers["authorization"] for request in asked] == [f"Bearer {KEY}"] * 2


@pytest.mark.parametrize("status", [200, 201])
async def test_c12_a_create_is_accepted_with_either_status(status: int) -> None:
    assert await ticket_of("aimlapi", {"id": "1"}, status) == "1"


@pytest.mark.parametrize("name", ["id", "generation_id"])
async def test_c13_the_id_has_two_names_in_answers_and_one_in_questions(name: str) -> None:
    assert await ticket_of("aimlapi", {name: "a:b/c"}) == "a:b/c"
    adapter, asked = made("aimlapi", httpx.Response(200, json={"status": "queued"}))
    await adapter.look(Ticket("a:b/c"))
    assert dict(asked[0].url.params) == {"generation_id": "a:b/c"}


@pytest.mark.parametrize(
    "meta",
    [None, {}, {"usage": None}, {"usage": {"credits_used": 5000000}}, {"usage": {"tokens_used": "840000"}}, "none"],
)
async def test_c14_what_a_generation_is_said_to_have_used_does_not_matter(meta: object) -> None:
    assert await ticket_of("aimlapi", {"id": "1", "meta": meta}) == "1"
    assert await seen("aimlapi", {"status": "done", "video": VIDEO, "meta": meta}) == Finished("https://m/a.mp4")


@pytest.mark.parametrize(
    "error", ["No", {"name": "x", "message": "No"}, {"code": "x", "message": "No"}, {"detail": [{"msg": "No"}]}]
)
async def test_c15_every_shape_of_an_error_is_told(error: object) -> None:
    assert await seen("aimlapi", {"status": "error", "error": error}) == Broken(Failure(FailureKind.PROVIDER, "No"))


@pytest.mark.parametrize("status", ["401", 401])
async def test_c15_the_status_inside_an_http_error_may_be_text(status: object) -> None:
    with pytest.raises(OutOfService, match="No"):
        await ticket_of("aimlapi", {"message": "No", "statusCode": status}, 401)


@pytest.mark.parametrize("offer", V5_5)
async def test_c16_whether_to_rewrite_the_prompt_is_sent_only_where_it_was_chosen(offer: str) -> None:
    assert "thinking_type" not in await sent(offer, VideoRequest(prompt="a fox"))
    chosen = await sent(offer, VideoRequest(prompt="a fox", thinking=Thinking.AUTO))
    assert chosen.get("thinking_type") == ("auto" if offer_named(offer).can.thinking else None)


def test_c17_of_two_ends_of_patience_the_later_one_counts() -> None:
    assert {offer.patience for offer in OFFERS} == {1000}


async def test_c18_sound_is_one_switch_and_the_older_model_has_none() -> None:
    loud = await sent("aimlapi/pixverse-v5.5", VideoRequest(prompt="a fox", audio=True))
    assert loud == {"model": "pixverse/v5-5-text-to-video", "prompt": "a fox", "generate_audio_switch": True}
    assert not any(offer.can.audio for offer in OFFERS if offer.model == "pixverse-v5")


@pytest.mark.parametrize("answer", [{"code": 0, "data": {"job_id": "1"}}, {"code": 0, "job_id": "1"}])
async def test_c19_the_job_s_id_stands_in_the_data_or_beside_it(answer: object) -> None:
    assert await ticket_of("shortapi", answer) == "1"


@pytest.mark.parametrize("choice", [True, False])
async def test_c20_a_switch_is_a_boolean(*, choice: bool) -> None:
    switches = await sent("shortapi/pixverse-v5.5", VideoRequest(prompt="a fox", audio=choice, multi_clip=choice))
    assert (switches["generate_audio"], switches["multi_shot"]) == (choice, choice)


async def test_c21_an_empty_id_is_no_job_and_the_amount_no_price() -> None:
    with pytest.raises(Ambiguous):
        await ticket_of("shortapi", {"code": 0, "data": {"amount": "0.02", "job_id": ""}})
    assert await ticket_of("shortapi", {"code": 0, "data": {"amount": "a lot", "job_id": "1"}}) == "1"


@pytest.mark.parametrize(
    ("offer", "names"),
    [
        ("fal/pixverse-v5.5", {"generate_audio_switch", "generate_multi_clip_switch", "resolution"}),
        ("aimlapi/pixverse-v5.5", {"generate_audio_switch", "generate_multi_clip_switch", "resolution"}),
        ("shortapi/pixverse-v5.5", {"generate_audio", "multi_shot", "resolution"}),
        ("pixverse/pixverse-v5.5", {"generate_audio_switch", "generate_multi_clip_switch", "quality"}),
    ],
)
async def test_c22_each_provider_has_its_own_names(offer: str, names: set[str]) -> None:
    request = VideoRequest(prompt="a fox", audio=True, multi_clip=True, resolution=Resolution.P540)
    body = await sent(offer, request)
    every = {"generate_audio_switch", "generate_multi_clip_switch", "generate_audio", "multi_shot"}
    assert body.keys() & (every | {"resolution", "quality"}) == names


@pytest.mark.parametrize("option", ["--res 360p", "--no blur", "--seed 7", "--style clay", "--think on"])
def test_c23_what_shortapi_cannot_do_is_refused_or_goes_elsewhere_and_is_never_dropped(option: str) -> None:
    request = parse(f"/video a fox {option}").request
    with pytest.raises(NoOffer):
        fitting(request, offers_at(["shortapi"]))
    assert fitting(request, offers_at(["shortapi", "fal"]))[0].provider == "fal"


async def test_c24_fal_is_spoken_to_by_its_queue() -> None:
    adapter, asked = made("fal", httpx.Response(200, json={"request_id": "1"}))
    await adapter.submit(take("fal/pixverse-v5.5"))
    assert str(asked[0].url) == "https://queue.fal.run/fal-ai/pixverse/v5.5/text-to-video"


OWN = "https://queue.fal.run/fal-ai/pixverse/requests/1"


@pytest.mark.parametrize("response_url", [OWN, f"{OWN}/response"])
@pytest.mark.parametrize("code", [200, 202])
async def test_c25_fal_is_asked_where_it_says_and_understood_with_either_status(response_url: str, code: int) -> None:
    urls = {"status_url": f"{OWN}/status", "response_url": response_url, "cancel_url": f"{OWN}/cancel"}
    adapter, asked = made(
        "fal",
        httpx.Response(200, json={"request_id": "1", **urls}),
        httpx.Response(code, json={"status": "IN_QUEUE", "queue_position": 0}),
        httpx.Response(code, json={"status": "COMPLETED"}),
        httpx.Response(200, json={"video": VIDEO}),
    )
    ticket = await adapter.submit(take("fal/pixverse-v5.5"))
    assert await adapter.look(ticket) == Queued(0)
    assert await adapter.look(ticket) == Finished("https://m/a.mp4")
    assert str(asked[-1].url) == response_url


@pytest.mark.parametrize("status", [{"status": "FAILED", "error": "No"}, {"status": "COMPLETED", "error": "No"}])
async def test_c25_a_failure_at_fal_is_a_status_or_an_error_beside_it(status: object) -> None:
    ticket = json.dumps({"status": f"{OWN}/status", "response": OWN, "cancel": f"{OWN}/cancel"})
    assert await seen("fal", status, {}, ticket=ticket) == Broken(Failure(FailureKind.PROVIDER, "No"))


@pytest.mark.parametrize(
    ("state", "sight"),
    [
        (1, Finished("https://m/a.mp4")),
        (2, Queued()),
        (3, Rendering()),
        (5, Rendering()),
        (9, Queued()),
        (10, Rendering()),
        (11, Rendering()),
    ],
)
async def test_c27_every_state_that_one_of_pixverse_s_lists_has_is_understood(state: int, sight: Sight) -> None:
    assert await seen("pixverse", {"ErrCode": 0, "Resp": {"status": state, **VIDEO}}) == sight


@pytest.mark.parametrize("state", [6, 7, 8])
async def test_c27_every_state_that_is_an_end_is_one(state: int) -> None:
    assert isinstance(await seen("pixverse", {"ErrCode": 0, "Resp": {"status": state}}), Broken)


async def test_c28_the_page_of_v5_is_not_followed_in_its_types_nor_in_its_empty_lists() -> None:
    assert (await sent("aimlapi/pixverse-v5", VideoRequest(prompt="a fox", seconds=5)))["duration"] == 5
    assert offer_named("aimlapi/pixverse-v5").can.ratios == tuple(Ratio)


@pytest.mark.parametrize("order", [("16:9", "4:3", "1:1", "3:4", "9:16"), ("16:9", "9:16", "4:3", "3:4", "1:1")])
def test_c30_the_shapes_are_the_same_in_any_order(order: tuple[str, ...]) -> None:
    assert order in permutations(ratio.value for ratio in Ratio)
    assert {offer.can.ratios for offer in OFFERS} == {tuple(Ratio)}
    assert [parse(f"/video a fox --ar {ratio}").request.ratio for ratio in order] == [Ratio(ratio) for ratio in order]
