"""Runs dlt's rest_api source for the parity test: one JSON request a line on stdin, one JSON answer a line on stdout.

A request is {"pipeline": str, "folder": str, "config": object}. The rows go to <folder>/dlt.duckdb, into the dataset
`parity`; the answer is {"error": null}, or {"error": text} when dlt raised. The same pipeline in the same folder is a
second run.
"""

import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

# Before dlt is imported, since it reads its settings then.
os.environ.update(
    RUNTIME__DLTHUB_TELEMETRY="false",
    RUNTIME__LOG_LEVEL="CRITICAL",
    # A request at a time, so that the order of requests is the configuration's own.
    EXTRACT__WORKERS="1",
    EXTRACT__MAX_PARALLEL_ITEMS="1",
    LOAD__WORKERS="1",
)

import dlt  # noqa: E402
import tenacity.nap  # noqa: E402
from dlt.sources.rest_api import rest_api_source  # noqa: E402

# Retries happen, but nobody waits for them.
tenacity.nap.time = SimpleNamespace(sleep=lambda _seconds: None)


def run(pipeline: str, folder: str, config: dict[str, Any]) -> str | None:
    """Extracts, normalises and loads; returns the text of what dlt raised."""
    try:
        dlt.pipeline(
            pipeline,
            destination=dlt.destinations.duckdb(str(Path(folder, "dlt.duckdb"))),
            dataset_name="parity",
            pipelines_dir=str(Path(folder, "pipelines")),
            dev_mode=False,
        ).run(rest_api_source(config, name="parity"))
    except BaseException as error:  # noqa: BLE001 - everything that dlt raises is a result
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        return f"{type(error).__name__}: {error}"
    return None


def main() -> None:
    # What dlt prints must not be taken for an answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        print(json.dumps({"error": run(**json.loads(line))}), file=answers, flush=True)


if __name__ == "__main__":
    main()
