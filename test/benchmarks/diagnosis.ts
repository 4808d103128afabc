import type { ErrorDetected } from '../../shared/contracts/error-detected';
import type { Playbook } from '../../shared/contracts/playbook';
import { compilePatterns, type LoadedPlaybook } from '../../shared/domain/diagnosis';
import { alarmEvent, errorEvent, load, metricOf, playbookText } from '../support/planning';
import { median } from './figure';

/** Own compute of one diagnosis, in milliseconds: `p50Ms` and the reference CPU time, the others wall time. */
export interface DiagnosisFigures {
  readonly name: string;
  readonly playbooks: number;
  readonly compileMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The same patterns as regular expressions, one after the other, without evidence or order: p50. */
  readonly referenceP50Ms: number;
}

type Match = Playbook['match'][number];

const PLAYBOOKS = 500;
const WARM_UP = 200;
const ROUNDS = 500;
/** CPU time is told in microseconds, so that it is taken of several calls. */
const CPU_ROUNDS = 25;
const CPU_CALLS = 10;

/** Each case has 500 playbooks. The first is what a large deployment looks like; the others are the worst. */
const CASES: readonly {
  readonly name: string;
  readonly event: ErrorDetected;
  readonly match: (index: number) => Match;
}[] = [
  {
    name: 'metrics of 25 namespaces, one matches',
    event: alarmEvent({ metrics: [metricOf('Namespace/7', 'Metric207', { AutoScalingGroupName: 'web' })] }),
    match: (index) => ({
      alarm: {
        namespace: `Namespace/${index % 25}`,
        metric: `Metric${index}`,
        dimensions: { AutoScalingGroupName: '*' },
      },
    }),
  },
  {
    name: 'metric globs without a namespace, none matches',
    event: alarmEvent(),
    match: (index) => ({ alarm: { metric: `*Late*cy*${index}*` } }),
  },
  {
    name: 'globs on one metric, all match',
    event: alarmEvent(),
    match: (index) => ({ alarm: { name: 'web*high', metric: `${'*'.repeat((index % 3) + 1)}Latency` } }),
  },
  {
    name: 'globs on a message of 2,048 characters, none matches',
    event: errorEvent({ message: 'timeout waiting for pool x '.repeat(100).slice(0, 2048) }),
    match: (index) => ({ error: { message: `*timeout*pool ${index}*` } }),
  },
];

export function measureDiagnosis(): readonly DiagnosisFigures[] {
  const base = load(playbookText('scale-out-on-latency'));
  return CASES.map(({ name, event, match }) => {
    const matches = Array.from({ length: PLAYBOOKS }, (_, index) => match(index));
    const playbooks = matches.map((each, index): LoadedPlaybook => {
      return { ...base, name: `playbook-${index}`, playbook: { ...base.playbook, match: [each] } };
    });
    const from = performance.now();
    const diagnose = compilePatterns(playbooks);
    const compileMs = performance.now() - from;
    const p99Ms = wallP99(() => diagnose(event));
    const p50Ms = cpuP50(() => diagnose(event), CPU_CALLS);
    const expressions = matches.map(referenceOf);
    // Some of these take a tenth of a second: that is what they are compared for.
    const referenceP50Ms = cpuP50(() => expressions.filter((matchesEvent) => matchesEvent(event)).length, 2);
    return { name, playbooks: PLAYBOOKS, compileMs, p50Ms, p99Ms, referenceP50Ms };
  });
}

function wallP99(run: () => unknown): number {
  for (let round = 0; round < WARM_UP; round += 1) run();
  const times = Array.from({ length: ROUNDS }, () => {
    const from = performance.now();
    run();
    return performance.now() - from;
  }).sort((a, b) => a - b);
  return times[Math.floor(ROUNDS * 0.99)] ?? Number.NaN;
}

function cpuP50(run: () => unknown, calls: number): number {
  return median(
    Array.from({ length: CPU_ROUNDS }, () => {
      const from = process.cpuUsage();
      for (let call = 0; call < calls; call += 1) run();
      const { user, system } = process.cpuUsage(from);
      return (user + system) / 1000 / calls;
    }),
  );
}

function referenceOf(match: Match): (event: ErrorDetected) => boolean {
  const regular = (glob: string | undefined) => {
    const escaped = (glob ?? '*').replace(/[.+^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${escaped.replace(/\*+/g, '[\\s\\S]*').replace(/\?/g, '[\\s\\S]')}$`);
  };
  if ('error' in match) {
    const message = regular(match.error.message);
    return ({ error }) => error !== undefined && message.test(error.message);
  }
  const [name, namespace, metric] = [match.alarm.name, match.alarm.namespace, match.alarm.metric].map(
    regular,
  );
  return ({ alarm }) =>
    name?.test(alarm?.name ?? '') === true &&
    (alarm?.metrics ?? []).some((each) => namespace?.test(each.namespace) && metric?.test(each.metric));
}
