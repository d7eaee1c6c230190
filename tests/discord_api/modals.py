"""The forms that the bot shows, and what a member fills in."""

from collections.abc import Mapping

from tests.discord_api.components import CUSTOM_ID, SELECTS, Layout
from tests.discord_api.fields import Fields
from tests.discord_api.interactions import Interaction, Modal
from tests.discord_api.messages import TEXT, parts
from tests.discord_api.refusal import Json

ROW, INPUT, LABEL = 1, 4, 18
MOST_TITLE = 45
MOST_COMPONENTS = 5
MOST_INPUT = 4000
SHORT, PARAGRAPH = 1, 2
OTHERS = (19, 21, 22, 23)  # file uploads, radio groups, check boxes

Value = str | bool | list[str]


def modal_of(fields: Fields, interaction: Interaction) -> Modal:
    layout = Layout(set())
    for component in fields.each("components", least=1, most=MOST_COMPONENTS):
        kind = component.one_of("type", (ROW, TEXT, LABEL))
        if kind == ROW:
            for inner in component.each("components", least=1, most=1):
                inner.one_of("type", (INPUT,))
                inner.text("label", least=1, most=MOST_TITLE)
                check_input(inner, layout)
        elif kind == LABEL:
            component.text("label", least=1, most=MOST_TITLE)
            component.text("description", most=100)
            check_labelled(component.inner("component"), layout)
    return Modal(
        custom_id=fields.text("custom_id", least=1, most=CUSTOM_ID),
        title=fields.text("title", least=1, most=MOST_TITLE),
        components=[component.values for component in fields.each("components")],
        interaction=interaction,
    )


def check_labelled(component: Fields, layout: Layout) -> None:
    kind = component.one_of("type", (INPUT, *SELECTS, *OTHERS))
    if kind == INPUT:
        check_input(component, layout)
    elif kind in SELECTS:
        layout.check(component)
    else:
        layout.claim(component)


def check_input(component: Fields, layout: Layout) -> None:
    layout.claim(component)
    component.one_of("style", (SHORT, PARAGRAPH))
    component.integer("min_length", least=0, most=MOST_INPUT)
    component.integer("max_length", least=1, most=MOST_INPUT)
    component.text("value", most=MOST_INPUT)
    component.text("placeholder", most=100)


def filled_in(modal: Modal, values: Mapping[str, Value]) -> list[Json]:
    """As the bot hears it; what is left out is as the modal had it. AssertionError where no client lets it pass."""
    inputs = [str(part["custom_id"]) for part in parts(modal.components) if "custom_id" in part]
    assert set(inputs).issuperset(values), f"{modal.title} asks for {inputs}, not for {sorted(values)}"
    answer: list[Json] = []
    for component in modal.components:
        numbered: Json = {"type": component["type"], "id": component.get("id", 0)}
        inner = component.get("components")
        if isinstance(inner, list):
            numbered["components"] = [answered(part, values) for part in inner]
        elif isinstance(component.get("component"), dict):
            numbered["component"] = answered(Fields(component).inner("component").values, values)
        answer.append(numbered)
    return answer


def answered(part: Json, values: Mapping[str, Value]) -> Json:
    kind, name = part["type"], str(part["custom_id"])
    given = values.get(name, usual(part))
    answer: Json = {"type": kind, "id": part.get("id", 0), "custom_id": name}
    if kind == INPUT:
        check_typed(part, str(given))
        return answer | {"value": given}
    if isinstance(given, list):
        options = Fields(part).each("options")
        offered = [option.text("value") for option in options]
        assert not offered or set(offered).issuperset(given), f"{name} offers {offered}, not {given}"
        return answer | {"values": given}
    return answer | {"value": given}


def usual(part: Json) -> Value:
    if part["type"] == INPUT:
        return str(part.get("value") or "")
    if "default" in part:
        return bool(part["default"])
    return [str(option.values["value"]) for option in Fields(part).each("options") if option.flag("default")]


def check_typed(part: Json, text: str) -> None:
    fields = Fields(part)
    least = fields.integer("min_length") or 0
    required = part.get("required", True)
    assert text or not required, f"{part['custom_id']} is required"
    assert not text or least <= len(text) <= (fields.integer("max_length") or MOST_INPUT), (
        f"{text!r} is too short or too long for {part['custom_id']}"
    )
