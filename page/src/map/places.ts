// Where provinces stand on a grid of tiles: each as large as another, none hidden by its neighbour.

import type { Province } from "../api/shapes";

// Column and row. Placed by hand, after the map.
const NORTH_KOREA: Record<string, [number, number]> = {
  ryanggang: [3, 0],
  north_hamgyong: [4, 0],
  north_pyongan: [1, 1],
  chagang: [2, 1],
  south_hamgyong: [3, 1],
  pyongyang: [1, 2],
  south_pyongan: [2, 2],
  kangwon: [3, 2],
  south_hwanghae: [1, 3],
  north_hwanghae: [2, 3],
};

export type Grid = Map<string, [number, number]>;

/** Tiles of any country: by hand where that was done, else in rows from north to south, in columns from west to east. */
export function grid(provinces: Province[]): Grid {
  if (provinces.every((each) => each.id in NORTH_KOREA)) {
    const left = Math.min(...provinces.map((each) => NORTH_KOREA[each.id]![0]));
    return new Map(provinces.map((each) => [each.id, [NORTH_KOREA[each.id]![0] - left, NORTH_KOREA[each.id]![1]]]));
  }
  const across = Math.ceil(Math.sqrt(provinces.length));
  const sorted = [...provinces].sort((a, b) => b.latitude - a.latitude || a.longitude - b.longitude);
  const found: Grid = new Map();
  for (let row = 0; row * across < sorted.length; row++) {
    const tiles = sorted.slice(row * across, (row + 1) * across).sort((a, b) => a.longitude - b.longitude);
    tiles.forEach((each, column) => found.set(each.id, [column, row]));
  }
  return found;
}

/** The size of a grid: columns and rows. */
export function size(tiles: Grid): [number, number] {
  const all = [...tiles.values()];
  return [Math.max(...all.map(([column]) => column)) + 1, Math.max(...all.map(([, row]) => row)) + 1];
}
