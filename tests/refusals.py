"""Every refusal that there is, written in the language of the moment."""

from datetime import UTC, timedelta

import adapters.chat.discord.form as discord_form
import adapters.chat.discord.refusal as discord_refusal
import adapters.chat.telegram.forms as telegram_forms
import adapters.chat.telegram.members as telegram_members
import adapters.chat.telegram.office as telegram_office
import adapters.chat.web.incoming as web_incoming
from adapters.operator_page import forms
from bot import (
    access,
    admin_words,
    administration,
    asking,
    decision,
    desk,
    forbidding,
    linking,
    matter,
    moderation,
    refusal,
    request,
    tongue,
    values,
)
from bot.allowance import Allowance, Reach, Use
from bot.catalogue import OFFERS
from bot.choosing import NoOffer
from bot.commands import UnknownCommand
from bot.flags import UnknownFlag
from bot.money import Micros
from bot.phrase import limit_of
from bot.refusal import Refusal
from bot.request import VideoRequest
from bot.shortage import LimitReached, NoRoomToChange
from bot.strike import CoolingDown, Struck
from bot.taboo import Kind
from tests.stage import NOON

USE = Use(allowance=Allowance(limit_of("5 videos a day"), Reach.PERSON), used=5, frees_at=NOON + timedelta(hours=12))


def every() -> list[Refusal]:
    reached = LimitReached(USE, Micros(200_000), NOON, UTC)
    complaint = moderation.Complaint(Kind.BLOCK, "“gore” is not filmed here.")
    return [
        reached,
        NoRoomToChange(reached),
        UnknownCommand("vdeo"),
        UnknownFlag("--aspekt", "--aspect"),
        NoOffer(VideoRequest(prompt="a fox", seconds=10), OFFERS[:1]),
        values.BadValue("ar", "5:4", "16:9"),
        values.MissingValue("ar", "16:9"),
        request.EmptyPrompt(),
        request.TextTooLong("", 9999),
        request.UnwritableText("", "\x00"),
        access.NotHere(),
        access.NotListed(),
        access.MustAsk("web:lobby"),
        access.StillAsked(),
        access.AlreadyAnswered("Ann was let in by Olga"),
        admin_words.NotUnderstood("There is no “dance”.", "/video_admin help shows all there is."),
        administration.NotAnAdmin(),
        administration.NobodyCalled("@zoe"),
        asking.NotYoursToAnswer(by_operators=True),
        decision.Banned(decision.Ban("spam", NOON + timedelta(hours=1)), NOON, UTC),
        decision.DecidedByOperators(),
        decision.DoneBefore(),
        desk.NotOneJob("3f", is_any=True),
        desk.NotOneJob("3f", is_any=False),
        forbidding.NotForbidden("gore", "here", is_in_file=True),
        linking.OnlyInPrivate(),
        linking.NotBeforeOthers(),
        linking.NothingLinked(),
        linking.JoinedWhileBanned(),
        linking.JoinedWhileStruck(),
        linking.WrongCode(),
        linking.TriedTooOften(),
        matter.OnlyOperators(),
        moderation.NotFilmed(complaint, Struck(1, None), NOON, UTC),
        moderation.NotChecked(),
        moderation.ForAdults(),
        refusal.Restarting(),
        refusal.Paused("lunch"),
        refusal.NobodyFilms(),
        refusal.NotWritten("database is locked"),
        refusal.NoSuchClip(),
        refusal.StillUnderWay(),
        refusal.ClipNoLongerKept(timedelta(days=30)),
        refusal.PromptNoLongerKept(None),
        refusal.CouldNotSend(),
        refusal.NotYours("Ann"),
        refusal.OrderedElsewhere(),
        refusal.StaysAsItWas(refusal.NothingRuns()),
        refusal.NothingRuns(),
        refusal.NothingToRefund(),
        refusal.TooLate("That order is over."),
        refusal.OrderIsOver(),
        refusal.OrderedBefore(),
        tongue.NotSpoken("elvish"),
        CoolingDown(NOON + timedelta(hours=1), NOON, UTC),
        discord_refusal.MayNotPost(["Attach Files"]),
        discord_refusal.Outdated(),
        discord_form.TooLongToEdit(5000),
        telegram_forms.NoWordsYet(),
        telegram_forms.NoForm(),
        telegram_forms.TooLongForForm(),
        telegram_forms.BeingFilmed(),
        telegram_forms.NotChanged(),
        telegram_members.NotTold(),
        telegram_office.Forwarded(),
        web_incoming.NotFromHere(),
        web_incoming.NotJson(),
        web_incoming.TooLarge(),
        web_incoming.Unreadable("no text"),
        web_incoming.NoSuchButton(),
        forms.NotOurForm(),
        forms.NotAForm(),
        forms.TooMuch(),
    ]
