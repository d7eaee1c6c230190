import time

from simulator.clock import WallClock


async def test_the_wall_clock_tells_the_time_and_sleeps() -> None:
    clock = WallClock()
    began = clock.now()
    await clock.sleep(0.001)
    assert began < clock.now() <= time.time()
