import json
from typing import Any

import httpx
import pytest

from simulator.clock import Clock
from simulator.fault_table import TABLE, Effect, Point
from simulator.faults import Faults, UnknownFault, spoken

V55 = "/fal/fal-ai/pixverse/v5.5/text-to-video"
LONG_ENOUGH = 1000  # seconds
JSON_POINTS = [Point.CREATE, Point.STATUS, Point.RESULT]
REFUSALS = [fault.name for fault in TABLE.values() if fault.effect is Effect.REFUSE and fault.point is not Point.MEDIA]


class Member:
    """Goes the way of one request; `call` makes the call of any point of it."""

    def __init__(self, api: httpx.AsyncClient, media: httpx.AsyncClient, clock: Clock) -> None:
        self._api, self._media, self._clock = api, media, clock
        self.request: dict[str, Any] = {}

    async def reach(self, point: Point, prompt: str) -> None:
        """Go as far as the call before that of this point."""
        self._body = {"prompt": prompt, "resolution": "360p", "seed": 1}
        if point is not Point.CREATE:
            self.request = (await self.call(Point.CREATE)).json()
            await self._clock.sleep(LONG_ENOUGH)
        if point is Point.MEDIA:
            await self.link()

    async def call(self, point: Point) -> httpx.Response:
        match point:
            case Point.CREATE:
                return await self._api.post(V55, json=self._body)
            case Point.STATUS:
                return await self._api.get(self.request["status_url"])
            case Point.RESULT:
                return await self._api.get(self.request["response_url"])
            case _:
                return await self._media.get(self._link)

    async def link(self) -> None:
        self._link = (await self.call(Point.RESULT)).json()["video"]["url"]

    async def asked_for(self, name: str) -> Point:
        point = TABLE[name].point
        await self.reach(point, f"a boat sim:{name}")
        return point


@pytest.fixture
def member(api: httpx.AsyncClient, media: httpx.AsyncClient, clock: Clock) -> Member:
    return Member(api, media, clock)


async def creates(api: httpx.AsyncClient) -> int:
    return len((await api.get("/control/creates")).json())


def test_words_that_name_no_fault_are_part_of_the_picture() -> None:
    assert spoken("a boat sim:city sim:failed, sim:create-503 xsim:broke") == ("failed", "create-503")


def test_a_fault_that_is_always_there_must_exist() -> None:
    with pytest.raises(UnknownFault, match="'faild'; there are: moderated, failed"):
        Faults(["failed", "faild"])


@pytest.mark.parametrize("name", REFUSALS)
async def test_a_call_is_refused_with_the_status_in_its_name(member: Member, name: str) -> None:
    point, fault = await member.asked_for(name), TABLE[name]
    answer = await member.call(point)
    assert answer.status_code == fault.status
    assert answer.headers.get("retry-after") == (fault.retry_after and str(fault.retry_after))
    assert isinstance(answer.json()["detail"], str)


@pytest.mark.parametrize("point", JSON_POINTS)
async def test_a_refused_call_is_answered_the_next_time(member: Member, point: Point) -> None:
    await member.asked_for(f"{point}-503")
    statuses = [(await member.call(point)).status_code for _ in range(2)]
    assert statuses == [503, 200]


async def test_a_prompt_that_was_refused_is_refused_again_when_it_comes_anew(member: Member) -> None:
    await member.asked_for("create-429")
    statuses = [(await member.call(Point.CREATE)).status_code for _ in range(4)]
    assert statuses == [429, 200, 429, 200]


async def test_the_prompt_is_refused_at_once(api: httpx.AsyncClient, member: Member) -> None:
    answer = await member.call(await member.asked_for("create-moderated"))
    assert (answer.status_code, answer.json()["detail"][0]["type"]) == (422, "content_policy_violation")
    assert await creates(api) == 0


async def test_a_request_is_accepted_without_an_id(api: httpx.AsyncClient, member: Member) -> None:
    answer = await member.call(await member.asked_for("no-id"))
    assert (answer.status_code, answer.json()["request_id"]) == (200, "")
    assert await creates(api) == 1


async def test_too_much_to_do_is_too_many_requests(member: Member) -> None:
    assert (await member.call(await member.asked_for("create-busy"))).status_code == 429


async def test_a_request_is_withdrawn(member: Member) -> None:
    await member.reach(Point.STATUS, "sim:withdrawn")
    assert (await member.call(Point.STATUS)).json()["error_type"] == "client_cancelled"
    assert (await member.call(Point.RESULT)).status_code == 499


async def test_an_account_without_money_stays_locked(member: Member) -> None:
    await member.asked_for("broke")
    answers = [await member.call(Point.CREATE) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].json()["detail"].startswith("User is locked. Reason: Exhausted balance.")


@pytest.mark.parametrize("point", [*JSON_POINTS, Point.MEDIA])
async def test_a_connection_breaks_once(member: Member, point: Point) -> None:
    await member.asked_for(f"{point}-cut")
    with pytest.raises(httpx.RemoteProtocolError):
        await member.call(point)
    assert (await member.call(point)).status_code == 200


@pytest.mark.parametrize(("name", "accepted"), [("create-cut", 0), ("create-vanish", 1)])
async def test_a_lost_create_was_accepted_or_not(
    api: httpx.AsyncClient, member: Member, name: str, accepted: int
) -> None:
    await member.asked_for(name)
    with pytest.raises(httpx.RemoteProtocolError):
        await member.call(Point.CREATE)
    assert await creates(api) == accepted


@pytest.mark.parametrize("point", JSON_POINTS)
@pytest.mark.parametrize("pace", ["delay", "dribble"])
async def test_an_answer_comes_late_but_whole(member: Member, clock: Clock, point: Point, pace: str) -> None:
    await member.asked_for(f"{point}-{pace}")
    began = clock.now()
    assert (await member.call(point)).json()
    assert clock.now() - began == pytest.approx(5, rel=0.1)


@pytest.mark.parametrize("point", JSON_POINTS)
async def test_half_of_the_json_comes(member: Member, point: Point) -> None:
    await member.asked_for(f"{point}-garbled")
    with pytest.raises(json.JSONDecodeError):
        (await member.call(point)).json()


@pytest.mark.parametrize("point", JSON_POINTS)
async def test_an_answer_is_far_too_long(member: Member, point: Point) -> None:
    await member.asked_for(f"{point}-oversize")
    answer = await member.call(point)
    assert len(answer.content) > 32 * 1024 * 1024
    assert "content-length" not in answer.headers


async def test_a_status_nobody_knows_comes_twice(member: Member) -> None:
    await member.asked_for("unknown-word")
    words = [(await member.call(Point.STATUS)).json()["status"] for _ in range(3)]
    assert words == ["REHEARSING", "REHEARSING", "COMPLETED"]


async def test_success_without_video_is_made_good_or_not(member: Member) -> None:
    await member.asked_for("no-video-once")
    videos = [(await member.call(Point.RESULT)).json()["video"] for _ in range(2)]
    assert [bool(video) for video in videos] == [False, True]
    await member.asked_for("no-video")
    assert [(await member.call(Point.RESULT)).json()["video"] for _ in range(2)] == [None, None]


@pytest.mark.parametrize(
    ("name", "status", "kind"),
    [
        ("moderated", 422, "content_policy_violation"),
        ("failed", 400, "downstream_service_error"),
        ("crashed", 500, "runner_server_error"),
    ],
)
async def test_a_failure_is_told_in_the_status_and_in_place_of_the_result(
    member: Member, name: str, status: int, kind: str
) -> None:
    await member.reach(Point.STATUS, f"sim:{name}")
    told = await member.call(Point.STATUS)
    result = await member.call(Point.RESULT)
    assert (told.status_code, told.json()["status"], told.json()["error_type"]) == (200, "COMPLETED", kind)
    assert result.status_code == status
    detail = result.json()["detail"]
    assert kind == (result.json()["error_type"] if isinstance(detail, str) else detail[0]["type"])


async def test_an_endless_one_goes_on_rendering(member: Member, clock: Clock) -> None:
    await member.reach(Point.STATUS, "sim:endless")
    await clock.sleep(10 * LONG_ENOUGH)
    assert (await member.call(Point.STATUS)).json()["status"] == "IN_PROGRESS"


async def test_an_armed_failure_befalls_the_next_generation_only(api: httpx.AsyncClient, member: Member) -> None:
    await api.post("/control/faults", json={"fault": "failed"})
    await member.reach(Point.STATUS, "a boat")
    assert "error" in (await member.call(Point.STATUS)).json()
    await member.reach(Point.STATUS, "a boat")
    assert "error" not in (await member.call(Point.STATUS)).json()


async def test_an_expired_link_stays_so_until_a_new_one_is_asked_for(member: Member) -> None:
    await member.asked_for("media-expired")
    assert [(await member.call(Point.MEDIA)).status_code for _ in range(2)] == [403, 403]
    await member.link()
    assert (await member.call(Point.MEDIA)).status_code == 200


async def test_a_film_that_is_gone_stays_away(member: Member) -> None:
    await member.asked_for("media-gone")
    await member.link()
    assert [(await member.call(Point.MEDIA)).status_code for _ in range(2)] == [404, 404]


@pytest.mark.parametrize(("name", "status"), [("media-500", 500), ("media-503", 503)])
async def test_the_media_server_fails_once(member: Member, name: str, status: int) -> None:
    await member.asked_for(name)
    answers = [await member.call(Point.MEDIA) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [status, 200]
    assert answers[0].headers.get("retry-after") == ("1" if status == 503 else None)


async def test_half_a_film_passes_for_a_whole_one(api: httpx.AsyncClient, member: Member) -> None:
    await member.asked_for("media-truncated")
    half = await member.call(Point.MEDIA)
    promised = (await api.get(member.request["response_url"])).json()["video"]["file_size"]
    assert int(half.headers["content-length"]) == len(half.content) == promised // 2


async def test_a_connection_breaks_in_the_middle_of_a_film(member: Member) -> None:
    await member.asked_for("media-cut-midway")
    with pytest.raises(httpx.RemoteProtocolError):
        await member.call(Point.MEDIA)


async def test_a_page_comes_in_place_of_a_film(member: Member) -> None:
    await member.asked_for("media-html")
    page = await member.call(Point.MEDIA)
    assert (page.status_code, page.text[:15]) == (200, "<!doctype html>")


async def test_a_film_comes_without_its_size(member: Member) -> None:
    await member.asked_for("media-unsized")
    film = await member.call(Point.MEDIA)
    assert "content-length" not in film.headers
    assert film.content[4:8] == b"ftyp"


async def test_a_film_comes_slowly(member: Member, clock: Clock) -> None:
    await member.asked_for("media-slow")
    began = clock.now()
    film = await member.call(Point.MEDIA)
    assert int(film.headers["content-length"]) == len(film.content)
    assert clock.now() - began == pytest.approx(20, rel=0.1)
