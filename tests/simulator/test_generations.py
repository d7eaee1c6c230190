import random
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from simulator.clock import Clock
from simulator.film import Film
from simulator.generations import Ask, Generation, Generations, Outcome, Phase, usual_rendering

Book: TypeAlias = Callable[..., Generations]

ASK = Ask(dialect="fal", model="m", film=Film(prompt="a boat", seed=1), key="…", headers={})


@pytest.fixture
def book(clock: Clock) -> Book:
    def opened(runners: int = 8, speed: float = 1, folder: Path | None = None, seed: int = 1) -> Generations:
        chance = random.Random(seed)  # noqa: S311  # no secret
        return Generations(clock=clock, chance=chance, speed=speed, runners=runners, folder=folder)

    return opened


def asked(book: Generations, ask: Ask = ASK) -> Generation:
    return book.create(ask, lambda chance: f"{chance.getrandbits(64):x}:a/b")


async def wait_until(clock: Clock, moment: float) -> None:
    await clock.sleep(moment - clock.now())


async def test_a_generation_queues_renders_and_ends(book: Book, clock: Clock) -> None:
    generations = book()
    generation = asked(generations)
    assert generations.phase(generation) is Phase.QUEUED
    await wait_until(clock, generation.starts_at)
    assert generations.phase(generation) is Phase.RENDERING
    await wait_until(clock, generation.ends_at)
    assert generations.phase(generation) is Phase.ENDED
    assert generation.outcome is Outcome.FILMED


def test_drawn_times_are_about_the_usual_ones(book: Book) -> None:
    drawn = [asked(book(seed=seed)) for seed in range(400)]
    assert statistics.median(each.ready_at - each.asked_at for each in drawn) == pytest.approx(3, rel=0.1)
    assert statistics.median(each.rendering_seconds for each in drawn) == pytest.approx(35, rel=0.1)


def test_speed_divides_every_time(book: Book) -> None:
    usual, fast = asked(book()), asked(book(speed=10))
    assert usual.rendering_seconds == pytest.approx(10 * fast.rendering_seconds)
    assert usual.ready_at - usual.asked_at == pytest.approx(10 * (fast.ready_at - fast.asked_at))


def test_more_picture_takes_longer() -> None:
    plain = Film(prompt="a boat", seed=1)
    dearer = [
        Film(prompt="a boat", seed=1, resolution="1080p"),
        Film(prompt="a boat", seed=1, seconds=8),
        Film(prompt="a boat", seed=1, audio=True),
        Film(prompt="a boat", seed=1, multi_clip=True),
    ]
    assert all(usual_rendering(film) > usual_rendering(plain) for film in dearer)
    assert usual_rendering(Film(prompt="a boat", seed=1, resolution="360p")) < usual_rendering(plain)


def test_two_equal_asks_are_two_generations(book: Book) -> None:
    generations = book()
    first, second = asked(generations), asked(generations)
    assert first.id != second.id
    assert list(generations) == [first, second]


async def test_never_more_render_than_there_are_runners(book: Book, clock: Clock) -> None:
    generations = book(runners=3)
    all_of_them = [asked(generations) for _ in range(12)]
    moments = sorted(moment for each in all_of_them for moment in (each.starts_at, each.ends_at))
    for moment in moments:
        await wait_until(clock, moment)
        phases = [generations.phase(each) for each in all_of_them]
        assert phases.count(Phase.RENDERING) <= 3
    assert set(phases) == {Phase.ENDED}


async def test_the_position_is_the_number_ahead(book: Book, clock: Clock) -> None:
    generations = book(runners=1)
    first, second, third = (asked(generations) for _ in range(3))
    assert [generations.ahead(each) for each in (first, second, third)] == [0, 1, 2]
    await wait_until(clock, first.starts_at)
    assert [generations.ahead(each) for each in (second, third)] == [0, 1]


async def test_after_a_cancellation_those_behind_move_up(book: Book, clock: Clock) -> None:
    generations = book(runners=1)
    first, second, third = (asked(generations) for _ in range(3))
    await wait_until(clock, first.starts_at)
    assert generations.cancel(second)
    assert generations[second.id].outcome is Outcome.CANCELLED
    assert generations.phase(generations[second.id]) is Phase.ENDED
    assert generations[third.id].starts_at == first.ends_at
    assert generations.cancel(first)
    assert generations[third.id].starts_at == clock.now()


async def test_what_has_ended_cannot_be_cancelled(book: Book, clock: Clock) -> None:
    generations = book()
    generation = asked(generations)
    await wait_until(clock, generation.ends_at)
    assert not generations.cancel(generation)
    assert generations[generation.id].outcome is Outcome.FILMED


async def test_an_endless_one_ends_only_by_cancellation_and_holds_up_nobody(book: Book, clock: Clock) -> None:
    generations = book(runners=1)
    endless_ask = Ask(dialect="fal", model="m", film=ASK.film, key="…", headers={}, endless=True)
    endless, other, waiting = asked(generations, endless_ask), asked(generations), asked(generations, endless_ask)
    await wait_until(clock, other.ends_at - 0.001)
    assert generations.phase(endless) is Phase.RENDERING
    assert generations.phase(other) is Phase.RENDERING
    assert generations.cancel(endless)
    assert generations.phase(generations[endless.id]) is Phase.ENDED
    assert generations.phase(generations[waiting.id]) is Phase.QUEUED


async def test_a_restarted_book_goes_on_where_it_was(book: Book, clock: Clock, tmp_path: Path) -> None:
    before = book(folder=tmp_path / "requests", runners=1)
    first, second = asked(before), asked(before)
    before.cancel(first)
    after = book(folder=tmp_path / "requests", runners=1)
    assert list(after) == [before[first.id], before[second.id]]
    assert after[first.id].outcome is Outcome.CANCELLED
    assert after.find_by_media(second.media_token) == before[second.id]
    assert after.phase(after[second.id]) is Phase.QUEUED
    await wait_until(clock, after[second.id].ends_at)
    assert after.phase(after[second.id]) is Phase.ENDED


def test_a_restart_with_the_same_random_seed_draws_no_id_twice(book: Book, tmp_path: Path) -> None:
    before = asked(book(folder=tmp_path))
    generations = book(folder=tmp_path)
    # The first draw of an id comes at the same place of the random sequence as before.
    assert asked(generations).id != before.id
    assert len(list(generations)) == 2


def test_what_nobody_asked_for_is_not_found(book: Book) -> None:
    generations = book()
    assert generations.find("x") is None
    assert generations.find_by_media("x") is None
