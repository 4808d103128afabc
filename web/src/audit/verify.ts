import type { AuditEntryView } from '../../../shared/contracts/api/audit';
import { fromBase64, hexOf } from './bytes';
import type { Checkpoint } from './checkpoint';
import { type Frontier, rootOf, sha256, withLeaf } from './merkle';

/** What does not hold, and what that means. */
export const CHAIN_PROBLEMS = {
  NOT_READABLE: 'These bytes are no entry.',
  GAP: 'An entry is missing here, or one came twice.',
  BROKEN_CHAIN: 'It does not follow the entry before it.',
  WRONG_LINK: 'Its bytes do not hash to its link: it was changed.',
  OTHER_BODY: 'What the API shows of it is not what its bytes say.',
  TRUNCATED: 'There are fewer entries than the head says.',
  HEAD_MISMATCH: 'The last link is not the one in the head.',
  OTHER_TREE: 'A signed checkpoint says another tree for the entries up to here.',
  OTHER_EPOCH: 'It closes another epoch of the log than the one before it.',
  CUT_OFF: 'A signed checkpoint counts more entries than there are.',
  REWRITTEN: 'This browser saw another log before: it was rewritten or cut since then.',
} as const;
export type ChainProblem = keyof typeof CHAIN_PROBLEMS;

export interface Verification {
  readonly entries: number;
  /** RFC 6962 root over the entries of the newest epoch that hold, hex. */
  readonly root: string;
  /** Link of the last entry that holds, hex: with `entries`, all that has to be remembered to find a rewriting. */
  readonly link: string;
  /** Signed checkpoints whose tree is the one that was computed. */
  readonly checkpoints: number;
  /** The first entry that is wrong. */
  readonly firstBad?: { readonly seq: number; readonly problem: ChainProblem };
}

/** What a browser remembers of an earlier verification. */
export interface Remembered {
  readonly size: number;
  /** Hex. */
  readonly link: string;
}

export interface VerifyInput {
  /** Entries from the first, in order, page by page. */
  readonly pages: AsyncIterable<readonly AuditEntryView[]>;
  readonly head: { readonly size: number; readonly link: string };
  readonly remembered: Remembered | undefined;
  /** As they were before `head` was read: a newer one would count entries that are not looked at. */
  readonly checkpoints: readonly Checkpoint[];
  readonly onProgress: (verified: number) => void;
}

const GENESIS = '00'.repeat(32);

/**
 * Recomputes the log in this browser from the bytes themselves: entry = link before (32 bytes) ‖ RFC 8785 text, link
 * = SHA-256(00 ‖ entry). Finds every edit, gap, reordering, insertion and repeat, a cut-off end, and a rewriting of
 * whatever this browser has verified before. A log rewritten before the first look is found only by signed
 * checkpoints that somebody else has kept.
 */
export async function verifyLog({
  pages,
  head,
  remembered,
  checkpoints,
  onProgress,
}: VerifyInput): Promise<Verification> {
  let frontier: Frontier = [];
  let link = GENESIS;
  let seq = 0;
  let agreed = 0;
  // Each epoch is a tree of its own, which begins with the entry that closes the epoch before.
  let epoch = { number: 1, base: 0 };
  const signedAt = (size: number) =>
    checkpoints.filter((one) => one.epoch === epoch.number && one.size === size);
  const isCutOff = () => checkpoints.some((one) => one.epoch === epoch.number && one.size > seq - epoch.base);
  const result = async (problem?: ChainProblem): Promise<Verification> => ({
    entries: seq,
    root: hexOf(await rootOf(frontier)),
    link,
    checkpoints: agreed,
    ...(problem === undefined ? {} : { firstBad: { seq, problem } }),
  });
  for await (const page of pages) {
    for (const entry of page) {
      if (seq >= head.size) break;
      const checked = await checkEntry(entry, { seq, link });
      if ('problem' in checked) return result(checked.problem);
      if (checked.closes !== undefined) {
        const { base, size, root } = checked.closes;
        const isSame = base === epoch.base && base + size === seq && root === hexOf(await rootOf(frontier));
        if (!isSame) return result('OTHER_EPOCH');
        if (isCutOff()) return result('CUT_OFF');
        epoch = { number: epoch.number + 1, base: seq };
        frontier = [];
      }
      if (remembered?.size === seq + 1 && remembered.link !== entry.link) return result('REWRITTEN');
      frontier = await withLeaf(frontier, checked.leaf);
      link = entry.link;
      seq += 1;
      for (const { root } of signedAt(seq - epoch.base)) {
        if (root !== hexOf(await rootOf(frontier))) return result('OTHER_TREE');
        agreed += 1;
      }
    }
    onProgress(seq);
  }
  if (seq < head.size) return result('TRUNCATED');
  if (head.size > 0 && link !== head.link) return result('HEAD_MISMATCH');
  if (isCutOff() || checkpoints.some((one) => one.epoch > epoch.number)) return result('CUT_OFF');
  // It was longer once: its end was cut off, head and all.
  if (remembered !== undefined && remembered.size > seq) return result('REWRITTEN');
  return result();
}

/** The epoch that an entry closes, as its bytes say. */
interface Closed {
  readonly base: number;
  readonly size: number;
  /** Hex. */
  readonly root: string;
}
type Checked =
  | { readonly leaf: Uint8Array<ArrayBuffer>; readonly closes: Closed | undefined }
  | { readonly problem: ChainProblem };

async function checkEntry(
  entry: AuditEntryView,
  expected: { readonly seq: number; readonly link: string },
): Promise<Checked> {
  if (entry.seq !== expected.seq) return { problem: 'GAP' };
  const bytes = fromBase64(entry.bytes);
  if (bytes.length <= 32) return { problem: 'NOT_READABLE' };
  if (hexOf(bytes.subarray(0, 32)) !== expected.link) return { problem: 'BROKEN_CHAIN' };
  const leafInput = new Uint8Array(1 + bytes.length);
  leafInput.set(bytes, 1);
  const leaf = await sha256(leafInput);
  if (hexOf(leaf) !== entry.link) return { problem: 'WRONG_LINK' };
  const body = bodyOf(bytes);
  if (body === undefined || !shows(entry, body)) return { problem: 'OTHER_BODY' };
  return { leaf, closes: body['closes'] as Closed | undefined };
}

/** `undefined` = bytes that hash well and cannot be read: nobody can say that a page shows what is in them. */
function bodyOf(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(32)));
  } catch {
    return undefined;
  }
}

/** Whether what a page shows of the entry is what the hashed bytes say. */
function shows(entry: AuditEntryView, body: Record<string, unknown>): boolean {
  return (['seq', 'rev', 'event', 'actor', 'inVoiceOf', 'reason'] as const).every(
    (field) => (body[field] ?? null) === entry[field],
  );
}
