"""``python -m tests.quality``: show the figures, say whether the gate is open, pin new ones."""

import argparse
import json
import sys

from tests.quality import gate, scoring
from tests.quality.golden import read_gold


def main() -> int:
    """Return 0 when the gate is open, 1 when it is shut."""
    parser = argparse.ArgumentParser(prog="tests.quality", description=__doc__)
    parser.add_argument("--pin", action="store_true", help="pin the figures of today")
    parser.add_argument("--accept-lower", metavar="REASON", help="pin lower ones too, and say why")
    options = parser.parse_args()
    today, corpus, pinned = gate.measure(), gate.digest(), gate.read_pinned()
    gold, records = read_gold(gate.CASES), gate.records()
    print(f"{len(gold)} cases with a gold")
    for name, value in today.items():
        print(f"  {name:<22}{value:.4f}  pinned {pinned['figures'].get(name, 0):.4f}")
    for name in gold.keys() & records.keys():
        for kind in ("leaks", "lost", "wrong_fields"):
            for what in getattr(scoring, kind)(gold[name], records[name]):
                print(f"  {name}: {kind}: {what[:80]}")
    if options.pin:
        try:
            new = gate.pin(today, corpus, pinned, options.accept_lower)
        except gate.Lower as error:
            print(f"not pinned: {error}", file=sys.stderr)
            return 1
        gate.PINNED.write_text(json.dumps(new, indent=1) + "\n", encoding="utf-8")
        pinned = new
    shut = gate.complaints(today, corpus, pinned)
    print("\n".join(shut) or "the gate is open")
    return 1 if shut else 0


if __name__ == "__main__":
    sys.exit(main())
