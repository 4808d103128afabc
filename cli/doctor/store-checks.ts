import type { CompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';
import { findOrphans, type StateItem } from '../../shared/domain/orphans';
import type { Item, Table } from '../../shared/ports/table';
import { auditStore } from '../../shared/stores/audit-store';
import { contractStore } from '../../shared/stores/contract-store';
import { controlStore } from '../../shared/stores/control-store';
import { currentVersions } from '../../shared/stores/current-playbooks';
import { policyStore } from '../../shared/stores/policy-store';
import { verifyLog } from '../audit/verify-log';
import { type Check, look, notChecked, warning, well, wrong } from './checks';

/** What the tables of a deployment say of it; the same in all three places. */
export interface StoreView {
  readonly state: Table;
  readonly audit: Table;
  readonly now: () => number;
  /** As they lie on disk. */
  readonly shipped: CompiledPlaybooks;
  /** Of the policies on disk; `undefined` where they cannot be read. */
  readonly policyVersion: string | undefined;
  /** Every item, where that can be had consistently. */
  readonly items?: readonly Item[];
}

/** Of a change, until its entry is sequenced; beyond it something is stuck. */
const MOST_LAG_MS = 60_000;

export async function storeChecks(view: StoreView): Promise<Check[]> {
  const checks = await Promise.all([
    look('playbook versions', () => versionsCheck(view)),
    look('policy version', () => policyCheck(view)),
    look('kill switch', () => switchCheck(view)),
    look('audit log', () => lagCheck(view)),
  ]);
  return [...checks.flat(), ...(await wholeTableChecks(view))];
}

async function versionsCheck({ state, shipped }: StoreView): Promise<Check> {
  const name = 'playbook versions';
  const current = new Map((await currentVersions(state)).map((one) => [one.name, one.version]));
  if (current.size === 0)
    return wrong(name, 'none has been pushed: nothing can be healed', 'grace bootstrap');
  const behind = shipped.filter((one) => current.get(one.name) !== one.version).map((one) => one.name);
  if (behind.length === 0) return well(name, `${current.size} in use, as in the folder`);
  return warning(
    name,
    `${behind.join(', ')}: what is in use is not what is in the folder`,
    'grace playbook push, or deploy again',
  );
}

async function policyCheck({ state, policyVersion }: StoreView): Promise<Check> {
  const name = 'policy version';
  if (policyVersion === undefined) return warning(name, 'those on disk cannot be read', 'grace policy check');
  const stored = await policyStore(state).version(policyVersion);
  if (stored !== undefined) return well(name, `${policyVersion.slice(0, 12)} is deployed, as in the folder`);
  return warning(
    name,
    'the policies in the folder have not been deployed',
    'deploy again, or grace bootstrap',
  );
}

async function switchCheck({ state }: StoreView): Promise<Check> {
  const paused = await controlStore(state).switch();
  if (paused?.paused !== true) return well('kill switch', 'off: Grace may act');
  const since = new Date(paused.at).toISOString();
  return warning('kill switch', `paused by ${paused.by} since ${since}: ${paused.reason}`, 'grace resume');
}

/** The newest contract's last change must be in the log, or be so new that it cannot be there yet. */
async function lagCheck({ state, audit, now }: StoreView): Promise<Check> {
  const log = auditStore(audit, { clock: { now, sleep: async () => {} }, random: () => 0.5 });
  const head = await log.head();
  const contracts = contractStore(state);
  const [newest] = await contracts.list(1);
  if (newest === undefined)
    return head.size > 0
      ? well('audit log', `${head.size} entries`)
      : warning('audit log', 'it is empty, and there is no contract', 'grace bootstrap makes the first ones');
  const contract = await contracts.get(newest);
  const entries = await log.entriesOf({ contractId: newest });
  const lag = now() - (contract?.change.at ?? now());
  if (entries.length >= (contract?.rev ?? 0))
    return well('audit log', `${head.size} entries; the newest contract is in it`);
  const detail = `the newest contract's last change of ${Math.round(lag / 1000)} s ago is not in the log`;
  return lag > MOST_LAG_MS
    ? wrong('audit log', detail, 'look at the audit-sequencer: its event source mapping, its log')
    : warning('audit log', detail, 'look again in a minute');
}

async function wholeTableChecks({ items, audit, now }: StoreView): Promise<Check[]> {
  if (items === undefined) {
    const fix = 'grace audit verify checks the log itself';
    return [notChecked('orphans', 'a live table cannot be read whole at one moment', fix)];
  }
  const log = auditStore(audit, { clock: { now, sleep: async () => {} }, random: () => 0.5 });
  return [
    ...(await look('audit chain', async () => {
      const report = await verifyLog({ log }, { stateItems: items });
      const [problem] = report.problems;
      return problem === undefined
        ? well('audit chain', `${report.verified} of ${report.entries} entries hold`)
        : wrong('audit chain', JSON.stringify(problem), 'grace audit verify shows all of it');
    })),
    ...(await look('orphans', async () => {
      const [orphan, ...more] = findOrphans(items as unknown as StateItem[]);
      return orphan === undefined
        ? well('orphans', 'none')
        : wrong('orphans', `${more.length + 1}, such as ${orphan.pk} ${orphan.sk}`, 'see docs/operations.md');
    })),
  ];
}
