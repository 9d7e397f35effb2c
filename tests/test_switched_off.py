"""Parts of Scrapy that are switched off."""

import pytest
from scrapy.settings import default_settings
from scrapy.utils.project import get_project_settings

from kompascrawler.addons import PARTS, SwitchedOffAddon


@pytest.mark.parametrize("switch", PARTS)
@pytest.mark.parametrize("is_on", [False, True])
def test_switch(switch: str, is_on: bool) -> None:  # noqa: FBT001 - a table
    """A part is there when it is switched on for a run, and only then; all others stay."""
    settings = get_project_settings()
    if is_on:
        settings.set(switch, value=True, priority="cmdline")
    listing, part = PARTS[switch]
    SwitchedOffAddon().update_settings(settings)
    left = settings.getdict(listing)
    assert (part in left) is is_on
    gone = set(getattr(default_settings, listing)) - set(left)
    assert gone == {name for of, name in PARTS.values() if of == listing} - ({part} & set(left))
