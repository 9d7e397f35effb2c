"""What the checks of this machine find: as it should be, and each thing that can be wrong."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from scrapy.utils.project import get_project_settings

from kompascrawler.doctor import machine
from kompascrawler.doctor.command_line import check_machine
from kompascrawler.doctor.result import Result, Subject, lines
from kompascrawler.outcome.cards import write_card
from kompascrawler.store.database import FILE_NAME
from kompascrawler.store.model import Breaker
from kompascrawler.store.model import Discovery as Found
from kompascrawler.store.store import Store
from kompascrawler.terminal import WIDTH
from tests.conftest import remount
from tests.outcome.cards import a_card
from tests.store.synthetic import make_article


@pytest.fixture
def subject(tmp_path: Path) -> Subject:
    """Return a healthy machine: a store with two published articles, a contact."""
    data = tmp_path / "data"
    store = Store(data, "run")
    for number in (1, 2):
        store.put(make_article(number))
    store.publish()
    store.close()
    return a_subject(data)


def a_subject(data: Path, environment: dict[str, str] | None = None, **settings: Any) -> Subject:
    """Return a subject with the project's settings and these."""
    chosen = get_project_settings()
    for name, value in {"DATA_DIR": str(data), "CONTACT": "me@example.org", **settings}.items():
        chosen.set(name, value)
    return Subject(settings=chosen, environment=environment or {}, now=datetime.now(UTC))


def test_a_healthy_machine(subject: Subject) -> None:
    """Every check finds what it should, in lines that fit, and leaves the folder as it was."""
    before = sorted(subject.data_dir.rglob("*"))
    findings = list(check_machine(subject))
    wrong = [one for one in findings if one.state != "ok" and one.name != "versions"]
    assert wrong == []
    named = {one.name for one in findings}
    assert named >= {"versions", "settings", "contact", "data folder", "disk", "clock", "store"}
    shown = [line for one in findings for line in lines(one, WIDTH)]
    assert [line for line in shown if len(line) > WIDTH and "/" not in line] == []
    own = ("-wal", "-shm")
    assert [p for p in sorted(subject.data_dir.rglob("*")) if not p.name.endswith(own)] == before


@pytest.mark.parametrize("name", ["DATA_DIR", "METRICS_FILE", "NOTIFY_URLS", "CONTACT"])
def test_settings_that_cannot_be_taken(tmp_path: Path, name: str) -> None:
    """Nothing is looked at that they name: the examination ends with them."""
    value = "" if name in ("DATA_DIR", "CONTACT") else 5
    findings = list(check_machine(a_subject(tmp_path, None, **{name: value})))
    assert (findings[-1].name, findings[-1].state) == ("settings", "fail")
    assert name in findings[-1].found


class Wrong(NamedTuple):
    """Something that is wrong, and what is said of it."""

    check: Callable[[Subject], Any]
    settings: dict[str, Any]
    state: str
    said: str


@pytest.mark.parametrize(
    "wrong",
    [
        Wrong(machine.settings, {"DOWNLOAD_DELAY": "soon"}, "fail", "DOWNLOAD_DELAY=soon"),
        Wrong(machine.contact, {"CONTACT": "nobody"}, "warn", "neither an email address nor"),
        Wrong(
            machine.contact,
            {"CONTACT": "https://github.com/kompascrawler/kompascrawler"},
            "warn",
            "not yours",
        ),
        Wrong(machine.written_files, {"METRICS_FILE": "/none/x.prom"}, "fail", "/none"),
        Wrong(machine.written_files, {"REPORT_FILE": "/none/x.html"}, "fail", "/none"),
        Wrong(machine.settings, {"NOTIFY_URLS": "secret"}, "fail", "NOTIFY_URLS=…"),
        Wrong(machine.notifications, {"NOTIFY_URLS": "x://secret"}, "fail", "1 (x)"),
        Wrong(machine.writing, {"DATA_DIR": "/proc/version/x"}, "fail", "cannot be created"),
        Wrong(machine.writing, {"DATA_DIR": "/proc/version"}, "fail", "Cannot write"),
        Wrong(machine.store, {"DATA_DIR": "/proc/none"}, "ok", "none yet"),
    ],
    ids=lambda wrong: f"{wrong.check.__name__} {wrong.said}",
)
def test_what_settings_do(tmp_path: Path, wrong: Wrong) -> None:
    """It is found, and no secret is shown."""
    (finding,) = wrong.check(a_subject(tmp_path, **wrong.settings))
    assert (finding.state, wrong.said in finding.found) == (wrong.state, True), finding
    assert finding.state == "ok" or finding.advice
    assert "secret" not in str(finding)


def test_a_proxy_is_shown_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where requests go, and which do not."""
    monkeypatch.setenv("https_proxy", "http://me:secret@proxy.example:3128")
    monkeypatch.setenv("http_proxy", "")
    finding, *_ = machine.network(a_subject(tmp_path, dict(os.environ) | {"no_proxy": "a.b"}))
    assert finding.found == "https through http://***@proxy.example:3128; not for a.b"


def test_a_proxy_that_names_no_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How to write one is said."""
    monkeypatch.setenv("https_proxy", "proxy")
    (finding,) = machine.network(a_subject(tmp_path))
    assert finding.state == "fail"


@pytest.mark.parametrize(("name", "state"), [(__file__, "ok"), ("/none", "fail")])
def test_certificates(tmp_path: Path, name: str, state: str) -> None:
    """A file of authorities that is not there lets no page through."""
    _, finding = machine.network(a_subject(tmp_path, {"SSL_CERT_FILE": name}))
    assert finding.state == state


# the data folder ----------------------------------------------------------------------------------
def test_a_read_only_disk(small_disk: Path) -> None:
    """What is wrong and what to do, as a crawl would say it."""
    (small_disk / "data").mkdir()
    remount(small_disk, "ro")
    (finding,) = machine.writing(a_subject(small_disk / "data"))
    assert finding.state == "fail"
    assert "Read-only" in finding.found
    assert "DATA_DIR" in str(finding.advice)


@pytest.mark.parametrize(
    ("free", "state"), [(199_000_000, "fail"), (999_000_000, "warn"), (10**9, "ok")]
)
def test_free_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    """Below the floor it fails, below what is comfortable it warns; the floors are stated."""
    usage = shutil.disk_usage(tmp_path)._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    (finding,) = machine.disk(a_subject(tmp_path / "not" / "there"))
    assert finding.state == state
    assert "1.0 GB recommended, 200.0 MB required" in finding.found


def test_a_store_of_another_user(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the doctor is told to run it as the one who crawls."""
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000_000)
    (finding,) = machine.owner(subject)
    assert (finding.state, "user 4000000000" in finding.found) == ("warn", True)


def test_a_folder_of_another_user(subject: Subject, nobody: Callable[[], Any]) -> None:
    """Who may not look is told to come as somebody else; every check comes to an end."""
    list(check_machine(subject))  # what it imports cannot be read by nobody
    with nobody():  # the tests' folders are closed to others
        findings = {one.name: one for one in check_machine(subject) if one.state == "fail"}
    assert "store" in findings
    assert all(one.advice for one in findings.values())
    assert "Permission denied" in findings["store"].found


# the clock ----------------------------------------------------------------------------------------
def test_a_clock_behind_the_last_run(subject: Subject) -> None:
    """A run that ends tomorrow shows that it is today's clock that is wrong."""
    write_card(subject.data_dir, a_card((subject.now + timedelta(days=1)).isoformat()))
    (finding,) = machine.clock(subject)
    assert (finding.state, "clock is behind" in finding.found) == ("fail", True)


def test_a_clock_behind_the_newest_article(subject: Subject) -> None:
    """The site would not show an article of next year."""
    store = Store(subject.data_dir, "run")
    store.learn(Found(newest="2999-01-01-120000170"))
    store.close()
    (finding,) = machine.clock(subject)
    assert "the newest article is from 2999-01-01 05:00:00 UTC" in finding.found


def test_the_age_of_the_newest_file_is_told(subject: Subject) -> None:
    """A clock far ahead is seen by that."""
    (finding,) = machine.clock(replace(subject, now=subject.now + timedelta(days=900, hours=1)))
    assert finding.state == "ok"
    assert "the newest published file is 900d" in finding.found


def test_jakarta_with_another_offset(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should Indonesia change its time, the crawler's own is wrong, and that is said."""
    monkeypatch.setattr(machine, "ZoneInfo", lambda _: UTC)
    (finding,) = machine.zone(subject)
    assert (finding.state, "Jakarta is 0:00:00 ahead" in finding.found) == ("fail", True)


# the store ----------------------------------------------------------------------------------------
def published(subject: Subject) -> list[Path]:
    """Return the published files."""
    return sorted(subject.data_dir.glob("articles/*/*.jsonl"))


def of_files(subject: Subject) -> Result:
    """Return what is found of the published files."""
    first, second = machine.store(subject)
    assert first.state == "ok"
    return second


def test_a_published_file_that_is_gone(subject: Subject) -> None:
    """The file is named, and the command that mends it."""
    gone = published(subject)[0]
    gone.unlink()
    finding = of_files(subject)
    assert (finding.state, gone.name in finding.found) == ("fail", True)
    assert "verify --repair" in str(finding.advice)


def test_a_published_file_that_lost_lines(subject: Subject) -> None:
    """The manifest says how large each is."""
    published(subject)[0].write_text("")
    finding = of_files(subject)
    assert (finding.state, "it has 0 bytes" in finding.found) == ("fail", True)


def test_a_published_file_of_another_store(subject: Subject) -> None:
    """It may come from a store that was put back from a backup."""
    (published(subject)[0].parent / "other-1.jsonl").write_text("{}\n")
    finding = of_files(subject)
    assert (finding.state, "other-1.jsonl" in finding.found) == ("fail", True)


def test_a_host_that_is_breakers(subject: Subject) -> None:
    """Whoever looks at the site by hand should know that it refused us."""
    store = Store(subject.data_dir, "later")
    since = "2026-11-22T12:00:00+00:00"
    store.set_breaker(Breaker("www.kompas.com", "403 throughout", since, 0, since))
    store.close()
    (finding,) = machine.breakers(subject)
    assert (finding.state, "403 throughout" in finding.found) == ("warn", True)


def test_a_damaged_store(subject: Subject) -> None:
    """Pages of the database that were overwritten are noticed."""
    path = subject.data_dir / FILE_NAME
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size // 4))
    (finding,) = machine.store(subject)
    assert finding.state == "fail"
    assert finding.advice


# programs -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("requirement", "extra", "expected"),
    [
        ("pytest>=1", None, []),
        ("pytest<1", None, ["but <1 is required"]),
        ("no-such-package", None, ["no-such-package is missing"]),
        ("no-such-package; extra == 'notify'", None, []),
        ("no-such-package; extra == 'notify'", "notify", ["no-such-package is missing"]),
        ("no-such-package; extra == 'notify'", "metrics", []),
        ("no-such-package", "metrics", []),
        ("no-such-package; python_version < '3'", None, []),
    ],
)
def test_unmet_requirements(requirement: str, extra: str | None, expected: list[str]) -> None:
    """Those of the core, or of one extra alone; with the version that is there."""
    found = list(machine.unmet([requirement], extra))
    assert len(found) == len(expected)
    assert all(part in one for part, one in zip(expected, found, strict=True))


def test_an_extra_that_a_setting_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing, it fails where the setting is set, and is no matter where it is not."""
    monkeypatch.setattr(machine, "installed", lambda _: None)
    without = {one.name: one.state for one in machine.extras(a_subject(tmp_path))}
    others = {f"extra {name}": "ok" for name in ("metrics", "notify", "report", "cloud", "warc")}
    assert without == {"extra browser": "warn"} | others
    needing: dict[str, Any] = {
        "METRICS_FILE": "/x/y.prom",
        "NOTIFY_URLS": "json://a/",
        "PUBLISH_URL": "s3://b/c",
    }
    asked = a_subject(tmp_path, **needing, REPORT_FILE="x.html")
    states = [one.state for one in machine.extras(asked)]
    assert states == ["warn", "fail", "fail", "ok", "fail", "fail"]
