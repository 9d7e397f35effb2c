"""The Dockerfile as its instructions, stage by stage."""

import json
import shlex
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from dockerfile_parse import DockerfileParser  # type: ignore[import-untyped]  # it has no types

from tests.crawls import ROOT

PATH = Path(ROOT) / "Dockerfile"


class Instruction(NamedTuple):
    """One instruction, its lines joined."""

    name: str
    value: str

    @property
    def words(self) -> list[str]:
        """The value as a shell splits it."""
        return shlex.split(self.value)

    @property
    def command(self) -> list[str]:
        """The words of a command in JSON form, as CMD and ENTRYPOINT have it."""
        words: list[str] = json.loads(self.value)
        return words


class Stage(NamedTuple):
    """What stands below one FROM."""

    base: str
    instructions: list[Instruction]

    def one(self, name: str) -> Instruction:
        """Return the only instruction of a name; ValueError where it is not the only one."""
        (instruction,) = self.all(name)
        return instruction

    def all(self, name: str) -> list[Instruction]:
        """Return the instructions of one name, in order."""
        return [instruction for instruction in self.instructions if instruction.name == name]

    @property
    def env(self) -> dict[str, str]:
        """The variables that the stage sets."""
        pairs = (word.partition("=") for env in self.all("ENV") for word in env.words)
        return {name: value for name, _, value in pairs}

    def commands(self, program: str) -> Iterator[list[str]]:
        """Return the commands of the RUN instructions that call a program, as words."""
        for run in self.all("RUN"):
            for command in run.value.split("&&"):
                words = shlex.split(command)
                if words[0] == program:
                    yield words


@cache
def arguments() -> dict[str, str]:
    """Return the arguments of a build with what they are by default."""
    parser = DockerfileParser(fileobj=BytesIO(PATH.read_bytes()))
    words = [entry["value"] for entry in parser.structure if entry["instruction"] == "ARG"]
    return {name: value for name, given, value in (one.partition("=") for one in words) if given}


@cache
def stages() -> tuple[Stage, ...]:
    """Return the stages of our Dockerfile, bases with the default of their ARG."""
    parser = DockerfileParser(fileobj=BytesIO(PATH.read_bytes()))
    found: list[Stage] = []
    for entry in parser.structure:
        instruction = Instruction(entry["instruction"], entry["value"])
        if instruction.name == "FROM":
            found.append(Stage(parser.parent_images[len(found)], []))
        elif found and instruction.name != "COMMENT":
            found[-1].instructions.append(instruction)
    return tuple(found)
