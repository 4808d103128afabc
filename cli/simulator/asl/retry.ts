/**
 * Retry and Catch. Sources: Step Functions Developer Guide, "Handling errors in Step Functions workflows";
 * states-language.net, "Errors".
 */
import type { Catcher, JsonValue, Retrier } from './definition';
import type { StateFailure } from './failure';
import { asArray, asNumber, asObject, asString, inside, type Place, readFields, refuse } from './fields';
import { parseResultPath } from './paths';

/** States.Runtime is not among them: nothing can handle it. The rest cannot happen with what is supported. */
const KNOWN_STATES_ERRORS = [
  'States.ALL',
  'States.TaskFailed',
  'States.Timeout',
  'States.DataLimitExceeded',
  'States.Permissions',
];
const MAX_SECONDS = 99_999_999;

function parseErrorEquals(value: JsonValue | undefined, place: Place, isLast: boolean): readonly string[] {
  const names = asArray(value, place).map((name, index) => asString(name, inside(place, `[${index}]`)));
  for (const name of names)
    if (name.startsWith('States.') && !KNOWN_STATES_ERRORS.includes(name))
      refuse(place, `'${name}' is not supported`);
  if (names.includes('States.ALL') && (names.length > 1 || !isLast))
    refuse(place, 'States.ALL must stand alone and in the last entry');
  return names;
}

export function parseRetriers(value: JsonValue | undefined, place: Place): readonly Retrier[] {
  if (value === undefined) return [];
  const items = asArray(value, place);
  return items.map((item, index) => {
    const at = inside(place, `[${index}]`);
    const fields = readFields(asObject(item, at), at, [
      'ErrorEquals',
      'IntervalSeconds',
      'MaxAttempts',
      'BackoffRate',
      'MaxDelaySeconds',
      'JitterStrategy',
    ]);
    const intervalSeconds =
      fields.optionalNumber('IntervalSeconds', { from: 1, to: MAX_SECONDS, whole: true }) ?? 1;
    const maxDelaySeconds = fields.has('MaxDelaySeconds')
      ? asNumber(fields.value('MaxDelaySeconds'), fields.at('MaxDelaySeconds'), {
          from: 1,
          to: 31_622_399,
          whole: true,
        })
      : undefined;
    if (maxDelaySeconds !== undefined && maxDelaySeconds <= intervalSeconds)
      refuse(fields.at('MaxDelaySeconds'), 'must be greater than IntervalSeconds');
    const jitter = fields.optionalString('JitterStrategy') ?? 'NONE';
    if (jitter !== 'FULL' && jitter !== 'NONE')
      return refuse(fields.at('JitterStrategy'), 'must be FULL or NONE');
    return {
      errorEquals: parseErrorEquals(
        fields.value('ErrorEquals'),
        fields.at('ErrorEquals'),
        index === items.length - 1,
      ),
      intervalSeconds,
      maxAttempts: fields.optionalNumber('MaxAttempts', { from: 0, to: MAX_SECONDS, whole: true }) ?? 3,
      backoffRate: fields.optionalNumber('BackoffRate', { from: 1, to: Number.MAX_VALUE, whole: false }) ?? 2,
      maxDelaySeconds,
      jitter,
    };
  });
}

export function parseCatchers(value: JsonValue | undefined, place: Place): readonly Catcher[] {
  if (value === undefined) return [];
  const items = asArray(value, place);
  return items.map((item, index) => {
    const at = inside(place, `[${index}]`);
    const fields = readFields(asObject(item, at), at, ['ErrorEquals', 'Next', 'ResultPath']);
    return {
      errorEquals: parseErrorEquals(
        fields.value('ErrorEquals'),
        fields.at('ErrorEquals'),
        index === items.length - 1,
      ),
      next: fields.string('Next'),
      resultPath: parseResultPath(fields.value('ResultPath'), fields.at('ResultPath')),
    };
  });
}

/**
 * States.TaskFailed matches everything but States.Timeout. Neither wildcard matches States.DataLimitExceeded,
 * which the guide calls terminal; its own name does. (LocalStack recorded on AWS, in 2024, a Catch of States.ALL
 * that did take a Lambda result over the limit: the stricter of the two is simulated.)
 */
function matches(errorEquals: readonly string[], error: string | null): boolean {
  return errorEquals.some((name) => {
    if (name === error) return true;
    if (error === 'States.DataLimitExceeded') return false;
    return name === 'States.ALL' || (name === 'States.TaskFailed' && error !== 'States.Timeout');
  });
}

/** Retries made so far in this visit of the state, one number a retrier. */
export type RetryCounters = number[];

/**
 * The delay in milliseconds before the next attempt, or undefined when there is none. The first retrier that
 * matches decides, also when it is exhausted; its counter is raised. Delay before retry n (1, 2, …):
 * min(IntervalSeconds × BackoffRate^(n−1), MaxDelaySeconds); with FULL jitter uniform between 0 and that.
 * The guide's example waits 4.5 seconds, so seconds are not rounded; milliseconds are.
 */
export function nextRetryDelayMs(
  retriers: readonly Retrier[],
  counters: RetryCounters,
  failure: StateFailure,
  random: () => number,
): number | undefined {
  if (failure.terminal) return undefined;
  const index = retriers.findIndex((retrier) => matches(retrier.errorEquals, failure.error));
  const retrier = retriers[index];
  const made = counters[index] ?? 0;
  if (retrier === undefined || made >= retrier.maxAttempts) return undefined;
  counters[index] = made + 1;
  const backoff = retrier.intervalSeconds * retrier.backoffRate ** made;
  const delaySeconds = Math.min(backoff, retrier.maxDelaySeconds ?? Number.POSITIVE_INFINITY, MAX_SECONDS);
  return Math.round(delaySeconds * 1000 * (retrier.jitter === 'FULL' ? random() : 1));
}

/** The first catcher that matches, in order. */
export function findCatcher(catchers: readonly Catcher[], failure: StateFailure): Catcher | undefined {
  if (failure.terminal) return undefined;
  return catchers.find((catcher) => matches(catcher.errorEquals, failure.error));
}
