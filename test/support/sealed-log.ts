import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { entryBytes, type StoredEntry } from '../../shared/domain/audit-entry';
import { checkpointText } from '../../shared/domain/tlog/checkpoint';
import { publicKeyOfSpki } from '../../shared/domain/tlog/ed25519';
import { checkpointName, KEYS, LATEST_CHECKPOINT } from '../../shared/domain/tlog/seal-layout';
import { encodeNote, signatureOf } from '../../shared/domain/tlog/signed-note';
import { encodeBundle, encodeTile } from '../../shared/domain/tlog/tile-bytes';
import { EMPTY_EDGE, growTiles, partialTiles, rootOfEdge } from '../../shared/domain/tlog/tile-edge';
import { TILE_WIDTH, tilePath } from '../../shared/domain/tlog/tile-path';
import { encodeKey, type VerifierKey, verifierKey } from '../../shared/domain/tlog/verifier-key';
import type { SealedCopies, StoredCheckpoint } from '../../shared/ports/audit-seal';

export const LOG_NAME = 'grace/test/123456789012/eu-west-1';
export const ORIGIN = `${LOG_NAME}/1`;

/** A key that signs checkpoints, or anything. */
export interface TestSigner {
  readonly key: VerifierKey;
  readonly vkey: string;
  /** The same key as it goes by another name. */
  vkeyOf(name: string): string;
  sign(text: string): Uint8Array;
}

export function testSigner(name = ORIGIN, kind: VerifierKey['kind'] = 'note'): TestSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return signerOf(name, kind, { privateKey, publicKey });
}

function signerOf(
  name: string,
  kind: VerifierKey['kind'],
  pair: { privateKey: KeyObject; publicKey: KeyObject },
) {
  const key = verifierKey(
    name,
    kind,
    publicKeyOfSpki(pair.publicKey.export({ format: 'der', type: 'spki' })),
  );
  return {
    key,
    vkey: encodeKey(key),
    vkeyOf: (other: string) => encodeKey(verifierKey(other, kind, key.publicKey)),
    sign: (text: string) => sign(null, Buffer.from(text), pair.privateKey),
  };
}

/** A log sealed as the sealer does it: tiles, bundles, and a signed checkpoint at each of some sizes. */
export interface SealedLog {
  /** By name, as they lie in the bucket. */
  readonly objects: Map<string, Uint8Array>;
  readonly copies: SealedCopies;
  /** Oldest first. */
  readonly checkpoints: readonly StoredCheckpoint[];
}

export function sealLog(
  entries: readonly StoredEntry[],
  sizes: readonly number[],
  {
    signer,
    sealedTo = sizes.at(-1) ?? 0,
    origin = ORIGIN,
  }: { signer: TestSigner; sealedTo?: number; origin?: string },
): SealedLog {
  // A key goes by the origin of what it signs.
  const key = signer.key.name === ORIGIN ? verifierKey(origin, 'note', signer.key.publicKey) : signer.key;
  const objects = new Map<string, Uint8Array>([[KEYS, Buffer.from(`${encodeKey(key)}\n`)]]);
  const checkpoints: StoredCheckpoint[] = [];
  let edge = EMPTY_EDGE;
  for (const size of [...new Set([...sizes, sealedTo])].sort((a, b) => a - b)) {
    const grown = growTiles(
      edge,
      entries.slice(edge.size, size).map(({ link }) => link),
    );
    edge = grown.edge;
    for (const tile of [...grown.full, ...partialTiles(edge)]) {
      objects.set(tilePath(tile), encodeTile(tile.hashes));
      if (tile.level !== 0) continue;
      const start = tile.index * TILE_WIDTH;
      const bundle = entries.slice(start, start + tile.width).map(({ leaf }) => entryBytes(leaf));
      objects.set(tilePath({ ...tile, level: 'entries' }), encodeBundle(bundle));
    }
    if (!sizes.includes(size)) continue;
    const text = checkpointText({ origin, size, root: rootOfEdge(edge), extensions: [] });
    const note = encodeNote({ text, signatures: [signatureOf(key, signer.sign(text))] });
    checkpoints.push({ size, note });
    objects.set(checkpointName(size), Buffer.from(note));
    objects.set(LATEST_CHECKPOINT, Buffer.from(note));
  }
  return { objects, copies: { read: async (name) => objects.get(name) }, checkpoints };
}
