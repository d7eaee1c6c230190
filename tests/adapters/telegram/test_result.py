"""The clip in the chat."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.card import Verb
from bot.trouble import Undeliverable
from tests.adapters.telegram.lot import Lot
from tests.offline import CONTENT
from tests.stage import CLIP, Script
from tests.telegram_api.entities import units
from tests.telegram_api.faults import Fault
from tests.telegram_api.messages import Message

MOST = 49_900_000
HUGE = replace(CLIP, size=60_000_000)
SMALL = replace(CLIP, name="small.mp4", size=40_000_000)


@pytest.fixture
def small(lot: Lot) -> bytes:
    content = CONTENT + b"small"
    (lot.shelf.folder / SMALL.name).write_bytes(content)
    return content


async def test_the_clip_is_a_reply_to_the_command_byte_for_byte(lot: Lot) -> None:
    clip = await (await lot.order()).clip()
    assert clip.media is not None
    assert clip.media.kind == "video"
    assert clip.media.read() == CONTENT


async def test_the_player_knows_the_shape_before_the_clip_is_loaded(lot: Lot) -> None:
    clip = await (await lot.order()).clip()
    assert clip.media is not None
    assert (clip.media.width, clip.media.height, clip.media.duration) == (1280, 720, 5)
    assert clip.media.supports_streaming


async def test_the_clip_has_its_thumbnail(lot: Lot, jpeg: bytes, tmp_path: Path) -> None:
    lot.shelf.picture = tmp_path / "thumbnail.jpg"
    lot.shelf.picture.write_bytes(jpeg)
    clip = await (await lot.order()).clip()
    assert clip.media is not None
    assert clip.media.thumbnail is not None
    assert clip.media.thumbnail.read() == jpeg


async def test_the_caption_has_the_prompt_the_options_and_the_price(lot: Lot) -> None:
    clip = await (await lot.order("/video a red fox --ar 9:16 --seed 7")).clip()
    assert clip.caption.splitlines() == [
        "a red fox",
        "--ar 9:16 --res 720p --dur 5 --seed 7 --model v5.5",
        "1280×720, 5 s, $0.20",
    ]
    assert [entity["type"] for entity in clip.now.entities] == ["bold", "code"]


async def test_what_is_typed_is_never_markup(lot: Lot) -> None:
    prompt = "<b>a</b> *fox* [here](tg://user?id=1) <a href='tg://user?id=1'>there</a>"
    clip = await (await lot.order(f"/video {prompt}")).clip()
    assert clip.caption.splitlines()[0] == prompt
    assert [entity["type"] for entity in clip.now.entities] == ["bold", "code"]


async def test_in_a_group_the_caption_says_whose_clip_it_is(lot: Lot) -> None:
    group = lot.server.group("Film club", lot.ann)
    clip = await (await lot.order(chat=group)).clip()
    mention = clip.now.entities[-1]
    assert clip.caption.endswith("for Ann")
    assert (mention["type"], mention["url"]) == ("text_link", f"tg://user?id={lot.ann.id}")


async def test_a_long_prompt_is_cut_at_a_word_and_nothing_else_is(lot: Lot) -> None:
    group = lot.server.group("Film club", lot.ann)
    clip = await (await lot.order("/video " + "🦊 runs " * 250, group)).clip()
    assert 1000 < units(clip.caption) <= 1024
    prompt, *rest = clip.caption.splitlines()
    assert prompt.endswith(("🦊…", "runs…"))
    assert rest[-2:] == ["1280×720, 5 s, $0.20", "for Ann"]


async def test_the_clip_has_its_buttons(lot: Lot) -> None:
    clip = await (await lot.order()).clip()
    assert [button.text for button in clip.buttons] == ["🔄 Again", "🎯 Same seed", "✏️ Edit", "⬆️ HD", "🗑️ Delete"]
    assert all(button.data and len(button.data.encode()) <= 64 for button in clip.buttons)


async def test_whoever_looks_into_a_private_chat_sees_that_a_clip_is_coming(lot: Lot) -> None:
    await (await lot.order()).clip()
    (action,) = lot.server.called("sendChatAction")
    assert action.parameters == {"chat_id": lot.home.id, "action": "upload_video"}


@pytest.mark.parametrize(
    "fault", [Fault(status=403, description="Forbidden: bot was blocked by the user"), Fault(cut=True)]
)
async def test_a_clip_needs_no_sign_that_it_is_coming(lot: Lot, fault: Fault) -> None:
    lot.server.fault("sendChatAction", fault)
    assert (await (await lot.order()).clip()).media


async def send_again(lot: Lot) -> Message:
    """Ann's latest clip."""
    lot.rest()
    history = await lot.answer("/history")
    assert (await lot.presses(history, Verb.SEND_AGAIN)).text == "Sent again"
    return await lot.reply_to(history)


async def test_sending_again_uploads_nothing(lot: Lot) -> None:
    first = await (await lot.order()).clip()
    again = await send_again(lot)
    assert [call.uploaded for call in lot.server.called("sendVideo")] == [len(CONTENT), 0]
    assert again.media is not None
    assert first.media is not None
    assert again.media.file is first.media.file
    assert again.caption == first.caption


async def test_a_clip_that_telegram_no_longer_has_is_uploaded_again(lot: Lot) -> None:
    await (await lot.order()).clip()
    description = "Bad Request: wrong file identifier/HTTP URL specified"
    lot.server.fault("sendVideo", Fault(status=400, description=description))
    await send_again(lot)
    assert [call.uploaded for call in lot.server.called("sendVideo")] == [len(CONTENT), 0, len(CONTENT)]


async def test_a_copy_that_cannot_be_sent_is_told_to_whoever_pressed(lot: Lot) -> None:
    await (await lot.order()).clip()
    lot.rest()
    history = await lot.answer("/history")
    lot.server.fault("sendVideo", Fault(status=400, description="Bad Request: VIDEO_CONTENT_TYPE_INVALID"))
    answer = await lot.presses(history, Verb.SEND_AGAIN)
    assert (answer.text, answer.show_alert) == ("Not sent: The chat did not take the clip. Try again in a while.", True)


async def test_a_clip_that_is_too_large_is_made_to_fit(lot: Lot, small: bytes) -> None:
    lot.stage.library.fetches.will(HUGE)
    lot.shelf.fits = Script(SMALL)
    clip = await (await lot.order()).clip()
    assert lot.shelf.limits == [MOST]
    assert clip.media is not None
    assert clip.media.read() == small


async def test_a_clip_that_cannot_be_made_to_fit_becomes_a_link(lot: Lot) -> None:
    lot.stage.library.fetches.will(HUGE)
    lot.shelf.fits = Script(Undeliverable("it would be mush"))
    filming = await lot.order()
    await filming.finish()
    await lot.until(lambda: filming.status.is_deleted)
    link = await lot.reply_to(filming.command)
    assert link.text.splitlines()[:2] == [
        "Ready, but too large for this chat",
        "Watch the clip until 01 January, 12:00 UTC",
    ]
    assert "https://bot.example/clip.mp4" in [entity.get("url") for entity in link.now.entities]
    assert link.button("Delete").data


async def test_without_a_way_to_link_it_the_clip_is_kept_and_that_is_said(
    lot: Lot, caplog: pytest.LogCaptureFixture
) -> None:
    lot.stage.library.fetches.will(HUGE)
    lot.shelf.fits, lot.shelf.is_public = Script(Undeliverable("it would be mush")), False
    filming = await lot.order()
    job = await filming.finish()
    assert job.waits_for_a_person
    await lot.until(lambda: filming.status.is_deleted)
    kept = await lot.reply_to(filming.command)
    assert "Filmed, but not sent" in kept.text
    assert kept.button("Send again").data
    assert "RUSHES_PUBLIC_URL is not set" in caplog.text


async def test_a_clip_that_the_server_finds_too_large_goes_one_rung_down(lot: Lot, small: bytes) -> None:
    lot.stage.library.fetches.will(replace(CLIP, size=MOST - 1))
    lot.shelf.fits = Script(SMALL)
    lot.server.fault("sendVideo", Fault(status=413, description="Request Entity Too Large"))
    clip = await (await lot.order()).clip()
    assert lot.shelf.limits == [MOST // 2]
    assert clip.media is not None
    assert clip.media.read() == small


async def test_a_clip_that_the_server_always_finds_too_large_becomes_a_link(lot: Lot) -> None:
    lot.server.fault("sendVideo", Fault(status=413, description="Request Entity Too Large"), times=2)
    filming = await lot.order()
    await filming.finish()
    await lot.until(lambda: filming.status.is_deleted)
    assert "too large for this chat" in (await lot.reply_to(filming.command)).text


async def test_a_server_of_one_s_own_takes_what_telegram_does_not(closed: Lot) -> None:
    await closed.open(closed.chat(is_local=True))
    closed.stage.library.fetches.will(HUGE)
    assert (await (await closed.order()).clip()).media
    assert not closed.shelf.limits


async def test_a_clip_in_a_format_that_telegram_does_not_play_is_sent_as_a_file(lot: Lot) -> None:
    (lot.shelf.folder / CLIP.name).write_bytes(b"something else")
    clip = await (await lot.order()).clip()
    assert clip.media is not None
    assert clip.media.kind == "document"
    assert (await send_again(lot)).media
