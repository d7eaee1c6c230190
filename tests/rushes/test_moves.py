"""A chat that the file names by the number that it had."""

from pathlib import Path

from bot.rules import Rules, Scope
from rushes.settings import Settings
from rushes.wiring import assembled
from storage.sqlite.store import sqlite_store
from tests.stage import PSEUDONYM

FILE = '[chats."telegram:-4"]\ncap = "5 videos a day"\n'


def capped(rules: Rules) -> list[str]:
    return [subject for _, scope, subject, _ in rules.limits if scope is Scope.CHAT]


async def test_a_file_that_names_a_chat_as_it_was_means_the_one_that_it_is(tmp_path: Path) -> None:
    file = tmp_path / "rushes.toml"
    file.write_text(FILE)
    settings = Settings(data_dir=tmp_path, config=file)
    async with sqlite_store(settings.database, PSEUDONYM) as store:
        await store.rulebook.moved("telegram:-4", "telegram:-100")
    async with assembled(settings) as rushes:
        assert capped(rushes.terms.rules) == ["telegram:-100"]
        file.write_text(FILE.replace("5", "6"))
        rushes.read_limits_again()
        assert capped(rushes.terms.rules) == ["telegram:-100"]
