"""Write what the commands really print into the README and the docs, or check that it still stands there.

    python docs/generate.py [--check]

The pages hold Python between cog's marks; `run` is what they call. Every page starts with a store, a home and a folder
of its own, so its commands build on each other from top to bottom. `db/schema.sql` is written here too.
"""

from __future__ import annotations

import inspect
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    "README.md",
    *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").glob("*.md")),
    "tracker/data/matching.md",
)


def run(command: str, *, show: str | None = None, fold: int | None = None, code: int = 0) -> None:
    """Print a command and its output (stdout, then stderr) as a console block; lines after `fold` go into a fold.

    Called by the pages. Fails where the command does not end with `code`.
    """
    output = [f"$ {show or command}", *_output(command, code)]
    _block(output[:fold])
    if fold and len(output) > fold:
        print("\n<details><summary>The rest of the output</summary>\n")
        _block(output[fold:])
        print("\n</details>")


def _output(command: str, code: int) -> list[str]:
    folder, bin_folder = Path(os.environ["DOCS_SANDBOX"]), Path(sys.executable).parent
    environment = {
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "TRACKER_CACHE": os.environ["DOCS_CACHE"],
        "TRACKER_STORE": str(folder / "desk.db"),
        "TRACKER_AUTHOR": "docs",
        "COLUMNS": "100",
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != code:
        sys.exit(f"docs: {command!r} ended with {done.returncode}: {done.stderr}")
    output = (done.stdout + done.stderr).replace(str(folder), "~").strip("\n")
    # The day on which a page was written is not what it is about.
    output = re.sub(r"(recorded: |retracted on )20\d\d-\d\d-\d\d", r"\g<1>2026-11-22", output)
    output = re.sub(r"(?m)^( *\d+ )20\d\d-\d\d-\d\d \d\d:\d\d ", r"\g<1>2026-11-22 12:00 ", output)
    output = re.sub(r"(head(?: of its log)?: )[0-9a-f]{64}", r"\g<1>6b2f...", output)
    output = re.sub(r'("recorded_at": )"[^"]*"', r'\g<1>"2026-11-22T12:00:00.000+00:00"', output)
    return output.split("\n") if output else []


def _block(lines: list[str]) -> None:
    print("```console", *lines, "```", sep="\n")


def request(method: str, path: str, sent: str = "", *, fold: int = 40) -> None:
    """Print a request to `tracker serve` as curl would send it, and the answer, shortened after `fold` lines.

    It goes to the application in this process, on the page's own store. Of the answer, fields that are null or empty
    are left out.
    """
    from starlette.testclient import TestClient

    config = _config()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {config.token}"}
    with TestClient(_app(config), base_url=_ADDRESS) as client:
        answer = client.request(method, path, content=sent or None, headers=headers)
    command = f"curl '{_ADDRESS}{path}'"
    if sent:
        token = '-H "Authorization: Bearer $TOKEN" ' if path.startswith("/claims") else ""
        command += f" {token}\\\n  -H 'Content-Type: application/json' -d '{sent}'"
    told = json.dumps(_known(answer.json()), indent=2, ensure_ascii=False)
    told = told.replace(os.environ["DOCS_SANDBOX"], "~")
    told = re.sub(r"\[\s+(\d+),\s+(\d+)\s+\]", r"[\1, \2]", told)  # a span
    lines = re.sub(r'("recorded_at": )"[^"]*"', r'\g<1>"2026-11-22T12:00:00.000+00:00"', told).split("\n")
    _block([f"$ {command}", *lines[:fold], *(["..."] if len(lines) > fold else [])])


_ADDRESS = "http://127.0.0.1:8000"


def _config() -> Any:
    from tracker.server.config import Config

    return Config(store=str(Path(os.environ["DOCS_SANDBOX"]) / "desk.db"))


def _app(config: Any) -> Any:
    from tracker.server.app import create_app

    os.environ |= {"TRACKER_CACHE": os.environ["DOCS_CACHE"], "TRACKER_AUTHOR": "docs"}
    return create_app(config)


def _known(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {name: _known(one) for name, one in answer.items() if one is not None and one != []}
    return [_known(one) for one in answer] if isinstance(answer, list) else answer


def routes() -> None:
    """Print every route of the API with what it takes, as its OpenAPI description has them."""
    described = _app(_config()).openapi()
    print("| route | does | takes |", "|---|---|---|", sep="\n")
    for path, methods in described["paths"].items():
        for method, route in methods.items():
            takes = [_field(one["name"], required=one["required"]) for one in route.get("parameters", ())]
            for body in route.get("requestBody", {}).get("content", {}).values():
                schema = described["components"]["schemas"][body["schema"]["$ref"].rpartition("/")[2]]
                takes += [_field(name, required=name in schema.get("required", ())) for name in schema["properties"]]
            print(f"| `{method.upper()} {path}` | {route['summary']} | {', '.join(takes)} |")


def _field(name: str, *, required: bool) -> str:
    return f"**`{name}`**" if required else f"`{name}`"


def methods() -> None:
    """Print the public methods of `Tracker`, each with the first line of its docstring."""
    from tracker import Tracker

    print("| method | |", "|---|---|", sep="\n")
    for name, method in vars(Tracker).items():
        if not name.startswith("_") and callable(getattr(Tracker, name)):
            told = (inspect.getdoc(method.__func__ if isinstance(method, classmethod) else method) or "").split("\n")[0]
            print(f"| `{name}` | {told.replace('|', '/')} |")


def python(example: str, *, served: bool = False) -> None:
    """Print an example in Python and what it prints; `served`: while `tracker serve` runs on the page's store.

    The example says where the server is as `_ADDRESS` does, and gets the token as TOKEN from the environment.
    """
    folder = Path(os.environ["DOCS_SANDBOX"])
    token = "a-token-of-the-docs"  # noqa: S105 - of a server that lives for a second
    environment = os.environ | {"TRACKER_STORE": str(folder / "desk.db"), "TOKEN": token, "TRACKER_AUTHOR": "docs"}
    environment["TRACKER_CACHE"] = os.environ["DOCS_CACHE"]
    command = [sys.executable, "-m", "tracker", "serve", "--port", "0", "--token", token]
    where = {"cwd": folder, "env": environment, "text": True, "stdout": subprocess.PIPE}
    server = subprocess.Popen(command, **where) if served else None  # type: ignore[call-overload]  # the same for both
    try:
        address = server.stdout.readline().rpartition(" ")[2].partition("/?")[0] if server else ""
        code = example.replace(_ADDRESS, address) if served else example
        done = subprocess.run([sys.executable, "-c", code], **where, check=True)  # type: ignore[call-overload]
    finally:
        if server:
            server.terminate()
            server.communicate()
    print("```python", example.strip("\n"), "```", "", "prints", "", sep="\n")
    _block(done.stdout.strip("\n").split("\n"))


def make_demo(fold: int) -> None:
    """Print what `make demo` prints on a fresh clone, once it has set itself up."""
    sandbox = shlex.quote(str(Path(os.environ["DOCS_SANDBOX"]) / "demo"))
    run(
        f"make --no-print-directory --silent -C {shlex.quote(str(ROOT))} demo DEMO={sandbox}",
        show="make demo",
        fold=fold,
    )


def reliability() -> None:
    """Print what the crash, concurrency, history and hostile-input tests counted when they were last recorded."""
    for what, counted in json.loads((ROOT / "benchmarks/results/reliability.json").read_text(encoding="utf-8")).items():
        print(f"- **{what}**: {counted}.")


def command_reference() -> None:
    """Print the help of every command."""
    from typer import Context
    from typer.main import get_command

    from tracker.cli import app

    group: Any = get_command(app)
    context, names = Context(group), []
    for name in group.list_commands(context):
        _, command, _ = group.resolve_command(context, [name])
        inside = getattr(command, "commands", {})
        names += [name] * (not inside or command.invoke_without_command)
        names += [f"{name} {one}" for one in inside]
    for name in names:
        print(f"\n## tracker {name}\n")
        run(f"tracker {name} --help")


def main() -> None:
    """Run cog over every page."""
    check = "--check" in sys.argv[1:]
    failed = [page for page in PAGES if not _cog(page, check=check)]
    failed += [] if _schema_sql(check=check) else ["db/schema.sql"]
    if failed:
        sys.exit(f"docs: {', '.join(failed)}: not what the commands print now; 'make docs' writes it")


def _cog(page: str, *, check: bool) -> bool:
    mode = ["--check", "--diff"] if check else ["-r"]
    with tempfile.TemporaryDirectory() as sandbox:
        for name in ("examples", "tests/data"):
            target = Path(sandbox) / name
            target.parent.mkdir(exist_ok=True)
            target.symlink_to(ROOT / name)
        environment = os.environ | {
            "DOCS_SANDBOX": sandbox,
            "DOCS_CACHE": os.environ.get("DOCS_CACHE", str(Path(tempfile.gettempdir()) / "claim-tracker-docs")),
        }
        command = [sys.executable, "-m", "cogapp", "-P", "-I", "docs", *mode, page]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
    return done.returncode == 0


def _schema_sql(*, check: bool) -> bool:
    from tracker import schema

    target = ROOT / "db" / "schema.sql"
    with tempfile.TemporaryDirectory() as folder:
        conn = schema.connect(Path(folder) / "new.db")
        sql = schema.dump(conn)
        conn.close()
    if not check:
        target.write_text(sql, encoding="utf-8")
    return target.read_text(encoding="utf-8") == sql


if __name__ == "__main__":
    main()
