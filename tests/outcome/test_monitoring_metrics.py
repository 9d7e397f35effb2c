"""The metrics of a run, read back with Prometheus's own parser."""

import re
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from kompascrawler.outcome.cards import Counts, ExitStatus, Requests, RunCard, Verdict
from kompascrawler.outcome.monitoring import (
    GAUGES,
    LAST_SUCCESS,
    LAST_SUCCESS_HELP,
    PREFIX,
    MetricsError,
    write_metrics,
)
from tests.outcome.cards import a_card

BLOCKED = Verdict.of(ExitStatus.BLOCKED, "the site refuses us", "run more rarely")
CARD = replace(
    a_card("2026-11-22T12:00:00+00:00", verdict=BLOCKED),
    versions={"kompascrawler": "0.1.0", "scrapy": "2.19.0", "python": '3.11.2 "x"\n'},
    counts=Counts(found=12, new=3),
    requests=Requests(total=9, by_status={"200": 8, "none": 1}, by_kind={"article": 9}),
    bytes=2_000_000,
    timings={"run": 9.25},
    peak_memory_mb=81.5,
    drift=("title gone",),
)
FINE = replace(CARD, verdict=Verdict.of(ExitStatus.FINE, "nothing new"))
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(path: Path) -> Samples:
    """Return every sample of a file by its name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(path.read_text())
        for sample in family.samples
    }


def written(card: RunCard, folder: Path, last_success: str | None = None) -> Samples:
    """Write a card's metrics and read them back."""
    write_metrics(card, folder / "kompas.prom", last_success)
    return samples(folder / "kompas.prom")


@pytest.mark.parametrize(
    ("name", "labels", "value"),
    [
        ("last_run_exit_status", {}, 5),
        ("last_run_verdict", {"verdict": "blocked"}, 1),
        ("last_run_verdict", {"verdict": "fine"}, 0),
        ("last_run_start_timestamp_seconds", {}, 1795348800),
        ("last_run_end_timestamp_seconds", {}, 1795348810),
        ("last_run_articles", {"outcome": "new"}, 3),
        ("last_run_articles", {"outcome": "given_up"}, 0),
        ("last_run_requests", {"kind": "article"}, 9),
        ("last_run_responses", {"status": "none"}, 1),
        ("last_run_received_bytes", {}, 2e6),
        ("last_run_phase_duration_seconds", {"phase": "run"}, 9.25),
        ("last_run_peak_memory_bytes", {}, 81.5 * 2**20),
        ("last_run_drift_causes", {}, 1),
        (
            "build_info",
            {"kompascrawler": "0.1.0", "scrapy": "2.19.0", "python": '3.11.2 "x"\n'},
            1,
        ),
    ],
)
def test_what_a_run_was_like(
    tmp_path: Path, name: str, labels: dict[str, str], value: float
) -> None:
    """A figure of the card is the value of its metric, in the unit that its name says."""
    assert written(CARD, tmp_path)[PREFIX + name, frozenset(labels.items())] == value


def test_every_metric_has_help_and_type(tmp_path: Path) -> None:
    """Each is explained in the file itself, as a gauge."""
    write_metrics(FINE, tmp_path / "kompas.prom")
    text = (tmp_path / "kompas.prom").read_text()
    for name in [*(PREFIX + gauge.name for gauge in GAUGES), LAST_SUCCESS]:
        assert f"# HELP {name} " in text
        assert f"# TYPE {name} gauge" in text


def test_a_figure_that_is_not_known_is_left_out(tmp_path: Path) -> None:
    """Memory that was not measured is not 0."""
    found = written(replace(CARD, peak_memory_mb=None), tmp_path)
    assert (f"{PREFIX}last_run_peak_memory_bytes", frozenset()) not in found


@pytest.mark.parametrize(
    ("card", "of_cards", "before", "expected"),
    [
        (CARD, None, None, None),
        (CARD, "2026-11-21T00:00:00+00:00", None, 1795219200),
        (CARD, None, FINE, 1795348810),
        (FINE, "2026-11-21T00:00:00+00:00", None, 1795348810),
    ],
    ids=["never", "of an earlier card", "of the file", "now"],
)
def test_last_success(
    tmp_path: Path,
    card: RunCard,
    of_cards: str | None,
    before: RunCard | None,
    expected: float | None,
) -> None:
    """It outlives failed runs: by the cards and, where those are gone, by the file itself."""
    if before:
        written(before, tmp_path)
    assert written(card, tmp_path, of_cards).get((LAST_SUCCESS, frozenset())) == expected


def test_a_file_of_something_else_is_replaced(tmp_path: Path) -> None:
    """What cannot be read as metrics tells nothing, and is no obstacle."""
    (tmp_path / "kompas.prom").write_text("{ no metrics")
    assert (LAST_SUCCESS, frozenset()) not in written(CARD, tmp_path)


def test_nothing_is_left_of_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    """A folder that is not there is said in one line."""
    with pytest.raises(MetricsError, match="METRICS_FILE"):
        write_metrics(CARD, tmp_path / "none" / "kompas.prom")
    assert list(tmp_path.iterdir()) == []


def test_without_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is said."""
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(MetricsError, match=r"pip install '\.\[metrics\]'"):
        write_metrics(CARD, tmp_path / "kompas.prom")


def test_the_docs_explain_every_metric() -> None:
    """docs/metrics.md has the names, labels and words of the code, and no others."""
    text = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text()
    rows = re.findall(rf"^\| `({PREFIX}\w+)` \|([^|]*)\| (.*) \|$", text, re.MULTILINE)
    names = re.compile(r"`(\w+)`")
    documented = [(name, tuple(names.findall(labels)), said) for name, labels, said in rows]
    in_code = [(PREFIX + gauge.name, gauge.labels, gauge.help) for gauge in GAUGES]
    assert documented == [*in_code, (LAST_SUCCESS, (), LAST_SUCCESS_HELP)]
    for name in [*(field.name for field in fields(Counts)), *(s.name.lower() for s in ExitStatus)]:
        assert f"`{name}`" in text, name


def test_the_alerts_of_the_docs_name_metrics() -> None:
    """The rules are YAML, and ask for what is written."""
    text = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text()
    (group,) = yaml.safe_load(text.partition("```yaml\n")[2].partition("```")[0])["groups"]
    known = {LAST_SUCCESS, *(PREFIX + gauge.name for gauge in GAUGES)}
    asked = re.findall(rf"{PREFIX}\w+", " ".join(rule["expr"] for rule in group["rules"]))
    assert len(group["rules"]) == 3
    assert set(asked) <= known
