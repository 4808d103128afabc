import type { AuditFinding } from '../../shared/contracts/audit-findings';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { type ChainReport, verifyChain } from '../../shared/domain/audit-chain';
import type { StoredEntry } from '../../shared/domain/audit-entry';
import { type Examination, entryExaminer } from '../../shared/domain/examine-entries';
import type { Heard } from '../../shared/domain/subsystems';
import type { AuditLog, LogHead } from '../../shared/ports/audit-log';

/** Where a reading of the log stands. */
export interface ReadFrom {
  readonly seq: number;
  readonly link: Uint8Array;
  readonly sequencedAt: number;
}

export interface Slice extends Examination {
  /** Where the next slice begins. */
  readonly next: ReadFrom;
  readonly entries: number;
  /** `seq` of entries that say they open an epoch. */
  readonly openings: readonly number[];
}

/** Eight partitions of the table; one transaction takes the hours that so many entries fall into. */
const SLICE = 2048;

/**
 * Reads the next entries up to `head` and checks bytes, chain, times and revs. Where the chain breaks the finding
 * names the place, and the reading goes on behind it as if it were whole, so that one bad entry does not hide
 * everything that comes after.
 */
export async function readSlice(
  { seq, link, sequencedAt }: ReadFrom,
  given: { readonly log: AuditLog; readonly head: LogHead; readonly heard: Heard; readonly now: number },
): Promise<Slice> {
  const { log, head, heard, now } = given;
  const end = Math.min(head.size, seq + SLICE);
  const examiner = entryExaminer({ sequencedAt, heard, now });
  const findings: AuditFinding[] = [];
  const openings: number[] = [];
  const stored: StoredEntry[] = [];
  for await (const entry of log.entries(seq, end)) stored.push(entry);

  let from = { seq, link };
  let latest = sequencedAt;
  let rest: readonly StoredEntry[] = stored;
  while (rest.length > 0) {
    const report = await verifyChain(rest, { from });
    const held = rest.slice(0, report.verified);
    for (const entry of held) {
      try {
        const body = readAuditBody(entry.leaf);
        examiner.see(body);
        if (body.closes !== undefined) openings.push(entry.seq);
        latest = Math.max(latest, body.sequencedAt);
      } catch {
        findings.push(about(entry.seq, 'BODY_UNREADABLE', 'its body is none of ours'));
      }
    }
    if (report.problem !== undefined) findings.push(brokenAt(report, rest));
    const broken = report.problem === undefined ? undefined : rest[report.verified];
    if (broken !== undefined) passOver(broken, examiner);
    const last = broken ?? held.at(-1);
    if (last !== undefined) from = { seq: last.seq + 1, link: last.link };
    rest = rest.slice(report.verified + (report.problem === undefined ? 0 : 1));
  }
  if (from.seq < end)
    findings.push(about(from.seq, 'TRUNCATED', `entries ${from.seq} to ${end - 1} are not there`));
  if (end === head.size && from.seq === end && !sameBytes(from.link, head.link)) {
    findings.push(about(end, 'HEAD_MISMATCH', 'the last entry is not the one that the head names'));
  }
  const seen = examiner.end();
  return {
    ...seen,
    findings: [...findings, ...seen.findings],
    next: { seq: end, link: from.seq === end ? from.link : head.link, sequencedAt: latest },
    entries: stored.length,
    openings,
  };
}

function passOver({ leaf }: StoredEntry, examiner: ReturnType<typeof entryExaminer>): void {
  try {
    examiner.passOver(readAuditBody(leaf));
  } catch {
    // Not even a body: the finding about its bytes says it.
  }
}

function brokenAt({ problem = 'BROKEN_CHAIN', firstBad = 0 }: ChainReport, rest: readonly StoredEntry[]) {
  const found = rest.find(({ seq }) => seq >= firstBad)?.seq;
  const detail =
    problem === 'SEQ_GAP'
      ? `entries ${firstBad} to ${(found ?? firstBad) - 1} are not there`
      : 'the chain does not hold here';
  return about(firstBad, problem, detail);
}

const about = (seq: number, kind: AuditFinding['kind'], detail: string): AuditFinding => ({
  kind,
  pk: '',
  sk: '',
  seq,
  detail,
});

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
