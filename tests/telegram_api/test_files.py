import io

import httpx
import pytest
from PIL import Image

from tests.telegram_api.conftest import Ask
from tests.telegram_api.people import Chat
from tests.telegram_api.server import TelegramServer

MP4 = b"\x00\x00\x00\x18ftypmp42film"


@pytest.fixture
def chat(server: TelegramServer) -> Chat:
    return server.private(server.member("Ann"))


async def uploaded(
    client: httpx.AsyncClient, server: TelegramServer, chat: Chat, method: str = "sendVideo", **files: bytes
) -> httpx.Response:
    url = f"{server.base_url}{server.token}/{method}"
    parts = {name: (f"{name}.bin", content) for name, content in files.items()}
    return await client.post(url, data={"chat_id": str(chat.id), "caption": "Done"}, files=parts)


async def test_fifty_megabytes_and_no_byte_more(server: TelegramServer, client: httpx.AsyncClient, chat: Chat) -> None:
    most = MP4 + bytes(50_000_000 - len(MP4))
    assert (await uploaded(client, server, chat, video=most)).status_code == 200
    refused = await uploaded(client, server, chat, video=most + b"x")
    assert (refused.status_code, refused.json()["description"]) == (413, "Request Entity Too Large")
    [kept] = server.replies(chat)
    assert kept.media is not None
    assert kept.media.file.size == 50_000_000


async def test_what_is_no_mp4_arrives_as_a_file(server: TelegramServer, client: httpx.AsyncClient, chat: Chat) -> None:
    assert "document" in (await uploaded(client, server, chat, video=b"GIF89a..")).json()["result"]
    assert "document" in (await uploaded(client, server, chat, "sendDocument", document=MP4)).json()["result"]


async def test_a_thumbnail_is_a_small_jpeg(
    server: TelegramServer, client: httpx.AsyncClient, chat: Chat, jpeg: bytes
) -> None:
    await uploaded(client, server, chat, video=MP4, thumbnail=jpeg)
    media = server.replies(chat)[0].media
    assert media is not None
    assert media.thumbnail is not None
    assert media.thumbnail.read() == jpeg
    large = io.BytesIO()
    Image.new("RGB", (321, 10)).save(large, "JPEG")
    for unfit in (jpeg + bytes(200_000), b"no picture", large.getvalue()):
        assert (await uploaded(client, server, chat, video=MP4, thumbnail=unfit)).status_code == 400


async def test_an_empty_file_or_an_unknown_one_is_refused(
    server: TelegramServer, client: httpx.AsyncClient, chat: Chat, ask: Ask
) -> None:
    empty = await uploaded(client, server, chat, video=b"")
    assert empty.json()["description"] == "Bad Request: file must be non-empty"
    for unknown in ("AgACAgIAAx", "attach://nothing"):
        refusal = await ask("sendVideo", chat_id=chat.id, video=unknown)
        assert refusal == "Bad Request: wrong file identifier/HTTP URL specified"
    assert await ask("sendVideo", chat_id=chat.id) == "Bad Request: there is no video in the request"


async def test_a_caption_is_shorter_than_a_text(
    server: TelegramServer, client: httpx.AsyncClient, chat: Chat, ask: Ask
) -> None:
    sent = (await uploaded(client, server, chat, video=MP4)).json()["result"]
    video, target = sent["video"]["file_id"], {"chat_id": chat.id, "message_id": sent["message_id"]}
    long = await ask("sendVideo", chat_id=chat.id, video=video, caption="x" * 1025)
    assert long == "Bad Request: message caption is too long"
    assert await ask("editMessageCaption", **target, caption="x" * 1025) == "Bad Request: MEDIA_CAPTION_TOO_LONG"
    assert (await ask("editMessageCaption", **target, caption="x" * 1024))["caption"] == "x" * 1024
    refusal = await ask("editMessageText", **target, text="x")
    assert refusal == "Bad Request: there is no text in the message to edit"


async def test_a_sent_file_can_be_fetched_if_it_is_not_too_big(
    server: TelegramServer, client: httpx.AsyncClient, chat: Chat, ask: Ask
) -> None:
    small = (await uploaded(client, server, chat, video=MP4)).json()["result"]["video"]
    path = (await ask("getFile", file_id=small["file_id"]))["file_path"]
    fetched = await client.get(f"{server.base_file_url}{server.token}/{path}")
    assert fetched.content == MP4
    assert (await client.get(f"{server.base_file_url}1:A/{path}")).status_code == 404
    large = (await uploaded(client, server, chat, video=MP4 + bytes(20 << 20))).json()["result"]["video"]
    assert await ask("getFile", file_id=large["file_id"]) == "Bad Request: file is too big"
