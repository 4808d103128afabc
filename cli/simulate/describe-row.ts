import type { Expectation } from '../../shared/domain/expectation';
import { targetKey } from '../../shared/domain/target';
import { expectationText } from '../demo/explain';
import type { Style } from '../demo/narrate';
import { factsText, labelled, wrapped } from '../demo/text';
import type { SimulationRow } from './rows';

const WORDS = {
  act: 'acts by itself',
  ask: 'asks a person, and waits',
  observe: 'only says what it would do',
  ignore: 'does nothing',
} as const;

/** One simulated event, for a person. */
export function describeRow(row: SimulationRow, { paint, width }: Style): string[] {
  const { plan } = row;
  const section = (name: string, lines: readonly string[]) => labelled(name.padEnd(9), 13, lines);
  const text = (line: string) => wrapped(line, width - 15);
  const colour = { act: paint.green, ask: paint.yellow, observe: paint.cyan, ignore: paint.dim }[
    row.decision
  ];
  const [step] = plan?.steps ?? [];
  const [target] = plan?.targets ?? [];
  const verdict = row.verdict === null ? '' : `, verdict ${row.verdict} (confidence ${row.confidence})`;
  return [
    `${paint.bold(`${row.file}${row.index > 0 ? ` [${row.index}]` : ''}`)}  ${colour(`${row.decision}: Grace ${WORDS[row.decision]}`)}  ${row.reason}`,
    ...(row.plan === null || row.decision === 'ignore' ? section('why', text(row.detail)) : []),
    ...(row.matches === null
      ? []
      : section('matches', [
          `${row.matches.playbook} by ${row.matches.pattern}`,
          ...row.matches.evidence.map((one) => `· ${one}`),
        ])),
    ...(step === undefined || target === undefined
      ? []
      : section('plan', [
          `${step.action} on ${targetKey(target)}${factsText(step.intended, ': ')}`,
          `tier ${row.tier}: ${plan?.tierReasons.join('; ')}`,
        ])),
    ...section(
      'expects',
      row.expected.map((one) => expectationText(one as Expectation)),
    ),
    ...(row.status === null
      ? []
      : section('ends', [`${row.status}${verdict}, ${row.effects} sent to the cloud`])),
    // Where nothing is done, only the clock was asked.
    ...section(
      'assumed',
      (row.decision === 'ignore' ? row.assumed.slice(0, 1) : row.assumed)
        .flatMap((one) => text(one))
        .map(paint.dim),
    ),
    '',
  ];
}
