/**
 * The corpus must be true of itself: here no part of Grace runs, only the simulated cloud and a hand that does
 * what the playbook's steps say, once, when an approver would let it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { AlarmEvent } from '../../cli/simulator/cloud/alarm-events';
import { type Incident, PROMPT_APPROVAL } from '../../cli/simulator/cloud/incident';
import { DEMO_INCIDENTS, INCIDENTS } from '../../cli/simulator/cloud/incidents';
import { simulatedActions } from '../../cli/simulator/cloud/ports';
import { createWorld, type World } from '../../cli/simulator/cloud/world';
import { createKernel } from '../../cli/simulator/kernel';
import { readIntake } from '../../shared/contracts/intake-event';
import { Playbook } from '../../shared/contracts/playbook';
import { ACTIONS, type ActionSpec } from '../../shared/domain/actions';
import { compilePatterns } from '../../shared/domain/diagnosis';
import type { StepCall } from '../../shared/ports/actions';

const PLAYBOOKS = join(__dirname, '../../playbooks');
const START = Date.UTC(2026, 2, 2, 9, 17, 23);
const SEEDS = [1, 2, 3];
const ACTED: readonly string[] = ['resolved', 'rolled_back', 'needs_person'];

function playbookOf(incident: Incident): Playbook {
  return Playbook.parse(parse(readFileSync(join(PLAYBOOKS, `${incident.playbook}.yaml`), 'utf8')));
}

/** The playbook's one step, sent as the incident's own resource is now. */
async function act(world: World, playbook: Playbook): Promise<string> {
  const [step] = playbook.steps;
  const action = ACTIONS[step?.action ?? ''] as ActionSpec;
  const { account, region } = world.file;
  const target = { kind: action.targetKind, region, account, id: world.file.resources[0]?.id ?? '' };
  const port = simulatedActions(world)[action.executor as 'executor-rds'];
  const live = await port.describe(target);
  const resolved = action.resolve(step?.parameters ?? {}, live?.facts ?? {});
  if (!resolved.ok) return resolved.code;
  const call: StepCall = {
    action: action.name,
    target,
    intended: resolved.intended,
    clientToken: 'token',
    intentAt: world.now(),
  };
  const answer = await port.send(call);
  return answer.kind === 'accepted' ? 'accepted' : answer.code;
}

async function play(incident: Incident, seed: number) {
  const kernel = createKernel({ startMs: START, seed });
  const events: AlarmEvent[] = [];
  const errors: number[] = [];
  const world = createWorld({
    kernel,
    file: incident.world(seed),
    onEvent: (event) => events.push(event),
    onError: (_, at) => errors.push(at),
  });
  const fired = () => errors.length > 0 || events.some((event) => event.detail.state.value === 'ALARM');
  await kernel.run({ until: fired, untilMs: START + 7_200_000 });
  return { kernel, world, events, fired: fired() };
}

describe('the incident corpus', () => {
  it('has at least thirty incidents, each with a name of its own', () => {
    expect(INCIDENTS.length).toBeGreaterThanOrEqual(30);
    expect(new Set(INCIDENTS.map(({ name }) => name)).size).toBe(INCIDENTS.length);
  });

  it('shows the four incidents of npm start in order', () => {
    expect(DEMO_INCIDENTS.map(({ demo, truth }) => [demo, truth.end])).toEqual([
      [1, 'resolved'],
      [2, 'resolved'],
      [3, 'rolled_back'],
      [4, 'needs_person'],
    ]);
  });

  it('covers every shipped action and most ends', () => {
    const ends = new Set(INCIDENTS.map(({ truth }) => truth.end));
    for (const end of [...ACTED, 'stale', 'refused', 'denied', 'expired', 'no_contract']) {
      expect(ends).toContain(end);
    }
  });

  it.each(INCIDENTS.map((incident) => [incident.name, incident] as const))(
    '%s: the same seed gives the same world, another seed another one',
    (_, incident) => {
      expect(incident.world(1)).toEqual(incident.world(1));
      expect(incident.world(1)).not.toEqual(incident.world(2));
    },
  );

  const loaded = readdirSync(PLAYBOOKS)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => parse(readFileSync(join(PLAYBOOKS, name), 'utf8')))
    .map((source) => Playbook.parse(source))
    .map((playbook) => ({ name: playbook.name, version: playbook.name, playbook }));
  const diagnose = compilePatterns(loaded);

  it.each(
    INCIDENTS.filter(({ playbook }) => playbook !== 'restart-ec2-on-hang').map(
      (incident) => [incident.name, incident] as const,
    ),
  )('%s: its first event is read by the intake and leads to its playbook', async (_, incident) => {
    const { events } = await play(incident, 1);
    const reading = readIntake(JSON.stringify(events[0]));
    if (!reading.ok) throw new Error(reading.message);
    expect(diagnose(reading.error)?.playbook ?? null).toBe(incident.playbook);
  });

  it.each(INCIDENTS.map((incident) => [incident.name, incident] as const))(
    '%s: fires, takes the action and recovers as its truth says, for every seed',
    async (_, incident) => {
      for (const seed of SEEDS) {
        const { kernel, world, events, fired } = await play(incident, seed);
        expect(fired).toBe(incident.name !== 'metric-stops-without-fault');
        if (!fired) {
          expect(events.map((event) => event.detail.state.value)).toContain('INSUFFICIENT_DATA');
          continue;
        }
        const wait = incident.approval ?? PROMPT_APPROVAL;
        const pause = (incident.eventDelaySeconds ?? 0) + (incident.needsApproval ? wait.afterSeconds : 0);
        await kernel.run({ untilMs: kernel.now() + pause * 1000 });
        if (ACTED.includes(incident.truth.end)) {
          const playbook = playbookOf(incident);
          expect(await act(world, playbook)).toBe('accepted');
          await kernel.run({ untilMs: kernel.now() + playbook.window * 1000 });
        }
        world.stop();
        const now = kernel.now();
        // An idle group is no fault to recover from.
        if (incident.playbook === 'scale-in-on-idle-cpu') continue;
        // One that flaps is looked at over a whole cycle.
        const cycle = (world.file.causes[0]?.flapping?.periodSeconds ?? 60) * 1000;
        expect(world.faultSeverity(now - cycle, now) === 0).toBe(incident.truth.recovered);
        const later = now + 3_600_000;
        await kernel.run({ untilMs: later });
        if (incident.truth.recovered && ACTED.includes(incident.truth.end)) {
          expect(world.faultSeverity(now, later) > 0).toBe(incident.truth.harmAfterWindow === true);
        }
      }
    },
  );
});
