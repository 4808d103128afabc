import * as z from 'zod/mini';
import type { AuditFinding } from '../../shared/contracts/audit-findings';
import { checkpointText } from '../../shared/domain/tlog/checkpoint';
import { checkpointName, KEYS, LATEST_CHECKPOINT } from '../../shared/domain/tlog/seal-layout';
import { encodeNote, type NoteSignature, signatureOf } from '../../shared/domain/tlog/signed-note';
import { rootOfEdge, type TileEdge } from '../../shared/domain/tlog/tile-edge';
import { encodeKey } from '../../shared/domain/tlog/verifier-key';
import type { LogEpoch } from '../../shared/ports/audit-log';
import type { StoredCheckpoint } from '../../shared/ports/audit-seal';
import type { NoteSigner } from '../../shared/ports/sealing';
import { grow } from './grow';
import { lastSealed } from './last-sealed';
import { SealRefusal } from './seal-refusal';
import { type EpochDeps, epochDeps, keysOf, type SealerDeps } from './sealer-deps';
import { type CosignedOutput, takeCosigned } from './take-cosigned';

/** By the clock nothing; or a checkpoint that a witness has signed. */
export const SealerInput = z.object({ cosigned: z.optional(z.string().check(z.maxLength(65_536))) });
export type SealerInput = z.infer<typeof SealerInput>;

export async function sealer(input: SealerInput, deps: SealerDeps): Promise<SealerOutput | CosignedOutput> {
  return input.cosigned === undefined ? seal(deps) : takeCosigned(input.cosigned, deps);
}

export interface SealerOutput {
  /** Entries of the newest epoch that are under its newest checkpoint. */
  readonly size: number;
  /** Of them, those that this call added. */
  readonly added: number;
  readonly refused?: AuditFinding['kind'];
}

/**
 * Seals what is new in the log: tiles and entry bundles into the bucket, each name once; then a signed checkpoint,
 * as a row of the audit table and beside the tiles. Nothing is signed that does not continue the last checkpoint:
 * the new tree grows out of the very hashes that the last signature covers (`lastSealed`), and only by entries that
 * are chained to them (`grow`). What does not fit is refused and becomes a finding.
 *
 * Epochs are sealed one after the other, each to its end. A closed one that is refused keeps its finding, and the next one
 * is begun all the same: that somebody closed it is the order to go on.
 *
 * Safe to repeat, to cut anywhere and to run twice at once: all that is written before the signature is a function
 * of the log, and all after it follows from the row.
 */
export async function seal(deps: SealerDeps): Promise<SealerOutput> {
  const epochs = await deps.log.epochs();
  for (let at = await lastBegun(epochs, deps); ; at += 1) {
    const [epoch, next] = epochs.slice(at, at + 2) as [LogEpoch, LogEpoch?];
    const output = await sealEpoch(epochDeps(epoch, next, deps));
    const isSealed = next !== undefined && output.size === next.base - epoch.base;
    if (next === undefined || !(isSealed || output.refused !== undefined)) return output;
  }
}

/** Of the epochs, the place of the newest that something is signed of: behind it nothing is sealed any more. */
async function lastBegun(epochs: readonly LogEpoch[], deps: SealerDeps): Promise<number> {
  for (let at = epochs.length - 1; at > 0; at -= 1) {
    const { epoch } = epochs[at] as LogEpoch;
    if ((await deps.checkpoints(epoch).list(1)).length > 0) return at;
  }
  return 0;
}

async function sealEpoch(deps: EpochDeps): Promise<SealerOutput> {
  try {
    return await sealNew(deps);
  } catch (error) {
    if (!(error instanceof SealRefusal)) throw error;
    const { finding, size } = error;
    deps.logger.error('not sealed', {
      code: 'SEAL_REFUSED',
      origin: deps.origin,
      kind: finding.kind,
      seq: finding.seq,
    });
    deps.metrics.count('grace_audit_findings_total', {});
    await deps.findings.open(finding, { actor: 'audit-sealer', reason: finding.kind, at: deps.clock.now() });
    return { size, added: 0, refused: finding.kind };
  }
}

async function sealNew(deps: EpochDeps): Promise<SealerOutput> {
  const last = await lastSealed(deps);
  if (last.checkpoint !== undefined) await publish(last.checkpoint, deps);
  const grown = await grow(last, deps);
  if (grown === undefined) return { size: last.edge.size, added: 0 };
  const checkpoint = await signed(grown, deps);
  // Another sealer may have signed for this size: then its note is the one, and lies beside the tiles soon.
  if (!(await deps.checkpoints.put(checkpoint))) return { size: checkpoint.size, added: 0 };
  await publish(checkpoint, deps);
  const added = checkpoint.size - last.edge.size;
  deps.logger.info('log sealed', { code: 'LOG_SEALED', origin: deps.origin, size: checkpoint.size, added });
  return { size: checkpoint.size, added };
}

async function signed(edge: TileEdge, deps: EpochDeps): Promise<StoredCheckpoint> {
  const { signers, origin } = deps;
  const text = checkpointText({ origin, size: edge.size, root: rootOfEdge(edge), extensions: [] });
  const signatures: NoteSignature[] = [];
  const keys = await keysOf(deps);
  for (const [n, key] of keys.entries())
    signatures.push(signatureOf(key, await (signers[n] as NoteSigner).sign(text)));
  return { size: edge.size, note: encodeNote({ text, signatures }) };
}

/**
 * Beside the tiles, from the row: so a call that was cut after the row is made good by the next.
 * @throws SealRefusal when something else lies there
 */
async function publish({ size, note }: StoredCheckpoint, deps: EpochDeps): Promise<void> {
  const { sealed } = deps;
  const bytes = Buffer.from(note);
  const latest = await sealed.read(LATEST_CHECKPOINT);
  if (latest !== undefined && Buffer.compare(latest, bytes) === 0) return;
  const name = checkpointName(size);
  if (!(await sealed.write(name, bytes)))
    throw new SealRefusal('SEAL_DIFFERS', { size, detail: `${name} is not the checkpoint that was signed` });
  const known = linesOf(await sealed.read(KEYS));
  const keys = [...new Set([...known, ...(await keysOf(deps)).map(encodeKey)])];
  if (keys.length > known.length) await sealed.replace(KEYS, Buffer.from(`${keys.join('\n')}\n`));
  await sealed.replace(LATEST_CHECKPOINT, bytes);
}

const linesOf = (bytes: Uint8Array | undefined): string[] =>
  bytes === undefined ? [] : Buffer.from(bytes).toString('utf8').split('\n').filter(Boolean);
