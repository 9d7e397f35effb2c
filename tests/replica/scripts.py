"""The scripts of article pages whose pages plain HTTP does not give, all of them inline. Pure.

They ask for ``/global/halaman/<date>/<id>/<slug>?n=2`` on the page's own host: an address of
ours, since none of the site's is known.
"""

import json
from typing import Final

from tests.replica.behaviours import Behaviour

_START: Final = """<script data-halaman="{pages}">
(function () {{
    var pages = Number(document.currentScript.dataset.halaman), shown = 1, busy = false;
    var body = document.querySelector(".read__content");
    var address = location.pathname.replace("/read/", "/halaman/");
    function bring(number, put) {{
        if (busy || number > pages) return;
        busy = true;
        fetch(address + "?n=" + number).then(function (answer) {{
            if (!answer.ok) throw new Error("halaman " + number + ": " + answer.status);
            return answer.text();
        }}).then(function (html) {{
            put(html);
            shown = number;
        }}).finally(function () {{ busy = false; }});
    }}
    function swap(html) {{ body.innerHTML = html; }}
    function append(html) {{
        body.querySelector(".liftdown_v2_tanda").insertAdjacentHTML("beforebegin", html);
    }}
"""
_END: Final = "})();\n</script>"

_NUMBERED: Final = """    var links = document.querySelectorAll(".read__paging a.paging__link");
    links.forEach(function (link) {
        link.addEventListener("click", function (event) {
            event.preventDefault();
            bring(Number(link.textContent), function (html) {
                swap(html);
                links.forEach(function (other) {
                    other.classList.toggle("paging__link--active", other === link);
                });
            });
        });
    });
"""
_NEXT: Final = """    var next = document.querySelector(".read__paging__footnote a.next");
    if (next) next.addEventListener("click", function (event) {
        event.preventDefault();
        bring(shown + 1, function (html) {
            %s(html);
            if (shown + 1 === pages) next.closest(".read__paging__footnote").remove();
        });
    });
"""
_SCROLL: Final = """    addEventListener("scroll", function () {
        var holder = document.querySelector(".js-autoNext-holder");
        if (holder.getBoundingClientRect().top < innerHeight) bring(shown + 1, append);
    });
"""
_BODY: Final = """<script type="application/json" id="halaman">{body}</script>
<script>
document.querySelector(".read__content").innerHTML =
    JSON.parse(document.getElementById("halaman").textContent);
</script>"""


def pages_script(behaviour: Behaviour, pages: int) -> str:
    """Return the script that brings an article's other pages; empty where none does."""
    if behaviour.script in (None, "body"):
        return ""
    if behaviour.script == "scroll":
        what = _SCROLL
    elif behaviour.pager == "next":
        what = _NEXT % behaviour.script
    else:
        what = _NUMBERED
    return _START.format(pages=pages) + what + _END


def body_script(body: str) -> str:
    """Return the data and the script that write a body which the page itself does not hold."""
    # "</" would end the script in the middle of the data.
    return _BODY.format(body=json.dumps(body).replace("</", "<\\/"))
