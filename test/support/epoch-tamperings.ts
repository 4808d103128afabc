import { type LogEvidence, wholeLog } from '../../cli/audit/log-evidence';
import { attributeRecord } from '../../functions/audit-sequencer/attribute-record';
import { withClosing } from '../../functions/audit-sequencer/close-epoch';
import { closedBefore } from '../../shared/contracts/closed-before';
import { epochOrigin, sealPrefix } from '../../shared/contracts/log-origin';
import { entryText, type StoredEntry } from '../../shared/domain/audit-entry';
import { epochKey } from '../../shared/domain/keys';
import { EPOCH_CLOSED } from '../../shared/domain/log-epochs';
import { allOf, auditTable, calmLog, START, stateTable } from './audit-scenario';
import { LOG_NAME, sealLog, type TestSigner } from './sealed-log';
import { headOf, relinked } from './tamperings';

/** First entries of the second and the third epoch, and the size of the whole. */
export const SECOND = 20;
export const THIRD = 35;
const SIZE = 45;

/** A log of three epochs. */
export async function threeEpochs(): Promise<StoredEntry[]> {
  const state = stateTable();
  const log = calmLog(auditTable());
  for (let seq = 0; seq < SIZE; seq += 1) {
    if (seq === SECOND || seq === THIRD) await state.change(epochKey, {}, { event: EPOCH_CLOSED });
    else await state.change({ pk: `MISSION#${seq % 3}`, sk: 'MISSION' }, { seq });
  }
  await log.append(
    state.records.map((record) => withClosing(attributeRecord(record), LOG_NAME)),
    START,
  );
  return allOf(log.entries(0));
}

/** Apart at each entry that opens an epoch. */
function epochsOf(entries: readonly StoredEntry[]): StoredEntry[][] {
  const epochs: StoredEntry[][] = [];
  for (const entry of entries) {
    const last = epochs.at(-1);
    if (last === undefined || closedBefore(entry.leaf) !== undefined) epochs.push([entry]);
    else last.push(entry);
  }
  return epochs;
}

/** All of it sealed and signed, as it lies in the bucket: each epoch to its end, with a checkpoint on the way. */
export function sealEpochs(entries: readonly StoredEntry[], signer: TestSigner): Map<string, Uint8Array> {
  const objects = new Map<string, Uint8Array>();
  for (const [n, epoch] of epochsOf(entries).entries()) {
    const origin = epochOrigin(LOG_NAME, n + 1);
    const sealed = sealLog(epoch, [Math.ceil(epoch.length / 2), epoch.length], { signer, origin });
    for (const [name, bytes] of sealed.objects) objects.set(sealPrefix(n + 1) + name, bytes);
  }
  return objects;
}

export const notesIn = (objects: ReadonlyMap<string, Uint8Array>): string[] =>
  [...objects].flatMap(([name, bytes]) =>
    /\/checkpoints\//.test(name) ? [Buffer.from(bytes).toString()] : [],
  );

/**
 * What somebody sees of a log whose table was changed by who has its keys: entries, head and checkpoints are made to fit, `sealed`
 * is as it was written.
 */
export function tamperedLog(
  entries: readonly StoredEntry[],
  sealed: ReadonlyMap<string, Uint8Array>,
  signer: TestSigner,
): LogEvidence {
  const last = epochsOf(entries).at(-1) ?? [];
  const head = { ...headOf(last), size: (entries.at(-1)?.seq ?? -1) + 1, base: last[0]?.seq ?? 0 };
  return wholeLog({
    head,
    entries: (async function* () {
      yield* entries;
    })(),
    checkpoints: [...new Set([...notesIn(sealEpochs(entries, signer)), ...notesIn(sealed)])],
    keys: [1, 2, 3].map((epoch) => signer.vkeyOf(epochOrigin(LOG_NAME, epoch))),
    sealed: {
      read: async (name) => sealed.get(name),
      names: async function* () {
        yield* sealed.keys();
      },
    },
  });
}

const texts = (entries: readonly StoredEntry[]): string[] => entries.map(({ leaf }) => entryText(leaf));
const forged = (text: string): string => text.replace(/"actor":"[^"]*"/, '"actor":"somebody else"');

/** Chained again from entry `at` on. */
function rewritten(
  entries: readonly StoredEntry[],
  at: number,
  write: (text: string, seq: number) => string,
): StoredEntry[] {
  return relinked(
    entries.slice(0, at),
    texts(entries.slice(at)).map((text, n) => write(text, at + n)),
  );
}

interface Tampered {
  readonly entries: readonly StoredEntry[];
  /** The first entry that is no longer what was written. */
  readonly firstBad: number;
}

/** What can be done to the link between two epochs. */
export const LINK_TAMPERINGS: Readonly<Record<string, (entries: readonly StoredEntry[]) => Tampered>> = {
  'the closing entry changed': (entries) => ({
    entries: rewritten(entries, SECOND, (text, seq) => (seq === SECOND ? forged(text) : text)),
    firstBad: SECOND,
  }),
  'the root that it closes changed': (entries) => ({
    entries: rewritten(entries, SECOND, (text, seq) =>
      seq === SECOND ? text.replace(/"root":"[0-9a-f]{64}"/, `"root":"${'f'.repeat(64)}"`) : text,
    ),
    firstBad: SECOND,
  }),
  'the closing entry taken out': (entries) => ({
    entries: relinked(entries.slice(0, SECOND), texts(entries.slice(SECOND + 1))),
    firstBad: SECOND,
  }),
  'an entry put in before it': (entries) => ({
    entries: relinked(entries.slice(0, SECOND), [
      forged(texts(entries)[0] ?? ''),
      ...texts(entries.slice(SECOND)),
    ]),
    firstBad: SECOND,
  }),
  'the end of the closed epoch cut off': (entries) => ({
    entries: entries.toSpliced(SECOND - 2, 2),
    firstBad: SECOND - 2,
  }),
  'an epoch dropped in the middle': (entries) => ({
    entries: entries.toSpliced(SECOND, THIRD - SECOND),
    firstBad: SECOND,
  }),
  'the first epoch replaced': (entries) => ({
    entries: rewritten(entries, 0, (text, seq) => (seq < SECOND ? forged(text) : text)),
    firstBad: 0,
  }),
  'the first epoch dropped': (entries) => ({ entries: entries.slice(SECOND), firstBad: 0 }),
  'another epoch after the same one': (entries) => ({
    entries: rewritten(entries, SECOND, (text, seq) => (seq < THIRD ? forged(text) : text)),
    firstBad: SECOND,
  }),
};
