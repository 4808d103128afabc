import type { EvidenceFile } from '../../shared/contracts/evidence-file';
import { SnapshotItem } from '../../shared/contracts/state-items';
import { base64Of } from '../../shared/domain/base64-bytes';
import { imageText } from '../../shared/domain/image-digest';
import { contractKey, policyKey } from '../../shared/domain/keys';
import type { AuditLog } from '../../shared/ports/audit-log';
import type { AuditProofs, Checkpoints } from '../../shared/ports/audit-seal';
import type { Item, Page, Table } from '../../shared/ports/table';
import { NothingThereError } from '../errors';
import { evidenceSummary } from './evidence-summary';

export interface ExportDeps {
  readonly state: Table;
  readonly log: AuditLog;
  readonly proofs: AuditProofs;
  readonly checkpoints: Checkpoints;
  /** Verifier keys of the log. */
  readonly keys: readonly string[];
  /** Documents kept as evidence; `undefined` = not there. */
  document(name: string): Promise<string | undefined>;
  readonly now: number;
}

/**
 * One file with everything about a contract that an outsider needs to judge it.
 * @throws NothingThereError when there is no such contract
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
  // One for all proofs, also when a newer one is signed meanwhile.
  const [checkpoint] = await deps.checkpoints.list(1);
  const entries: EvidenceFile['entries'] = [];
  for (const { seq, bytes } of await deps.log.entriesOf({ contractId })) {
    const proved = checkpoint === undefined ? undefined : await deps.proofs.proofOf(seq, checkpoint);
    const proof = proved === undefined ? {} : { proof: proved.proof.map(base64Of) };
    entries.push({ seq, entry: base64Of(bytes), ...proof });
  }
  return {
    format: 'grace.evidence.v1',
    contractId,
    exportedAt: deps.now,
    summary,
    items,
    manifests,
    ...(policy === undefined ? {} : { policy }),
    entries,
    ...(checkpoint === undefined ? {} : { checkpoint: checkpoint.note }),
    keys: [...deps.keys],
  };
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
