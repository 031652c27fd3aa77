// The outlines that were made when the page was built, and paths of them in any size.

import { geoMercator, geoPath } from "d3-geo";
import type { FeatureCollection, MultiPolygon } from "geojson";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import made from "../../map/provinces.json";

type Objects = { provinces: GeometryCollection; neighbours: GeometryCollection };
const topology = made as unknown as Topology<Objects>;
const provinces = feature(topology, topology.objects.provinces) as FeatureCollection<MultiPolygon>;
const neighbours = feature(topology, topology.objects.neighbours) as FeatureCollection<MultiPolygon>;
const borders = mesh(topology, topology.objects.provinces, (a, b) => a !== b);

export const known = new Set(provinces.features.map((each) => String(each.id)));

export interface Outlines {
  provinces: { id: string; path: string; at: [number, number] }[];
  neighbours: string;
  borders: string;
  height: number;
}

// Where a name has room, in degrees, for provinces whose middle lies outside or close to another name.
const NAMED: Record<string, [number, number]> = {
  south_pyongan: [126.35, 39.55],
  south_hamgyong: [127.55, 40.3],
  ryanggang: [127.95, 41.35],
  north_hamgyong: [129.55, 41.85],
  pyongyang: [125.85, 39.03],
  north_hwanghae: [126.4, 38.5],
};

export function outlines(width: number, around = true): Outlines {
  const edge = around ? 0.04 * width : 1;
  const projection = geoMercator().fitWidth(width - 2 * edge, provinces);
  const draw = geoPath(projection);
  const [[left, top], [, bottom]] = draw.bounds(provinces);
  const [x, y] = projection.translate();
  projection.translate([x - left + edge, y - top + edge]);
  return {
    provinces: provinces.features.map((each) => {
      const id = String(each.id);
      const own = NAMED[id];
      return { id, path: draw(each) ?? "", at: (own && projection(own)) || draw.centroid(each) };
    }),
    neighbours: draw(neighbours) ?? "",
    borders: draw(borders) ?? "",
    height: Math.ceil(bottom - top + 2 * edge),
  };
}
