import type { ErrorDetected } from '../contracts/error-detected';
import type { Playbook } from '../contracts/playbook';
import { type CompiledPattern, compilePattern, type Match } from './match-pattern';

/** A playbook together with the version that is stored with every contract made of it. */
export interface LoadedPlaybook {
  readonly name: string;
  /** Content hash, 64 hex digits. */
  readonly version: string;
  readonly playbook: Playbook;
  /** The person who wrote this version into the deployment; absent = it came with a deploy. */
  readonly publishedBy?: string;
}

export interface Alternative {
  readonly playbook: string;
  readonly pattern: string;
  readonly why: string;
}

export interface Diagnosis {
  readonly playbook: string;
  readonly version: string;
  /** The pattern that decided: `alarm(metric=CPU*, dimensions.AutoScalingGroupName=*)`. */
  readonly pattern: string;
  /** Which field matched which value, one sentence a field. */
  readonly evidence: readonly string[];
  readonly why: string;
  /** Other playbooks that match, best first, at most ten. */
  readonly alternatives: readonly Alternative[];
}

/** Share of a playbook's actions that ended well, 0 to 1, by name. Not listed counts as 0.5. */
export type SuccessRates = ReadonlyMap<string, number>;
export type Diagnose = (event: ErrorDetected, rates?: SuccessRates) => Diagnosis | undefined;

interface Candidate {
  readonly loaded: LoadedPlaybook;
  readonly pattern: CompiledPattern;
}
interface Hit extends Candidate {
  readonly match: Match;
}

const MAX_ALTERNATIVES = 10;
const UNKNOWN_RATE = 0.5;

/**
 * Compiles the patterns of all playbooks once. The result is a function of the event alone: the most
 * specific pattern wins (number of fields, then number of literal characters), then the better success
 * rate, then the playbook's name; the order of `playbooks` does not matter. `undefined` = none matches.
 * It does not ask what state the alarm is in: that is the sentinel's question.
 *
 * @throws Error when two playbooks have one name
 */
export function compilePatterns(playbooks: readonly LoadedPlaybook[]): Diagnose {
  const names = new Set<string>();
  const byIndexKey = new Map<string, Candidate[]>();
  for (const loaded of playbooks) {
    if (names.has(loaded.name)) throw new Error(`two playbooks are named ${loaded.name}`);
    names.add(loaded.name);
    for (const source of loaded.playbook.match) {
      const pattern = compilePattern(source);
      const list = byIndexKey.get(pattern.indexKey) ?? [];
      list.push({ loaded, pattern });
      byIndexKey.set(pattern.indexKey, list);
    }
  }
  return (event, rates) => {
    const hits: Hit[] = [];
    for (const key of indexKeysOf(event)) {
      for (const candidate of byIndexKey.get(key) ?? []) {
        const match = candidate.pattern.match(event);
        if (match !== undefined) hits.push({ ...candidate, match });
      }
    }
    return decide(hits, rates);
  };
}

/** Every key under which a pattern that matches this event can stand; see `CompiledPattern.indexKey`. */
function indexKeysOf({ alarm, error }: ErrorDetected): ReadonlySet<string> {
  const keys = new Set<string>();
  if (alarm !== undefined) {
    keys.add('alarm').add(`alarm-name ${alarm.name}`);
    for (const { namespace, metric } of alarm.metrics) {
      keys.add(`metric ${metric}`).add(`namespace ${namespace}`).add(`namespace ${namespace} ${metric}`);
    }
  }
  if (error !== undefined) keys.add('error').add(`service ${error.service}`).add(`error-name ${error.name}`);
  return keys;
}

function decide(hits: readonly Hit[], rates: SuccessRates | undefined): Diagnosis | undefined {
  const rateOf = (hit: Hit) => rates?.get(hit.loaded.name) ?? UNKNOWN_RATE;
  const sorted = [...hits].sort(
    (a, b) =>
      b.pattern.fields - a.pattern.fields ||
      b.pattern.literalLength - a.pattern.literalLength ||
      rateOf(b) - rateOf(a) ||
      compare(a.loaded.name, b.loaded.name) ||
      compare(a.pattern.text, b.pattern.text),
  );
  const best = sorted[0];
  if (best === undefined) return undefined;
  const others: Hit[] = [];
  const seen = new Set([best.loaded.name]);
  for (const hit of sorted) {
    if (seen.has(hit.loaded.name)) continue;
    seen.add(hit.loaded.name);
    others.push(hit);
  }
  const shown = others.slice(0, MAX_ALTERNATIVES);
  const reasons = shown.map((hit) => reasonFor(best, hit, rateOf));
  return {
    playbook: best.loaded.name,
    version: best.loaded.version,
    pattern: best.pattern.text,
    evidence: best.match.evidence(),
    why:
      others.length === 0
        ? 'the only playbook that matches'
        : `preferred to ${others[0]?.loaded.name}: ${reasons[0]}`,
    alternatives: shown.map((hit, index) => ({
      playbook: hit.loaded.name,
      pattern: hit.pattern.text,
      why: `not chosen: ${reasons[index]}`,
    })),
  };
}

/** Why `best` comes before `other`. */
function reasonFor(best: Hit, other: Hit, rateOf: (hit: Hit) => number): string {
  const [fields, otherFields] = [best.pattern.fields, other.pattern.fields];
  if (fields !== otherFields) return `more fields match (${fields} against ${otherFields})`;
  const [literal, otherLiteral] = [best.pattern.literalLength, other.pattern.literalLength];
  if (literal !== otherLiteral)
    return `its pattern is more literal (${literal} characters against ${otherLiteral})`;
  const [rate, otherRate] = [rateOf(best), rateOf(other)];
  if (rate !== otherRate)
    return `it succeeded more often (${rate.toFixed(2)} against ${otherRate.toFixed(2)})`;
  return 'equally specific; its name comes first';
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
