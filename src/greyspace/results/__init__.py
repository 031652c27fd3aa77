"""Runs on disk: what they are called, how they are written, found, read and compared."""

from greyspace.results.folder import Draft, Partial, Store
from greyspace.results.identity import run_id, set_id, source_hash
from greyspace.results.run import Results
from greyspace.results.tables import TABLES, Key, Labels, Measure, Table

__all__ = [
    "TABLES",
    "Draft",
    "Key",
    "Labels",
    "Measure",
    "Partial",
    "Results",
    "Store",
    "Table",
    "run_id",
    "set_id",
    "source_hash",
]
