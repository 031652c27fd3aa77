"""Runs on disk: what they are called, how they are written, found, read and compared."""

from greyspace.results.catalogue import Entry, catalogue, sql, sql_study
from greyspace.results.compare import Comparison, compare
from greyspace.results.folder import SHARDS, Draft, Partial, Store
from greyspace.results.identity import run_id, set_id, source_hash
from greyspace.results.run import Results
from greyspace.results.sets import SetDraft, SetResults
from greyspace.results.studies import StudyResults
from greyspace.results.tables import TABLES, Key, Labels, Measure, Table

__all__ = [
    "SHARDS",
    "TABLES",
    "Comparison",
    "Draft",
    "Entry",
    "Key",
    "Labels",
    "Measure",
    "Partial",
    "Results",
    "SetDraft",
    "SetResults",
    "Store",
    "StudyResults",
    "Table",
    "catalogue",
    "compare",
    "run_id",
    "set_id",
    "source_hash",
    "sql",
    "sql_study",
]
