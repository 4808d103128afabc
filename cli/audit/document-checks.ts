import type { AuditBody } from '../../shared/contracts/audit-body';
import { readCompiledPolicies } from '../../shared/contracts/compiled-policies';
import type { EvidenceFile } from '../../shared/contracts/evidence-file';
import { canonicalJson, type JsonValue } from '../../shared/domain/canonical-json';
import { sha256Hex } from '../../shared/domain/digest';
import { contractKey } from '../../shared/domain/keys';
import { planTextHash } from '../../shared/domain/plan-hash';
import { type Check, counted, failed, notCheckable, ok } from './check';
import { evidenceSummary, fieldsOf, itemOf } from './evidence-summary';
import { itemHistory } from './item-history';

type Fields = Readonly<Record<string, unknown>>;

/** Ties the documents of an export to its entries, and to one another. */
export function documentChecks(file: EvidenceFile, entries: readonly AuditBody[]): Check[] {
  const readable = file.items.every(({ text }) => isJson(text));
  if (!readable) return [failed('DOCUMENTS', 'a document is no JSON')];
  return [
    historyCheck(entries),
    itemsCheck(file, entries),
    planCheck(file),
    policyCheck(file),
    votesCheck(file),
    snapshotCheck(file),
    summaryCheck(file),
  ];
}

function historyCheck(entries: readonly AuditBody[]): Check {
  const history = itemHistory();
  const reversed = entries.find(({ seq }, n) => n > 0 && seq <= (entries[n - 1]?.seq ?? 0));
  if (reversed !== undefined) return failed('HISTORY', `entry ${reversed.seq} is out of its order`);
  for (const body of entries) history.add(body);
  const [first] = history.problems;
  if (first === undefined)
    return ok('HISTORY', 'each item’s changes are 1, 2, 3 …, each beginning where the last ended');
  return failed('HISTORY', `${first.code} at entry ${first.seq}: ${first.sk} has rev ${first.rev}`);
}

/** Each document is what its item's last entry says, and each item that is there has its document. */
function itemsCheck({ contractId, items }: EvidenceFile, entries: readonly AuditBody[]): Check {
  const { pk } = contractKey(contractId);
  const last = new Map(entries.map((body) => [`${body.item.pk}\n${body.item.sk}`, body]));
  for (const item of items) {
    const body = last.get(`${item.pk}\n${item.sk}`);
    const fields = fieldsOf(item.text);
    if (item.pk !== pk || fields['pk'] !== item.pk || fields['sk'] !== item.sk) {
      return failed('DOCUMENTS', `${item.pk} ${item.sk} is not an item of contract ${contractId}`);
    }
    if (body === undefined) return failed('DOCUMENTS', `no entry is about ${item.sk}`);
    if (body.after !== sha256Hex(item.text)) {
      return failed('DOCUMENTS', `${item.sk} is not what entry ${body.seq} says that it became`);
    }
    last.delete(`${item.pk}\n${item.sk}`);
  }
  const missing = [...last.values()].find(({ item, removal }) => item.pk === pk && removal === undefined);
  if (missing !== undefined)
    return failed('DOCUMENTS', `entry ${missing.seq} is about ${missing.item.sk}, which is not there`);
  if (!items.some(({ sk }) => sk === 'CONTRACT')) return failed('DOCUMENTS', 'the contract is not there');
  return ok('DOCUMENTS', `${counted(items.length, 'document')}, each as its last entry says`);
}

function planCheck({ items, contractId }: EvidenceFile): Check {
  const { planHash } = itemOf(items, 'CONTRACT');
  const { text } = itemOf(items, 'PLAN');
  if (typeof text !== 'string') return failed('PLAN', 'there is no plan');
  if (planTextHash(text) !== planHash) return failed('PLAN', `the plan’s text does not hash to ${planHash}`);
  if (!isJson(text) || fieldsOf(text)['contractId'] !== contractId)
    return failed('PLAN', 'it is of another contract');
  return ok('PLAN', `it hashes to ${planHash}`);
}

function policyCheck({ items, policy }: EvidenceFile): Check {
  const { text } = itemOf(items, 'PLAN');
  const { policyVersion } = typeof text === 'string' && isJson(text) ? fieldsOf(text) : {};
  if (policy === undefined)
    return notCheckable('POLICY', `the policies of version ${policyVersion} were not stored`);
  try {
    const { version, policies } = readCompiledPolicies(JSON.parse(policy));
    if (version === policyVersion)
      return ok('POLICY', `${counted(policies.length, 'policy', 'policies')}, version ${version}`);
    return failed(
      'POLICY',
      `the policies are of version ${version}, the plan was made under ${policyVersion}`,
    );
  } catch {
    return failed('POLICY', 'the policies are not what their version says');
  }
}

interface Vote {
  readonly decision: string;
  readonly planHash: string;
  readonly by?: string;
}

/** Statuses that a contract has only once it was agreed to. */
const AGREED = [
  'approved',
  'executing',
  'verifying',
  'rolling_back',
  'resolved',
  'rolled_back',
  'needs_person',
  'stale',
];

function votesCheck({ items }: EvidenceFile): Check {
  const contract = itemOf(items, 'CONTRACT');
  const approval = contract['approval'] as Fields | undefined;
  if (approval === undefined) {
    const asked = Number(contract['tier']) > 1 && contract['startedAt'] !== undefined;
    return asked ? failed('VOTES', 'it was begun, and nobody was asked') : ok('VOTES', 'nobody was asked');
  }
  const votes = Object.entries((approval['votes'] ?? {}) as Readonly<Record<string, Vote>>);
  const excluded = (approval['excluded'] ?? []) as readonly string[];
  const foreign = votes.find(([, vote]) => vote.planHash !== contract['planHash']);
  if (foreign !== undefined) return failed('VOTES', `${foreign[0]} voted for another plan`);
  const self = votes.find(
    ([subject, { by }]) => excluded.includes(subject) || (by !== undefined && excluded.includes(by)),
  );
  if (self !== undefined) return failed('VOTES', `${self[0]} was excluded from voting`);
  const approvals = votes.filter(([, { decision }]) => decision === 'approve').length;
  const quorum = Number(approval['quorum']);
  const begun = AGREED.includes(String(contract['status'])) && contract['startedAt'] !== undefined;
  if (approval['brokenBy'] !== undefined)
    return ok('VOTES', `${approval['brokenBy']} broke the glass, in place of ${quorum}`);
  if (begun && approvals < quorum)
    return failed('VOTES', `it was begun with ${approvals} of ${quorum} approvals`);
  return ok('VOTES', `${counted(approvals, 'approval')} of ${quorum} wanted, all for this plan`);
}

function snapshotCheck({ items, manifests }: EvidenceFile): Check {
  const taken = items.filter(({ sk }) => sk.startsWith('SNAPSHOT#')).map(({ text }) => fieldsOf(text));
  for (const { name, hash } of taken) {
    const manifest = manifests.find((one) => one.name === name);
    if (manifest === undefined) return notCheckable('SNAPSHOT', `the manifest ${name} was not exported`);
    if (sha256Hex(manifest.text) !== hash)
      return failed('SNAPSHOT', `the manifest ${name} does not hash to ${hash}`);
  }
  const other = manifests.find(({ name }) => taken.every((one) => one['name'] !== name));
  if (other !== undefined) return failed('SNAPSHOT', `no snapshot of this contract is named ${other.name}`);
  return ok(
    'SNAPSHOT',
    taken.length === 0 ? 'none was taken' : `${counted(taken.length, 'manifest')}, as taken`,
  );
}

function summaryCheck(file: EvidenceFile): Check {
  if (!file.manifests.every(({ text }) => isJson(text))) return failed('SUMMARY', 'a manifest is no JSON');
  const again = evidenceSummary(file) as Readonly<Record<string, JsonValue>>;
  const wrong = Object.entries(file.summary).find(
    ([name, value]) => canonicalJson(value as JsonValue) !== canonicalJson(again[name] ?? null),
  );
  if (wrong !== undefined) return failed('SUMMARY', `${wrong[0]} is not what the documents say`);
  return ok('SUMMARY', 'what it says in short is what the documents say');
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
