/**
 * Wait states. Sources: Step Functions Developer Guide, "Wait workflow state"; which values fail, and how, is
 * as LocalStack's tests recorded it on AWS.
 */
import type { JsonValue, WaitState } from './definition';
import { terminal } from './failure';
import { type Fields, refuse } from './fields';
import { lookUp, parseDataPath } from './paths';

const KINDS = ['Seconds', 'Timestamp', 'SecondsPath', 'TimestampPath'] as const;
const LONGEST_WAIT_SECONDS = 2 ** 31 - 1;

const OFFSET_DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Epoch milliseconds of an ISO-8601 date-time with an offset, or undefined. */
export function parseTimestamp(text: string): number | undefined {
  const match = OFFSET_DATE_TIME.exec(text);
  if (!match) return undefined;
  const [, year, month, day] = match.map(Number) as [number, number, number, number];
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const ms = Date.parse(text);
  return Number.isNaN(ms) || day > daysInMonth || text.includes('T24') ? undefined : ms;
}

export function parseWait(fields: Fields): WaitState['wait'] {
  const given = KINDS.filter((kind) => fields.has(kind));
  const [kind] = given;
  if (kind === undefined || given.length > 1)
    return refuse(fields.place, `needs exactly one of ${KINDS.join(', ')}`);
  if (kind === 'Seconds') {
    const seconds = fields.optionalNumber(kind, { from: 0, to: 99_999_999, whole: true }) ?? 0;
    return { kind, seconds };
  }
  if (kind === 'Timestamp') {
    const atMs = parseTimestamp(fields.string(kind));
    return atMs === undefined
      ? refuse(fields.at(kind), 'must be an ISO-8601 date-time with offset')
      : { kind, atMs };
  }
  return { kind, path: parseDataPath(fields.value(kind), fields.at(kind)) };
}

/** Milliseconds to wait from now; a time that has passed is 0. Throws the terminal failure States.Runtime. */
export function waitMs(wait: WaitState['wait'], data: JsonValue, nowMs: number): number {
  const delayMs = Math.max(0, delayOf(wait, data, nowMs));
  if (delayMs > LONGEST_WAIT_SECONDS * 1000)
    throw terminal('States.Runtime', 'Wait state delay is too long.');
  return delayMs;
}

function delayOf(wait: WaitState['wait'], data: JsonValue, nowMs: number): number {
  if (wait.kind === 'Seconds') return wait.seconds * 1000;
  if (wait.kind === 'Timestamp') return wait.atMs - nowMs;
  const { text } = wait.path;
  const value = lookUp(wait.path, data, undefined);
  if (value === undefined) throw terminal('States.Runtime', `Invalid path '${text}': No results for path`);
  const shown = `${text} == ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  if (wait.kind === 'SecondsPath') {
    if (!Number.isInteger(value))
      throw terminal(
        'States.Runtime',
        `The SecondsPath parameter cannot be parsed as a long value: ${shown}`,
      );
    if ((value as number) < 0)
      throw terminal('States.Runtime', `The SecondsPath parameter references a negative value: ${shown}`);
    return (value as number) * 1000;
  }
  const atMs = typeof value === 'string' ? parseTimestamp(value) : undefined;
  if (atMs !== undefined) return atMs - nowMs;
  throw terminal(
    'States.Runtime',
    `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${shown}`,
  );
}
