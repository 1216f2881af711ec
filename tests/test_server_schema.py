"""Requests made up from our own OpenAPI description: each is answered as the description says, none by a 500."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import schemathesis
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.python.asgi import shutdown_lifespans
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.conftest import CommandLine
from tests.serving import BEARER, LOCAL, TOKEN
from tracker.server.app import create_app
from tracker.server.config import Config
from tracker.settings import one_blas_thread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI


one_blas_thread()
EXAMPLES = int(os.environ.get("TRACKER_API_EXAMPLES", "20"))  # for each route; more where somebody asks for them
DESCRIBED = create_app(Config(token=TOKEN)).openapi()
CONFIG = SchemathesisConfig(
    projects=ProjectsConfig(
        default=ProjectConfig(
            generation=GenerationConfig(max_examples=EXAMPLES, deterministic=True, no_shrink=True, database="none")
        )
    )
)
UNTOLD: list[Any] = [positive_data_acceptance]
api = schemathesis.openapi.from_dict(DESCRIBED, config=CONFIG)


served: list[FastAPI] = []  # the application, once its store is there


async def answering(*request: Any) -> None:
    """What the requests go to, which is asked for before there is a store."""
    await served[0](*request)


api.app = answering


@pytest.fixture(scope="module")
def _served(tmp_path_factory: pytest.TempPathFactory, _starter: Path, cache_folder: Path) -> Iterator[None]:
    """A server on starter claims of its own, which are added to as the tests go."""
    cli = CommandLine(tmp_path_factory.mktemp("schema"), cache_folder)
    for ending in ("", ".faiss"):
        (cli.folder / f"desk.db{ending}").write_bytes(_starter.with_name(f"desk.db{ending}").read_bytes())
    served.append(create_app(Config(store=str(cli.store), token=TOKEN, rate=0)))
    yield
    shutdown_lifespans()


@pytest.mark.usefixtures("_served")
@api.parametrize()
@hypothesis.settings(
    suppress_health_check=list(hypothesis.HealthCheck), deadline=None, max_examples=EXAMPLES, derandomize=True
)
def test_every_answer_is_as_described(case: schemathesis.Case[Any]) -> None:
    """One rule it does not tell: which fields go together, so that what keeps to it may still be refused."""
    case.call_and_validate(base_url=LOCAL, headers=BEARER, excluded_checks=UNTOLD)
