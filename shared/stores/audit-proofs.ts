import { readOrigin } from '../contracts/log-origin';
import type { StoredEntry } from '../domain/audit-entry';
import { epochOf } from '../domain/log-epochs';
import { type Checkpoint, parseCheckpoint } from '../domain/tlog/checkpoint';
import {
  consistencyNodes,
  inclusionNodes,
  type ProofNodes,
  proofOf,
  verifyConsistency,
  verifyInclusion,
} from '../domain/tlog/merkle-proof';
import { parseNote } from '../domain/tlog/signed-note';
import { decodeTile } from '../domain/tlog/tile-bytes';
import { hashesInTiles, tilesHolding } from '../domain/tlog/tile-hashes';
import { TILE_WIDTH, type TileName, tilePath } from '../domain/tlog/tile-path';
import type { AuditLog } from '../ports/audit-log';
import type { AuditProofs, Checkpoints, SealedCopies, StoredCheckpoint } from '../ports/audit-seal';
import { AuditLogBrokenError } from './audit-errors';

export interface AuditProofsOptions {
  readonly log: AuditLog;
  /** Of each epoch. */
  readonly checkpoints: (epoch: number) => Checkpoints;
  readonly sealed: (epoch: number) => SealedCopies;
}

/**
 * Proofs out of the sealed tiles: about as many reads as the log has levels of tiles, whatever its size (one tile a
 * factor of 256). Each proof is verified against the checkpoint before it is given away, so what does not hold is a
 * fault here and not a puzzle for the auditor. Signatures are the asker's to check: who serves proofs is not trusted.
 */
export function auditProofs({ log, checkpoints, sealed }: AuditProofsOptions): AuditProofs {
  return {
    async proofOf(seq, under) {
      const { epoch, base } = epochOf(await log.epochs(), seq);
      const index = seq - base;
      const checkpoint = under ?? (await checkpoints(epoch).list(1))[0];
      if (checkpoint === undefined || index >= checkpoint.size) return undefined;
      const entry = await entryAt(log, seq);
      const tree = treeOf(checkpoint);
      const proof = await sealedProof(sealed(epoch), inclusionNodes(index, tree.size), tree.size);
      const holds = verifyInclusion({
        index,
        size: tree.size,
        leafHash: entry.link,
        proof,
        root: tree.root,
      });
      if (!holds)
        throw new AuditLogBrokenError(`entry ${seq} is not what the checkpoint of ${tree.size} covers`);
      return { entry, index, proof, checkpoint };
    },
    async consistencyOf(kept, under) {
      const tree = treeOf(under);
      if (kept.size === 0 || kept.size > tree.size) return undefined;
      const epoch = readOrigin(tree.origin)?.epoch ?? 1;
      const proof = await sealedProof(sealed(epoch), consistencyNodes(kept.size, tree.size), tree.size);
      if (verifyConsistency({ from: kept, to: tree, proof })) return proof;
      throw new AuditLogBrokenError(
        `the checkpoint of ${tree.size} does not begin with the kept one of ${kept.size}`,
      );
    },
  };
}

/** A proof in the tree of `size` leaves. */
async function sealedProof(sealed: SealedCopies, nodes: ProofNodes, size: number): Promise<Uint8Array[]> {
  const tiles = new Map<string, readonly Uint8Array[]>();
  for (const name of tilesHolding(nodes, size)) tiles.set(tilePath(name), await readTile(sealed, name));
  return proofOf(nodes, hashesInTiles(tiles, size));
}

async function entryAt(log: AuditLog, seq: number): Promise<StoredEntry> {
  for await (const entry of log.entries(seq, seq + 1)) {
    if (entry.seq === seq) return entry;
  }
  throw new AuditLogBrokenError(`entry ${seq} is under a checkpoint and not in the log`);
}

function treeOf({ size, note }: StoredCheckpoint): Checkpoint {
  try {
    const tree = parseCheckpoint(parseNote(note).text);
    if (tree.size === size) return tree;
  } catch (cause) {
    throw new AuditLogBrokenError(`the checkpoint of ${size} is none`, { cause });
  }
  throw new AuditLogBrokenError(`the checkpoint of ${size} is of another size`);
}

/** A partial tile may have been cleared away once its full one was there; the full one begins with it. */
async function readTile(sealed: SealedCopies, name: TileName): Promise<readonly Uint8Array[]> {
  const path = tilePath(name);
  const partial = await sealed.read(path);
  const [bytes, width] =
    partial === undefined
      ? [await sealed.read(tilePath({ ...name, width: TILE_WIDTH })), TILE_WIDTH]
      : [partial, name.width];
  if (bytes === undefined) throw new AuditLogBrokenError(`${path} is not among the sealed copies`);
  try {
    return decodeTile(bytes, width).slice(0, name.width);
  } catch (cause) {
    throw new AuditLogBrokenError(`${path} is no tile`, { cause });
  }
}
