"""Whatever was lost, doubled or left over, the audit finds it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.chaos.audit import audit
from tests.chaos.lives import lives
from tests.chaos.orders import Order, TelegramOrder, orders
from tests.chaos.performance import Part, Performance
from tests.chaos.scene import Scene, TelegramPlace, cast, staged
from tests.chaos.wishes import Kind, Wish

JOBS = 2 * len(Kind)


async def test_it_finds_what_is_wrong(tmp_path: Path, films: Path) -> None:
    async with staged(tmp_path, films, parallel=JOBS, cap=JOBS) as scene, lives(scene.folder) as program:
        ordered = list(orders(cast(scene), JOBS, 1))
        await Performance(scene, program, ordered, JOBS).play(iter([Part(scene.lifetime(), JOBS, is_last=True)]))
        assert await unmet(scene, ordered) == set()
        await spoil(scene, ordered)
        assert await unmet(scene, ordered) == {
            "clips that were paid for and did not arrive",
            "files that are half done",
            "jobs that were charged otherwise",
            "jobs that were submitted twice",
            "jobs without exactly one ending in the ledger",
            "people whose account does not add up",
            "submissions of which nobody knows",
            "wrong orders that were not refused",
        }


async def test_what_a_killed_life_had_sent_may_be_taken_in_after_its_death(tmp_path: Path, films: Path) -> None:
    async with staged(tmp_path, films, parallel=1, cap=1) as scene, lives(scene.folder) as program:
        there = scene.telegram
        ann = there.member("Ann")
        order = TelegramOrder(cast(scene), Wish(0, Kind.FILM), ann, TelegramPlace(there.private(ann)))
        await order.send()
        gate = there.hold("sendVideo")
        life = await program.begin(scene.lifetime())
        await there.until(lambda: there.called("sendVideo"))
        life.kill()
        await life.ended.wait()
        scene.kills.append(scene.clock.now())
        gate.set()
        await Performance(scene, program, [], 1).play(iter([Part(scene.lifetime(), 0, is_last=True)]))
        clips = order.seen(None)
        assert sorted(clip.by for clip in clips) == ["0", "1"]
        assert scene.kills[0] < min(clip.at for clip in clips)
        assert await unmet(scene, [order]) == set()


async def unmet(scene: Scene, ordered: list[Order]) -> set[str]:
    return {line.what for line in await audit(scene, ordered) if not line.is_met}


async def spoil(scene: Scene, ordered: list[Order]) -> None:
    """As though some things had gone wrong."""
    (scene.clips / "half.part").touch()
    for kind in (Kind.FILM, Kind.WRONG):
        order = next(each for each in ordered if each.wish.kind is kind and isinstance(each, TelegramOrder))
        replies = scene.telegram.replies(order.place.chat)
        await scene.telegram.removes(next(message for message in replies if message.reply_to is order.asked))
    with closing(sqlite3.connect(scene.folder / "data" / "rushes.db")) as connection, connection:
        connection.execute("DELETE FROM ledger WHERE number = (SELECT max(number) FROM ledger WHERE kind = 'settle')")
    await create_again(scene)


async def create_again(scene: Scene) -> None:
    [found] = scene.rows("SELECT correlation FROM jobs WHERE offer LIKE 'aimlapi/%' AND phase = 'delivered' LIMIT 1")
    answer = await scene.control.post(
        "/aimlapi/v2/video/generations",
        json={"model": "pixverse/v5-5-text-to-video", "prompt": "a fox"},
        headers={"Authorization": "Bearer secret", "X-Client-Request-Id": found["correlation"]},
    )
    assert answer.is_success, answer.text
