"""The scripts of article pages whose pages plain HTTP does not give, all of them inline. Pure."""

import json

from markupsafe import Markup

from tests.replica.behaviours import Behaviour
from tests.replica.templating import render


def pages_script(behaviour: Behaviour, pages: int) -> str:
    """Return the script that brings an article's other pages; empty where none does."""
    if behaviour.script in (None, "body"):
        return ""
    return render("halaman.html.j2", behaviour=behaviour, pages=pages)


def body_script(body: str) -> str:
    """Return the data and the script that write a body which the page itself does not hold."""
    # "</" would end the script in the middle of the data.
    data = Markup(json.dumps(body).replace("</", "<\\/"))
    return render("script-body.html.j2", data=data)
