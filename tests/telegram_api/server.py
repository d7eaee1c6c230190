"""A Telegram Bot API server on loopback, for tests of whatever talks to it.

It keeps the rules that a bot has to live with, and shows a test what members would see.
"""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from uvicorn.config import Config
from uvicorn.server import ServerState

from simulator.connection import SeverableProtocol
from tests.caller import CALLER, PREFIX
from tests.telegram_api import conversing, editing, sending
from tests.telegram_api.backstage import Backstage
from tests.telegram_api.clock import Clock
from tests.telegram_api.faults import Fault, Faults
from tests.telegram_api.flood import Rules
from tests.telegram_api.parameters import Parameters, parameters_of
from tests.telegram_api.people import Member
from tests.telegram_api.profile import Method, Profile
from tests.telegram_api.refusal import Refused
from tests.telegram_api.world import World

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # noqa: S105  # of nobody
METHODS: dict[str, Method] = {
    "getMe": conversing.get_me,
    "getUpdates": conversing.get_updates,
    "setWebhook": conversing.set_webhook,
    "deleteWebhook": conversing.delete_webhook,
    "getWebhookInfo": conversing.get_webhook_info,
    "answerCallbackQuery": conversing.answer_callback_query,
    "getChat": conversing.get_chat,
    "getChatMember": conversing.get_chat_member,
    "getChatMemberCount": conversing.get_chat_member_count,
    "getChatAdministrators": conversing.get_chat_administrators,
    "leaveChat": conversing.leave_chat,
    "getFile": conversing.get_file,
    "sendMessage": sending.send_message,
    "sendVideo": sending.send_video,
    "sendDocument": sending.send_document,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageMedia": editing.edit_message_media,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "setMessageReaction": editing.set_message_reaction,
}


@dataclass(slots=True, kw_only=True)
class Call:
    method: str
    parameters: dict[str, object]
    uploaded: int  # bytes of files
    at: float
    status: int = 0  # 0: no answer yet, or none at all
    description: str = ""  # of a refusal


class TelegramServer(Backstage):
    def __init__(
        self, folder: Path, *, token: str = TOKEN, clock: Clock | None = None, rules: Rules | None = None
    ) -> None:
        bot = Member(
            id=int(token.partition(":")[0]), first_name="Rushes", username="rushes_bot", language=None, is_bot=True
        )
        self.world = World(folder, bot, clock or Clock(), rules or Rules())
        super().__init__(self.world)
        self.world.members[bot.id] = bot
        self.token = token
        self.profile = Profile()
        self.faults = Faults()
        self.calls: list[Call] = []  # in the order in which they arrived
        self.throttled: Counter[str] = Counter()  # answers 429 by method
        self.app = Starlette(
            routes=[
                Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
                Route(f"{PREFIX}/bot{{token}}/{{method}}", self._call, methods=["GET", "POST"]),
                Route("/file/bot{token}/{address:path}", self._download),
            ]
        )
        self._methods = {name.lower(): (name, method) for name, method in (METHODS | self.profile.methods()).items()}
        self._port = 0
        self._listening: asyncio.Server | None = None
        self._delivering: asyncio.Task[None] | None = None
        self._state = ServerState()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """The token is appended to it."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def fault(self, method: str, fault: Fault, *, times: int = 1, chat_id: int | None = None) -> None:
        """Of the next calls, `*` being any but getUpdates; faults of one method wait for each other."""
        self.faults.plan(method, fault, times, chat_id)

    def hold(self, method: str, *, after: bool = False, times: int = 1) -> asyncio.Event:
        """The next calls wait until it is set, before they have their effect or before they are answered."""
        gate = asyncio.Event()
        self.fault(method, Fault(gate=gate, after=after), times=times)
        return gate

    async def start(self) -> None:
        config = Config(
            self.app,
            http=SeverableProtocol,
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            log_level="critical",
        )
        # No client keeps an idle connection for so long: one that is hung up on just then would see an error.
        config.timeout_keep_alive = 75
        config.load()
        listener = socket.create_server(("127.0.0.1", self._port), backlog=512)
        # Inherited by each connection: a short answer that waits for more to send costs its reader 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._port = listener.getsockname()[1]
        self._state = ServerState()
        # Not uvicorn's own server, whose start and stop each wait a tenth of a second.
        protocol = partial(SeverableProtocol, config=config, server_state=self._state, app_state={})
        self._listening = await asyncio.get_running_loop().create_server(protocol, sock=listener)
        self._delivering = asyncio.create_task(self.world.webhook.run(), name="webhook")

    async def stop(self) -> None:
        """Hang up on everybody; what was said and what is still to be told stays."""
        assert self._listening is not None
        assert self._delivering is not None
        self._listening.close()
        self._delivering.cancel()
        for connection in list(self._state.connections):
            connection.transport.abort()
        for task in list(self._state.tasks):
            task.cancel()
        await asyncio.gather(self._delivering, *self._state.tasks, return_exceptions=True)
        await self._listening.wait_closed()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def _call(self, request: Request) -> Response:
        if request.path_params["token"] != self.token:
            return refusal(Refused(401, "Unauthorized"))
        known = self._methods.get(request.path_params["method"].lower())
        if known is None:
            return refusal(Refused(404, "Not Found: method not found"))
        CALLER.set(request.path_params.get("caller", ""))
        try:
            async with parameters_of(request) as parameters:
                answering = self._answer(known[0], known[1], parameters)
                return await (while_connected(request, answering) if known[0] == "getUpdates" else answering)
        except Refused as unreadable:
            return refusal(unreadable)

    async def _answer(self, name: str, method: Method, parameters: Parameters) -> Response:
        call = Call(method=name, parameters=parameters.values, uploaded=parameters.uploaded, at=self.world.clock.now())
        self.calls.append(call)
        self.world.change()
        fault = self.faults.next(name.lower(), parameters.values.get("chat_id"))
        response: Response | None = None
        if not fault.after:
            await fault.wait()
            response = fault.answer()
        response = response or await self._effect(method, parameters, call)
        if fault.after:
            self.world.change()
            await fault.wait()
            response = fault.answer() or response
        if isinstance(response, JSONResponse):
            call.status = response.status_code
        if call.status == HTTPStatus.TOO_MANY_REQUESTS:
            self.throttled[name] += 1
        self.world.change()
        return response

    async def _effect(self, method: Method, parameters: Parameters, call: Call) -> Response:
        try:
            parameters.check_size()
            result = await method(self.world, parameters)
        except Refused as refused:
            call.description = refused.description
            return refusal(refused)
        return JSONResponse({"ok": True, "result": result})

    async def _download(self, request: Request) -> Response:
        file = self.world.files.at(request.path_params["address"])
        if request.path_params["token"] != self.token or file is None:
            return refusal(Refused(404, "Not Found"))
        return FileResponse(file.path)


async def while_connected(request: Request, answering: Coroutine[None, None, Response]) -> Response:
    """Who has hung up polls no longer, and so is in nobody's way."""
    async with asyncio.TaskGroup() as group:
        answer = group.create_task(answering, name="poll")
        gone = group.create_task(hung_up(request), name="hanging up")
        await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        answer.cancel()
    return Response() if answer.cancelled() else answer.result()


async def hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def refusal(refused: Refused) -> JSONResponse:
    return JSONResponse(refused.as_json(), refused.status)


@asynccontextmanager
async def telegram(
    folder: Path, *, token: str = TOKEN, clock: Clock | None = None, rules: Rules | None = None
) -> AsyncIterator[TelegramServer]:
    """Uploads are kept in `folder`."""
    server = TelegramServer(folder, token=token, clock=clock, rules=rules)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
