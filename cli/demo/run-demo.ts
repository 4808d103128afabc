import type { SentinelOutput } from '../../functions/sentinel/sentinel';
import type { CompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';
import type { SettingsFile } from '../../shared/contracts/settings';
import { findOrphans, type StateItem } from '../../shared/domain/orphans';
import { planTextHash } from '../../shared/domain/plan-hash';
import { auditStore } from '../../shared/stores/audit-store';
import { verifyLog } from '../audit/verify-log';
import { saveRun } from '../backend/saved-run';
import { saveSeal } from '../backend/saved-seal';
import { type Observers, type SimulatedRun, startRun } from '../backend/simulated-run';
import { UnusableError } from '../errors';
import { loadPlaybooks } from '../playbooks/library';
import { SHIPPED_PLAYBOOKS } from '../playbooks/playbook-directory';
import { shippedPolicies } from '../policies/shipped-policies';
import { DEMO_INCIDENTS } from '../simulator/cloud/incidents';
import { type Heard, type Play, playIncident } from './play-incident';
import { DEMO, DEMO_SETTINGS } from './setting';
import type { IncidentResult, StoryEvent } from './story';
import { planOf, storyOf } from './watch-changes';

/** What scripts get (`npm start -- --json`). */
export interface DemoReport {
  readonly incidents: readonly IncidentResult[];
  readonly audit: {
    readonly entries: number;
    /** The whole chain, and everything in the state table is in it. */
    readonly verified: boolean;
    readonly verifiedEntries: number;
    /** Root of the Merkle tree, hex. */
    readonly root: string;
  };
  readonly orphans: number;
}

export type Audience = Pick<Play, 'tell' | 'isPending' | 'show' | 'ask'>;

/** Variant of the incidents' worlds. */
const SEED = 1;
/** Which incident asks the person at the terminal. */
const ASKING = 2;

/** Plays the four incidents in one deployment, and leaves it in `.grace/`. */
export async function runDemo(cwd: string, audience: Audience): Promise<DemoReport> {
  const { run, report } = await playDemo(audience);
  run.deployment.stop();
  saveRun(cwd, run.saved());
  saveSeal(cwd, run.savedSeal());
  return report;
}

/** Another time, other people: for a deployment that goes on after the demo. */
export interface DemoSetting {
  readonly startMs?: number;
  readonly settings?: SettingsFile;
  readonly observers?: Observers;
  readonly change?: (shipped: CompiledPlaybooks) => CompiledPlaybooks;
}

/** Plays the four incidents in one deployment, which is left running. */
export async function playDemo(
  audience: Audience,
  {
    startMs = DEMO.startMs,
    settings = DEMO_SETTINGS,
    observers,
    change = (shipped) => shipped,
  }: DemoSetting = {},
): Promise<{ readonly run: SimulatedRun; readonly report: DemoReport }> {
  const library = loadPlaybooks(SHIPPED_PLAYBOOKS);
  if (!library.ok) throw new UnusableError(`the playbooks have problems: ${library.problems[0]?.message}`);
  let heard: Heard = nothingHeard();
  let written: readonly StoryEvent[] = [];
  const tell = (event: StoryEvent): void => {
    if (event.kind === 'moved') heard.moves.push(event);
    if (event.kind === 'state') heard.states.push({ at: event.at, state: event.state });
    audience.tell(event);
  };
  const run = startRun(
    { ...DEMO, startMs, settings, playbooks: change(library.compiled), policies: shippedPolicies() },
    {
      ...observers,
      onChange(record) {
        const plan = planOf(record);
        if (plan !== undefined && plan.contractId === heard.contractId) {
          // One transaction writes both, the contract first; it is told after its plan.
          tell({
            kind: 'contract',
            at: record.at,
            plan,
            planHash: planTextHash(String(record.after?.['text'])),
          });
          for (const event of written) tell(event);
          return;
        }
        const contractId = /^CONTRACT#(?!BOOTSTRAP-)(.+)$/.exec(record.keys.pk)?.[1];
        if (contractId === undefined) return;
        heard.contractId ??= contractId;
        if (contractId !== heard.contractId) return;
        const events = storyOf(record);
        if (record.after?.['status'] === 'planned') written = events;
        else for (const event of events) tell(event);
      },
      onTransition({ at, executionName, type, stateName }) {
        if (executionName === heard.contractId && type.endsWith('StateEntered')) {
          tell({ kind: 'state', at, state: stateName ?? '' });
        }
      },
      onDecisions: (output) => tellIgnored(output, run, tell),
    },
  );
  await run.drive(run.deployment.bootstrap());
  await run.settle();
  const incidents: IncidentResult[] = [];
  for (const [index, incident] of DEMO_INCIDENTS.entries()) {
    heard = nothingHeard();
    const { ask, ...others } = audience;
    const n = index + 1;
    const play: Play = {
      ...others,
      ...(ask === undefined || n !== ASKING ? {} : { ask }),
      tell,
      run,
      incident,
      n,
      of: DEMO_INCIDENTS.length,
    };
    incidents.push(await playIncident(play, heard, SEED));
  }
  await run.settle();
  await run.seal();
  return { run, report: { incidents, ...(await judged(run)) } };
}

const nothingHeard = (): Heard => ({ contractId: undefined, states: [], moves: [] });

function tellIgnored(output: SentinelOutput, run: SimulatedRun, tell: (event: StoryEvent) => void): void {
  for (const { decision, detail } of output.decisions) {
    if (decision !== 'PLANNED') tell({ kind: 'ignored', at: run.kernel.now(), decision, detail });
  }
}

async function judged(run: SimulatedRun): Promise<Pick<DemoReport, 'audit' | 'orphans'>> {
  const { state, audit, ports } = run.deployment;
  const items = state.items();
  const log = auditStore(audit, { clock: ports.clock, random: ports.random });
  const { entries, verified, problems, root } = await verifyLog({ log }, { stateItems: items });
  return {
    audit: { entries, verified: problems.length === 0, verifiedEntries: verified, root },
    orphans: findOrphans(items as StateItem[]).length,
  };
}
