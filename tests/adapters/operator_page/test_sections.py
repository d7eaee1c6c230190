"""What an operator sees, and what comes of what they press."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.operator_page.signature import OPERATOR
from bot.card import Order
from bot.job import Failure, FailureKind, Phase, Place
from bot.ports import Broken, Rendering
from bot.trouble import Undeliverable
from tests.adapters.operator_page.office import Office
from tests.stage import ANN, BOB, LOBBY, Script

NASTY = "<img src=x onerror=alert(1)> <script>alert(2)</script> \"' {{ 7*7 }} *bold* [a](javascript:alert(3))"


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


async def a_day_later(office: Office) -> None:
    """Of which the session does not survive the night."""
    office.stage.clock.forward(timedelta(days=1).total_seconds())
    await office.browser.sign_in()


async def test_the_first_page_tells_what_goes_on(office: Office) -> None:
    stage = office.stage
    stage.provider.sights = Script(Rendering())
    await stage.until((await stage.order()).job, Phase.RENDERING)
    stage.clock.forward(200)
    await stage.order("a hare", BOB)
    stage.clock.forward(30)
    shown = text_of(await office.browser.get())
    assert "Under way 2 the oldest for 3 min 50 s" in shown
    assert "In line 1 the first for 30 s" in shown
    assert "Held up 0 every clip was sent" in shown
    assert "Asking 0 nobody asks to be let in" in shown
    assert "Today $0.40 $0.40 this month" in shown
    assert "filming 1 3 min 50 s being fetched 0 –" in shown
    assert "fal takes orders 0 of 2 45 ms –" in shown
    assert "There is none: nothing keeps this bot from spending more." in shown


async def test_on_a_quiet_day_the_first_page_says_so(office: Office) -> None:
    shown = text_of(await office.browser.get())
    assert "Under way 0 nothing at the moment In line 0 nobody waits" in shown
    assert "Nothing was ordered yet." in shown


@pytest.mark.parametrize(
    "path", ["", "/", "/money", "/money?days=365", "/jobs", "/people", "/chats", "/gallery", "/audit"]
)
async def test_a_bot_that_has_done_nothing_yet_has_every_page(office: Office, path: str) -> None:
    assert "</main>" in await office.browser.get(path)


async def test_the_first_page_tells_how_long_a_clip_takes_and_how_much_of_the_caps_is_used(office: Office) -> None:
    stage = office.stage
    await stage.desk.say(OPERATOR, "budget $1 a day, 2 running")
    job = (await stage.order()).job
    await stage.step(job)
    stage.clock.forward(90)
    await stage.finish(job)
    shown = text_of(await office.browser.get())
    assert "fal takes orders 0 of 2 45 ms 1 min 30 s" in shown
    assert "$0.20 of $1.00 a day 0 of 2 running" in shown


async def test_what_no_chat_took_stands_out_and_is_sent_again(office: Office) -> None:
    stage = office.stage
    stage.chat.receipts = Script(Undeliverable("gone"), "message 2")
    job = (await stage.order()).job
    await stage.finish(job)
    assert "Held up 1 paid for, not taken by the chat" in text_of(await office.browser.get())
    page = text_of(await office.browser.get(f"/jobs/{job}"))
    assert "held up for" in page
    assert "Send again The clip is sent to where it was ordered." in page
    assert "not taken by the chat" in page
    await office.browser.do(f"/jobs/{job}/send-again", next=f"/operator/jobs/{job}")
    assert (await stage.finish(job)).phase is Phase.DELIVERED
    decided = text_of(await office.browser.get("/audit"))
    assert f"Operator page operator everywhere send-again {job} (Ann)" in decided


async def test_a_pause_stands_above_everything_and_ends_with_a_button(office: Office) -> None:
    await office.browser.do("/say", words="everywhere pause", reason="maintenance")
    page = await office.browser.get()
    assert "No new orders are taken maintenance Take orders again" in text_of(page)
    page = await office.browser.do("/say", words="everywhere resume")
    assert "New orders are taken everywhere." in page
    assert "No new orders are taken" not in page


async def test_jobs_are_found_by_word_state_chat_person_provider_and_day(office: Office) -> None:
    stage = office.stage
    fox = (await stage.order("a red fox")).job
    await a_day_later(office)
    hare = (await stage.order("a brown hare", BOB)).job
    await stage.finish(hare)
    person = (await stage.job(hare)).person
    for query, found in {
        "": {fox, hare},
        "?q=FOX": {fox},
        f"?q={hare[:7]}": {hare},
        "?q=Bob": {hare},
        "?phase=delivered": {hare},
        "?phase=under-way": {fox},
        "?phase=nonsense": {fox, hare},
        "?provider=fal": {fox, hare},
        "?provider=aimlapi": set(),
        "?chat=web:lobby": {fox, hare},
        "?chat=web:other": set(),
        f"?person={person}": {hare},
        "?since=2026-01-02": {hare},
        "?until=2026-01-01": {fox},
        "?since=nonsense&until=9999-12-31&before=x": {fox, hare},
    }.items():
        page = await office.browser.get(f"/jobs{query}")
        shown = {job for job in (fox, hare) if f"/operator/jobs/{job}" in page}
        assert shown == found, query
    assert "Nothing is like that." in await office.browser.get("/jobs?q=badger")


async def test_older_jobs_are_on_further_pages_with_the_same_search(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.operator_page.jobs.PAGE", 2)
    jobs = [(await office.stage.order(f"fox {number}")).job for number in range(5)]
    await office.stage.order("a hare")
    page, seen = await office.browser.get("/jobs?q=fox"), []
    while True:
        seen += re.findall(r'class="job" href="/operator/jobs/(\w+)"', page)
        older = re.search(r'href="(\?q=fox&amp;before=\d+)" rel="next"', page)
        if older is None:
            break
        page = await office.browser.get(f"/jobs{older[1].replace('&amp;', '&')}")
        assert 'href="?q=fox">' in page
    assert seen == jobs[::-1]


async def test_a_job_is_told_from_beginning_to_end(office: Office) -> None:
    stage = office.stage
    job = (await stage.order("a fox --seed 7 --res 360p")).job
    stage.clock.forward(5)
    await stage.step(job)
    stage.clock.forward(60)
    await stage.finish(job)
    page = text_of(await office.browser.get(f"/jobs/{job}"))
    assert (
        "waiting 12:00:00 for 5 s being ordered 12:00:05 for 0 s filming 12:00:05 for 1 min 0 s "
        "being fetched 12:01:05" in page
    )
    assert "reserved ordered $0.15" in page
    assert "charged filmed $0.15" in page
    assert f"Number {job} By Ann Where Web lobby When 01 January 2026, 12:00:00 UTC" in page
    assert "Filmed with PixVerse v5.5 at fal Seed 7 Price $0.15 Delivery arrived" in page
    assert "--res 360p --seed 7" in page
    assert "1280 × 720, 5.0 s, 1000 B" in page


async def test_why_a_job_failed_is_told_and_it_can_be_filmed_again(office: Office) -> None:
    stage = office.stage
    stage.provider.sights = Script(Broken(Failure(FailureKind.MODERATED, "hands")))
    job = (await stage.order()).job
    await stage.finish(job)
    page = text_of(await office.browser.get(f"/jobs/{job}"))
    assert "the moderation refused it: “hands”" in page
    assert "Film again A new order on the account of Ann, about $0.20. Film it?" in page
    assert "Refund" not in page
    await office.browser.do(f"/jobs/{job}/film-again")
    assert [each.identity for each in await stage.store.unfinished()] == [ANN]


async def test_a_job_is_cancelled_and_refunded_with_a_reason(office: Office) -> None:
    stage = office.stage
    waiting, filmed = (await stage.order()).job, (await stage.order()).job
    await stage.finish(filmed)
    assert "Cancelled" in await office.browser.do(f"/jobs/{waiting}/cancel")
    assert (await stage.job(waiting)).phase is Phase.CANCELLED
    page = await office.browser.do(f"/jobs/{filmed}/refund", reason="blurred", next=f"/operator/jobs/{filmed}")
    assert "It costs its person nothing any more." in page
    assert "refunded to its person" in page
    assert 'action="/operator/jobs/' + filmed + '/refund"' not in page
    assert "refunded: blurred" in page
    again = await office.browser.do(f"/jobs/{filmed}/refund")
    assert "Nothing to refund" in again


async def test_what_is_to_be_cancelled_is_said_until_it_is(office: Office) -> None:
    stage = office.stage
    stage.provider.sights = Script(Rendering())
    job = (await stage.order()).job
    await stage.until(job, Phase.RENDERING)
    page = await office.browser.do(f"/jobs/{job}/cancel", next=f"/operator/jobs/{job}")
    assert "is to be cancelled" in page
    assert f"/operator/jobs/{job}/cancel" not in page


async def test_an_unknown_job_is_not_found(office: Office) -> None:
    assert "There is nothing here" in await office.browser.get("/jobs/ffff", 404)
    assert "There is no job" in await office.browser.do("/jobs/ffff/cancel")


async def test_money_is_told_by_day_provider_chat_and_person(office: Office) -> None:
    stage = office.stage
    await stage.desk.say(OPERATOR, "budget $1 a day")
    await stage.finish((await stage.order("a fox --res 1080p")).job)
    await a_day_later(office)
    await a_day_later(office)
    await stage.finish((await stage.order("a hare", BOB)).job)
    await stage.order("a badger", BOB)
    page = await office.browser.get("/money")
    shown = text_of(page)
    assert "Today $0.40 This month $0.80 By its end" in shown
    assert "Cap 40 % $0.40 of $1.00 a day" in shown
    assert "2026-01-03 1 $0.20 $0.20 2026-01-01 1 $0.40 $0.00" in shown
    assert "fal 2 $0.60" in shown
    assert "Web lobby 2 $0.60" in shown
    assert "Ann 1 $0.40 Bob 1 $0.20" in shown
    assert page.count('<rect class="spent"') == 2
    assert "<title>03 Jan: $0.20 + $0.20</title>" in page
    week = await office.browser.get("/money?days=7")
    assert 'href="?days=7" aria-current="true"' in week
    assert 'href="?days=30" aria-current="true"' in await office.browser.get("/money?days=8")


async def test_people_are_found_and_decided_about(office: Office) -> None:
    stage = office.stage
    await stage.order(by=replace(ANN, handle="ann_b"))
    stage.clock.forward(60)
    await stage.order(by=BOB)
    everybody = text_of(await office.browser.get("/people"))
    assert "Bob web:bob – 1 $0.00 12:01 Ann @ann_b web:ann – 1 $0.00 12:00" in everybody
    assert "Decide about" not in everybody
    key = ANN.key
    for task, fields, answer in (
        ("limit", {"words": "5 videos a day"}, "Ann everywhere: 5 videos a day."),
        ("tier", {"words": "crew"}, "in tier crew everywhere."),
        ("grant", {"words": "3 videos", "reason": "the contest"}, "3 videos"),
        ("ban", {"words": "for 3 days", "reason": "spam"}, "may not order everywhere: spam."),
    ):
        assert answer.replace("Ann", key) in await office.browser.do(f"/people/{task}", key=key, **fields)
    page = text_of(await office.browser.get("/people?q=ann_b"))
    assert "Decide about Ann" in page
    assert "tier crew banned until 04 Jan, 12:01: spam" in page
    assert "What they may use everywhere 1 of 5 videos a day" in page
    await office.browser.do("/people/unban", key=key)
    await office.browser.do("/people/allow", key=key)
    await office.browser.do("/people/limit", key=key, words="unlimited")
    assert "tier crew let in no limits" in text_of(await office.browser.get("/people?q=ann"))
    assert "Nobody is like that." in await office.browser.get("/people?q=nobody")


async def test_people_and_chats_have_further_pages(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("people", "chats"):
        monkeypatch.setattr(f"adapters.operator_page.{module}.PAGE", 1)
    await office.stage.order(by=ANN)
    other = Order(identity=BOB, place=Place(platform="web", chat="attic"), event="other", text="a hare")
    await office.stage.studio.order(other)
    for path in ("/people", "/chats"):
        assert 'href="?skip=1" rel="next"' in await office.browser.get(path)
        second = await office.browser.get(f"{path}?skip=1")
        assert 'href="?"' in second
        assert 'rel="next"' not in second


async def test_whoever_asks_is_let_in_or_not(office: Office) -> None:
    stage = office.stage
    await stage.desk.say(OPERATOR, "access request")
    for by in (ANN, BOB):
        await stage.studio.order(Order(identity=by, place=LOBBY, event=by.user, text="a fox"))
        stage.clock.forward(60)
    assert "Asking 2 to be let in" in text_of(await office.browser.get())
    page = await office.browser.get("/chats")
    assert "Ann web:ann, since 12:00 , everywhere /video a fox" in text_of(page)
    first, second = re.findall(r'action="/operator(/requests/\w+)"', page)
    assert "Ann was let in by Operator page" in await office.browser.do(first, answer="approve")
    assert "Bob was not let in by Operator page" in await office.browser.do(second, answer="deny")
    assert [each.identity for each in await stage.store.unfinished()] == [ANN]
    assert "Already answered" in await office.browser.do(first, answer="deny")


async def test_a_chat_is_ruled_from_its_own_sheet(office: Office) -> None:
    await office.stage.order()
    assert "Web lobby – 1 1 $0.00 12:00" in text_of(await office.browser.get("/chats"))
    await office.browser.do("/say", chat="web:lobby", words="pause", reason="the night")
    page = text_of(await office.browser.get("/chats?chat=web:lobby"))
    assert "What holds in Web lobby ← Everywhere No new orders: the night." in page
    assert "Take orders again" in page
    assert "paused: the night" in page
    assert "Web lobby everywhere" not in text_of(await office.browser.get("/audit?chat=web:lobby"))
    assert "Web lobby pause because of the night" in text_of(await office.browser.get("/audit?chat=web:lobby"))
    assert "What holds everywhere Everyone may order." in text_of(await office.browser.get("/chats?chat=no+chat"))


async def test_whatever_video_admin_takes_can_be_typed_with_or_without_it(office: Office) -> None:
    for words in ("budget $20 a day", "/video_admin budget $20 a day"):
        assert "All together everywhere: $20.00 a day." in await office.browser.do("/say", words=words)
    page = await office.browser.do("/say", words="help")
    assert "<p>everywhere budget $20 a day — for the whole bot</p>" in page


async def test_everything_that_strangers_write_stays_words(office: Office) -> None:
    stage, by = office.stage, replace(ANN, name=NASTY, handle="h")
    job = (await stage.order(f"-- {NASTY}", by)).job
    await stage.desk.say(OPERATOR, f"ban {BOB.key} because of {NASTY}")
    await stage.desk.say(OPERATOR, f"pause because of {NASTY}")
    paths = ("", "/money", "/jobs", f"/jobs/{job}", "/people", "/people?q=ann", "/chats", "/gallery", "/audit")
    for path in (*paths, f"/jobs?q={NASTY}&chat={NASTY}&person={NASTY}", f"/audit?chat={NASTY}", f"/people?q={NASTY}"):
        page = (await office.browser.client.get(f"/operator{path}", headers={"X": "y"})).text
        assert "<img src=x" not in page, path
        assert "<script>alert" not in page, path
        assert 'href="javascript' not in page, path
        assert ">49" not in page, path
        assert "&#34;&#39; 49" not in page, path


async def test_what_is_fetched_of_a_forgotten_person_says_nothing_of_them(office: Office) -> None:
    stage = office.stage
    job = (await stage.order("a secret fox")).job
    await stage.finish(job)
    await stage.say("/forget me", ANN)
    assert "Ann" not in await office.browser.get("/people")
    assert job not in await office.browser.get("/jobs")
    page = text_of(await office.browser.get(f"/jobs/{job}"))
    assert "somebody who was forgotten" in page
    assert "secret" not in page
    assert "Refund" not in page


async def test_what_was_ordered_in_private_is_told_without_its_words(office: Office) -> None:
    alone = replace(LOBBY, chat="ann", is_private=True)
    await office.stage.studio.order(Order(identity=ANN, place=alone, event="1", text="a secret fox --style clay"))
    (job,) = await office.stage.store.unfinished()
    for path in ("", "/jobs", f"/jobs/{job.id}"):
        page = await office.browser.get(path)
        assert "ordered in private" in page
        assert "secret" not in page
        assert "clay" not in page


async def test_a_mishap_is_told_with_its_number_in_the_log(
    office: Office, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.stage.store.survey, "_database", None)
    answer = await office.browser.client.get("/operator/jobs")
    assert answer.status_code == 500
    reference = caplog.records[-1].getMessage().split()[-1]
    assert reference in answer.text
