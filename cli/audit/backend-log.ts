import type { EvidenceFile } from '../../shared/contracts/evidence-file';
import { entryBytes } from '../../shared/domain/audit-entry';
import { type Checkpoint, parseCheckpoint } from '../../shared/domain/tlog/checkpoint';
import type { TlogProof } from '../../shared/domain/tlog/proof-text';
import { LATEST_CHECKPOINT } from '../../shared/domain/tlog/seal-layout';
import { parseNote } from '../../shared/domain/tlog/signed-note';
import type { AuditLog } from '../../shared/ports/audit-log';
import type { Checkpoints, SealedCopies, StoredCheckpoint } from '../../shared/ports/audit-seal';
import { allCheckpoints } from '../../shared/stores/all-checkpoints';
import { auditProofs } from '../../shared/stores/audit-proofs';
import { auditStore } from '../../shared/stores/audit-store';
import { checkpointStore } from '../../shared/stores/checkpoint-store';
import type { Backend } from '../backend/backend';
import { NothingThereError } from '../errors';
import { epochArchives } from './epoch-archives';
import { exportContract } from './export-contract';
import { signedPart } from './log-evidence';
import type { Trust } from './read-checkpoint';
import type { Verdict } from './verdict';
import { verdictOnLog } from './verify-path';

/** What the audit commands do with a deployment's log. */
export function logOf({ audit, clock }: Backend): AuditLog {
  return auditStore(audit, { clock, random: Math.random });
}

export async function verifyBackend(backend: Backend, trust: Trust): Promise<Verdict> {
  const { sealed } = backend;
  const stateItems = backend.stateItems();
  return verdictOnLog(
    'log',
    {
      log: logOf(backend),
      checkpoints: allCheckpoints(logOf(backend), (epoch) => checkpointStore(backend.audit, { epoch })),
      ...(sealed === undefined ? {} : { sealed }),
    },
    { trust, ...(stateItems === undefined ? {} : { stateItems }) },
  );
}

/** The export of a contract, for who has kept a checkpoint, or none; it throws as `exportContract` does. */
export async function exportFrom(
  backend: Backend,
  contractId: string,
  kept: Checkpoint | undefined,
): Promise<EvidenceFile> {
  const { state, clock } = backend;
  const log = logOf(backend);
  const copies = await sealedCopies(backend);
  return exportContract(contractId, {
    state,
    log,
    ...copies,
    proofs: auditProofs({ log, ...copies }),
    keys: (await signedPart(backend.sealed)).keys,
    document: (name) => backend.document(name),
    now: clock.now(),
    ...(kept === undefined ? {} : { kept }),
  });
}

/** @throws NothingThereError when no checkpoint covers that entry */
export async function proofFrom(backend: Backend, seq: number): Promise<TlogProof> {
  const proofs = auditProofs({ log: logOf(backend), ...(await sealedCopies(backend)) });
  const found = await proofs.proofOf(seq);
  if (found === undefined) throw new NothingThereError(`no checkpoint covers entry ${seq}`);
  const { index, proof, checkpoint, entry } = found;
  return { index, extra: entryBytes(entry.leaf), proof, checkpoint: checkpoint.note };
}

/** Of the newest epoch that is signed. @throws NothingThereError when nothing is signed yet */
export async function newestCheckpoint(backend: Backend): Promise<StoredCheckpoint> {
  const { checkpoints } = await sealedCopies(backend);
  const [checkpoint] = await allCheckpoints(logOf(backend), checkpoints).list(1);
  if (checkpoint === undefined) throw new NothingThereError('there is no signed checkpoint yet');
  return checkpoint;
}

const NOTHING_SEALED: SealedCopies = { read: async () => undefined };

/** What is sealed of each epoch, and the newest checkpoint as it lies beside the tiles. */
async function sealedCopies({ sealed }: Backend) {
  const archives = sealed === undefined ? [] : await epochArchives(sealed);
  const copies = new Map(archives.map(({ epoch = 1, archive }) => [epoch, archive]));
  const of = (epoch: number): SealedCopies => copies.get(epoch) ?? NOTHING_SEALED;
  return { sealed: of, checkpoints: (epoch: number) => newestSealed(of(epoch)) };
}

function newestSealed(sealed: SealedCopies): Checkpoints {
  return {
    async list() {
      const bytes = await sealed.read(LATEST_CHECKPOINT);
      if (bytes === undefined) return [];
      const note = Buffer.from(bytes).toString('utf8');
      return [{ size: parseCheckpoint(parseNote(note).text).size, note }];
    },
  };
}
