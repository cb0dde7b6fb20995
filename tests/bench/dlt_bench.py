"""Loads the tickets with dlt, at its defaults or at its fastest documented settings, and prints its figures as JSON."""

import json
import os
import resource
import sys

mode, base_url, limit, target = sys.argv[1:]
if mode == "fastest":
    # https://dlthub.com/docs/reference/performance: larger buffers and files, workers, and Parquet between the steps.
    os.environ.update(
        {
            "DATA_WRITER__BUFFER_MAX_ITEMS": "50000",
            "DATA_WRITER__FILE_MAX_ITEMS": "250000",
            "EXTRACT__WORKERS": "8",
            "NORMALIZE__WORKERS": "2",
            "NORMALIZE__START_METHOD": "spawn",
            "LOAD__WORKERS": "8",
        }
    )
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["DLT_DATA_DIR"] = os.path.join(target, "dlt")


def main() -> None:
    import dlt
    from dlt.sources.rest_api import rest_api_source

    source = rest_api_source(
        {
            "client": {"base_url": f"{base_url}/v1/"},
            "resource_defaults": {"primary_key": "id", "write_disposition": "merge"},
            "resources": [
                {
                    "name": "ticket_data",
                    "endpoint": {
                        "path": "tickets",
                        "data_selector": "data",
                        "paginator": {"type": "offset", "limit": int(limit), "total_path": "total"},
                    },
                }
            ],
        }
    )
    pipeline = dlt.pipeline(
        pipeline_name="bench",
        destination=dlt.destinations.duckdb(os.path.join(target, "tickets.duckdb")),
        dataset_name="ticketing",
        pipelines_dir=os.path.join(target, "pipelines"),
    )
    pipeline.run(source, **({"loader_file_format": "parquet"} if mode == "fastest" else {}))
    rows = pipeline.last_trace.last_normalize_info.row_counts["ticket_data"]
    own = resource.getrusage(resource.RUSAGE_SELF)
    workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime
    print(json.dumps({"rows": rows, "cpu": cpu, "megabytes": max(own.ru_maxrss, workers.ru_maxrss) / 1024}))


if __name__ == "__main__":
    main()
