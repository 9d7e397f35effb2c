"""Every row of the fault matrix, by group. Data; ``docs/faults.md`` is made from it."""

from typing import Final

from tests.faults.rows.bucket import BUCKET
from tests.faults.rows.disk import DISK
from tests.faults.rows.hostile import HOSTILE
from tests.faults.rows.network import NETWORK
from tests.faults.rows.pages import PAGES_OF_ANOTHER_FORM
from tests.faults.rows.running import RUNNING
from tests.faults.rows.site import PAGES_THAT_ARE_NONE, REFUSALS, SITE

GROUPS: Final = {
    "The network": NETWORK,
    "Answers that are no page": SITE,
    "Refusals": REFUSALS,
    "Pages that are not what was asked for": PAGES_THAT_ARE_NONE,
    "Pages of another form": PAGES_OF_ANOTHER_FORM,
    "Hostile and broken answers": HOSTILE,
    "Disk and store": DISK,
    "The bucket": BUCKET,
    "The run itself": RUNNING,
}
"""The rows by their heading in the documentation."""
