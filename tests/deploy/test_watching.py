"""The examples for Prometheus and Grafana ask for what there is."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import promql_parser
import pytest
import yaml
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from promql_parser import AggregateExpr, Expr, VectorSelector

from tests.meters import asking, at_work, filmed

DEPLOY = Path(__file__).parents[2] / "deploy"
PAGE = (DEPLOY.parent / "docs" / "operators" / "running.md").read_text()
RULES = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())["groups"][0]["rules"]
PANELS = json.loads((DEPLOY / "grafana.json").read_text())["panels"]

N = TypeVar("N", bound=Expr)

OF_PROMETHEUS = {"up", "job", "instance"}
"""What it adds by itself."""


@pytest.fixture(scope="module")
def asked() -> list[Expr]:
    rules = [rule["expr"] for rule in RULES]
    targets = [target["expr"] for panel in PANELS for target in panel.get("targets", ())]
    return [promql_parser.parse(text) for text in (*rules, *targets)]


def inside(expression: Expr, kind: type[N]) -> list[N]:
    found: list[N] = []

    def visit(node: Expr) -> None:
        if isinstance(node, kind):
            found.append(node)

    promql_parser.walk(expression, visit)
    return found


def labels_asked_for(expression: Expr) -> Iterator[tuple[str, set[str]]]:
    """By each name of a metric."""
    for selector in inside(expression, VectorSelector):
        yield selector.name or "", {matcher.name for matcher in selector.matchers.matchers}
    for aggregate in inside(expression, AggregateExpr):
        grouped = set(aggregate.modifier.labels) if aggregate.modifier else set()
        yield from ((selector.name or "", grouped) for selector in inside(aggregate.expr, VectorSelector))


@pytest.fixture
async def served(tmp_path: Path, films: Path) -> list[Metric]:
    """What is told after a clip was filmed."""
    limits = tmp_path / "rushes.toml"
    limits.write_text('[bot]\ncap = "$20 a day"')
    async with at_work(tmp_path / "data", films, config=limits) as rushes, asking(rushes) as client:
        await filmed(rushes)
        return list(text_string_to_metric_families((await client.get("/metrics")).text))


def test_every_question_is_about_a_metric_that_is_served(served: list[Metric], asked: list[Expr]) -> None:
    labels_of: defaultdict[str, set[str]] = defaultdict(set)
    for family in served:
        endings = ("_bucket", "_sum", "_count") if family.type == "histogram" else ("", "_total")
        for name in (family.name + ending for ending in endings):
            labels_of[name].update(*(sample.labels for sample in family.samples if sample.name == name))
    questions = [question for expression in asked for question in labels_asked_for(expression)]
    named = {name for name, _ in questions}
    assert len(named) > 20
    assert named - labels_of.keys() == {"up"}
    for name, labels in questions:
        # Of what has not happened here nobody knows by what it is counted.
        assert not labels_of[name] or labels <= labels_of[name] | OF_PROMETHEUS, name


def test_the_page_explains_every_metric_and_every_alert(served: list[Metric]) -> None:
    ours = [family.name for family in served if family.name.startswith("rushes_")]
    rows = [line.split(" | ")[0] for line in PAGE.splitlines() if line.startswith("| `")]
    assert [name for row in rows for name in re.findall(r"`(rushes_\w+)`", row)] == ours
    assert {name for row in rows for name in re.findall(r"`(Rushes\w+)`", row)} == {rule["alert"] for rule in RULES}


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES) > 10
    for rule in RULES:
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert {text[-1] for text in rule["annotations"].values()} == {"."}
        assert set(rule["annotations"]) == {"summary", "action"}


def test_the_panels_do_not_cover_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in PANELS:
        grid = panel["gridPos"]
        cells = {
            (x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])
        }
        assert not taken & cells, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
