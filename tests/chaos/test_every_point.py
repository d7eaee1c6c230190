"""The whole program, killed once at every point that the lives of sixty jobs lead to, loses nothing."""

from pathlib import Path

from bot.rulebook import Rulebook
from tests.chaos.audit import audit, table
from tests.chaos.lives import lives
from tests.chaos.orders import orders
from tests.chaos.performance import Performance, at_every_point
from tests.chaos.points import call_of, calls
from tests.chaos.scene import cast, staged

JOBS, CROWD, PARALLEL, SEED = 60, 6, 2, 1

ELSEWHERE = frozenset(
    {
        # For clips that are larger than a chat takes.
        *("library.fitted", "library.link"),
        # What admins decide, and what they are told; what is refused for what it asks to see.
        *(f"rulebook.{each}" for each in vars(Rulebook) if not each.startswith("_")),
        *("chat.tell", "store.strike", "store.welcome"),
        # Clips that are no longer on the disk.
        "chat.keeps",
        # One person of two accounts.
        *("store.offer_link", "store.redeem_link", "store.withdraw_link"),
        # A language that somebody chose.
        "store.speak",
        # The web chat.
        "store.jobs_in",
    }
) - {"rulebook.taboos", "rulebook.said", "rulebook.circles"}
"""What no order on Telegram or Discord leads to."""

WITH_LUCK = frozenset(
    {
        # Where nothing cancelled, changed, deleted or looked up came through before its process died.
        *("provider.cancel", "provider.find", "store.adjust", "store.latest_of", "store.ordered_with"),
        *("store.remember", "store.person_of", "library.discard"),
        # A share of the cap that was noted is told to nobody after that.
        "operators.tell",
    }
)
"""What some of the orders lead to, unless a kill turns them away."""


async def test_killed_once_at_every_point_it_loses_nothing_and_pays_nothing_twice(tmp_path: Path, films: Path) -> None:
    async with staged(tmp_path, films, parallel=PARALLEL, cap=JOBS) as scene, lives(scene.folder) as program:
        ordered = list(orders(cast(scene), JOBS, SEED))
        await Performance(scene, program, ordered, CROWD).play(at_every_point(scene, JOBS))
        lines = await audit(scene, ordered)
        points = scene.deaths.read_text().splitlines()
    print(table(lines))  # noqa: T201 - shown where it fails
    assert [line.what for line in lines if not line.is_met] == []
    assert len(set(points)) == len(points) == len(scene.kills)
    assert calls() - {call_of(point) for point in points} - WITH_LUCK == ELSEWHERE
