import type { ClosedEpoch } from '../../shared/contracts/audit-body';
import type { AuditFinding } from '../../shared/contracts/audit-findings';
import { closedBefore } from '../../shared/contracts/closed-before';
import { type Checkpoint, parseCheckpoint } from '../../shared/domain/tlog/checkpoint';
import { parseNote } from '../../shared/domain/tlog/signed-note';
import type { LogEpoch } from '../../shared/ports/audit-log';
import type { CheckDeps } from './check-deps';

/**
 * The first entry of an epoch against what was signed of the epoch before. An epoch that could not be sealed to its end
 * has a finding of the sealer; here only what contradicts a signature is one.
 */
export async function compareOpening(
  { base }: LogEpoch,
  before: LogEpoch,
  deps: CheckDeps,
): Promise<AuditFinding[]> {
  const closes = await closesAt(base, deps);
  const detail = contradiction({ base, before, closes, signed: await lastSigned(before, deps) });
  return detail === undefined ? [] : [{ kind: 'EPOCH_LINK', pk: '', sk: '', seq: base, detail }];
}

function contradiction(given: {
  readonly base: number;
  readonly before: LogEpoch;
  readonly closes: ClosedEpoch | undefined;
  readonly signed: Checkpoint | undefined;
}): string | undefined {
  const { base, before, closes, signed } = given;
  if (closes?.base !== before.base || closes.base + closes.size !== base)
    return `entry ${base} does not say that it closes epoch ${before.epoch}`;
  if (signed === undefined || signed.size < closes.size) return undefined;
  if (signed.size > closes.size)
    return `entry ${base} closes ${closes.size} entries of ${closes.origin}, of which ${signed.size} were signed`;
  const isSame = signed.origin === closes.origin && hexOf(signed.root) === closes.root;
  return isSame ? undefined : `entry ${base} closes another tree than was signed of ${signed.origin}`;
}

async function closesAt(seq: number, { log }: CheckDeps): Promise<ClosedEpoch | undefined> {
  for await (const { leaf } of log.entries(seq, seq + 1)) return closedBefore(leaf);
  return undefined;
}

/** `undefined` = nothing is, or what is cannot be read, which the sealer finds. */
async function lastSigned({ epoch }: LogEpoch, { checkpoints }: CheckDeps): Promise<Checkpoint | undefined> {
  const [newest] = await checkpoints(epoch).list(1);
  if (newest === undefined) return undefined;
  try {
    return parseCheckpoint(parseNote(newest.note).text);
  } catch {
    return undefined;
  }
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
