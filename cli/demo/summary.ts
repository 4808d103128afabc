import { endWords } from './explain';
import { type Style, statusMark } from './narrate';
import type { DemoReport } from './run-demo';
import { wrapped } from './text';

/** What a newcomer is about to see. */
export function openingLines({ paint, width }: Style): string[] {
  const intro =
    'Grace turns an alarm into one action on AWS, and proves whether it worked. Before anything runs it writes down what the action must bring about, and hashes that; afterwards it measures, compares, and keeps, undoes, or calls a person. Every change of state goes into an audit log that anybody can check.';
  const how =
    'What follows is the real state machine with the real functions and playbooks, against a simulated cloud in virtual time. Nothing leaves this machine.';
  return [
    '',
    `  ${paint.bold('Grace')} · verified self-healing for AWS`,
    '',
    ...[...wrapped(intro, Math.min(width, 100) - 4), '', ...wrapped(how, Math.min(width, 100) - 4)].map(
      (line) => (line === '' ? '' : `  ${line}`),
    ),
  ];
}

export function closingLines(
  report: DemoReport,
  run: { readonly file: string; readonly seconds: number },
  { paint, width }: Style,
): string[] {
  const title = ' What happened ';
  const rule = '─'.repeat(Math.min(width, 100) - title.length - 2);
  const names = Math.max(...report.incidents.map(({ name }) => name.length));
  const { entries, verified } = report.audit;
  const log = verified ? paint.green('every link and every revision verified') : paint.red('does not verify');
  const orphans = report.orphans === 0 ? paint.green('none') : paint.red(String(report.orphans));
  return [
    '',
    paint.bold(paint.cyan(`──${title}`)) + paint.cyan(rule),
    '',
    ...report.incidents.map((one) => {
      const right = one.asExpected ? '' : paint.red(`  expected ${one.expectedStatus}`);
      const verdict = `${one.verdict ?? '-'} ${one.confidence ?? ''}`.trim();
      return `  ${statusMark(one.status, paint)} ${one.name.padEnd(names)}  tier ${one.tier ?? '-'}  ${one.status.padEnd(12)}  ${verdict.padEnd(18)} ${one.effects} sent   ${paint.dim(endWords(one.status))}${right}`;
    }),
    '',
    `  Audit log   ${entries} entries: ${log}`,
    `  Orphans     ${orphans}: no item without the contract, mission or event that it belongs to`,
    `  Report      ${run.file} ${paint.dim(`(${run.seconds.toFixed(1)} s)`)}`,
    '',
    `  ${paint.bold('Next')}        npx grace audit verify            ${paint.dim('check the log that this run left in .grace/')}`,
    `              npx grace contract list           ${paint.dim('what was decided, and how it ended')}`,
    `              npx grace simulate EVENT.json     ${paint.dim('what would Grace do with your own alarm?')}`,
    '',
  ];
}
