"""What every implementation of `bot.ports.Chat` keeps."""

from dataclasses import replace

import pytest

from adapters.chat.web.room import WebChat
from bot.job import Job, Phase
from bot.ports import Chat
from bot.wording import job_card
from tests.stage import CLIP, HandChat, Stage


@pytest.fixture(params=[WebChat, HandChat])
def chat(request: pytest.FixtureRequest) -> Chat:
    built: Chat = request.param()
    return built


@pytest.fixture
async def job(stage: Stage) -> Job:
    return await stage.job((await stage.order()).job)


def test_showing_never_fails_whatever_the_order_of_the_cards(chat: Chat, job: Job) -> None:
    newer = replace(job, phase=Phase.RENDERING, revision=job.revision + 1)
    for shown in (newer, job, newer):
        chat.show(shown, job_card(shown))


def test_a_job_of_a_place_that_nobody_looks_at_is_no_trouble(chat: Chat, job: Job) -> None:
    elsewhere = replace(job, place=replace(job.place, chat="nowhere"))
    chat.show(elsewhere, job_card(elsewhere))


@pytest.mark.parametrize("maybe_sent", [False, True])
async def test_a_delivery_ends_with_a_receipt_also_when_it_may_be_the_second(
    chat: Chat,
    job: Job,
    maybe_sent: bool,  # noqa: FBT001 - a column of the table
) -> None:
    finished = replace(job, phase=Phase.DELIVERING, clip=CLIP)
    assert await chat.deliver(finished, job_card(finished), maybe_sent=maybe_sent)
