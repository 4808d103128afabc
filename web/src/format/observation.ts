import type { ContractDetail } from '../../../shared/contracts/api/contracts';
import { plain } from './names';

export type Observation = ContractDetail['measurements'][number]['observations'][number];

/** What a benchmark run saw, in a line. */
export function seenText(seen: Observation): string {
  switch (seen.kind) {
    case 'resource':
      return seen.found ? `the resource says ${seen.value ?? 'nothing'}` : 'the resource was not found';
    case 'alarm':
      return seen.state === null ? 'the alarm was not found' : `the alarm is ${ALARM_WORDS[seen.state]}`;
    case 'metric':
      return `${points(seen.values.length, seen.expectedPoints)}${range(seen.values)}`;
    case 'metric_change':
      return `${points(seen.after.length, seen.expectedPoints)} after it${range(seen.after)}; before it ${range(seen.before).slice(2) || 'none'}`;
    case 'smoke':
      return seen.checks.map(({ check, passed }) => `${plain(check)} ${passWord(passed)}`).join(', ');
  }
}

const passWord = (passed: boolean | null): string =>
  passed === null ? 'not known' : passed ? 'passes' : 'fails';

const ALARM_WORDS = { OK: 'quiet', ALARM: 'on', INSUFFICIENT_DATA: 'without enough data' } as const;

const points = (count: number, expected: number): string => `${count} of ${expected} data points`;

/** `: 12.5`, `: 3 to 40`; nothing where there is nothing. */
function range(values: readonly number[]): string {
  if (values.length === 0) return '';
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) =>
    String(Number(value.toPrecision(4))),
  );
  return low === high ? `: ${low}` : `: ${low} to ${high}`;
}
