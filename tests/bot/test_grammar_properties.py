from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.catalogue import MODELS, PROVIDERS
from bot.flags import FLAGS, SPELLINGS
from bot.grammar import flags_of, parse, render
from bot.refusal import Refusal
from bot.request import SEED_LIMIT, TEXT_LIMIT, Ratio, Resolution, Style, Thinking, VideoRequest, tidied

steady = settings(
    derandomize=True, deadline=None, database=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow]
)

TRICKY = [
    *(f"--{word}" for word in SPELLINGS),
    *("--", "-", "—", "–", "----", "—ar", "-res", "--4k", "--16:9", "/video", "/video@bot", "help", "?", "-h"),
    *('"', "“", "”", "„", "«", "»", "'", "‘", "’", "`", "\\", '\\"', "\\\\", '\\\\"'),
    *("=", ":", ".", ",", ")", "(", "…", "=off", "on", "off", "no", "0", "16:9", "16x9", "5s", "720", "x", "a fox"),
    *(" ", "  ", "\n", "\t", "\u00a0", "\u200b", "\ufeff", "\u2028", "\x00", "\x07", "\x1c", "\ud800", "\udfff", "🦊"),
]
written = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)
tricky = st.lists(st.sampled_from([word for word in TRICKY if word.isprintable() or word.isspace()]), max_size=25)
texts = st.one_of(written, tricky.map("".join), tricky.map(" ".join))
canonical = texts.map(tidied)
prompts = canonical.filter(lambda text: text.strip("\u200b\u200e\u200f\u2060\ufeff ") != "")

requests = st.builds(
    VideoRequest,
    prompt=prompts,
    ratio=st.none() | st.sampled_from(Ratio),
    resolution=st.none() | st.sampled_from(Resolution),
    seconds=st.none() | st.sampled_from([5, 8, 10]),
    negative=st.none() | canonical.filter(bool),
    style=st.none() | st.sampled_from(Style),
    seed=st.none() | st.integers(0, SEED_LIMIT),
    audio=st.none() | st.booleans(),
    multi_clip=st.none() | st.booleans(),
    thinking=st.none() | st.sampled_from(Thinking),
    model=st.none() | st.sampled_from(list(MODELS)),
    provider=st.none() | st.sampled_from(list(PROVIDERS)),
)


def outcome(text: str) -> VideoRequest | Refusal:
    """What a person gets; anything but a request or a refusal fails the test."""
    try:
        return parse(text).request
    except Refusal as refusal:
        return refusal


@steady
@given(requests)
def test_a_request_written_down_is_read_as_the_same_request(request: VideoRequest) -> None:
    assert parse(render(request)).request == request


@steady
@given(requests)
def test_writing_down_what_was_read_changes_nothing_more(request: VideoRequest) -> None:
    once = render(request)
    assert render(parse(once).request) == once


@steady
@given(requests, st.permutations(range(len(FLAGS))), st.data())
def test_flags_mean_the_same_in_any_order(request: VideoRequest, order: list[int], data: st.DataObject) -> None:
    chosen = dict(request.chosen())
    typed = [
        flags_of(VideoRequest(prompt="", **{flag.option: chosen[flag.option]}))  # type: ignore[arg-type]
        for flag in (FLAGS[index] for index in order)
        if flag.option in chosen
    ]
    command = data.draw(st.sampled_from(["/video", "/video@bot", ""]))
    assert parse(" ".join((command, *typed, "--", request.prompt))).request == request


def is_legible(refusal: Refusal) -> bool:
    return str(refusal).isprintable() and bool(refusal.reason and refusal.remedy)


@steady
@given(st.text(st.characters(), max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = outcome(text)
    assert isinstance(found, VideoRequest) or is_legible(found)


@steady
@given(st.lists(st.sampled_from(TRICKY), max_size=60), st.sampled_from(["", " "]))
def test_any_mixture_of_fragments_is_read_or_refused(fragments: list[str], between: str) -> None:
    found = outcome(between.join(fragments))
    assert isinstance(found, VideoRequest) or is_legible(found)


@settings(steady, max_examples=60)
@given(st.lists(st.sampled_from(TRICKY), min_size=1, max_size=8), st.integers(1, 10_000))
def test_a_text_of_ten_thousand_characters_is_read_or_refused(fragments: list[str], length: int) -> None:
    fragment = "".join(fragments)
    found = outcome((fragment * (length // len(fragment) + 1))[:length])
    assert isinstance(found, VideoRequest) or is_legible(found)


@steady
@given(st.lists(st.sampled_from(TRICKY), max_size=40), st.sampled_from(["", " "]))
def test_what_is_read_can_be_written_down_and_read_again(fragments: list[str], between: str) -> None:
    found = outcome(between.join(fragments))
    if isinstance(found, VideoRequest):
        assert parse(render(found)).request == found
        assert len(found.prompt) <= TEXT_LIMIT
        str(found).encode()


words = st.lists(
    st.sampled_from(["fox", "snow", "don't", "(red)", "a-b", "5", "狐狸", '"quick"', "—", "-"]), min_size=1
)


@steady
@given(words, words)
def test_no_word_of_the_prompt_is_lost_around_a_flag(before: list[str], after: list[str]) -> None:
    text = " ".join((*before, "--ar 16:9", *after))
    assert parse(text).request.prompt == " ".join((*before, *after))
