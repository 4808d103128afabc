import { epochOrigin } from '../../shared/contracts/log-origin';
import { type VerifierKey, verifierKey } from '../../shared/domain/tlog/verifier-key';
import type { Findings } from '../../shared/ports/audit-check';
import type { AuditLog, LogEpoch } from '../../shared/ports/audit-log';
import type { Clock } from '../../shared/ports/clock';
import type { Logger, Metrics } from '../../shared/ports/outside';
import type { CheckpointWriter, NoteSigner, SealWriter } from '../../shared/ports/sealing';

export interface SealerDeps {
  readonly log: Pick<AuditLog, 'head' | 'epochs' | 'entries'>;
  /** Of the log, over all its epochs. */
  readonly logName: string;
  /** Of each epoch. */
  readonly checkpoints: (epoch: number) => CheckpointWriter;
  readonly sealed: (epoch: number) => SealWriter;
  /** All that sign now, oldest first: two while a key is being rotated. */
  readonly signers: readonly NoteSigner[];
  /** Verifier keys of the witnesses whose signatures are kept. */
  readonly witnesses: readonly string[];
  readonly findings: Pick<Findings, 'open'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** One epoch, and what is written of it. */
export interface EpochDeps extends Omit<SealerDeps, 'checkpoints' | 'sealed'> {
  readonly checkpoints: CheckpointWriter;
  readonly sealed: SealWriter;
  /** First line of its checkpoints. */
  readonly origin: string;
  /** The same of the epoch before. */
  readonly originBefore: string;
  /** `seq` of its first entry. */
  readonly base: number;
  /** `seq` of the first entry of the next one; absent while the epoch is open. */
  readonly end?: number;
}

export function epochDeps(
  { epoch, base }: LogEpoch,
  next: LogEpoch | undefined,
  deps: SealerDeps,
): EpochDeps {
  return {
    ...deps,
    checkpoints: deps.checkpoints(epoch),
    sealed: deps.sealed(epoch),
    origin: epochOrigin(deps.logName, epoch),
    originBefore: epochOrigin(deps.logName, epoch - 1),
    base,
    ...(next === undefined ? {} : { end: next.base }),
  };
}

/** By which a key of ours is known under checkpoints of the epoch. */
export async function keysOf({ signers, origin }: EpochDeps): Promise<VerifierKey[]> {
  return Promise.all(signers.map(async (signer) => verifierKey(origin, 'note', await signer.publicKey())));
}
