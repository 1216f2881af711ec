"""The command that serves the store to browsers and to other programs."""

from __future__ import annotations

import sys
import webbrowser
from typing import Annotated
from urllib.parse import urlencode

import typer

from tracker.errors import UsageProblem
from tracker.terminal import (
    EncoderName,
    InferenceFolder,
    StorePath,
    given,
    named_inference,
    named_store,
    open_tracker,
    print_lines,
)


def serve(
    host: Annotated[str, typer.Option(help="The address to serve at; any but this machine's own takes the token.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0: one that is free.")] = 8000,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="TRACKER_TOKEN", help="What writing takes; by default a new one at each start.", show_default=False
        ),
    ] = None,
    rate: Annotated[float, typer.Option(min=0, help="Requests a second from one address; 0: no limit.")] = 100,
    intranet: Annotated[
        bool, typer.Option("--intranet", help="Let articles be fetched from addresses inside this network too.")
    ] = False,
    searchers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes that search, where many search at once; some 300 MB each.")
    ] = 1,
    show: Annotated[bool, typer.Option("--open", help="Open it in your browser.")] = False,
    store: StorePath = None,
    encoder: EncoderName = None,
    inference: InferenceFolder = None,
) -> None:
    """Serve the store to browsers and programs: search, claims, verdicts, articles; by default on this machine alone.

    Example: tracker serve --open
    """
    try:
        from tracker.server.run import end_quietly, listen, run
    except ModuleNotFoundError as error:
        raise UsageProblem(f"serve needs {error.name}: pip install 'claim-tracker[serve]'") from error
    from tracker.server.config import MIN_TOKEN, Config, new_token

    if token is not None and len(token) < MIN_TOKEN:
        raise UsageProblem(
            f"serve: a token of less than {MIN_TOKEN} characters can be guessed; leave it out for a new one"
        )
    with open_tracker(store, encoder, named_inference(inference)) as tracker:  # says now what is wrong with it
        tracker.warn_if_empty()
    wanted = Config(
        store=str(named_store(store)),
        encoder=encoder or given.encoder,
        inference=named_inference(inference),
        host=host,
        port=port,
        token=token or new_token(),
        rate=rate,
        fetches_inside=intranet,
        searchers=searchers,
    )
    config, listening = listen(wanted)
    end_quietly()
    own = f"{config.address}/?{urlencode({'token': config.token})}"
    print_lines(
        [
            f"Your own address, to read and to write: {own}",
            f"For reading: {config.address}/" if config.is_local else "Without the token nothing is shown.",
            "Ctrl-C ends it.",
        ]
    )
    sys.stdout.flush()
    if show:
        webbrowser.open(own)
    run(config, listening)
