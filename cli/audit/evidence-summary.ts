import type { EvidenceFile, EvidenceSummary } from '../../shared/contracts/evidence-file';

type Fields = Readonly<Record<string, unknown>>;
type Documents = Pick<EvidenceFile, 'items' | 'manifests'>;

const STEP_FIELDS = ['n', 'direction', 'action', 'targetKey', 'state', 'intended', 'prior', 'outcome'];

/**
 * What the documents of a contract say, in short.
 * @throws SyntaxError when a text is no JSON
 */
export function evidenceSummary({ items, manifests }: Documents): EvidenceSummary {
  const contract = itemOf(items, 'CONTRACT');
  const plan = parsed(itemOf(items, 'PLAN')['text']);
  const approval = contract['approval'] as Fields | undefined;
  const steps = items.filter(({ sk }) => sk.startsWith('STEP#')).map(({ text }) => fieldsOf(text));
  return {
    ...pick(contract, ['status', 'mode', 'tier', 'playbook', 'reason', 'verdict', 'confidence', 'planHash']),
    policyVersion: (plan as Fields | null)?.['policyVersion'] ?? null,
    plan,
    quorum: approval?.['quorum'] ?? null,
    votes: approval?.['votes'] ?? {},
    fields: itemOf(items, 'OUTCOME')['fields'] ?? [],
    steps: steps.map((step) => pick(step, STEP_FIELDS)),
    snapshots: manifests.map(({ text }) => parsed(text)),
  } as EvidenceSummary;
}

/** The fields of one of the contract's items; none where the item is not there. */
export function itemOf(items: EvidenceFile['items'], sk: string): Fields {
  const item = items.find((one) => one.sk === sk);
  return item === undefined ? {} : fieldsOf(item.text);
}

export function fieldsOf(text: string): Fields {
  return JSON.parse(text) as Fields;
}

function parsed(text: unknown): unknown {
  return typeof text === 'string' ? JSON.parse(text) : null;
}

function pick(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, fields[name] ?? null]));
}
