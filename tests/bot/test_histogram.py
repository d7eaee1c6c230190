import pytest

from bot.histogram import Histogram


def test_a_value_counts_in_the_bucket_whose_end_it_does_not_pass() -> None:
    histogram = Histogram((1.0, 2.0, 4.0))
    for value in (0.0, 1.0, 1.5, 4.0, 9.0):
        histogram.note(value)
    assert (histogram.buckets, histogram.total) == ([2, 1, 1, 1], 15.5)


@pytest.mark.parametrize(
    ("values", "share", "below"),
    [
        ([], 0.5, None),
        ([0.5, 0.5], 0.5, 0.5),
        ([1.5] * 10, 0.9, 1.9),
        ([0.5, 1.5, 3.0, 3.0], 0.75, 3.0),
        ([0.5, 100.0], 0.9, 4.0),
        ([3.0], 0.0, 0.0),
    ],
)
def test_a_share_of_the_values_is_below_what_the_buckets_tell(
    values: list[float], share: float, below: float | None
) -> None:
    histogram = Histogram((1.0, 2.0, 4.0))
    for value in values:
        histogram.note(value)
    assert histogram.quantile(share) == below
