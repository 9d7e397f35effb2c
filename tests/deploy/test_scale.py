"""docs/scale.md, and the files that start Dask: docs/deploy/compose.yaml and replay.yaml.

Commands are read by the programs' own parsers; with `make soak` those of the manual are run.
"""

import argparse
import json
import os
import random
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import kubernetes_validate  # type: ignore[import-untyped]  # it has no types
import pytest
import yaml
from check_jsonschema.builtin_schemas import (  # type: ignore[import-untyped]  # no types
    get_builtin_schema,
)
from jsonschema import Draft202012Validator
from scrapy.settings import Settings

from kompascrawler.cloud import objects
from kompascrawler.command import CONSOLE_SCRIPT
from kompascrawler.commands.crawl import Command as Crawl
from kompascrawler.commands.replay import Command as Replay
from kompascrawler.outcome.cards import ExitStatus
from kompascrawler.sections import chosen_sections
from tests.cloud.bucket import create, environment, moto
from tests.crawls import ROOT, TIME_LIMIT
from tests.deploy.dockerfile import stages
from tests.replay.cluster import Cluster
from tests.replay.kept import NO_BROWSER, fill

TEXT: Final = (ROOT / "docs" / "scale.md").read_text()
FOLDER: Final = ROOT / "docs" / "deploy"
COMPOSE: Final = (FOLDER / "compose.yaml").read_text()
SERVICES: Final[dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
KUBERNETES: Final = (FOLDER / "replay.yaml").read_text()
RESOURCES: Final = list(yaml.safe_load_all(KUBERNETES))
USER: Final = stages()[-1].one("USER").value
NAME: Final = {"app.kubernetes.io/name": "kompascrawler"}
COMPONENT: Final = "app.kubernetes.io/component"


def of_kind(kind: str) -> dict[str, Any]:
    """Return the resources of a kind, by their names."""
    return {one["metadata"]["name"]: one for one in RESOURCES if one["kind"] == kind}


PODS: Final = {
    one["metadata"]["labels"][COMPONENT]: one
    for each in RESOURCES
    if (one := each["spec"].get("template"))
}
CONTAINERS: Final = {name: pod["spec"]["containers"][0] for name, pod in PODS.items()}


def replaced(value: str) -> str:
    """Return a value of the Compose file with the variables as they are by default."""
    return re.sub(r"\$\{(\w+):(?:-([^}]*)|\?[^}]*)\}", lambda one: one[2] or f"/{one[1]}", value)


def commands() -> Iterator[list[str]]:
    """Yield all commands of Dask and of ours that the manual and the files have."""
    yield from (list(map(replaced, one["command"])) for one in SERVICES.values())
    yield from (one["args"] for one in CONTAINERS.values())
    for line in re.findall(r"^ +((?:dask|kompascrawler) .+)$", TEXT, re.MULTILINE):
        yield shlex.split(line)


def options(command: list[str]) -> dict[str, Any]:
    """Return the options of a command as its program reads them; SystemExit or a usage error."""
    program, what, *words = command
    given = [re.sub(r"[^=]+\.pem$", __file__, word) for word in words]  # a file that exists
    if program == "dask":
        main = import_module(f"distributed.cli.dask_{what}").main
        return dict(main.make_context(what, given).params)
    made = {"crawl": Crawl, "replay": Replay}[what]()
    made.settings = Settings()
    parser = argparse.ArgumentParser()
    made.add_options(parser)
    return vars(parser.parse_args(given))


def by_role(of: dict[str, list[str]]) -> tuple[dict[str, Any], ...]:
    """Return the options of scheduler, worker and replay."""
    return tuple(options(list(map(replaced, of[one]))) for one in ("scheduler", "worker", "replay"))


# commands -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("command", [*commands()], ids=lambda command: " ".join(command[:3]))
def test_commands_are_understood(command: list[str]) -> None:
    """By the parser of the program that is called; where it speaks to a scheduler, by TLS alone."""
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    read = options(command)
    assert read
    addresses = re.findall(r"\w+://\S+:8786", " ".join(command))
    assert all(one.startswith("tls://") for one in addresses)
    if command[0] == "dask":
        assert (read["dashboard"], read["dashboard_address"].partition(":")[0]) == (
            False,
            "127.0.0.1",
        )
        assert all(read[f"tls_{one}"] for one in ("ca_file", "cert", "key"))


@pytest.mark.parametrize("where", ["compose", "kubernetes"])
def test_ports_and_addresses_agree(where: str) -> None:
    """Workers and replay call the scheduler where it listens; it listens by TLS."""
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    of = {name: one["command"] for name, one in SERVICES.items()}
    host = "127.0.0.1"
    if where == "kubernetes":
        of = {name: one["args"] for name, one in CONTAINERS.items()}
        (host,) = of_kind("Service")
    scheduler, worker, replay = by_role(of)
    assert scheduler["protocol"] == "tls"
    assert worker["scheduler"] == replay["scheduler"] == f"tls://{host}:{scheduler['port']}"


def test_a_port_for_each_worker() -> None:
    """Workers and nannies have as many ports as there are workers, none of them twice."""
    for command in commands():
        if command[:2] == ["dask", "worker"]:
            read, used = options(command), list[int]()
            for kind in ("worker_port", "nanny_port"):
                first, _, last = read[kind].partition(":")
                ports = range(int(first), int(last or first) + 1)
                assert len(ports) == int(read["n_workers"])
                used += ports
            assert len(used) == len(set(used))


# compose ------------------------------------------------------------------------------------------
def test_compose_is_valid() -> None:
    """By the schema of the Compose specification; anchors and variables aside."""
    schema = get_builtin_schema("vendor.compose-spec")
    Draft202012Validator(schema).validate(yaml.safe_load(COMPOSE))


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_services_have_no_rights(service: dict[str, Any]) -> None:
    """No root, nothing writable but /tmp and the results, bounds on memory, CPU and processes."""
    assert service["user"] == USER
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.keys() >= {"mem_limit", "cpus", "pids_limit"}
    volumes = [replaced(one) for one in service.get("volumes", ())]
    assert volumes in ([], ["/DATA:/data:ro", "/OUT:/out"])


def test_secrets_of_compose_are_those_that_are_named() -> None:
    """Each file that a command names is mounted, and each that is mounted is defined."""
    defined = yaml.safe_load(COMPOSE)["secrets"].keys()
    for service in SERVICES.values():
        named = re.findall(r"/run/secrets/([\w.]+)", " ".join(service["command"]))
        assert set(named) == set(service["secrets"]) == defined


# kubernetes ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("version", ["1.29", kubernetes_validate.latest_version()])
def test_kubernetes_is_valid(version: str) -> None:
    """Strictly by its schemas: every field is one."""
    for resource in RESOURCES:
        kubernetes_validate.validate(resource, version, strict=True)


@pytest.mark.parametrize("role", PODS)
def test_pods_have_no_rights(role: str) -> None:
    """No root, nothing writable but /tmp, no token, a bound on memory."""
    pod, container = PODS[role]["spec"], CONTAINERS[role]
    context = pod["securityContext"]
    assert context["runAsNonRoot"] is True
    assert f"{context['runAsUser']}:{context['runAsGroup']}" == USER
    assert context["fsGroup"] == context["runAsGroup"]
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"cpu", "memory"} == container["resources"]["requests"].keys()
    assert "memory" in container["resources"]["limits"]
    writable = {one["mountPath"] for one in container["volumeMounts"] if not one.get("readOnly")}
    assert writable == {"/tmp"}
    assert container["image"] == CONTAINERS["worker"]["image"]


@pytest.mark.parametrize("role", PODS)
def test_secrets_of_kubernetes_are_those_that_are_made(role: str) -> None:
    """By the commands at the head of the file, with the files that the commands name."""
    made = dict(
        re.findall(r"^# +kubectl create secret generic (\S+) (.+)", KUBERNETES, re.MULTILINE)
    )
    pod, container = PODS[role]["spec"], CONTAINERS[role]
    (secret,) = (one["secret"]["secretName"] for one in pod["volumes"] if "secret" in one)
    held = set(re.findall(r"--from-file=(\S+)", made[secret]))
    assert set(re.findall(r"=/tls/(\S+)", " ".join(container["args"]))) == held
    names = {one["secretRef"]["name"] for one in container.get("envFrom", ())}
    assert names == (set() if role == "scheduler" else set(made) - {secret})


def test_what_is_open_to_whom() -> None:
    """The scheduler to workers and replay, workers to the scheduler, each at its ports alone."""
    opened = {}
    for policy in of_kind("NetworkPolicy").values():
        spec = policy["spec"]
        assert spec["policyTypes"] == ["Ingress"]
        role = spec["podSelector"]["matchLabels"][COMPONENT]
        (rule,) = spec.get("ingress") or [{"from": [], "ports": []}]
        callers = [one["podSelector"]["matchLabels"] for one in rule["from"]]
        assert all(one.keys() == {*NAME, COMPONENT} for one in callers)
        ports = [one["port"] for one in rule["ports"]]
        assert ports == [one["containerPort"] for one in CONTAINERS[role].get("ports", ())]
        opened[role] = [one[COMPONENT] for one in callers]
    assert opened == {"scheduler": ["worker", "replay"], "worker": ["scheduler"], "replay": []}


def test_ports_of_pods_are_those_of_their_commands() -> None:
    """The service leads to the scheduler's; a worker and its nanny have one each."""
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    scheduler, worker, _ = by_role({name: one["args"] for name, one in CONTAINERS.items()})
    (service,) = of_kind("Service").values()
    (port,) = service["spec"]["ports"]
    assert service["spec"]["selector"] == NAME | {COMPONENT: "scheduler"}
    ports = {name: one.get("ports", []) for name, one in CONTAINERS.items()}
    assert ports["scheduler"] == [{"name": port["targetPort"], "containerPort": port["port"]}]
    assert str(port["port"]) == scheduler["port"]
    told = [str(one["containerPort"]) for one in ports["worker"]]
    assert told == [worker["worker_port"], worker["nanny_port"]]


@pytest.mark.parametrize("role", ["scheduler", "worker"])
def test_selectors_find_their_pods(role: str) -> None:
    """A deployment's selector is what its pods are labelled with."""
    spec = of_kind("Deployment")[f"kompascrawler-{role}"]["spec"]
    assert spec["selector"]["matchLabels"] == PODS[role]["metadata"]["labels"]
    assert spec["selector"]["matchLabels"] == NAME | {COMPONENT: role}


def test_the_job_is_tried_again_where_that_helps() -> None:
    """Not for bad input and damage; a scheduler that went away is waited for."""
    (job,) = of_kind("Job").values()
    (rule,) = job["spec"]["podFailurePolicy"]["rules"]
    final = {ExitStatus.USAGE, ExitStatus.STORE}
    assert rule["onExitCodes"]["containerName"] == CONTAINERS["replay"]["name"]
    assert (rule["action"], set(rule["onExitCodes"]["values"])) == ("FailJob", set(final))
    assert job["spec"]["backoffLimit"] > 0


def test_channels_exist() -> None:
    """Those of the manual's groups are known, and each stands in one group."""
    groups = re.findall(r"-s SECTION=(\S+)", TEXT)
    names = [part.name for group in groups for part in chosen_sections(group).parts]
    assert len(groups) > 1
    assert len(names) == len(set(names)) == len(",".join(groups).split(","))


def test_every_file_is_linked() -> None:
    """The manual shows the way to both."""
    assert {"(deploy/compose.yaml)", "(deploy/replay.yaml)"} <= set(re.findall(r"\(\S+\)", TEXT))


# the commands, as they stand there, on loopback --------------------------------------------------
def on_loopback(command: list[str], folder: Path, ports: int) -> list[str]:
    """Return a command with addresses, ports and folders of this machine."""
    line = re.sub(r"\b87(\d\d)\b", lambda one: str(ports + int(one[1])), "\0".join(command))
    line = re.sub(r"10\.0\.0\.[56]\b|(?<=//)kompascrawler-scheduler", "127.0.0.1", line)
    for theirs, ours in (
        *((r"/run/secrets|/tls", folder), (r"/srv/kompas", folder / "data")),
        *((r"/srv/again|(?<==)/out", folder / "again"), (r"/tmp/dask", folder / "dask")),
    ):
        line = re.sub(rf"({theirs})\b", str(ours), line)
    return line.split("\0")


def run(given: Sequence[list[str]], folder: Path, **environment: str) -> None:
    """Run scheduler and workers beside what comes after them, and others one after the other."""
    ports = random.randrange(20_000, 30_000, 100)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **environment}
    running = []
    try:
        for command in given:
            made = on_loopback(command, folder, ports)
            running.append(subprocess.Popen(made, cwd=folder, env=env))
            if made[0] != "dask":
                assert running.pop().wait(TIME_LIMIT) == 0
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()


def lines_of(paths: Iterable[Path]) -> list[bytes]:
    """Return the lines of files, sorted."""
    return sorted(line for path in paths for line in path.read_bytes().splitlines())


@pytest.fixture
def kept(tmp_path: Path) -> list[bytes]:
    """Return the published lines of a data folder with kept pages."""
    fill(tmp_path / "data", 12, **NO_BROWSER)
    return lines_of(tmp_path.glob("data/articles/*/*.jsonl"))


@pytest.mark.soak
@pytest.mark.xdist_group("cluster")
@pytest.mark.parametrize("where", ["manual", "compose"])
def test_kept_pages_are_read_again_on_a_cluster(
    where: str, kept: list[bytes], tmp_path: Path
) -> None:
    """By the commands of the manual, with its certificates, and by those of the Compose file."""
    part = TEXT.partition("### By hand\n")[2].partition("\n### ")[0]
    manual = [shlex.split(line) for line in re.findall(r"^ {4}(.+)$", part, re.MULTILINE)]
    assert [one[0] for one in manual] == [*["openssl"] * 3, "dask", "dask", CONSOLE_SCRIPT]
    compose = [list(map(replaced, one["command"])) for one in SERVICES.values()]
    given = manual if where == "manual" else [*manual[:3], *compose]
    run(given, tmp_path, KOMPAS_DATA_DIR=str(tmp_path / "data"))
    assert lines_of(tmp_path.glob("again/*.jsonl")) == kept
    assert len(kept) == 12


@pytest.mark.soak
@pytest.mark.xdist_group("cluster")
def test_the_job_reads_a_bucket_and_writes_to_it(kept: list[bytes], tmp_path: Path) -> None:
    """By the commands of the manifests: an article each."""
    Cluster(tmp_path)  # its certificates
    given = [list(one["args"]) for one in CONTAINERS.values()]
    for command in given[:2]:
        command.append("--host=127.0.0.1")
    with moto() as address, pytest.MonkeyPatch.context() as patch:
        for name, value in environment(address).items():
            patch.setenv(name, value)
        create(address, "bucket")
        there = objects.open("s3://bucket")
        for path in tmp_path.glob("data/warc/*.warc.gz"):
            there.put(f"warc/{path.name}", path.read_bytes())
        run(given, tmp_path)
        found = [there.get(one.name) or b"" for one in there.list("again")]
    lines = [line for each in found for line in each.splitlines() if b'"text"' in line]
    assert sorted(json.loads(line)["id"] for line in lines) == [
        json.loads(line)["id"] for line in kept
    ]
