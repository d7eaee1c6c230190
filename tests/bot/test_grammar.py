import sys
from typing import TYPE_CHECKING

import pytest

from bot.flags import UnknownFlag
from bot.grammar import Command, asks_for_help, flags_of, parse, render
from bot.refusal import Refusal
from bot.request import (
    EmptyPrompt,
    Ratio,
    Resolution,
    Style,
    TextTooLong,
    Thinking,
    UnwritableText,
    VideoRequest,
)
from bot.values import BadValue, MissingValue

if TYPE_CHECKING:
    from bot.remark import Remark

TALL = VideoRequest(prompt="a fox", ratio=Ratio.TALL)
WIDE = VideoRequest(prompt="a fox", ratio=Ratio.WIDE)
SILENT = VideoRequest(prompt="a fox", audio=False)
LOUD = VideoRequest(prompt="a fox", audio=True)
BLUR = VideoRequest(prompt="a fox", negative="blur, text")


def said(command: Command) -> list[str]:
    return [str(remark) for remark in command.remarks]


def test_every_option_can_be_said_in_one_command() -> None:
    command = parse(
        "/video a red fox --ar 9:16 --res 1080p --dur 8 --no blur, text --style 3d --seed 42 --audio --multi"
        " --think off --model v5.5 --provider fal --cost"
    )
    assert command == Command(
        request=VideoRequest(
            prompt="a red fox",
            ratio=Ratio.TALL,
            resolution=Resolution.P1080,
            seconds=8,
            negative="blur, text",
            style=Style.ANIMATION,
            seed=42,
            audio=True,
            multi_clip=True,
            thinking=Thinking.OFF,
            model="pixverse-v5.5",
            provider="fal",
        ),
        price_only=True,
    )


def test_what_nobody_chose_stays_open() -> None:
    assert parse("/video a fox") == Command(request=VideoRequest(prompt="a fox"))


@pytest.mark.parametrize(
    "text",
    [
        "/video a fox",
        "/VIDEO a fox",
        "/video@rushes_bot a fox",
        "  /video@Rushes a fox",
        "/video\na fox",
        "/video\u00a0a fox",
        "a fox",
        "  a \t fox \n",
    ],
)
def test_the_command_itself_is_no_part_of_the_prompt(text: str) -> None:
    assert parse(text).request == VideoRequest(prompt="a fox")


@pytest.mark.parametrize("text", ["/video--ar 9:16 a fox", "/video@rushes_bot—ar 9:16 a fox"])
def test_a_flag_may_follow_the_command_without_a_space(text: str) -> None:
    assert parse(text).request == TALL


def test_a_word_that_only_begins_like_the_command_belongs_to_the_prompt() -> None:
    assert parse("/videos of foxes").request.prompt == "/videos of foxes"


@pytest.mark.parametrize("dash", ["-", "--", "---", "–", "—", "‒", "―", "−", "‐", "‑", "–-", "-—", "----"])
def test_a_dash_that_a_phone_made_of_two_still_starts_a_flag(dash: str) -> None:
    assert parse(f"/video a fox {dash}ar 9:16").request == TALL


@pytest.mark.parametrize(
    "flag",
    [
        "--ar 9:16",
        "--ar9:16",
        "--ar=9:16",
        "--ar = 9:16",
        "--ar= 9:16",
        "--ar:9:16",
        "--ar: 9:16",
        "--ar  \n 9:16",
        "--ar\u00a09:16",
        "--AR 9:16",
        "--Ar 9x16",
        "--ar 9X16",
        "--ar 9×16",
        "--ar 9/16",
        "--ar tall",
        "--ar Vertical",
        "--aspect 9:16",
        "--aspect-ratio 9:16",
        "--aspect_ratio 9:16",
        "--ratio 9:16",
        '--ar "9:16"',
        "--ar “9:16”",
        "--ar '9:16'",
        "--ar ‘9:16’",
        "--ar «9:16»",
        '--ar="9:16"',
        '--ar "9:16',
        '--ar “9:16"',
        "--ar (9:16)",
        "--ar 9:16.",
        "--ar 9:16,",
        "--ar 9:16!?",
        "--ar 9:16…",
        '--ar "9:16".',
        "--ar “9:16.”",
        "--ar 9:16\u200b",
        "\u00a0--ar 9:16",
        "\n--ar 9:16",
        "\u200b--ar 9:16",
        "\ufeff--ar 9:16",
    ],
)
def test_a_value_is_understood_however_it_is_attached(flag: str) -> None:
    request = parse(f"/video a fox {flag}").request
    assert request.ratio is Ratio.TALL
    assert request.prompt.strip("\u200b\ufeff ") == "a fox"


@pytest.mark.parametrize("text", ["--ar 9:16 a fox", "a --ar 9:16 fox", "a fox --ar 9:16", "a\n--ar 9:16\nfox"])
def test_flags_stand_before_between_or_after_the_words(text: str) -> None:
    assert parse(f"/video {text}").request == TALL


@pytest.mark.parametrize(
    ("flag", "seconds"), [("--dur 5s", 5), ("--dur 8sec", 8), ("-d10", 10), ("--length 8", 8), ("--duration:5s.", 5)]
)
def test_seconds_may_carry_their_unit(flag: str, seconds: int) -> None:
    assert parse(f"a fox {flag}").request.seconds == seconds


@pytest.mark.parametrize(
    ("flag", "resolution"),
    [
        ("--res 720", Resolution.P720),
        ("--quality 1080P", Resolution.P1080),
        ("-q hd", Resolution.P720),
        ("--resolution fhd", Resolution.P1080),
        ("--res360", Resolution.P360),
        ("--res=540p", Resolution.P540),
    ],
)
def test_quality_is_another_word_for_resolution(flag: str, resolution: Resolution) -> None:
    assert parse(f"a fox {flag}").request.resolution is resolution


@pytest.mark.parametrize("flag", ["--v5", "--v 5", "-m v5", "--model pixverse-v5", "--version=V5", "--model v5."])
def test_the_model_is_known_by_its_version(flag: str) -> None:
    assert parse(f"a fox {flag}").request.model == "pixverse-v5"


@pytest.mark.parametrize("flag", ["--v5.5", "--v 5.5", "--model v5-5", "--model pixverse-v5.5"])
def test_a_point_in_a_version_is_no_full_stop(flag: str) -> None:
    assert parse(f"a fox {flag}").request.model == "pixverse-v5.5"


@pytest.mark.parametrize(
    ("flag", "thinking"),
    [
        ("--think on", Thinking.ON),
        ("--think auto", Thinking.AUTO),
        ("--thinking=off", Thinking.OFF),
        ("--raw", Thinking.OFF),
        ("--enhance", Thinking.ON),
    ],
)
def test_raw_and_enhance_say_whether_the_prompt_may_be_rewritten(flag: str, thinking: Thinking) -> None:
    assert parse(f"a fox {flag}").request.thinking is thinking


@pytest.mark.parametrize(
    "flag",
    [
        "--audio",
        "--sound",
        "--audio on",
        "--audio=on",
        "--audio: yes",
        "--audio true.",
        '--audio "1"',
        "--audio.",
        "--audio,",
        "--audio:",
    ],
)
def test_a_switch_is_on_by_being_there(flag: str) -> None:
    assert parse(f"a fox {flag}").request == LOUD


@pytest.mark.parametrize(
    "flag",
    [
        "--audio=off",
        "--audio:off",
        "--audio = off",
        "--audio: off",
        "--audio off",
        "--audio OFF.",
        "--audio “no”",
        "--audio=“no”",
        "--sound=false",
        "--audio 0",
        "--silent",
        "--mute.",
        "--no-audio",
        "--no_sound",
    ],
)
def test_sound_can_be_switched_off(flag: str) -> None:
    assert parse(f"a fox {flag}").request == SILENT


def test_off_counts_where_only_flags_follow() -> None:
    assert parse("a fox --audio off --ar 9:16").request == VideoRequest(prompt="a fox", audio=False, ratio=Ratio.TALL)
    assert parse("--audio off -- a fox").request == SILENT


def test_with_an_equals_sign_off_counts_wherever_it_stands() -> None:
    assert parse("--audio= off a fox").request == SILENT


def test_off_before_more_of_the_prompt_is_a_word_of_it_and_that_is_said() -> None:
    command = parse("a man jumps --audio off a cliff")
    assert command.request == VideoRequest(prompt="a man jumps off a cliff", audio=True)
    assert said(command) == ["The prompt goes on with “off”; to switch --audio off, write --audio=off"]


def test_on_before_more_of_the_prompt_is_simply_a_word_of_it() -> None:
    assert parse("a dog --audio on a beach") == Command(request=VideoRequest(prompt="a dog on a beach", audio=True))


@pytest.mark.parametrize(
    ("flag", "reason"),
    [
        ("--audio5", "“5” does not go with --audio."),
        ("--audio=loud", "“loud” does not go with --audio."),
        ("--sound=,off", "“,off” does not go with --sound."),
        ("--silent=on", "“on” does not go with --silent."),
        ("--silent off", "“off” does not go with --silent."),
        ("--raw3", "“3” does not go with --raw."),
    ],
)
def test_what_is_attached_to_a_switch_is_read_or_refused(flag: str, reason: str) -> None:
    with pytest.raises(BadValue) as refused:
        parse(f"a fox {flag}")
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("flag", "negative"),
    [
        ("--no blur, text", "blur, text"),
        ("--no  blur,\n text ", "blur, text"),
        ('--no="blur, text"', "blur, text"),
        ('--no "blur, text".', "blur, text"),
        ("--negative “blur, text”", "blur, text"),
        ("--neg „blur, text“", "blur, text"),
        ("--no ”blur, text”", "blur, text"),
        ("--no ‘blur, text’", "blur, text"),
        ("--no «blur, text»", "blur, text"),
        ("--no »blur, text«", "blur, text"),
        ("--no `blur, text`", "blur, text"),
        ("--no 'blur, text'", "blur, text"),
        ("-no blur, text", "blur, text"),
        ("--negative_prompt: blur, text", "blur, text"),
        ("--no blur, text.", "blur, text."),
        ('--no "--ar 16:9, — and -res"', "--ar 16:9, — and -res"),
        (r'--no "a \"sign\" and \\ and \n"', r'a "sign" and \ and \n'),
        ('--no a "sign" and more', 'a "sign" and more'),
        ('--no "blur', '"blur'),
        ('--no "blur\\', '"blur\\'),
        ('--no "blur\\"', '"blur\\"'),
        ("--no 'til dawn, someone's hat", "'til dawn, someone's hat"),
        ("--no ’til dawn, don’t", "’til dawn, don’t"),
        ('--no "a 5"x6 print"', 'a 5"x6 print'),
    ],
)
def test_negative_words_reach_to_the_next_flag_or_the_closing_quote(flag: str, negative: str) -> None:
    assert parse(f"a fox {flag}").request.negative == negative
    assert parse(f"a fox {flag} --ar 9:16").request == VideoRequest(prompt="a fox", negative=negative, ratio=Ratio.TALL)


def test_words_after_quoted_ones_belong_to_the_prompt() -> None:
    assert parse('/video --no "blur, text" a fox').request == BLUR


def test_a_quote_that_never_closes_is_an_ordinary_character() -> None:
    command = parse('a fox --no "blur --no "text')
    assert command.request.negative == '"text'


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("--ar 16:9 --ar 9:16", "You gave --ar more than once; the last one counts: --ar 9:16"),
        ("--ar 9:16 --aspect tall", "You gave --ar more than once; the last one counts: --ar 9:16"),
        ("--silent --audio", "You gave --audio more than once; the last one counts: --audio"),
        ("--audio --silent", "You gave --audio more than once; the last one counts: --audio=off"),
        ("--seed 1 --seed random", "You gave --seed more than once; the last one counts: --seed random"),
        ("--style clay --style none", "You gave --style more than once; the last one counts: --style none"),
        ("--no a --no b", 'You gave --no more than once; the last one counts: --no "b"'),
        (
            f"--no a --no {'b' * 100}",
            f'You gave --no more than once; the last one counts: --no "{"b" * 33}…',
        ),
    ],
)
def test_the_last_of_a_repeated_flag_counts_and_that_is_said(text: str, remark: str) -> None:
    assert said(parse(f"a fox {text}")) == [remark]


def test_three_of_one_flag_are_remarked_on_once() -> None:
    command = parse("a fox --seed 1 --seed 2 --seed 3")
    assert command.request.seed == 3
    assert len(command.remarks) == 1


def test_a_lone_double_dash_ends_the_flags() -> None:
    command = parse("/video --ar 9:16 -- a fox")
    assert command == Command(request=TALL)


def test_a_flag_after_the_lone_double_dash_is_prompt_and_that_is_said() -> None:
    command = parse("/video --ar 9:16 -- a sign that says --res=720 or --dur")
    assert command.request == VideoRequest(prompt="a sign that says --res=720 or --dur", ratio=Ratio.TALL)
    assert said(command) == ["Everything after the lone -- belongs to the prompt, also --res"]


def test_a_second_lone_double_dash_is_kept_without_a_word() -> None:
    assert parse("/video -- a -- fox") == Command(request=VideoRequest(prompt="a -- fox"))


@pytest.mark.parametrize("text", ["a fox (--ar 9:16)", "a fox.--ar 9:16", "a fox,--ar=9:16"])
def test_a_flag_without_a_space_before_it_stays_in_the_prompt_and_that_is_said(text: str) -> None:
    command = parse(text)
    assert command.request == VideoRequest(prompt=text)
    assert said(command) == ["Without a space before it, --ar was taken as part of the prompt."]


def test_the_same_remark_is_made_once() -> None:
    assert len(parse("a--ar " * 300).remarks) == 1


def test_after_the_lone_double_dash_nobody_misses_a_space() -> None:
    assert said(parse("-- a fox.--ar 9:16")) == []


@pytest.mark.parametrize(
    "prompt",
    [
        "a well-known fox",
        "a fox - in snow",
        "a fox — in snow",
        "snow at -5 degrees, later −10",
        "a fox--quick and brown--runs",
        "a → b --> c",
        "a --- b",
        "10% & <b>bold</b> *stars* _lines_ `code`",
        "un zorro rápido 🦊 狐狸",
    ],
)
def test_ordinary_dashes_and_signs_stay_in_the_prompt(prompt: str) -> None:
    assert parse(f"/video {prompt}") == Command(request=VideoRequest(prompt=prompt))


@pytest.mark.parametrize(
    ("flag", "named", "guess"),
    [
        ("--rez 720", "--rez", "--res"),
        ("--qualty 720p", "--qualty", "--quality"),
        ("--resolutoin=720p", "--resolutoin", "--resolution"),
        ("--dura 5", "--dura", "--dur"),
        ("—styl anime", "—styl", "--style"),
        ("--sed.", "--sed", "--seed"),
        ("--anime", "--anime", "--style anime"),
        ("--Vertical", "--Vertical", "--ar vertical"),
        ("--1080p", "--1080p", "--res 1080p"),
        ("--16:9.", "--16:9", "--ar 16:9"),
        ("—8s", "—8s", "--dur 8s"),
        ("--3d", "--3d", "--style 3d"),
    ],
)
def test_an_unknown_flag_is_named_with_the_nearest_one(flag: str, named: str, guess: str) -> None:
    with pytest.raises(UnknownFlag) as refused:
        parse(f"/video a fox {flag}")
    assert refused.value.reason == f"There is no option {named}. Did you mean {guess}?"
    assert refused.value.remedy == (
        "The options are --ar, --res, --dur, --no, --style, --seed, --audio, --multi, --think, --model, --provider,"
        " --spoiler, --cost. Everything after a lone -- belongs to the prompt."
    )


@pytest.mark.parametrize("flag", ["--xyzzy", "--4k", "-b", "—and", "--狐狸"])
def test_without_a_near_one_nothing_is_guessed(flag: str) -> None:
    with pytest.raises(UnknownFlag) as refused:
        parse(f"/video a fox {flag} 7")
    assert refused.value.reason == f"There is no option {flag}."


@pytest.mark.parametrize(
    ("flag", "reason", "remedy"),
    [
        (
            "--ar 17:9",
            "“17:9” does not go with --ar. Did you mean 16:9?",
            "Write --ar with 16:9, 9:16, 1:1, 4:3 or 3:4.",
        ),
        ("--quality 4k", "“4k” does not go with --quality.", "Write --quality with 360p, 540p, 720p or 1080p."),
        ("--dur 6", "“6” does not go with --dur.", "Write --dur with 5, 8 or 10."),
        ("--dur .5", "“.5” does not go with --dur. Did you mean 5?", "Write --dur with 5, 8 or 10."),
        ("--dur 5.5", "“5.5” does not go with --dur.", "Write --dur with 5, 8 or 10."),
        (
            "--style animee.",
            "“animee” does not go with --style. Did you mean anime?",
            "Write --style with anime, 3d, clay, comic, cyberpunk or none.",
        ),
        (
            "--seed 2147483648",
            "“2147483648” does not go with --seed.",
            "Write --seed with a whole number from 0 to 2147483647, or random.",
        ),
        (
            "--seed -5",
            "“-5” does not go with --seed.",
            "Write --seed with a whole number from 0 to 2147483647, or random.",
        ),
        ("--audio=loud", "“loud” does not go with --audio.", "Write --audio with on or off; alone it means on."),
        ("--silent=on", "“on” does not go with --silent.", "Write --silent with no value."),
        ("--model v6", "“v6” does not go with --model.", "Write --model with v5.5 or v5."),
    ],
)
def test_an_unknown_value_is_named_with_all_that_is_accepted(flag: str, reason: str, remedy: str) -> None:
    with pytest.raises(BadValue) as refused:
        parse(f"/video a fox {flag}")
    assert (refused.value.reason, refused.value.remedy) == (reason, remedy)


def test_a_refusal_repeats_only_the_beginning_of_what_was_typed() -> None:
    with pytest.raises(BadValue) as refused:
        parse(f"a fox --ar {'9' * 500}")
    assert refused.value.reason == f"“{'9' * 39}…” does not go with --ar."


def test_a_refusal_repeats_no_character_that_a_chat_cannot_show() -> None:
    with pytest.raises(BadValue) as refused:
        parse("a fox --ar 1\ud800\x07\u202e6")
    assert refused.value.reason == "“1���6” does not go with --ar."


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("a fox --ar", "ar"),
        ("a fox --res=", "res"),
        ("a fox --ar --dur 5", "ar"),
        ("a fox --ar -- x", "ar"),
        ("a fox --ar .", "ar"),
        ('a fox --ar ""', "ar"),
        ("a fox --seed “”", "seed"),
        ("a fox --no", "no"),
        ("a fox --neg --ar 9:16", "neg"),
        ('a fox --no ""', "no"),
        ('a fox --no "  "', "no"),
    ],
)
def test_a_flag_without_its_value_says_what_it_takes(text: str, flag: str) -> None:
    with pytest.raises(MissingValue) as refused:
        parse(text)
    assert refused.value.reason == f"Nothing stands after --{flag}."
    assert refused.value.remedy.startswith(f"Write --{flag} with ")


@pytest.mark.parametrize("text", ["", "/video", "/video@bot ", "/video --ar 9:16", "/video -- ", "/video \u200b"])
def test_an_empty_prompt_is_refused_with_the_count_and_an_example(text: str) -> None:
    with pytest.raises(EmptyPrompt) as refused:
        parse(text)
    assert refused.value.reason == "The prompt is empty: it has 0 of up to 2,048 characters."
    assert refused.value.remedy == "Say what to film, for example: /video a red fox in snow --ar 9:16"


def test_a_flag_that_took_the_whole_prompt_is_named() -> None:
    with pytest.raises(EmptyPrompt) as refused:
        parse("/video --ar 9:16 --no blur a fox in snow")
    assert refused.value.remedy == (
        "Every word after --no went to it: write the prompt first, or quotes around its words."
    )


def test_a_prompt_may_have_2048_characters() -> None:
    assert parse(f"/video  {'x' * 2048} --ar 9:16").request.prompt == "x" * 2048


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x" * 2049, "The prompt has 2,049 characters; the most is 2,048."),
        (f"a fox --no {'x' * 12000}", "The text of --no has 12,000 characters; the most is 2,048."),
    ],
)
def test_a_text_that_is_too_long_is_refused_with_the_count(text: str, reason: str) -> None:
    with pytest.raises(TextTooLong) as refused:
        parse(text)
    assert refused.value.reason == reason


@pytest.mark.parametrize("text", ["a \ud83e fox", "a fox\x00", "a fox --no \udfff"])
def test_what_cannot_be_written_down_is_refused(text: str) -> None:
    with pytest.raises(UnwritableText):
        parse(text)


@pytest.mark.parametrize("text", ["/video help", "/video --help", "/video@bot HELP", "-h", "/video ?", "/video —help"])
def test_help_is_asked_for_in_several_ways(text: str) -> None:
    assert asks_for_help(text)


@pytest.mark.parametrize("text", ["/video help me find a fox", "/video", "a helping hand"])
def test_a_prompt_about_help_asks_for_none(text: str) -> None:
    assert not asks_for_help(text)


@pytest.mark.parametrize(
    ("prompt", "command"),
    [
        ("a fox", "/video a fox --ar 9:16 --audio=off"),
        ("a -- fox", "/video --ar 9:16 --audio=off -- a -- fox"),
        ("--dur 5", "/video --ar 9:16 --audio=off -- --dur 5"),
        ("help", "/video --ar 9:16 --audio=off -- help"),
    ],
)
def test_a_request_is_written_as_it_would_be_typed(prompt: str, command: str) -> None:
    assert render(VideoRequest(prompt=prompt, ratio=Ratio.TALL, audio=False)) == command


def test_a_prompt_that_reads_like_a_call_for_help_is_filmed_all_the_same() -> None:
    assert not asks_for_help(render(VideoRequest(prompt="help")))


def test_the_chosen_options_stand_in_one_order() -> None:
    request = parse('a fox --think on --no "a \\ b" --multi --seed 0 --ar square').request
    assert flags_of(request) == r'--ar 1:1 --no "a \\ b" --seed 0 --multi --think on'


def calls_for(text: str) -> int:
    """How many Python and C functions run while the text is read."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        parse(text)
    except Refusal:
        pass
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "fragment",
    [
        "--ar 16:9 ",
        "--audio ",
        "--audio off ",
        "--audio off a ",
        '--no "x ',
        "--no “x ",
        "--no 'x. ",
        "--no `x ",
        '--no "\\ ',
        '--no "\\\\" ',
        "\\",
        "- ",
        "-",
        "— ",
        "a--ar ",
        "--no x ",
        '"',
        " ",
    ],
)
def test_twice_the_text_is_about_twice_the_work(fragment: str) -> None:
    once, twice = calls_for(f"fox {fragment * 500}"), calls_for(f"fox {fragment * 1000}")
    assert twice < 2.1 * once + 20


def test_a_remark_is_one_line_of_plain_text() -> None:
    remarks: tuple[Remark, ...] = parse("a--ar --no a --no x\ny --audio off x -- --x\x07").remarks
    assert all(str(remark).isprintable() for remark in remarks)
    assert len(remarks) == 4
