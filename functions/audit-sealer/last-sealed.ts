import { GENESIS_LINK } from '../../shared/domain/audit-entry';
import { type Checkpoint, parseCheckpoint } from '../../shared/domain/tlog/checkpoint';
import { parseNote, verifyNote } from '../../shared/domain/tlog/signed-note';
import { decodeTile } from '../../shared/domain/tlog/tile-bytes';
import {
  EMPTY_EDGE,
  edgeOfTiles,
  edgeTiles,
  rootOfEdge,
  type TileEdge,
} from '../../shared/domain/tlog/tile-edge';
import { TILE_WIDTH, type TileName, tilePath } from '../../shared/domain/tlog/tile-path';
import type { StoredCheckpoint } from '../../shared/ports/audit-seal';
import { openingAt } from './opening';
import { SealRefusal } from './seal-refusal';
import { type EpochDeps, keysOf } from './sealer-deps';

/** Where the sealed log ends. */
export interface LastSealed {
  /** Absent while nothing of the epoch is sealed. */
  readonly checkpoint: StoredCheckpoint | undefined;
  /** The right edge of the tree that it signs, out of the sealed tiles. */
  readonly edge: TileEdge;
  /** Of the last sealed entry, from the sealed tiles: what the next entry must follow. */
  readonly link: Uint8Array;
}

/**
 * The last checkpoint, believed only when one of our keys signed it for this log and the sealed tiles give its root.
 * So somebody who writes a row of their own does not get us to continue it.
 * @throws SealRefusal
 */
export async function lastSealed(deps: EpochDeps): Promise<LastSealed> {
  const [checkpoint] = await deps.checkpoints.list(1);
  if (checkpoint === undefined) return { checkpoint, edge: EMPTY_EDGE, link: await beginning(deps) };
  const { size } = checkpoint;
  const signed = await believed(checkpoint, deps);
  const tiles: Uint8Array[][] = [];
  for (const name of edgeTiles(size)) tiles.push(await readTile(name, size, deps));
  const edge = edgeOfTiles(size, tiles);
  if (Buffer.compare(rootOfEdge(edge), signed.root) !== 0) {
    throw new SealRefusal('CHECKPOINT_FORGED', {
      size,
      detail: `the sealed tiles do not give the root that was signed for ${size}`,
    });
  }
  return { checkpoint, edge, link: edge.levels[0]?.at(-1) ?? (await lastOfFullTile(size, deps)) };
}

/** What the epoch's first entry follows. Of a later one it says so itself: the epoch before may have been refused. */
async function beginning(deps: EpochDeps): Promise<Uint8Array> {
  const { base, originBefore } = deps;
  if (base === 0) return GENESIS_LINK;
  const opening = await openingAt(base, originBefore, deps);
  if (opening !== undefined) return opening.link;
  const detail = `entry ${base} does not say that it closes ${originBefore}`;
  throw new SealRefusal('FORK_REFUSED', { size: 0, seq: base, detail });
}

async function believed({ size, note }: StoredCheckpoint, deps: EpochDeps): Promise<Checkpoint> {
  const { origin } = deps;
  const refused = (detail: string) => new SealRefusal('CHECKPOINT_FORGED', { size, detail });
  const keys = await keysOf(deps);
  let signed: Checkpoint;
  try {
    const parsed = parseNote(note);
    const verdict = verifyNote(parsed, keys);
    if (!verdict.ok) throw refused(`the checkpoint of ${size}: ${verdict.why}`);
    signed = parseCheckpoint(parsed.text);
  } catch (error) {
    throw error instanceof SealRefusal ? error : refused(`the checkpoint of ${size} is none`);
  }
  if (signed.origin !== origin || signed.size !== size) {
    throw refused(`the checkpoint of ${size} is of ${signed.origin}, ${signed.size}`);
  }
  return signed;
}

async function readTile(name: TileName, size: number, { sealed }: EpochDeps): Promise<Uint8Array[]> {
  const path = tilePath(name);
  const bytes = await sealed.read(path);
  if (bytes === undefined) throw new SealRefusal('SEAL_MISSING', { size, detail: `${path} is not there` });
  try {
    return decodeTile(bytes, name.width);
  } catch {
    throw new SealRefusal('SEAL_DIFFERS', { size, detail: `${path} is no tile of ${name.width} hashes` });
  }
}

/** Where the tree ends with a full tile, the edge does not hold its last leaf. */
async function lastOfFullTile(size: number, deps: EpochDeps): Promise<Uint8Array> {
  const name = { level: 0, index: size / TILE_WIDTH - 1, width: TILE_WIDTH };
  return (await readTile(name, size, deps)).at(-1) as Uint8Array;
}
