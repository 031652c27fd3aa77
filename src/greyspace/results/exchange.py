"""The supply graph in the words of other tools: FollowTheMoney entities, and GraphML.

FollowTheMoney (https://followthemoney.tech) is what investigators' databases exchange; each entity is one JSON object a
line. GraphML opens in Gephi, Cytoscape or yEd.
"""

import hashlib
import json
from typing import TYPE_CHECKING, Any

from greyspace.country import Chain, Pack

if TYPE_CHECKING:
    from networkx import MultiDiGraph

_SCHEMA = {"organisation": "Organization", "part": "Asset", "device": "Asset", "way_in": "Asset"}
_ROLE = {"needs": "needs", "makes": "makes", "sells": "sells", "comes_by": "comes by"}


def entities(pack: Pack, chain: Chain) -> list[dict[str, Any]]:
    """FollowTheMoney entities: an organisation or an asset for each thing, an unknown link for each tie."""
    found = []
    for name, thing in chain.things.items():
        about = [
            f"{thing.kind.replace('_', ' ')} of the supply graph of {pack.title}",
            *([thing.note] * bool(thing.note)),
        ]
        properties = {"name": [thing.name], "summary": about}
        if thing.country:
            properties["country"] = [thing.country.lower()]
        found.append({"id": _id(pack, name), "schema": _SCHEMA[thing.kind], "properties": properties})
    for tie in chain.ties:
        source = pack.sources[tie.evidence.source]
        properties = {
            "subject": [_id(pack, tie.giver)],
            "object": [_id(pack, tie.taker)],
            "role": [_ROLE[tie.kind]],
            "summary": [tie.evidence.says],
            "description": [f"grade {tie.evidence.grade}, {tie.evidence.directness}; {tie.evidence.locator}"],
            "publisher": [source.publisher],
            "sourceUrl": [source.url] if source.url else [],
        }
        key = _id(pack, tie.kind, tie.giver, tie.taker)
        found.append({"id": key, "schema": "UnknownLink", "properties": {k: v for k, v in properties.items() if v}})
    return found


def as_lines(pack: Pack, chain: Chain) -> str:
    """The entities as text, one JSON object a line."""
    return "".join(json.dumps(entity, ensure_ascii=False, sort_keys=True) + "\n" for entity in entities(pack, chain))


def graph(pack: Pack, chain: Chain) -> "MultiDiGraph[str]":
    """The same as a NetworkX graph; edges carry what the source says, its grade and where it stands."""
    from networkx import MultiDiGraph

    made: MultiDiGraph[str] = MultiDiGraph(name=f"supply graph of {pack.title}")
    for name, thing in chain.things.items():
        told = {key: value for key, value in thing.model_dump().items() if value is not None}
        made.add_node(name, **told)
    for tie in chain.ties:
        source = pack.sources[tie.evidence.source]
        made.add_edge(
            tie.giver,
            tie.taker,
            kind=tie.kind,
            grade=tie.evidence.grade,
            directness=tie.evidence.directness,
            says=tie.evidence.says,
            source=f"{source.author}: {source.title} ({source.publisher}, {source.date}), {tie.evidence.locator}",
        )
    return made


def as_graphml(pack: Pack, chain: Chain) -> str:
    """The graph as GraphML."""
    from networkx import generate_graphml

    return "\n".join(generate_graphml(graph(pack, chain))) + "\n"


def _id(pack: Pack, *names: str) -> str:
    return f"greyspace-{pack.id}-" + hashlib.blake2s("\0".join(names).encode(), digest_size=8).hexdigest()
