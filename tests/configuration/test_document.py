"""docs/settings.md says what the table of settings does."""

from kompascrawler.configuration.table import SETTINGS
from tests.configuration.document import DOCUMENT, own_settings, text


def test_the_committed_page_is_up_to_date() -> None:
    """``make schema`` would change nothing."""
    assert DOCUMENT.read_text() == text()


def test_every_setting_of_ours_is_in_the_table() -> None:
    """No setting of ours is kept from the reader."""
    assert own_settings() - SETTINGS.keys() == set()


def test_every_setting_is_explained() -> None:
    """Each has a sentence of its own, and its default in words or as a value."""
    for setting in SETTINGS.values():
        assert setting.meaning.endswith((".", "…")), setting.name
        assert not setting.why or setting.why.endswith("."), setting.name
