"""Nothing leaves the machine unless the user names an address."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import EXAMPLE

if TYPE_CHECKING:
    from tests.conftest import CommandLine


def test_the_block_works(cli: CommandLine) -> None:
    """A subprocess of these tests that reaches for the network fails; so the other tests prove what they say."""
    code = "import socket; socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=cli.environment, capture_output=True, text=True, check=False
    )
    assert "network access blocked by the tests" in done.stderr


def test_every_command_works_with_sockets_blocked(cli: CommandLine) -> None:
    """The whole day's work on a store made from scratch, not one socket opened."""
    for arguments in (
        ["import", "--starter"],
        ["check", EXAMPLE, "--save", "--explain"],
        ["spot", EXAMPLE],
        ["search", "NATO"],
        ["add", "It rained in Northmoor on 3 May.", "--rating", "True", "--publisher", "Desk"],
        ["verdict", "1", "Outdated", "--publisher", "Desk"],
        ["show", "1"],
        ["list", "--unverified"],
        ["export", "out.csv"],
        ["import", "out.csv"],
        ["reindex"],
        ["stats"],
    ):
        done = cli(*arguments)
        assert done.code == 0, (arguments, done.err)


def test_the_bulk_road_needs_no_network_either(cli: CommandLine) -> None:
    """sentence-transformers loads the local weights without asking the hub."""
    rows = "".join(f"Claim number {number} of a longer feed.\n" for number in range(1000))
    (cli.folder / "feed.csv").write_text("claim\n" + rows, encoding="utf-8")
    done = cli("import", "feed.csv", "--json")
    assert done.json["added"] == 1000, done.err
    assert done.err == ""


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs Linux namespaces")
def test_in_a_machine_without_any_network(desk: CommandLine) -> None:
    """The same in a network namespace that has no interface at all, whatever native code might try."""
    command = ["unshare", "--map-root-user", "--net", sys.executable, "-m", "tracker", "check", str(EXAMPLE), "--json"]
    done = subprocess.run(command, env=desk.environment, cwd=desk.folder, capture_output=True, text=True, check=False)
    if "unshare" in done.stderr:
        pytest.skip(f"no namespaces here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    assert '"outcome": "checked"' in done.stdout
