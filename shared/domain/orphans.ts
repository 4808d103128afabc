import {
  contractKey,
  currentPlaybookKey,
  errorKey,
  type ItemKey,
  missionKey,
  planKey,
  playbookKey,
  quarantineKey,
  snapshotKey,
} from './keys';

/** An item of the state table. */
export type StateItem = ItemKey & Readonly<Record<string, unknown>>;

export interface Orphan {
  readonly pk: string;
  readonly sk: string;
  readonly missing:
    | 'contract'
    | 'plan'
    | 'mission'
    | 'event'
    | 'snapshot'
    | 'playbook_version'
    | 'quarantined_event';
  /** Key of what does not exist, as `pk sk`. */
  readonly key: string;
}

type Reference = readonly [Orphan['missing'], ItemKey];

/**
 * Finds every item that belongs to, or names, something that does not exist. The items must be one
 * consistent reading of the whole table, else what was written between two pages looks like an orphan.
 */
export function findOrphans(items: Iterable<StateItem>): Orphan[] {
  const all = [...items];
  const known = new Set(all.map(nameOf));
  return all.flatMap((item) =>
    neededBy(item).flatMap(({ needs: _needs, ...orphan }) => (known.has(orphan.key) ? [] : [orphan])),
  );
}

/** What an item needs to exist, each once; each is an orphan if that does not. */
export function neededBy(item: StateItem): (Orphan & { readonly needs: ItemKey })[] {
  const needed = new Map(referencesOf(item).map((reference) => [nameOf(reference[1]), reference]));
  return [...needed].map(([key, [missing, needs]]) => ({ pk: item.pk, sk: item.sk, missing, key, needs }));
}

/** Everything that an item needs to exist. Read tolerantly: a field of another type refers to nothing. */
function referencesOf(item: StateItem): Reference[] {
  return [...byPlace(item), ...byField(item), ...byPlan(item)];
}

function byPlace({ pk, sk }: StateItem): Reference[] {
  const [collection, id] = split(pk);
  if (collection === 'CONTRACT' && sk !== 'CONTRACT') return [contract(id)];
  if (collection === 'CONTRACT') return [['plan', planKey(id)]];
  // Windows and counters may outlive what they counted, but not the current version of a playbook.
  return [];
}

function byField(item: StateItem): Reference[] {
  const references: Reference[] = [];
  const [collection, id] = split(item.pk);
  // An event is evidence: the mission that its change names is a claim, unless a contract came of it.
  const sources =
    collection === 'ERROR' || collection === 'QUARANTINE' ? [item] : [item, mapOf(item['change'])];
  for (const source of sources) {
    text(source['contractId'], (contractId) => references.push(contract(contractId)));
    text(source['missionId'], (missionId) => references.push(['mission', missionKey(missionId)]));
  }
  if (collection === 'ERROR')
    text(item['quarantineId'], (from) => references.push(['quarantined_event', quarantineKey(from)]));
  else text(item['eventId'], (eventId) => references.push(['event', errorKey(eventId)]));
  if (collection === 'MISSION') {
    for (const contractId of Object.keys(mapOf(item['contracts']))) references.push(contract(contractId));
  }
  if (collection === 'LOCK') {
    text(item['owner'], (owner) => references.push(contract(owner)));
    text(item['frozenBy'], (contractId) => references.push(contract(contractId)));
  }
  if (collection === 'POOL' || collection === 'BUDGET') {
    for (const holder of membersOf(item['holders'])) references.push(contract(holder));
  }
  if (collection === 'CONTRACT' && typeof item['snapshot'] === 'number') {
    references.push(['snapshot', snapshotKey(id, item['snapshot'])]);
  }
  if (collection === 'PLAYBOOK' && item.sk === currentPlaybookKey(id).sk) {
    text(item['version'], (version) => references.push(['playbook_version', playbookKey(id, version)]));
  }
  return references;
}

/** The plan names the playbook's version and the contract; its text is the plan (`planText`). */
function byPlan(item: StateItem): Reference[] {
  if (item.sk !== 'PLAN' || typeof item['text'] !== 'string') return [];
  const plan = mapOf(parsed(item['text']));
  const playbook = mapOf(plan['playbook']);
  const references: Reference[] = [];
  text(plan['contractId'], (id) => references.push(contract(id)));
  text(playbook['name'], (name) =>
    text(playbook['version'], (version) => references.push(['playbook_version', playbookKey(name, version)])),
  );
  return references;
}

const contract = (id: string): Reference => ['contract', contractKey(id)];
const nameOf = ({ pk, sk }: ItemKey): string => `${pk} ${sk}`;

function split(pk: string): [collection: string, id: string] {
  const at = pk.indexOf('#');
  return at < 0 ? [pk, ''] : [pk.slice(0, at), pk.slice(at + 1)];
}

function text(value: unknown, use: (text: string) => void): void {
  if (typeof value === 'string' && value !== '') use(value);
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return value as Readonly<Record<string, unknown>>;
}

function membersOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((member) => typeof member === 'string');
  return Object.prototype.toString.call(value) === '[object Set]' ? [...(value as ReadonlySet<string>)] : [];
}

/** A plan that is no JSON refers to nothing here; the gate and `ContractStore.plan` refuse it. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
