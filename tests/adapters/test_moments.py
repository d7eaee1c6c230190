"""A moment within a sentence, as every platform shows it."""

from telegram import MessageEntity

from adapters.chat.discord import rendering as discord
from adapters.chat.telegram import rendering as telegram
from adapters.chat.web.page import Page
from bot.card import Card
from bot.moment import Timed
from tests.stage import NOON

CARD = Card(
    title="Allowance used up",
    lines=("5 of 5 videos used today.", Timed("The next one is free ", NOON, "at 13:00", ". Ask *him*.")),
)


def test_telegram_shows_it_by_the_reader_s_clock_and_has_words_for_the_rest() -> None:
    text = telegram.card_text(CARD)
    assert str(text).endswith("\nThe next one is free at 13:00. Ask *him*.")
    (moment,) = [entity for entity in text.entities if entity.type == MessageEntity.DATE_TIME]
    assert (moment.unix_time, str(text)[moment.offset : moment.offset + moment.length]) == (NOON, "at 13:00")


def test_discord_counts_down_to_it() -> None:
    last = discord.card_text(CARD).splitlines()[-1]
    assert last == f"The next one is free <t:{int(NOON.timestamp())}:R>. Ask \\*him\\*."


def test_the_web_names_it_so_that_a_script_can_read_it() -> None:
    html = Page(demo=False).card(CARD, None)
    assert f'is free <time datetime="{NOON.isoformat()}" data-moment>at 13:00</time>. Ask *him*.</p>' in html
