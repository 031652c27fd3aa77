"""The supply graph in other tools' words: they read it, and find in it what we put in."""

import io
import json

import networkx
from followthemoney import model

from greyspace.country import load_pack
from greyspace.results.exchange import as_graphml, as_lines

PACK = load_pack("dprk")
CHAIN = PACK.chain


def test_followthemoney_takes_every_entity_and_loses_nothing():
    for line in as_lines(PACK, CHAIN).splitlines():
        given = json.loads(line)
        proxy = model.get_proxy(given, cleaned=False)
        proxy.schema.validate(given)
        read = {name: sorted(values) for name, values in proxy.to_dict()["properties"].items()}
        assert read == {name: sorted(values) for name, values in given["properties"].items()}


def test_links_of_followthemoney_lead_between_entities_that_are_there():
    entities = [json.loads(line) for line in as_lines(PACK, CHAIN).splitlines()]
    ids = [entity["id"] for entity in entities]
    assert len(set(ids)) == len(ids) == len(CHAIN.things) + len(CHAIN.ties)
    ends = {end for e in entities for side in ("subject", "object") for end in e["properties"].get(side, [])}
    assert ends <= set(ids)


def test_graphml_comes_back_as_the_same_graph():
    read = networkx.read_graphml(io.BytesIO(as_graphml(PACK, CHAIN).encode()), force_multigraph=True)
    assert set(read) == set(CHAIN.things)
    assert sorted((a, b, about["kind"]) for a, b, about in read.edges(data=True)) == sorted(
        (tie.giver, tie.taker, tie.kind) for tie in CHAIN.ties
    )
    assert all(about["grade"] and about["source"] for _, _, about in read.edges(data=True))
