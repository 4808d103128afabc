import { SIMULATED_FUNCTIONS } from '../../../../cli/simulator/functions';
import { Contract } from '../../../../shared/contracts/contract';
import type { SettingsFile } from '../../../../shared/contracts/settings';
import { contractKey, stepKey } from '../../../../shared/domain/keys';
import { planTextHash } from '../../../../shared/domain/plan-hash';
import type { Status } from '../../../../shared/domain/transitions';
import { FUNCTIONS } from '../../../../shared/names';
import type { Item, Table } from '../../../../shared/ports/table';
import { ledger } from '../../../../shared/stores/ledger';
import { createMemoryTable, type MemoryTable } from '../../../../shared/stores/memory-table';
import { createStage, publishPlaybooks, runIncident, type Stage } from '../../../support/faults/bench';
import { BENCH_INCIDENTS, type BenchIncident } from '../../../support/faults/bench-incidents';
import { none, type Row, same } from './row';

/** Runs an incident until its contract comes to the status, and stops the world there. */
export async function haltAt(
  incident: BenchIncident,
  status: Status,
  settings?: SettingsFile,
): Promise<Stage> {
  const stage = createStage(incident, settings === undefined ? {} : { settings });
  await publishPlaybooks(stage);
  const until = () => stage.passed.some((each) => each.status === status);
  await stage.kernel.run({ until, untilMs: stage.kernel.now() + 3_600_000 });
  if (!until()) throw new Error(`${incident.name} never came to ${status}`);
  return stage;
}

export const flipped = (text: string, at: number): string =>
  text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);

/**
 * Every character of an approved plan, one at a time, in the table itself. The executor refuses it; the gate, as
 * if the executor had not looked, does too; admission refuses it before.
 */
export async function everyByteOfAPlan(weaken: (table: Table) => Table = (table) => table): Promise<Row> {
  const approved = await haltAt(BENCH_INCIDENTS.scaleHelps, 'approved');
  const planned = await haltAt(BENCH_INCIDENTS.scaleHelps, 'planned');
  const text = planTextOf(approved);
  const problems = { executor: [] as string[], gate: [] as string[], admit: [] as string[] };
  for (let at = 0; at < text.length; at += 1) {
    const bad = flipped(text, at);
    const byExecutor = await refusal(approved, bad, FUNCTIONS.executorAutoscaling, weaken);
    if (byExecutor !== undefined) problems.executor.push(`byte ${at}: ${byExecutor}`);
    const byAdmit = await refusal(planned, flipped(planTextOf(planned), at), FUNCTIONS.admit, weaken);
    if (byAdmit !== undefined) problems.admit.push(`byte ${at}: ${byAdmit}`);
    const code = await gateAnswer(approved, bad, weaken);
    if (code !== 'PLAN_CHANGED') problems.gate.push(`byte ${at}: ${code}`);
  }
  const what = (by: string) => `${text.length} bytes, refused by ${by}`;
  return {
    name: 'every byte of a stored plan flipped, one at a time',
    cases: [
      none(what('the executor'), problems.executor),
      none(what('the gate itself'), problems.gate),
      none(what('admission'), problems.admit),
      ...(await changedLater()),
    ],
  };
}

const contractIdOf = (stage: Stage): string => stage.contracts()[0]?.contractId ?? '';

function planTextOf({ deployment }: Stage, table: MemoryTable = deployment.state): string {
  return String(table.items().find((item) => item.sk === 'PLAN')?.['text']);
}

/** The stage's table as it stands, with another plan text. */
function tampered(stage: Stage, text: string): MemoryTable {
  const table = createMemoryTable({ clock: stage.deployment.ports.clock });
  table.load(
    stage.deployment.state.items().map((item): Item => (item.sk === 'PLAN' ? { ...item, text } : item)),
  );
  return table;
}

/** What is wrong with how the function takes the plan; `undefined` = it refused, and nothing is left over. */
async function refusal(
  stage: Stage,
  text: string,
  functionName: typeof FUNCTIONS.executorAutoscaling | typeof FUNCTIONS.admit,
  weaken: (table: Table) => Table,
): Promise<string | undefined> {
  const table = tampered(stage, text);
  const contractId = contractIdOf(stage);
  const ports = { ...stage.deployment.ports, state: weaken(table) };
  const payload = { contractId, direction: 'forward' } as never;
  const output = await SIMULATED_FUNCTIONS[functionName](payload, ports, stage.kernel.now() + 60_000);
  const { next } = output as { next: string };
  const { status, reason } = Contract.parse(await table.get(contractKey(contractId)));
  if (next !== 'refused' || status !== 'refused' || reason !== 'PLAN_CHANGED') return `${next}, ${status}`;
  if (stage.world.effects.length > 0) return 'it had an effect';
  const held = table.items().filter((item) => /^(LOCK|BUDGET|POOL)/.test(item.pk));
  return held.length > 0 ? `${held[0]?.pk} is left` : undefined;
}

/** The gate alone, given the hash of what is stored now. */
async function gateAnswer(stage: Stage, text: string, weaken: (table: Table) => Table): Promise<string> {
  const table = tampered(stage, text);
  const contractId = contractIdOf(stage);
  const contract = Contract.parse(await table.get(contractKey(contractId)));
  const answer = await ledger(weaken(table)).gate({
    contract,
    planHash: planTextHash(text),
    step: {
      n: 0,
      direction: 'forward',
      action: 'aws.scale_instances',
      targetKey: 'any',
      intended: {},
      prior: {},
      fence: 1,
      clientToken: 'any',
    },
    locks: [],
    budget: { playbook: contract.playbook, max: 3, seconds: 3600 },
    why: { actor: 'bench', reason: 'TAMPERED', at: stage.kernel.now() },
  });
  const wasWritten = (await table.get(stepKey(contractId, 0, 'forward'))) !== undefined;
  return answer.ok || wasWritten ? 'it let it through' : answer.code;
}

/** After the gate, and while people are asked: whole runs, with a text that still parses and one that does not. */
async function changedLater() {
  const cases = [];
  for (const [kind, change] of [
    ['another plan', (text: string) => text.replace('"max_size":10', '"max_size":11')],
    ['no plan', (text: string) => text.slice(0, -1)],
  ] as const) {
    const between = await tamperedRun(BENCH_INCIDENTS.twoSteps, { status: 'executing', change });
    cases.push(same(`${kind} between two steps`, ended(between), ['needs_person', 1]));
    const asked = await tamperedRun(BENCH_INCIDENTS.scaleAsked, { status: 'awaiting_approval', change });
    cases.push(same(`${kind} while people are asked`, ended(asked), ['refused', 0]));
    const waiting = asked.deployment.state.items().filter((item) => item.pk.startsWith('WAITING#'));
    cases.push(same(`${kind}: nothing waits any more`, waiting, []));
  }
  return cases;
}

const ended = (stage: Stage) => [stage.contracts()[0]?.status, stage.world.effects.length];

async function tamperedRun(
  incident: BenchIncident,
  { status, change }: { readonly status: Status; readonly change: (text: string) => string },
): Promise<Stage> {
  let done = false;
  return runIncident(incident, {
    faults: (stage) => ({
      onCall({ method, invocation }) {
        const { passed, deployment, world } = stage();
        const isDue =
          passed.at(-1)?.status === status && (status !== 'executing' || world.effects.length === 1);
        if (done || !isDue || invocation.contractId === undefined || method === 'send') return undefined;
        done = true;
        const item = deployment.state.items().find((each) => each.sk === 'PLAN');
        if (item !== undefined) deployment.state.load([{ ...item, text: change(String(item['text'])) }]);
        return undefined;
      },
    }),
  });
}
