"""Misspelt names, and the settings file."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import scrapy
from scrapy.utils.project import get_project_settings

from kompascrawler.command import (
    FILE_PRIORITY,
    apply_file,
    check_environment,
    check_names,
    settings_file,
)
from kompascrawler.commands.settings import source_of
from kompascrawler.configuration.setting import SettingError
from kompascrawler.configuration.table import SETTINGS

READ_BY_SCRAPY = re.compile(r"settings(?:\.get\w*\(\s*|\[)\"([A-Z][A-Z_]+)\"")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("MAX_RUN_SECOND", "MAX_RUN_SECONDS"),
        ("DOWNLOAD_DELEY", "DOWNLOAD_DELAY"),
        ("download_delay", "DOWNLOAD_DELAY"),
        ("BREAKER_REFUSAL", "BREAKER_REFUSALS"),
        ("DATADIR", "DATA_DIR"),
    ],
)
def test_a_misspelt_name_is_refused(given: str, meant: str) -> None:
    """The message names the setting that was meant, ours or Scrapy's."""
    with pytest.raises(SettingError, match=f"^{given}: no such setting; did you mean {meant}[?]$"):
        check_names([given], get_project_settings())


@pytest.mark.parametrize("given", ["PLAYWRIGHT_CONTEXTS", "MY_OWN", "SPIDERMON_ENABLED", "X"])
def test_a_name_that_is_near_nothing_passes(given: str) -> None:
    """It may belong to somebody's extension."""
    check_names([given], get_project_settings())


def test_every_name_that_scrapy_reads_passes() -> None:
    """Scrapy reads settings that it has no default for; none counts as a misspelling."""
    code = [path.read_text() for path in Path(scrapy.__file__).parent.rglob("*.py")]
    names = {name for text in code for name in READ_BY_SCRAPY.findall(text)}
    assert len(names) > 100
    check_names(names, get_project_settings())


def test_variables() -> None:
    """A variable of ours that is misspelt is refused; any other passes."""
    check_environment({"KOMPAS_DATA_DIR": "x", "KOMPAS_CONFIG": "y", "KOMPAS_FOO": "", "HOME": ""})
    with pytest.raises(SettingError, match=r"KOMPAS_DATADIR: .* did you mean KOMPAS_DATA_DIR[?]"):
        check_environment({"KOMPAS_DATADIR": "/srv"})


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that holds the user's configuration; the current folder is another."""
    (tmp_path / "here").mkdir()
    (tmp_path / "user" / "kompascrawler").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    return tmp_path


def test_where_the_file_is_looked_for(home: Path) -> None:
    """The one named, the variable's, the current folder's, the user's; else none."""
    assert settings_file(None, {}) is None
    places = [
        home / "user" / "kompascrawler" / "kompascrawler.toml",
        home / "here" / "kompascrawler.toml",
        home / "variable.toml",
        home / "named.toml",
    ]
    questions: list[tuple[str | None, Mapping[str, str]]] = [
        (None, {}),
        (None, {}),
        (None, {"KOMPAS_CONFIG": str(places[2])}),
        (str(places[3]), {"KOMPAS_CONFIG": str(places[2])}),
    ]
    for place, question in zip(places, questions, strict=True):
        place.write_text("")
        assert settings_file(*question) == place


@pytest.mark.parametrize(
    ("named", "environment", "said"),
    [("none.toml", {}, "--config=none"), (None, {"KOMPAS_CONFIG": "none"}, "KOMPAS_CONFIG=none")],
)
def test_a_file_that_is_named_must_be_there(
    home: Path, named: str | None, environment: Mapping[str, str], said: str
) -> None:
    """Nobody crawls by other settings than they believe."""
    with pytest.raises(SettingError, match=f"^{said}.*accepted is the path of a settings file"):
        settings_file(named, environment)


def test_what_the_file_says_counts_below_environment_and_command_line(tmp_path: Path) -> None:
    """Above our defaults; the source of each value is known."""
    file = tmp_path / "settings.toml"
    file.write_text('MAX_RUN_SECONDS = 60\nDOWNLOAD_DELAY = 2\nCONTACT = "file"\nMY_OWN = true\n')
    settings = get_project_settings()
    settings.set("CONTACT", "environment", priority="project")
    settings.set("_FROM_ENVIRONMENT", ["CONTACT"], priority="project")
    apply_file(settings, file)
    settings.set("DOWNLOAD_DELAY", "3", priority="cmdline")
    wanted = {
        "MAX_RUN_SECONDS": (60, "settings file"),
        "DOWNLOAD_DELAY": ("3", "command line"),
        "CONTACT": ("environment", "KOMPAS_CONTACT"),
        "MY_OWN": (True, "settings file"),
        "SECTION": (SETTINGS["SECTION"].default, "default"),
    }
    found = {name: (settings[name], source_of(settings, name)) for name in wanted}
    assert found == wanted
    assert settings.getpriority("MAX_RUN_SECONDS") == FILE_PRIORITY


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"MAX_RUN_SECOND = 4", "did you mean"), (b"x", "no TOML"), (b"\xff", "no TOML")],
)
def test_a_bad_file_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    """One line names the file and what is wrong."""
    file = tmp_path / "settings.toml"
    file.write_bytes(content)
    with pytest.raises(SettingError, match=f"^{file}: .*{said}") as caught:
        apply_file(get_project_settings(), file)
    assert "\n" not in str(caught.value)
