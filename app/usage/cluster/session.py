"""A Spark on this machine alone: to try a run before it goes to a cluster, for tests and for benchmarks."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyspark.sql import SparkSession

import app

LOOPBACK = "127.0.0.1"


@contextmanager
def open_here(cores: int, folder: Path, memory: str = "1g") -> Iterator[SparkSession]:
    """A session of `cores` workers that listens on loopback only, has no web page and keeps what it writes in `folder`;
    stopped at the end. Workers run this interpreter and import this very `app`."""
    before = os.environ.get("PYSPARK_PYTHON")
    os.environ["PYSPARK_PYTHON"] = sys.executable  # the one thing of workers that Spark takes from nowhere else
    home = str(Path(app.__file__).resolve().parent.parent)
    settings = {
        "spark.driver.bindAddress": LOOPBACK,
        "spark.driver.host": LOOPBACK,
        "spark.driver.memory": memory,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": str(cores),
        "spark.executorEnv.PYTHONPATH": home,
        "spark.executorEnv.POLARS_MAX_THREADS": "1",  # a worker per core: more threads would only queue
    }
    builder = SparkSession.builder.master(f"local[{cores}]").appName("tollbook")
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # about pandas, which is not used here
            spark = builder.getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        try:
            yield spark
        finally:
            spark.stop()
    finally:
        if before is None:
            del os.environ["PYSPARK_PYTHON"]
        else:
            os.environ["PYSPARK_PYTHON"] = before
