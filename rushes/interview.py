"""What a new operator is asked, one thing after the other; nothing is written here."""

from collections.abc import Mapping
from zoneinfo import available_timezones

import questionary

from bot.catalogue import PROVIDERS
from bot.choosing import offers_at
from bot.trouble import Passing, Trouble
from rushes.credentials import WHERE, Look, discord_owner, looked_at, looks
from rushes.platforms import NAMES
from rushes.proposal import EACH, PEOPLE, Proposal, estimate, is_cap, usual_cap, usual_zone
from rushes.settings import PREFIX, Settings, settings_in
from rushes.tables import say


class Interview:
    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = dict(given)
        self.answers: dict[str, str] = {}
        """By the names of settings."""

    def settings(self) -> Settings:
        """With what was answered so far. Raises `CannotStart`."""
        read = settings_in(self._given | self.answers)
        if isinstance(read, Settings):
            return read
        raise read[0]

    def hold(self) -> Proposal:
        """Ask everything. Raises `KeyboardInterrupt`, `EOFError` or `CannotStart`."""
        say("", "Where Rushes is used", "Without either platform it serves a chat in the browser, on this machine.")
        asked = dict(looks())
        for platform, name in NAMES.items():
            field = f"{platform}_token"
            if questionary.confirm(f"Serve {name}?", default=self._is_set(field)).unsafe_ask():
                self._secret(field, f"Token of the {name} bot", asked[field])
        say("", "Who films", "A provider is paid for each clip. Without a key, clips are drawn here and cost nothing.")
        for provider, name in PROVIDERS.items():
            field = f"{provider}_key"
            self._secret(field, f"Key of {name}", asked[field])
        self._owners()
        return self._proposal()

    def _secret(self, field: str, title: str, look: Look) -> None:
        """Until it is accepted, or left out; what is typed is not shown."""
        say(f"{title}: {WHERE[field]}")
        empty = "nothing keeps the one that is set" if self._is_set(field) else "nothing for none"
        while typed := questionary.password(f"{title} ({empty}):").unsafe_ask().strip():
            if self._is_accepted(field, typed, look):
                return

    def _is_accepted(self, field: str, typed: str, look: Look) -> bool:
        name = f"{PREFIX}{field.upper()}"
        read = settings_in(self._given | self.answers | {name: typed})
        if not isinstance(read, Settings):
            say(*(str(problem) for problem in read))
            return False
        try:
            say(f"  {looked_at(look, read)}")
        except Passing as trouble:
            say(f"  {trouble.detail}")
            if not questionary.confirm("Keep it all the same?", default=True).unsafe_ask():
                return False
        except Trouble as trouble:
            say(f"  {trouble.detail}")
            return False
        self.answers[name] = typed
        return True

    def _owners(self) -> None:
        say(
            "",
            "Who rules",
            "Operators rule the bot from any chat, and are told when money runs low. @userinfobot tells your number on",
            "Telegram; Discord shows it in developer mode.",
        )
        name, settings = f"{PREFIX}OWNERS", self.settings()
        proposed = ",".join(settings.owners) or discord_owner(settings)
        typed = questionary.text(
            "Operators, such as telegram:123456789,discord:987654321:",
            default=proposed,
            validate=lambda typed: self._problem(name, typed.strip()) or True,
        ).unsafe_ask()
        if typed.strip():
            self.answers[name] = typed.strip()

    def _proposal(self) -> Proposal:
        (offer, *_) = offers_at(self.settings().switched_on)
        zones = available_timezones()
        say("", "How much", "Everybody together is held by the cap, whatever each may use.")
        people = _number("How many people will order, about?", PEOPLE)
        each = _number("How many videos a day for each?", EACH)
        say(f"  {estimate(people, each, offer)}.")
        cap = questionary.text(
            "At most in a month, for all together:", default=usual_cap(people, each, offer), validate=_cap_problem
        ).unsafe_ask()
        zone = questionary.text(
            "By whose clocks do days begin?",
            default=usual_zone(zones),
            validate=lambda typed: typed.strip() in zones or "Such as Europe/Berlin",
        ).unsafe_ask()
        return Proposal(people=people, each=each, cap=cap.strip(), zone=zone.strip())

    def _problem(self, name: str, typed: str) -> str:
        read = settings_in(self._given | self.answers | {name: typed}) if typed else None
        return str(read[0]) if isinstance(read, list) else ""

    def _is_set(self, field: str) -> bool:
        return bool(self._given.get(f"{PREFIX}{field.upper()}"))


def _number(question: str, proposed: int) -> int:
    def is_one(typed: str) -> bool | str:
        return (typed.isdecimal() and int(typed) > 0) or "A whole number above 0"

    return int(questionary.text(question, default=str(proposed), validate=is_one).unsafe_ask())


def _cap_problem(typed: str) -> bool | str:
    return is_cap(typed) or "An amount of dollars, such as $120"
