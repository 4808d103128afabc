import fc from 'fast-check';
import { leafOf, linkOfLeaf } from '../../shared/domain/audit-entry';
import { appendLeaf, EMPTY_RANGE, merkleRoot } from '../../shared/domain/merkle-range';
import { TlogFormatError } from '../../shared/domain/tlog/format-error';
import {
  consistencyNodes,
  inclusionNodes,
  nodesOf,
  proofOf,
  rootOfNodes,
  verifyConsistency,
  verifyInclusion,
} from '../../shared/domain/tlog/merkle-proof';
import { decodeBundle, decodeTile, encodeBundle, encodeTile } from '../../shared/domain/tlog/tile-bytes';
import {
  EMPTY_EDGE,
  edgeOfTiles,
  edgeTiles,
  growTiles,
  partialTiles,
  rootOfEdge,
} from '../../shared/domain/tlog/tile-edge';
import { hashesInTiles, tilesHolding } from '../../shared/domain/tlog/tile-hashes';
import { parseTilePath, tilePath, tilesOfTree, tileWidth } from '../../shared/domain/tlog/tile-path';
import { onVectors } from '../support/published-vectors';

const hashes = (of: readonly string[] | null): Buffer[] =>
  (of ?? []).map((one) => Buffer.from(one, 'base64'));

interface InclusionVector {
  readonly leafIdx: number | string;
  readonly treeSize: number | string;
  readonly root: string;
  readonly leafHash: string;
  readonly proof: readonly string[] | null;
  readonly file: string;
  readonly wantErr: boolean;
}
onVectors<{ cases: readonly InclusionVector[] }>('rfc6962-inclusion.json', (read) => {
  test('an inclusion proof holds, or does not, as its vector says', () => {
    const { cases } = read();
    expect(cases.length).toBeGreaterThan(80);
    for (const { leafIdx, treeSize, root, leafHash, proof, file, wantErr } of cases) {
      const holds = verifyInclusion({
        index: Number(leafIdx),
        size: Number(treeSize),
        leafHash: Buffer.from(leafHash, 'base64'),
        root: Buffer.from(root, 'base64'),
        proof: hashes(proof),
      });
      expect({ file, holds }).toEqual({ file, holds: !wantErr });
    }
  });
});

interface ConsistencyVector {
  readonly size1: number | string;
  readonly size2: number | string;
  readonly root1: string;
  readonly root2: string;
  readonly proof: readonly string[] | null;
  readonly file: string;
  readonly wantErr: boolean;
}
onVectors<{ cases: readonly ConsistencyVector[] }>('rfc6962-consistency.json', (read) => {
  test('a consistency proof holds, or does not, as its vector says', () => {
    const { cases } = read();
    expect(cases.length).toBeGreaterThan(80);
    for (const { size1, size2, root1, root2, proof, file, wantErr } of cases) {
      const holds = verifyConsistency({
        from: { size: Number(size1), root: Buffer.from(root1, 'base64') },
        to: { size: Number(size2), root: Buffer.from(root2, 'base64') },
        proof: hashes(proof),
      });
      expect({ file, holds }).toEqual({ file, holds: !wantErr });
    }
  });
});

interface PathVectors {
  readonly entriesPathForIndex: readonly { seq: number; logSize: number; wantPath: string }[];
  readonly entriesPath: readonly { N: number; p?: number; wantPath: string }[];
  readonly tilePath: readonly { level: number; index: number; p?: number; wantPath: string }[];
  readonly indexPath: readonly { level: number; index: number; p?: number; wantPath: string }[];
  readonly parse: readonly {
    pathLevel: string;
    pathIndex: string;
    wantLevel: number;
    wantIndex: string;
    wantP: number;
    wantErr?: boolean;
  }[];
  readonly examples: readonly {
    treeSize?: number;
    full: Record<string, number>;
    partial: Record<string, number>;
  }[];
}
onVectors<PathVectors>('tlog-tiles-paths.json', (read) => {
  test('tiles and bundles have the published paths', () => {
    const vectors = read();
    for (const { seq, logSize, wantPath } of vectors.entriesPathForIndex) {
      const index = Math.floor(seq / 256);
      expect(tilePath({ level: 'entries', index, width: tileWidth('entries', index, logSize) })).toBe(
        wantPath,
      );
    }
    for (const { N, p, wantPath } of vectors.entriesPath) {
      expect(tilePath({ level: 'entries', index: N, width: p || 256 })).toBe(wantPath);
    }
    for (const { level, index, p, wantPath } of vectors.tilePath) {
      expect(tilePath({ level, index, width: p || 256 })).toBe(wantPath);
    }
    for (const { level, index, p, wantPath } of vectors.indexPath) {
      expect(tilePath({ level, index, width: p || 256 })).toBe(`tile/${level}/${wantPath}`);
    }
  });

  test('a path is read, or refused, as its vector says; an index above 2^53 is refused', () => {
    for (const { pathLevel, pathIndex, wantErr, wantLevel, wantIndex, wantP } of read().parse) {
      const path = `tile/${pathLevel}/${pathIndex}`;
      if (wantErr || !Number.isSafeInteger(Number(wantIndex))) {
        expect(() => parseTilePath(path)).toThrow(TlogFormatError);
      } else {
        expect(parseTilePath(path)).toEqual({
          level: wantLevel,
          index: Number(wantIndex),
          width: wantP || 256,
        });
      }
    }
  });

  test('a tree has as many tiles as the specification says', () => {
    for (const { treeSize, full, partial } of read().examples) {
      if (treeSize === undefined) continue;
      const tiles = [...tilesOfTree(treeSize)];
      for (const [level, count] of Object.entries(full)) {
        expect(tiles.filter((tile) => tile.level === Number(level) && tile.width === 256)).toHaveLength(
          count,
        );
      }
      const partials = tiles
        .filter(({ width }) => width < 256)
        .map(({ level, width }) => [String(level), width]);
      expect(Object.fromEntries(partials)).toEqual(partial);
    }
  });
});

const LEAVES = Array.from({ length: 1_500 }, (_, n) => linkOfLeaf(leafOf(Buffer.from(`leaf ${n}`))));
/** Roots of the first n leaves, as the compact range has them. */
const ROOTS = [merkleRoot(EMPTY_RANGE)];
let range = EMPTY_RANGE;
for (const leaf of LEAVES) {
  range = appendLeaf(range, leaf);
  ROOTS.push(merkleRoot(range));
}
const rootAt = (size: number): Uint8Array => ROOTS[size] as Uint8Array;
const TILES = new Map<string, readonly Uint8Array[]>();
/** Tiles of every size in one store, as a log that seals often leaves them. */
let edge = EMPTY_EDGE;
for (const leaf of LEAVES) {
  const grown = growTiles(edge, [leaf]);
  edge = grown.edge;
  for (const tile of [...grown.full, ...partialTiles(edge)]) TILES.set(tilePath(tile), tile.hashes);
}

const size = fc.integer({ min: 1, max: LEAVES.length });
const RUNS = { numRuns: 400, seed: 20260105 };

describe('tiles', () => {
  test('of every size are exactly those that the tree has, and hold its root', () => {
    for (const one of [1, 255, 256, 257, 511, 512, 1_500]) {
      const names = [...tilesOfTree(one)];
      for (const name of names) expect(TILES.get(tilePath(name))).toHaveLength(name.width);
      expect(rootOfNodes(one, hashesInTiles(TILES, one))).toEqual(rootAt(one));
    }
  });

  test('grow the same in any batches, also from the edge that partial tiles keep', () => {
    fc.assert(
      fc.property(size, size, (a, b) => {
        const [first, second] = a < b ? [a, b] : [b, a];
        const early = growTiles(EMPTY_EDGE, LEAVES.slice(0, first)).edge;
        const kept = edgeTiles(first).map((name) => TILES.get(tilePath(name)) ?? []);
        expect(edgeOfTiles(first, kept)).toEqual(early);
        const late = growTiles(edgeOfTiles(first, kept), LEAVES.slice(first, second));
        expect(rootOfEdge(late.edge)).toEqual(rootAt(second));
        for (const tile of [...late.full, ...partialTiles(late.edge)]) {
          expect(tile.hashes).toEqual(TILES.get(tilePath(tile)));
        }
      }),
      { ...RUNS, numRuns: 50 },
    );
    expect(rootOfEdge(EMPTY_EDGE)).toEqual(rootAt(0));
  });

  test('come back from their bytes, and bundles too', () => {
    const some = LEAVES.slice(0, 200);
    expect(decodeTile(encodeTile(some), 200).map((hash) => Buffer.from(hash))).toEqual(some);
    expect(() => decodeTile(encodeTile(some), 201)).toThrow(TlogFormatError);
    const entries = ['', 'a', 'bb', 'c'.repeat(65_535)].map((text) => Buffer.from(text));
    expect(decodeBundle(encodeBundle(entries), 4).map(String)).toEqual(entries.map(String));
    expect(() => encodeBundle([Buffer.alloc(65_536)])).toThrow(TlogFormatError);
    for (const width of [3, 5])
      expect(() => decodeBundle(encodeBundle(entries), width)).toThrow(TlogFormatError);
    expect(() => decodeBundle(encodeBundle(entries).subarray(0, -1), 4)).toThrow(TlogFormatError);
    expect(() => decodeBundle(Buffer.concat([encodeBundle(entries), Buffer.of(0)]), 4)).toThrow(
      TlogFormatError,
    );
  });
});

describe('a proof out of tiles', () => {
  test('of any entry in any tree holds, with only the tiles that it names', () => {
    fc.assert(
      fc.property(size, fc.nat(), (of, pick) => {
        const index = pick % of;
        const nodes = inclusionNodes(index, of);
        const tiles = new Map(
          tilesHolding(nodes, of).map((name) => [tilePath(name), TILES.get(tilePath(name)) ?? []]),
        );
        const proof = proofOf(nodes, hashesInTiles(tiles, of));
        const claim = { index, size: of, leafHash: LEAVES[index] as Uint8Array, proof, root: rootAt(of) };
        expect(verifyInclusion(claim)).toBe(true);
        expect(verifyInclusion({ ...claim, index: index === 0 ? of - 1 : index - 1 })).toBe(of === 1);
        expect(verifyInclusion({ ...claim, leafHash: LEAVES[of % LEAVES.length] as Uint8Array })).toBe(
          of % LEAVES.length === index,
        );
      }),
      RUNS,
    );
  });

  test('that a later tree begins with an earlier one holds, and with another it does not', () => {
    fc.assert(
      fc.property(size, size, (a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        const nodes = consistencyNodes(from, to);
        const proof = proofOf(nodes, hashesInTiles(TILES, to));
        const claim = { from: { size: from, root: rootAt(from) }, to: { size: to, root: rootAt(to) }, proof };
        expect(verifyConsistency(claim)).toBe(true);
        const other = { size: from, root: rootAt(from === 1 ? 2 : from - 1) };
        expect(verifyConsistency({ ...claim, from: other })).toBe(false);
        if (proof.length > 0) expect(verifyConsistency({ ...claim, proof: proof.slice(1) })).toBe(false);
      }),
      RUNS,
    );
  });

  test('shows nothing about a tree without leaves', () => {
    const to = { size: 3, root: rootAt(3) };
    expect(verifyConsistency({ from: { size: 0, root: rootAt(0) }, to, proof: [] })).toBe(false);
  });

  test('is not made of what is not there', () => {
    expect(() => inclusionNodes(3, 3)).toThrow(RangeError);
    expect(() => consistencyNodes(0, 3)).toThrow(RangeError);
    expect(() => consistencyNodes(4, 3)).toThrow(RangeError);
    expect(() => hashesInTiles(new Map(), 3)({ level: 0, index: 1 })).toThrow(RangeError);
  });

  test('is split right beyond what 32 bits and rounded logarithms can hold', () => {
    expect(nodesOf(0, 2 ** 49 - 1).map(({ level }) => level)).toEqual(
      Array.from({ length: 49 }, (_, n) => 48 - n),
    );
    expect(inclusionNodes(2 ** 40, 2 ** 40 + 1)).toEqual([[{ level: 40, index: 0 }]]);
  });
});
