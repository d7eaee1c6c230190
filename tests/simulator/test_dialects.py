"""What holds for each dialect that tells status and result in one answer."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from simulator.app import Options, Simulator, assembled
from simulator.clock import Clock
from simulator.dialects import pixverse, shortapi
from simulator.dialects.aimlapi_answers import CREATED, IDS, KEYS, SHAPES, WORDS
from simulator.fault_table import MANNERS, TABLE, Effect, Point
from tests.simulator.speakers import LONG_ENOUGH, SPEAKERS, Member, Speaker

POINTS = [Point.CREATE, Point.STATUS, Point.RESULT]
REFUSALS = [fault.name for fault in TABLE.values() if fault.effect is Effect.REFUSE and fault.point in POINTS]


@pytest.fixture
def simulator(clock: Clock, directory: Path) -> Iterator[Simulator]:
    options = Options(seed=1, directory=directory, always=("says-completed",))
    with assembled(options, clock) as simulator:
        yield simulator


@pytest.fixture(params=SPEAKERS, ids=str)
def speaker(request: pytest.FixtureRequest) -> Speaker:
    chosen: Speaker = request.param
    return chosen


@pytest.fixture
def member(api: httpx.AsyncClient, speaker: Speaker) -> Member:
    return Member(api, speaker)


async def arrived(member: Member, clock: Clock, point: Point) -> None:
    """Go as far as the call before that of this point."""
    if point is not Point.CREATE:
        await member.created()
    if point is Point.RESULT:
        await clock.sleep(LONG_ENOUGH)


def is_success(answer: httpx.Response) -> bool:
    """Whether it is one in the words of any of these dialects."""
    body = answer.json()
    return answer.is_success and not body.get("code") and not body.get("ErrCode")


def test_every_way_to_speak_can_be_asked_for_by_name() -> None:
    ways = (WORDS, CREATED, KEYS, IDS, shortapi.STATES, pixverse.STATES)
    others = {"only-dashed", "only-dotted", "long-1080p", "logs-unfiltered", "job-id-on-top"}
    assert {name for names in ways for name in names} | others == {manner.name for manner in MANNERS}
    assert set(SHAPES) <= set(TABLE)


async def test_a_generation_is_queued_rendered_and_filmed(
    api: httpx.AsyncClient, media: httpx.AsyncClient, member: Member, speaker: Speaker, clock: Clock
) -> None:
    await member.created()
    states = [await member.state()]
    await clock.sleep(10)
    states.append(await member.state())
    await clock.sleep(LONG_ENOUGH)
    body = await member.looked()
    assert [*states, speaker.state(body)] == [*speaker.under_way, speaker.ended[""]]
    film = await media.get(speaker.url(body) or "")
    assert film.content[4:8] == b"ftyp"
    assert (await api.get("/control/polls")).json() == {member.id: 3}


@pytest.mark.parametrize("fault", ["failed", "crashed", "moderated", "withdrawn"])
async def test_it_ends_otherwise(member: Member, speaker: Speaker, clock: Clock, fault: str) -> None:
    await member.arm(fault)
    await member.created()
    await clock.sleep(LONG_ENOUGH)
    assert await member.state() == speaker.ended[fault]


async def test_it_never_ends(member: Member, speaker: Speaker, clock: Clock) -> None:
    await member.created("sim:endless")
    await clock.sleep(10 * LONG_ENOUGH)
    assert await member.state() == speaker.under_way[1]


async def test_a_state_nobody_knows_comes_twice(member: Member, speaker: Speaker, clock: Clock) -> None:
    await member.created("a boat sim:unknown-word")
    await clock.sleep(LONG_ENOUGH)
    assert [await member.state() for _ in range(3)] == [speaker.unknown, speaker.unknown, speaker.ended[""]]


async def test_success_comes_without_video_once(member: Member, speaker: Speaker, clock: Clock) -> None:
    await member.created()
    await clock.sleep(LONG_ENOUGH)
    await member.arm("no-video-once")
    bodies = [await member.looked() for _ in range(2)]
    assert [speaker.state(body) for body in bodies] == [speaker.ended[""]] * 2
    assert [bool(speaker.url(body)) for body in bodies] == [False, True]


async def test_a_fault_of_the_result_waits_for_the_end(member: Member, clock: Clock) -> None:
    await member.created("a boat sim:result-503")
    assert (await member.look()).status_code == 200
    await clock.sleep(LONG_ENOUGH)
    assert [(await member.look()).status_code for _ in range(2)] == [503, 200]


@pytest.mark.parametrize("name", [*REFUSALS, "create-busy", "status-busy", "result-busy", "create-moderated"])
async def test_a_call_is_refused_and_then_answered(member: Member, clock: Clock, name: str) -> None:
    fault = TABLE[name]
    await arrived(member, clock, fault.point)
    await member.arm(name)
    refused = await member.call(fault.point)
    assert not is_success(refused)
    assert refused.status_code in (fault.status, 200, 400)
    assert refused.headers.get("retry-after") == (fault.retry_after and str(fault.retry_after))
    assert is_success(await member.call(fault.point))


@pytest.mark.parametrize("point", POINTS)
async def test_a_connection_breaks_once(member: Member, clock: Clock, point: Point) -> None:
    await arrived(member, clock, point)
    await member.arm(f"{point}-cut")
    with pytest.raises(httpx.RemoteProtocolError):
        await member.call(point)
    assert is_success(await member.call(point))


@pytest.mark.parametrize(("name", "accepted"), [("create-cut", 0), ("create-vanish", 1)])
async def test_a_lost_create_was_accepted_or_not(
    api: httpx.AsyncClient, member: Member, name: str, accepted: int
) -> None:
    await member.arm(name)
    with pytest.raises(httpx.RemoteProtocolError):
        await member.create()
    assert len((await api.get("/control/creates")).json()) == accepted


@pytest.mark.parametrize("point", POINTS)
async def test_half_of_the_json_comes(member: Member, clock: Clock, point: Point) -> None:
    await arrived(member, clock, point)
    await member.arm(f"{point}-garbled")
    with pytest.raises(json.JSONDecodeError):
        (await member.call(point)).json()


async def test_a_create_is_answered_without_an_id(api: httpx.AsyncClient, member: Member, speaker: Speaker) -> None:
    await member.arm("no-id")
    answer = await member.create()
    assert is_success(answer)
    try:
        assert speaker.id_of(answer.json()) in ("", "0")
    except KeyError:
        assert speaker.dialect == "aimlapi"
    assert len((await api.get("/control/creates")).json()) == 1


async def test_a_link_expires_until_it_is_asked_for_anew(
    media: httpx.AsyncClient, member: Member, speaker: Speaker, clock: Clock
) -> None:
    await member.created()
    await clock.sleep(LONG_ENOUGH)
    await member.arm("media-expired")
    codes = [(await media.get(speaker.url(await member.looked()) or "")).status_code for _ in range(2)]
    assert codes == [403, 200]


async def test_one_dialect_does_not_know_what_another_was_asked_for(
    api: httpx.AsyncClient, member: Member, speaker: Speaker
) -> None:
    await member.created()
    for other in SPEAKERS:
        stranger = Member(api, other)
        stranger.id = member.id
        assert is_success(await stranger.look()) == (other is speaker)


@pytest.mark.parametrize("key", ["", "Key k"])
async def test_a_key_is_demanded(api: httpx.AsyncClient, member: Member, speaker: Speaker, key: str) -> None:
    await member.created()
    headers = dict(speaker.headers) | {"authorization": key, "api-key": ""}
    for method, path in (("POST", speaker.create), ("GET", speaker.look(member.id))):
        answer = await api.request(method, path, headers=headers, json=speaker.ask("a boat"))
        assert not is_success(answer)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"", b"[]"])
async def test_a_body_that_is_no_request_is_refused(api: httpx.AsyncClient, speaker: Speaker, content: bytes) -> None:
    answer = await api.post(speaker.create, content=content, headers=speaker.headers)
    assert not is_success(answer)
    assert answer.status_code in (200, 400)


async def test_what_arrived_is_listed(api: httpx.AsyncClient, member: Member, speaker: Speaker) -> None:
    await member.created()
    (create,) = (await api.get("/control/creates")).json()
    assert (create["id"], create["dialect"], create["prompt"]) == (member.id, speaker.dialect, "a boat")
    assert create["key"] == "…"
