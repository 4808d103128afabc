import type { EvidenceFile } from '../../shared/contracts/evidence-file';
import { readOrigin } from '../../shared/contracts/log-origin';
import { SnapshotItem } from '../../shared/contracts/state-items';
import { entryBytes } from '../../shared/domain/audit-entry';
import { base64Of } from '../../shared/domain/base64-bytes';
import { imageText } from '../../shared/domain/image-digest';
import { contractKey, policyKey } from '../../shared/domain/keys';
import { epochOf } from '../../shared/domain/log-epochs';
import type { Checkpoint } from '../../shared/domain/tlog/checkpoint';
import type { AuditLog, LogEpoch } from '../../shared/ports/audit-log';
import type { AuditProofs, Checkpoints, StoredCheckpoint } from '../../shared/ports/audit-seal';
import type { Item, Page, Table } from '../../shared/ports/table';
import { NothingThereError, UnusableError } from '../errors';
import { evidenceSummary } from './evidence-summary';
import { readCheckpoint } from './read-checkpoint';

export interface ExportDeps {
  readonly state: Table;
  readonly log: AuditLog;
  readonly proofs: AuditProofs;
  /** Of each epoch. */
  readonly checkpoints: (epoch: number) => Checkpoints;
  /** Verifier keys of the log. */
  readonly keys: readonly string[];
  /** Documents kept as evidence; `undefined` = not there. */
  document(name: string): Promise<string | undefined>;
  readonly now: number;
  /** What the reader has kept: the file will prove that the log begins with what it covers. */
  readonly kept?: Checkpoint;
}

/**
 * One file with everything about a contract that an outsider needs to judge it.
 * @throws NothingThereError when there is no such contract; UnusableError when the log cannot be shown to begin with `kept`;
 * AuditLogBrokenError when it does not begin with it
 */
export async function exportContract(contractId: string, deps: ExportDeps): Promise<EvidenceFile> {
  const { pk } = contractKey(contractId);
  const found = await partition(deps.state, pk);
  if (found.length === 0) throw new NothingThereError(`there is no contract ${contractId}`);
  const items = found.map((item) => ({ pk: item.pk, sk: item.sk, text: imageText(item) }));
  const manifests: EvidenceFile['manifests'] = [];
  for (const item of found.filter(({ sk }) => sk.startsWith('SNAPSHOT#'))) {
    const { name } = SnapshotItem.parse(fieldsOnly(item));
    const text = await deps.document(name);
    if (text !== undefined) manifests.push({ name, text });
  }
  const summary = evidenceSummary({ items, manifests });
  const policy = await policyText(deps.state, summary.policyVersion);
  const logged = await deps.log.entriesOf({ contractId });
  const epochs = await signedEpochs(logged, deps);
  const entries: EvidenceFile['entries'] = [];
  for (const { seq, leaf } of logged) {
    const checkpoint = epochOf(epochs, seq)?.checkpoint;
    const proved = checkpoint === undefined ? undefined : await deps.proofs.proofOf(seq, checkpoint);
    const proof = proved === undefined ? {} : { proof: proved.proof.map(base64Of) };
    entries.push({ seq, entry: base64Of(entryBytes(leaf)), ...proof });
  }
  const trees = [];
  for (const epoch of epochs) if (epoch.checkpoint !== undefined) trees.push(await treeOf(epoch, deps));
  return {
    format: 'grace.evidence.v1',
    contractId,
    exportedAt: deps.now,
    summary,
    items,
    manifests,
    ...(policy === undefined ? {} : { policy }),
    entries,
    ...trees.at(-1),
    ...(trees.length < 2 ? {} : { earlier: trees.slice(0, -1) }),
    keys: [...deps.keys],
  };
}

interface SignedEpoch extends LogEpoch {
  /** One for all proofs, also when a newer one is signed meanwhile; absent while nothing of the epoch is signed. */
  readonly checkpoint: StoredCheckpoint | undefined;
}

/** From the epoch of the first entry, or of what was kept, to that of the last one. */
async function signedEpochs(
  logged: readonly { readonly seq: number }[],
  { log, checkpoints, kept }: ExportDeps,
): Promise<SignedEpoch[]> {
  const all = await log.epochs();
  const wanted = new Set(logged.map(({ seq }) => epochOf(all, seq).epoch));
  if (kept !== undefined) wanted.add(readOrigin(kept.origin)?.epoch ?? 1);
  const [first, last] = [Math.min(...wanted), Math.max(...wanted)];
  const found: SignedEpoch[] = [];
  for (const one of all.filter(({ epoch }) => epoch >= first && epoch <= last))
    found.push({ ...one, checkpoint: (await checkpoints(one.epoch).list(1))[0] });
  if (kept === undefined) return found;
  if (found.every(({ checkpoint }) => checkpoint === undefined))
    throw new UnusableError('there is no signed checkpoint to compare with');
  const origins = found.flatMap(({ checkpoint: one }) =>
    one === undefined ? [] : readCheckpoint(one.note).origin,
  );
  if (!origins.includes(kept.origin))
    throw new UnusableError(
      `the checkpoint kept is of ${kept.origin}, and this log is ${origins.join(', ')}`,
    );
  return found;
}

async function treeOf({ epoch, base, checkpoint }: SignedEpoch, deps: ExportDeps) {
  const under = checkpoint as StoredCheckpoint;
  const { kept, proofs } = deps;
  const opening = epoch === 1 ? undefined : await proofs.proofOf(base, under);
  const isKept = kept !== undefined && readCheckpoint(under.note).origin === kept.origin;
  return {
    checkpoint: under.note,
    ...(opening === undefined
      ? {}
      : {
          opening: {
            seq: base,
            entry: base64Of(entryBytes(opening.entry.leaf)),
            proof: opening.proof.map(base64Of),
          },
        }),
    ...(isKept ? { consistency: [await consistency(kept, under, deps)] } : {}),
  };
}

async function consistency(
  kept: Checkpoint,
  newest: StoredCheckpoint,
  { proofs }: ExportDeps,
): Promise<{ from: number; proof: string[] }> {
  const proof = await proofs.consistencyOf(kept, newest);
  if (proof !== undefined) return { from: kept.size, proof: proof.map(base64Of) };
  throw new UnusableError(`the checkpoint kept covers ${kept.size} entries, the newest one ${newest.size}`);
}

async function policyText(state: Table, version: unknown): Promise<string | undefined> {
  const text = typeof version === 'string' ? (await state.get(policyKey(version)))?.['text'] : undefined;
  return typeof text === 'string' ? text : undefined;
}

async function partition(state: Table, pk: string): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | undefined;
  do {
    const page: Page = await state.query({ pk, ...(after === undefined ? {} : { after }) });
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return items;
}

function fieldsOnly({ pk, sk, schemaVersion, rev, change, ...fields }: Item): Record<string, unknown> {
  return fields;
}
