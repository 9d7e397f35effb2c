"""A small generated Kompas, served as a forward proxy, for the demo, the tests and the benchmarks.

    from tests.replica import Site
    from tests.replica.serve import serve

    with serve(Site(seed=1, articles=60)) as replica:
        subprocess.run([...], env=os.environ | replica.env)
        replica.log, replica.site.stories, replica.publish(30), replica.faults.add("503", times=2)

How the pages of articles can be had (``Site(halaman="mix")``) is told by ``behaviours``, what can
go wrong (``replica.faults``) by ``faults`` and ``hazards``.

The generated site (``Site``) and the saved pages (``SavedPages``) do no I/O with the network;
only ``serve``, ``proxy`` and ``certificates`` do, and need trustme and h11.
"""

from tests.replica.exchange import Reply, Request
from tests.replica.saved import SavedPages
from tests.replica.site import Site
from tests.replica.story import Story

__all__ = ["Reply", "Request", "SavedPages", "Site", "Story"]
