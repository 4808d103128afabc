import { EvidenceFile } from '../../shared/contracts/evidence-file';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { entryLink, type StoredEntry } from '../../shared/domain/audit-entry';
import { bytesOfBase64 } from '../../shared/domain/base64-bytes';
import { verifyConsistency, verifyInclusion } from '../../shared/domain/tlog/merkle-proof';
import { type Check, counted, failed, firstBadOf, notCheckable, ok } from './check';
import { documentChecks } from './document-checks';
import { type ReadCheckpoint, readCheckpoint, type Trust } from './read-checkpoint';
import { signatureChecks } from './signature-checks';
import type { Verdict } from './verdict';

/** The file is no evidence file, or holds text that is not what its place is for. */
export class EvidenceFileError extends Error {
  override readonly name = 'EvidenceFileError';
}

/** @throws EvidenceFileError that names the field */
export function readEvidenceFile(value: unknown): EvidenceFile {
  const read = EvidenceFile.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new EvidenceFileError(`not an evidence file: ${issue?.path.join('.')}: ${issue?.message}`);
}

/**
 * Checks the export of a contract: by itself, with what the auditor brings along.
 * @throws EvidenceFileError when something in it is not base64, or no entry
 */
export function verifyExport(file: EvidenceFile, trust: Trust): Verdict {
  const entries = file.entries.map(({ seq, entry, proof }) => readEntry(seq, entry, proof));
  const checkpoint = file.checkpoint === undefined ? undefined : readable(file.checkpoint);
  const checks = [
    ...treeChecks(file, checkpoint, entries, trust),
    ...documentChecks(
      file,
      entries.map(({ body }) => body),
    ),
  ];
  const firstBad = firstBadOf(checks);
  return {
    of: 'export',
    entries: entries.length,
    verified: checkpoint === undefined ? 0 : entries.filter((entry) => isIncluded(entry, checkpoint)).length,
    ...(firstBad === undefined ? {} : { firstBad }),
    problems: checks.filter(({ status }) => status === 'failed').map(({ status, ...check }) => check),
    unattributed: entries.filter(({ body }) => !body.attributed).length,
    root: Buffer.from(checkpoint?.root ?? []).toString('hex'),
    checks,
  };
}

interface ReadEntry extends StoredEntry {
  readonly proof: readonly Uint8Array[] | undefined;
  readonly body: ReturnType<typeof readAuditBody>;
}

function readEntry(seq: number, entry: string, proof: readonly string[] | undefined): ReadEntry {
  try {
    const bytes = bytesOfBase64(entry);
    return {
      seq,
      bytes,
      link: entryLink(bytes),
      body: readAuditBody(bytes),
      proof: proof?.map(bytesOfBase64),
    };
  } catch (cause) {
    throw new EvidenceFileError(`entry ${seq} cannot be read`, { cause });
  }
}

function treeChecks(
  file: EvidenceFile,
  checkpoint: ReadCheckpoint | undefined,
  entries: readonly ReadEntry[],
  trust: Trust,
): Check[] {
  if (checkpoint === undefined) {
    const none =
      file.checkpoint === undefined
        ? notCheckable('CHECKPOINTS', 'the file has no signed checkpoint')
        : failed('CHECKPOINTS', 'the checkpoint cannot be read');
    const unsigned = trust.keys === undefined ? [] : [failed('KEY', 'nothing is signed with the key given')];
    return [none, ...unsigned];
  }
  const signed = signatureChecks([checkpoint], { keys: file.keys, trust });
  return [inclusionCheck(entries, checkpoint), ...signed, ...keptCheck(file, checkpoint, trust)];
}

function inclusionCheck(entries: readonly ReadEntry[], checkpoint: ReadCheckpoint): Check {
  const wrong = entries.find((entry) => entry.proof !== undefined && !isIncluded(entry, checkpoint));
  if (wrong !== undefined) {
    const detail = `entry ${wrong.seq} is not in the tree of the checkpoint of ${checkpoint.size}`;
    return failed('INCLUSION', detail, { firstBad: wrong.seq });
  }
  const bare = entries.filter(({ proof }) => proof === undefined);
  if (bare.length > 0) {
    const { seq } = bare[0] as ReadEntry;
    if (seq < checkpoint.size) return failed('INCLUSION', `entry ${seq} has no proof`, { firstBad: seq });
    return notCheckable(
      'INCLUSION',
      `${counted(bare.length, 'entry', 'entries')} from ${seq} on are under no checkpoint yet`,
    );
  }
  const { origin, size } = checkpoint;
  return ok(
    'INCLUSION',
    `${counted(entries.length, 'entry', 'entries')}, all in ${origin} at ${size} entries`,
  );
}

function isIncluded({ seq, body, link, proof }: ReadEntry, { size, root }: ReadCheckpoint): boolean {
  if (proof === undefined || body.seq !== seq) return false;
  return verifyInclusion({ index: seq, size, leafHash: link, proof, root });
}

/** What the auditor kept is of this log: the same checkpoint, or one that the file proves to be its beginning. */
function keptCheck({ consistency }: EvidenceFile, checkpoint: ReadCheckpoint, { since }: Trust): Check[] {
  if (since === undefined) return [];
  const kept = readable(since);
  if (kept === undefined) return [failed('KEPT_CHECKPOINT', 'what you kept is no signed checkpoint')];
  const { origin, size } = checkpoint;
  if (kept.origin !== origin)
    return [failed('KEPT_CHECKPOINT', `you kept a checkpoint of ${kept.origin}, and this log is ${origin}`)];
  const proof = kept.size === size ? [] : consistency?.find(({ from }) => from === kept.size)?.proof;
  if (proof === undefined)
    return [
      notCheckable(
        'KEPT_CHECKPOINT',
        `the file has no proof from ${kept.size} entries to ${size}: have it exported with --since`,
      ),
    ];
  if (verifyConsistency({ from: kept, to: checkpoint, proof: hashesOf(proof) }))
    return [ok('KEPT_CHECKPOINT', `the log begins with the ${kept.size} entries that you kept`)];
  const why = kept.size === size ? 'you kept another root of this size' : 'the proof does not hold';
  return [failed('KEPT_CHECKPOINT', `${why}: there may be two histories`)];
}

function hashesOf(proof: readonly string[]): Uint8Array[] {
  try {
    return proof.map(bytesOfBase64);
  } catch (cause) {
    throw new EvidenceFileError('consistency: a hash is not base64', { cause });
  }
}

function readable(note: string): ReadCheckpoint | undefined {
  try {
    return readCheckpoint(note);
  } catch {
    return undefined;
  }
}
