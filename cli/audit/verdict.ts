import { NothingThereError } from '../errors';
import { type Io, printJson } from '../io';
import type { Check } from './check';

/** What a verification found, of whatever it was given. */
export interface Verdict {
  readonly of: 'log' | 'dump' | 'sealed copies' | 'export' | 'proof';
  readonly entries: number;
  /** How many of them are what was written; in a log those from the first. */
  readonly verified: number;
  readonly firstBad?: number;
  readonly problems: readonly { readonly code: string }[];
  readonly unattributed: number;
  /** Of the Merkle tree, hex. */
  readonly root: string;
  readonly checks: readonly Check[];
}

/** @throws NothingThereError when there is nothing that could be wrong */
export function printVerdict(io: Io, verdict: Verdict, json: boolean): void {
  const { of, entries, firstBad, problems, unattributed, root, checks } = verdict;
  const verified = problems.length === 0;
  if (entries === 0 && verified) throw new NothingThereError('the audit log is empty');
  if (!verified) io.exitWith(1);
  if (json) {
    printJson(io, {
      of,
      entries,
      verified,
      firstBad: firstBad ?? null,
      verifiedEntries: verdict.verified,
      unattributed,
      root,
      problems,
      checks,
    });
    return;
  }
  const { paint } = io;
  const marks = { ok: paint.green('✔'), failed: paint.red('✘'), not_checkable: paint.yellow('?') };
  if (verified) {
    io.out(`${marks.ok} ${entries} entries: ${WHOLE[of]}`);
    io.out(`  Merkle root ${root}`);
  } else {
    const place = firstBad === undefined ? '' : `, first at entry ${firstBad}`;
    io.out(`${marks.failed} the ${of} does not verify: ${problems.length} problem(s)${place}`);
  }
  for (const { code, status, detail, between, epoch } of checks) {
    const place =
      between === undefined ? '' : ` (the first wrong one is one of ${between[0]} … ${between[1] - 1})`;
    const which = epoch === undefined ? '' : `epoch ${epoch}: `;
    io.out(`  ${marks[status]} ${code.padEnd(15)} ${which}${detail}${place}`);
  }
  if (!verified) for (const problem of problems.slice(0, 20)) io.out(`  ${JSON.stringify(problem)}`);
  if (unattributed > 0) io.out(`  ${unattributed} entries are of changes that nobody can be named for`);
}

const WHOLE: Record<Verdict['of'], string> = {
  log: 'the chain holds from the first to the last',
  dump: 'the chain holds from the first to the last',
  'sealed copies': 'the sealed chain holds from the first to the last',
  export: 'each is in the log, and the documents are those that they are about',
  proof: 'it is in the log',
};
