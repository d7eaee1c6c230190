"""Which limits apply to whom."""

from datetime import UTC
from zoneinfo import ZoneInfo

from bot.allowance import Allowance, Reach
from bot.phrase import limit_of, spoken
from bot.rules import Rank, Rule, Rules, Scope, Who, indexed

HERE, ANN = "telegram:-1", "telegram:42"


def rule(scope: Scope, subject: str, words: str, *, is_cap: bool = False) -> Rule:
    return Rule(scope=scope, subject=subject, limit=limit_of(words), is_cap=is_cap)


EVERY = (
    rule(Scope.BOT, "", "1 video a day"),
    rule(Scope.BOT, "", "$1 a day"),
    rule(Scope.BOT, "", "1 running"),
    rule(Scope.CHAT, HERE, "2 videos a day"),
    rule(Scope.CHAT, HERE, "$2 a day"),
    rule(Scope.TIER, "crew", "3 videos a day"),
    rule(Scope.TIER, "crew", "30 videos a month"),
    rule(Scope.TIER, "friends", "9 videos a day"),
    rule(Scope.TIER, "friends", "$9 a day"),
    rule(Scope.PERSON, ANN, "$4 a day"),
    rule(Scope.BOT, "", "$100 a day", is_cap=True),
    rule(Scope.CHAT, HERE, "$50 a day", is_cap=True),
)
RULES = Rules(limits=indexed(EVERY), members={"crew": ("discord:7",), "friends": ("discord:7",)})
CAPS = ["chat: $50.00 a day", "bot: $100.00 a day"]


def told(allowances: list[Allowance]) -> list[str]:
    return [f"{allowance.reach}: {spoken(allowance.limit)}" for allowance in allowances]


def who(*identities: str, tiers: tuple[str, ...] = (), is_exempt: bool = False) -> Who:
    return Who(keys=frozenset(identities), everywhere=Rank(tiers=tiers, is_exempt=is_exempt))


def test_without_anything_more_specific_the_default_applies() -> None:
    found = told(RULES.allowances(who("web:x"), "web:lobby"))
    assert found == ["person: 1 video a day", "person: $1.00 a day", "person: 1 running", "bot: $100.00 a day"]


def test_a_chat_s_limit_counts_what_was_used_in_it() -> None:
    found = told(RULES.allowances(who("web:x"), HERE))
    assert found == ["person_here: 2 videos a day", "person_here: $2.00 a day", "person: 1 running", *CAPS]


def test_the_most_specific_source_counts_for_each_unit_by_itself() -> None:
    found = told(RULES.allowances(who(ANN, "discord:7"), HERE))
    assert found == [
        "person: 3 videos a day",
        "person: 30 videos a month",
        "person: $4.00 a day",
        "person: 1 running",
        *CAPS,
    ]


def test_whoever_is_in_two_tiers_is_in_the_first_for_what_it_says() -> None:
    found = told(RULES.allowances(who("discord:7"), "web:lobby"))
    assert found[:3] == ["person: 3 videos a day", "person: 30 videos a month", "person: $9.00 a day"]


def test_a_tier_that_was_given_elsewhere_goes_before_those_of_the_file() -> None:
    assert told(RULES.allowances(who("discord:7", tiers=("friends",)), HERE))[0] == "person: 9 videos a day"


def test_the_caps_apply_to_exempt_people_as_well() -> None:
    exempt = Rules(limits=RULES.limits, exempt=frozenset({ANN}))
    assert told(exempt.allowances(who(ANN), HERE)) == CAPS
    assert told(RULES.allowances(who("web:x", is_exempt=True), HERE)) == CAPS


def test_what_was_changed_since_takes_the_place_of_what_the_file_says_for_that_unit() -> None:
    changed = (rule(Scope.CHAT, HERE, "7 videos a week"), rule(Scope.BOT, "", "$5 a day", is_cap=True))
    found = told(RULES.allowances(who("web:x"), HERE, changed))
    assert found == [
        "person_here: 7 videos a week",
        "person_here: $2.00 a day",
        "person: 1 running",
        "chat: $50.00 a day",
        "bot: $5.00 a day",
    ]


def test_what_counts_in_one_chat_begins_anew_by_its_clocks_and_the_rest_by_everybody_s() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    rules = Rules(zones={HERE: tokyo})
    limit = limit_of("1 video a day")
    zones = {reach: rules.zone_of(Allowance(limit, reach), HERE) for reach in Reach}
    assert zones == {Reach.PERSON: UTC, Reach.PERSON_HERE: tokyo, Reach.CHAT: tokyo, Reach.BOT: UTC}
