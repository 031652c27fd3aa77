"""Evidence: every number about the world, with its unit, range, sources and grade."""

from greyspace.evidence.parameters import (
    Parameter,
    ParameterSet,
    counts,
    load_parameters,
    quantile,
    read_joint,
    read_parameters,
    uncertain,
)
from greyspace.evidence.resolve import Parameters, known_id, parse_set, resolve
from greyspace.evidence.sources import Evidence, Source, Strict, load_sources, read_sources, unknown_sources
from greyspace.evidence.yamlfile import read_yaml, sentences

__all__ = [
    "Evidence",
    "Parameter",
    "ParameterSet",
    "Parameters",
    "Source",
    "Strict",
    "counts",
    "known_id",
    "load_parameters",
    "load_sources",
    "parse_set",
    "quantile",
    "read_joint",
    "read_parameters",
    "read_sources",
    "read_yaml",
    "resolve",
    "sentences",
    "uncertain",
    "unknown_sources",
]
