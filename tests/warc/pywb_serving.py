"""Serves WARC files by pywb, in a process of its own: pywb replaces Python's sockets.

``PYTHONPATH=build/pywb python pywb_serving.py FOLDER/ < ADDRESSES``, a line ``timestamp address``
each. The last line of the output is JSON: status and body of each page, served unchanged.
"""

import json
import sys

from pywb.apps.frontendapp import FrontEndApp  # type: ignore[import-not-found] # make pywb
from werkzeug.test import Client

if __name__ == "__main__":
    kept = {"index_paths": sys.argv[1], "archive_paths": sys.argv[1]}
    client = Client(FrontEndApp(custom_config={"collections": {"kept": kept}}).handle_request)
    headers = {"Accept-Encoding": "gzip"}  # else it unpacks the body
    wanted = (line.split() for line in sys.stdin)
    answers = [client.get(f"/kept/{time}id_/{url}", headers=headers) for time, url in wanted]
    print(json.dumps([(one.status_code, one.get_data().decode("latin-1")) for one in answers]))
