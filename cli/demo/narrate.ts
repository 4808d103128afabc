import type { Expectation } from '../../shared/domain/expectation';
import { targetKey } from '../../shared/domain/target';
import type { Paint } from '../paint';
import { expectationText, explainEnd, explainMove } from './explain';
import type { IncidentResult, StoryEvent } from './story';
import { clockTime, duration, factsText, labelled, wrapped } from './text';

/** How the lines are to look. */
export interface Style {
  readonly paint: Paint;
  /** Characters of a line. */
  readonly width: number;
}

/** What happened, in lines for a person. The same event gives the same lines. */
export function narrate(event: StoryEvent, style: Style): readonly string[] {
  const { paint } = style;
  switch (event.kind) {
    case 'incident':
      return heading(event, style);
    case 'alarm':
      return row(event.at, alarmMark(event.to, paint), [
        `CloudWatch: ${paint.bold(event.alarm)} ${event.from} → ${event.to}`,
        ...wrapped(shortReason(event.reason), style.width - 18).map(paint.dim),
      ]);
    case 'ignored':
      return row(event.at, paint.dim('·'), [
        paint.dim(`Grace does nothing about it: ${event.decision} (${event.detail})`),
      ]);
    case 'contract':
      return contractLines(event, style);
    case 'state':
      return [`  ${paint.dim(clockTime(event.at))}    ${paint.dim(event.state)}`];
    case 'moved':
      return movedLines(event, style);
    case 'approval':
      return row(event.at, paint.yellow('?'), [
        `asks ${event.eligible.join(', ')}; ${event.quorum} must agree within ${duration(event.expiresAt - event.at)}`,
      ]);
    case 'decider':
      return row(event.at, paint.yellow('?'), [
        event.scripted
          ? `nobody is asked here: a script decides as ${event.principal}, ${event.afterSeconds} s later: ${event.decision}`
          : `${event.principal}, at this terminal (unauthenticated): ${event.decision}`,
      ]);
    case 'snapshot':
      return row(event.at, paint.cyan('◆'), [
        `safe-hold snapshot of the target taken, sha256 ${event.hash.slice(0, 16)}…`,
      ]);
    case 'step':
      return stepLines(event, style);
    case 'measured':
      return row(event.at, paint.cyan('◆'), [
        event.again ? 'measured again' : 'the window is over: live resource, alarm and metric are measured',
      ]);
    case 'extended':
      return row(event.at, paint.yellow('…'), [
        `not conclusive: the window is extended once, until ${clockTime(event.lookAt).slice(0, 8)}`,
      ]);
    case 'verdict':
      return row(event.at, verdictMark(event.verdict, paint), [
        `verdict ${paint.bold(event.verdict)}, confidence ${event.confidence}`,
      ]);
    case 'ended':
      return endLines(event.result, style);
  }
}

function heading(event: Extract<StoryEvent, { kind: 'incident' }>, { paint, width }: Style): string[] {
  const title = ` ${event.n} of ${event.of} · ${event.summary} `;
  const rule = '─'.repeat(Math.max(4, Math.min(width, 100) - title.length - 2));
  return ['', paint.bold(paint.cyan(`──${title}`)) + paint.cyan(rule), ''];
}

function row(at: number, mark: string, [first = '', ...more]: readonly string[]): string[] {
  return [`  ${clockTime(at)}  ${mark} ${first}`, ...more.map((line) => `                ${line}`)];
}

function movedLines(event: Extract<StoryEvent, { kind: 'moved' }>, { paint, width }: Style): string[] {
  const { at, to, by, reason, lookAt } = event;
  const look = lookAt === undefined ? '' : `, by ${clockTime(lookAt).slice(0, 8)} (${duration(lookAt - at)})`;
  const why = `${explainMove(to, reason)}${look}`;
  const code = `${reason} by ${by}`;
  const fits = 34 + why.length + code.length + 3 <= width;
  return row(at, statusMark(to, paint), [
    `${paint.bold(to.padEnd(17))} ${why}${fits ? `  ${paint.dim(code)}` : ''}`,
    ...(fits ? [] : [`${''.padEnd(18)}${paint.dim(code)}`]),
  ]);
}

/** CloudWatch's own sentence without the times, and numbers of four digits. */
function shortReason(reason: string): string {
  return reason
    .replace(/ \(\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d\)/g, '')
    .replace(/\d+\.\d{3,}/g, (digits) => String(Number(Number(digits).toPrecision(4))))
    .replace(/ \(minimum .*$/, '');
}

function contractLines(event: Extract<StoryEvent, { kind: 'contract' }>, { paint, width }: Style): string[] {
  const { plan, planHash } = event;
  const [step] = plan.steps;
  const { settleSeconds, windowSeconds, expectations } = plan.effect;
  const section = (name: string, lines: readonly string[]) =>
    labelled(paint.bold(name.padEnd(10)), 14, lines);
  const lines = (text: string) => wrapped(text, width - 16);
  return [
    '',
    ...section('Diagnosis', [
      `playbook ${paint.bold(plan.playbook.name)}, version ${plan.playbook.version.slice(0, 12)}`,
      ...plan.diagnosis.evidence.flatMap((one) => lines(`· ${one}`)),
      `· ${plan.diagnosis.why}`,
    ]),
    ...section('Contract', [
      `${plan.contractId}  ${paint.dim(`plan sha256 ${planHash}`)}`,
      `does      ${paint.bold(step?.action ?? '')} on ${targetKey(plan.targets[0] as never)}`,
      `          ${changeText(plan)}`,
      `tier      ${plan.tier}: ${plan.tier === 1 ? 'acts by itself' : `${plan.quorum} approval${plan.quorum === 1 ? '' : 's'} needed`} (${plan.tierReasons.join('; ')})`,
      `expects   ${expectationText(expectations[0] as Expectation)}`,
      ...expectations.slice(1).map((one) => `          ${expectationText(one as Expectation)}`),
      `judged    ${duration(windowSeconds * 1000)} after the call, ${duration(settleSeconds * 1000)} of it to settle; else ${plan.undo === 'restore' ? 'put back what was' : 'a person (there is no undo)'}`,
    ]),
    '',
  ];
}

function changeText(plan: Extract<StoryEvent, { kind: 'contract' }>['plan']): string {
  const [step] = plan.steps;
  const intended = Object.entries(step?.intended ?? {});
  if (intended.length === 0) return 'once, never sent twice; it has no inverse';
  return intended.map(([name, value]) => `${name} ${step?.prior[name]} → ${value}; reversible`).join(', ');
}

function stepLines(event: Extract<StoryEvent, { kind: 'step' }>, { paint }: Style): string[] {
  const what = `${event.action}${factsText(event.intended, ' ')}`;
  const undo = event.direction === 'back' ? 'undo: ' : '';
  if (event.state === 'INTENT') {
    return row(event.at, paint.blue('→'), [`${undo}intent recorded, then sent once: ${paint.bold(what)}`]);
  }
  const done = event.state === 'DONE';
  return row(event.at, done ? paint.blue('←') : paint.red('←'), [
    `${undo}${done ? 'the service says' : event.state}: ${event.outcome ?? ''}`,
  ]);
}

function endLines(result: IncidentResult, style: Style): string[] {
  const { paint, width } = style;
  const section = (name: string, lines: readonly string[]) =>
    labelled(paint.bold(name.padEnd(10)), 14, lines);
  const right = result.asExpected ? '' : paint.red(`  but its truth is ${result.expectedStatus}`);
  const verdict = result.verdict === null ? 'none' : `${result.verdict}, confidence ${result.confidence}`;
  return [
    '',
    ...(result.fields.length === 0 ? [] : section('Expected', fieldLines(result, style))),
    ...section('Verdict', [
      `${verdict}  →  ${statusMark(result.status, paint)} ${paint.bold(result.status)}${right}`,
    ]),
    ...section('Why', wrapped(explainEnd(result.reason), width - 16)),
    ...targetLines(result, section, paint),
    ...section('Audit', auditText(result, paint)),
    ...section('Cost', [
      `${result.effects} request${result.effects === 1 ? '' : 's'} to the cloud, ${result.transitions} state transitions`,
    ]),
  ];
}

function fieldLines(result: IncidentResult, { paint, width }: Style): string[] {
  const rows = result.fields.map(({ field, expected, actual, ...rest }) => ({
    expected: field.startsWith('alarm.') ? `alarm ${expected}` : expected,
    actual: actual.replace(/\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)\.\d+Z/g, '$1'),
    ...rest,
  }));
  const wide = Math.max(...rows.map(({ expected }) => expected.length));
  return rows.flatMap(({ expected, actual, verdict, confidence, why }) => {
    const mark = verdictMark(verdict, paint);
    const [found, code] = [`is ${actual}`, `${why}, confidence ${confidence}`];
    const side = 18 + wide + found.length + code.length <= width;
    return side
      ? [`${mark} ${expected.padEnd(wide)}  ${found}  ${paint.dim(code)}`]
      : [`${mark} ${expected.padEnd(wide)}  ${found}`, `${''.padEnd(wide + 4)}${paint.dim(code)}`];
  });
}

function targetLines(
  { target, frozen, status }: IncidentResult,
  section: (name: string, lines: readonly string[]) => string[],
  paint: Paint,
): string[] {
  if (target === null) return [];
  if (frozen) {
    return section('Target', [
      `frozen: Grace leaves it alone until \`grace release ${target.key} --reason …\``,
    ]);
  }
  if (status !== 'rolled_back') return [];
  const same = target.equal ? paint.green('equal to what it was') : paint.red('not what it was');
  return section('Target', [
    `snapshot ${factsText(target.before)}`,
    `now      ${factsText(target.after ?? {})}: ${same}`,
  ]);
}

function auditText({ audit }: IncidentResult, paint: Paint): string[] {
  if (audit.length === 0) return ['no entries'];
  return audit.map(
    ({ seq, item, rev, event, actor, link }) =>
      `${paint.dim(`#${String(seq).padStart(3)}`)} ${event.padEnd(26)} ${paint.dim(`${item} rev ${rev}, ${actor}`.padEnd(44))} ${paint.dim(link.slice(0, 12))}`,
  );
}

function alarmMark(state: string, paint: Paint): string {
  return state === 'ALARM' ? paint.red('!') : state === 'OK' ? paint.green('!') : paint.yellow('!');
}

function verdictMark(verdict: string, paint: Paint): string {
  return verdict === 'met' ? paint.green('✔') : verdict === 'not_met' ? paint.red('✘') : paint.yellow('?');
}

export function statusMark(status: string, paint: Paint): string {
  if (status === 'resolved') return paint.green('✔');
  if (status === 'rolled_back' || status === 'rolling_back') return paint.yellow('↺');
  if (status === 'needs_person') return paint.red('⚑');
  return paint.blue('●');
}
