"""The command line: a command opens the store, calls `Tracker`, and reports. No logic lives here.

Data goes to stdout; progress, warnings and errors go to stderr. Every `TrackerError` becomes one line and its exit code
in one place, `_Tracker.invoke`. The commands stand in the modules `cli_...`, which are imported when one is named.
"""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from tracker import __version__
from tracker.commands import Commands
from tracker.errors import TrackerError
from tracker.reports.plain import clean
from tracker.terminal import AsJson, EncoderName, InferenceFolder, StorePath, given


class _Tracker(Commands):
    """All commands. Turns errors that are not bugs into one line on stderr and their exit code."""

    places = {  # noqa: RUF012 - as in the class above
        "check": "cli_find:check",
        "search": "cli_find:search",
        "serve": "cli_serve:serve",
        "spot": "cli_spot:spot",
        "relate": "cli_relate:relate",
        "quantities": "cli_relate:quantities",
        "add": "cli_claims:add",
        "verdict": "cli_claims:verdict",
        "show": "cli_claims:show",
        "list": "cli_claims:list_claims",
        "import": "cli_exchange:import_feeds",
        "export": "cli_exchange:export",
        "validate": "cli_validate:validate",
        "feedback": "cli_tune:feedback",
        "tune": "cli_tune:tune",
        "retract": "cli_history:retract",
        "merge": "cli_history:merge",
        "suggest-merges": "cli_history:suggest_merges",
        "link": "cli_history:link",
        "undo": "cli_history:undo",
        "history": "cli_history:history",
        "log": "cli_history:log",
        "verify": "cli_history:verify",
        "stats": "cli_store:stats",
        "reindex": "cli_store:reindex",
        "doctor": "cli_store:doctor",
        "backup": "cli_store:backup",
        "restore": "cli_store:restore",
        "mcp": "cli_mcp:mcp",
        "eval": "cli:evaluate",
        "ratings": "cli_exchange:ratings",
        "quarantine": "cli_exchange:quarantine",
    }

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except TrackerError as error:
            print(f"tracker: {clean(str(error))}", file=sys.stderr)
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt as error:
            print("tracker: stopped; what is stored stays, and the same command goes on from there", file=sys.stderr)
            raise typer.Exit(130) from error
        except BrokenPipeError as error:  # the reader has seen enough, as `head` does; Click would call it a failure
            raise typer.Exit from error


class _Measures(Commands):
    """What stands under `tracker eval`."""

    places = {  # noqa: RUF012
        "retrieval": "cli_eval:eval_retrieval",
        "no-match": "cli_eval:eval_no_match",
        "calibration": "cli_eval:eval_calibration",
        "spotting": "cli_spot:eval_spotting",
        "relations": "cli_relate:eval_relations",
        "quantities": "cli_relate:eval_quantities",
        "mutations": "cli_relate:eval_mutations",
    }


app = typer.Typer(
    cls=_Tracker,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="The local, private memory of a fact-checking desk: what was claimed, what was checked, and the verdicts.",
)
evaluate = typer.Typer(cls=_Measures, no_args_is_help=True, rich_markup_mode=None, add_completion=False)


def _version(asked: bool) -> None:
    if asked:
        print(f"tracker {__version__}")
        raise typer.Exit


@app.callback()
def options(
    store: StorePath = None,
    encoder: EncoderName = None,
    inference: InferenceFolder = None,
    as_json: AsJson = False,
    version: Annotated[  # noqa: ARG001 - its callback has answered
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options for every command; they may also follow its name."""
    given.store, given.encoder, given.inference, given.as_json = store, encoder, inference, as_json


@evaluate.callback()
def measure() -> None:
    """Measure the models on labelled files."""
