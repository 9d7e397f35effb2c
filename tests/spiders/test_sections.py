"""A crawl of several channels of the replica into one data folder."""

import json
from pathlib import Path

from kompascrawler.sections import chosen_sections
from tests.crawls import crawl, records
from tests.replica import Site
from tests.replica.serve import serve


def test_a_folder_grows_and_shrinks(tmp_path: Path) -> None:
    """Each article of the channels asked for is stored once; a run without news costs little."""
    with serve(Site(seed=5, articles=20)) as replica:
        stored: dict[str, set[str]] = {}
        for number, section in enumerate(
            ("money", "global,money", "global", "global,money,tren", "tren,money")
        ):
            done = crawl(replica.env, tmp_path, SECTION=section)
            assert done.status == 0, done.output
            new = json.loads(Path(done.verdict["card"]).read_text())["sections"]
            assert sum(new.values()) == done.verdict["counts"]["new"]
            assert new.keys() <= set(section.split(","))
            ids = [record["id"] for record in records(tmp_path)]
            assert len(ids) == len(set(ids))
            owns = chosen_sections(section).owns
            stored[section] = {one["id"] for one in records(tmp_path) if owns(one["url"])}
            assert stored[section], (number, section)
        assert stored["money"] < stored["global,money"] < stored["global,money,tren"]
        assert stored["global,money"] == stored["money"] | stored["global"]
        assert len(stored["global"]) == 20
        assert done.verdict["counts"]["new"] == 0
        before = len(replica.log)
        assert crawl(replica.env, tmp_path, SECTION="tren,money").status == 0
        assert len(replica.log) - before == 4, "a front page and robots.txt of each"
