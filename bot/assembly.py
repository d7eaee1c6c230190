"""The core, put together around whatever edges it is given."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.budget import Budget
from bot.catalogue import Offer
from bot.desk import Desk
from bot.engine import Engine
from bot.errands import Errands, Porter
from bot.gate import Gates
from bot.generation import Generation
from bot.house import House
from bot.job import JobId
from bot.keeping import USUAL, Keep
from bot.line import Hall
from bot.lookout import Lookout
from bot.meter import Meter
from bot.moderation import Moderation
from bot.ports import Chat, Clock, Library, Moderator, Operators, Provider, Store
from bot.record import Record
from bot.rulebook import Rulebook
from bot.rules import FREE, Rules
from bot.schedule import EVERY
from bot.screen import Screen
from bot.speech import Languages
from bot.stopwatch import Timed
from bot.studio import Studio
from bot.submission import Callback, Submission
from bot.survey import Survey
from bot.sweeper import Sweeper
from bot.taboo import NOTHING_FORBIDDEN, Taboos
from bot.terms import Terms
from bot.tongue import Tongues
from bot.waiting import Schedules
from bot.watch import Watches


def no_callback(_provider: str, _job: JobId, _secret: str) -> None:
    """For where nobody can reach us: jobs are polled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Everything outside that the core touches."""

    clock: Clock
    store: Store
    rulebook: Rulebook
    survey: Survey
    errands: Errands
    providers: Mapping[str, Provider]
    library: Library
    chats: Mapping[str, Chat]
    operators: Operators
    dice: random.Random
    meter: Meter
    moderator: Moderator | None = None
    callback: Callback = no_callback
    languages: Languages = field(default_factory=Languages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the operator decided."""

    offers: tuple[Offer, ...]
    """What can be filmed with, most preferred first."""
    rules: Rules = FREE
    taboos: Taboos = NOTHING_FORBIDDEN
    room: Mapping[str, int]
    """How many jobs each provider is given at a time."""
    keep: Keep = USUAL
    patient: bool = True
    """Whether a job waits for a provider that is full while another has room."""
    look_every: float = EVERY
    """Seconds; there are as many looks at a generation as if they were made so often from the beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    engine: Engine
    studio: Studio
    desk: Desk
    lookout: Lookout
    porter: Porter
    gates: Gates
    terms: Terms
    record: Record
    submission: Submission
    generation: Generation
    sweeper: Sweeper


def assembled(edges: Edges, policy: Policy) -> Core:
    hall, gates = Hall(), Gates(policy.room, patient=policy.patient)
    terms = Terms(offers=policy.offers, rules=policy.rules, taboos=policy.taboos, keep=policy.keep)
    schedules, meter = Schedules(edges.store, policy.look_every), edges.meter
    watches = Watches(schedules)
    providers = {name: Timed(name, each, meter, edges.clock) for name, each in edges.providers.items()}
    screen = Screen(edges.chats, hall, schedules, edges.languages)
    record = Record(edges.clock, edges.store, terms, screen, dice=edges.dice, meter=meter)
    submission = Submission(
        clock=edges.clock,
        providers=providers,
        record=record,
        screen=screen,
        gates=gates,
        terms=terms,
        dice=edges.dice,
        callback=edges.callback,
        watches=watches,
    )
    generation = Generation(
        clock=edges.clock,
        store=edges.store,
        terms=terms,
        providers=providers,
        library=edges.library,
        chats=edges.chats,
        record=record,
        schedules=schedules,
        watches=watches,
        screen=screen,
        submission=submission,
        meter=meter,
    )
    engine = Engine(
        clock=edges.clock,
        store=edges.store,
        submission=submission,
        generation=generation,
        watches=watches,
        screen=screen,
        hall=hall,
        gates=gates,
        terms=terms,
    )
    house = House(
        clock=edges.clock,
        store=edges.store,
        rulebook=edges.rulebook,
        library=edges.library,
        chats=edges.chats,
        operators=edges.operators,
        record=record,
        engine=engine,
        gates=gates,
        screen=screen,
        schedules=schedules,
        terms=terms,
        budget=Budget(edges.store, edges.operators, terms),
        moderation=Moderation(edges.clock, edges.store, edges.rulebook, terms, edges.moderator),
        dice=edges.dice,
        tongues=Tongues(edges.clock, edges.store, edges.languages),
        meter=meter,
    )
    desk = Desk(house, edges.survey)
    return Core(
        engine=engine,
        studio=Studio(house),
        desk=desk,
        lookout=Lookout(house, edges.survey),
        porter=Porter(edges.clock, edges.errands, desk),
        gates=gates,
        terms=terms,
        record=record,
        submission=submission,
        generation=generation,
        sweeper=Sweeper(edges.clock, edges.store, edges.library, terms),
    )
