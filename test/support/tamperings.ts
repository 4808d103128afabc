import { type LogEvidence, wholeLog } from '../../cli/audit/log-evidence';
import type { ChainHead } from '../../shared/domain/audit-chain';
import {
  entryBytes,
  entryText,
  GENESIS_LINK,
  joinLeaf,
  leafOf,
  linkedEntry,
  type StoredEntry,
} from '../../shared/domain/audit-entry';
import { appendLeaf, EMPTY_RANGE } from '../../shared/domain/merkle-range';
import { type SealedLog, sealLog, type TestSigner } from './sealed-log';

/** A log as somebody who writes the audit table may leave it, and what they cannot reach: the sealed copies. */
export interface Scene {
  readonly entries: readonly StoredEntry[];
  readonly head: ChainHead;
  /** Rows of the table too. */
  readonly checkpoints: readonly string[];
  readonly keys: readonly string[];
  readonly sealed: ReadonlyMap<string, Uint8Array>;
}

export interface SceneSizes {
  /** Signed, in order. */
  readonly checkpoints: readonly number[];
  /** Sealed copies reach further than the newest checkpoint, as when the key could not be used for a while. */
  readonly sealedTo: number;
}

export function sceneOf(
  entries: readonly StoredEntry[],
  { checkpoints, sealedTo }: SceneSizes,
  signer: TestSigner,
): Scene {
  const sealed = sealLog(entries, checkpoints, { signer, sealedTo });
  return { entries, head: headOf(entries), ...signedOf(sealed, signer), sealed: sealed.objects };
}

export function headOf(entries: readonly StoredEntry[]): ChainHead {
  const range = entries.reduce((before, { link }) => appendLeaf(before, link), EMPTY_RANGE);
  return { size: entries.length, link: entries.at(-1)?.link ?? GENESIS_LINK, range };
}

const signedOf = ({ checkpoints }: SealedLog, { vkey }: TestSigner) => ({
  checkpoints: checkpoints.map(({ note }) => note),
  keys: [vkey],
});

/** What of a scene somebody looks at. */
export function evidenceOf(
  scene: Scene,
  parts: { readonly checkpoints?: boolean; readonly sealed?: boolean },
): LogEvidence {
  const { entries, head, sealed } = scene;
  return wholeLog({
    head,
    entries: (async function* () {
      yield* entries;
    })(),
    checkpoints: parts.checkpoints ? scene.checkpoints : [],
    keys: parts.checkpoints ? scene.keys : [],
    ...(parts.sealed
      ? {
          sealed: {
            read: async (name: string) => sealed.get(name),
            names: async function* () {
              yield* sealed.keys();
            },
          },
        }
      : {}),
  });
}

/** Entries from some place on, chained again to what stands before them. */
export function relinked(before: readonly StoredEntry[], texts: readonly string[]): StoredEntry[] {
  let link = before.at(-1)?.link ?? GENESIS_LINK;
  const again = texts.map((text, n) => {
    const seq = before.length + n;
    const renumbered = text.replace(/"seq":\d+,"sequencedAt"/, `"seq":${seq},"sequencedAt"`);
    const entry = linkedEntry(seq, joinLeaf(link, renumbered));
    link = entry.link;
    return entry;
  });
  return [...before, ...again];
}

const textsOf = (entries: readonly StoredEntry[]): string[] => entries.map(({ leaf }) => entryText(leaf));
const forged = (text: string): string => text.replace(/"actor":"[^"]*"/, '"actor":"somebody else"');
const withEntries = (scene: Scene, entries: readonly StoredEntry[]): Scene => ({
  ...scene,
  entries,
  head: headOf(entries),
});

/** Where things are done: entry numbers. `at` and `other` differ. */
export interface Place extends SceneSizes {
  readonly at: number;
  readonly other: number;
}

export interface Tampering {
  /** Draws where it is done, in a log of `size` entries; `pick(n)` is a number below n. */
  place(size: number, sizes: SceneSizes, pick: (n: number) => number): Pick<Place, 'at' | 'other'>;
  /** The scene afterwards, and the first entry that is no longer what was written. */
  do(
    scene: Scene,
    place: Place,
    signers: { readonly own: TestSigner; readonly other: TestSigner },
  ): {
    readonly scene: Scene;
    readonly firstBad: number;
  };
}

const anywhere: Tampering['place'] = (size, _sizes, pick) => ({ at: pick(size), other: pick(size) });
const behindCheckpoints: Tampering['place'] = (_size, { checkpoints, sealedTo }, pick) => {
  const newest = checkpoints.at(-1) ?? 0;
  return { at: newest + pick(sealedTo - newest), other: 0 };
};
const underKept: Tampering['place'] = (_size, { checkpoints }, pick) => ({
  at: pick(checkpoints[0] ?? 1),
  other: 0,
});

export const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  edit: {
    place: anywhere,
    do(scene, { at, other }) {
      const bytes = Uint8Array.from(entryBytes((scene.entries[at] as StoredEntry).leaf));
      const index = 32 + (other % (bytes.length - 32));
      bytes[index] = (bytes[index] ?? 0) ^ 1;
      const entries = scene.entries.map((entry) =>
        entry.seq === at ? { ...entry, leaf: leafOf(bytes) } : entry,
      );
      return { scene: { ...scene, entries }, firstBad: at };
    },
  },
  delete: {
    place: anywhere,
    do: (scene, { at }) => ({ scene: { ...scene, entries: scene.entries.toSpliced(at, 1) }, firstBad: at }),
  },
  insert: {
    place: anywhere,
    do(scene, { at }) {
      const [inserted] = relinked(scene.entries.slice(0, at), [
        forged(textsOf(scene.entries)[at] ?? ''),
      ]).slice(at);
      const rest = scene.entries.slice(at).map((entry) => ({ ...entry, seq: entry.seq + 1 }));
      const entries = [...scene.entries.slice(0, at), inserted as StoredEntry, ...rest];
      return { scene: { ...scene, entries }, firstBad: at };
    },
  },
  reorder: {
    place: (size, _sizes, pick) => ({ at: pick(size - 1), other: 0 }),
    do(scene, { at }) {
      const [first, second] = [scene.entries[at], scene.entries[at + 1]] as [StoredEntry, StoredEntry];
      const swapped = [
        { ...second, seq: at },
        { ...first, seq: at + 1 },
      ];
      return { scene: { ...scene, entries: scene.entries.toSpliced(at, 2, ...swapped) }, firstBad: at };
    },
  },
  'truncate past a checkpoint': {
    place: underKept,
    do: (scene, { at }) => ({ scene: withEntries(scene, scene.entries.slice(0, at)), firstBad: at }),
  },
  'truncate the tail': {
    place: behindCheckpoints,
    do: (scene, { at }) => ({ scene: withEntries(scene, scene.entries.slice(0, at)), firstBad: at }),
  },
  'back-date': {
    place: (size, _sizes, pick) => ({ at: 1 + pick(size - 1), other: 0 }),
    do(scene, { at }) {
      const texts = textsOf(scene.entries.slice(at));
      const dated = (texts[0] ?? '').replace(/"sequencedAt":\d+/, '"sequencedAt":1000000000000');
      return {
        scene: withEntries(scene, relinked(scene.entries.slice(0, at), [dated, ...texts.slice(1)])),
        firstBad: at,
      };
    },
  },
  fork: {
    place: underKept,
    do(scene, { at, ...sizes }, { own }) {
      const entries = relinked(scene.entries.slice(0, at), textsOf(scene.entries.slice(at)).map(forged));
      const again = sceneOf(entries, sizes, own);
      return { scene: { ...again, sealed: scene.sealed }, firstBad: at };
    },
  },
  'fork of the tail only': {
    place: behindCheckpoints,
    do(scene, { at }) {
      const entries = relinked(scene.entries.slice(0, at), textsOf(scene.entries.slice(at)).map(forged));
      return { scene: withEntries(scene, entries), firstBad: at };
    },
  },
  'rewrite the whole chain': {
    place: () => ({ at: 0, other: 0 }),
    do: (scene) => ({
      scene: withEntries(scene, relinked([], textsOf(scene.entries).map(forged))),
      firstBad: 0,
    }),
  },
  'rewrite and re-sign with another key': {
    place: () => ({ at: 0, other: 0 }),
    do(scene, sizes, { other }) {
      const again = sceneOf(relinked([], textsOf(scene.entries).map(forged)), sizes, other);
      return { scene: { ...again, sealed: scene.sealed }, firstBad: 0 };
    },
  },
};
