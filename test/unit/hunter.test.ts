import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readIntake } from '../../shared/contracts/intake-event';
import { RULES, scanText, scanValue } from '../../shared/domain/hunter/scan';
import { scanEvent } from '../../shared/domain/hunter/scan-event';
import { alarmBody, bodyOf, errorBody } from '../support/builders/events';
import { hunterCorpus, type Sample } from '../support/hunter-corpus';

const isHit = ({ value, context }: Sample): boolean => scanValue(value, context).length > 0;
/** Recorded events: of the demo, and of the adapter's tests. */
const REAL = ['../../cli/demo/recorded', '../fixtures/events'].flatMap((folder) =>
  readdirSync(join(__dirname, folder))
    .filter((file) => file.endsWith('.json'))
    .map((file) => readFileSync(join(__dirname, folder, file), 'utf8')),
);
const attacks = hunterCorpus('attacks');
const benign = hunterCorpus('benign');
const of = (samples: readonly Sample[], part: Sample['part']) => samples.filter((one) => one.part === part);
const groups = (samples: readonly Sample[]) => [...new Set(samples.map(({ group }) => group))];

describe('the corpus', () => {
  test('has 120 attacks of eight classes and 200 benign look-alikes, part of each held out', () => {
    expect(attacks.length).toBeGreaterThanOrEqual(120);
    expect(groups(attacks)).toHaveLength(8);
    expect(benign.length).toBeGreaterThanOrEqual(200);
    for (const samples of [attacks, benign]) {
      expect(of(samples, 'held_out').length).toBeGreaterThanOrEqual(samples.length / 4);
    }
  });
});

describe('the hunter finds', () => {
  test.each(groups(attacks))('every tuned attack of class %s', (group) => {
    const missed = of(attacks, 'tuned').filter((one) => one.group === group && !isHit(one));
    expect(missed).toEqual([]);
  });
  test('at least 9 of 10 attacks that no rule was made for', () => {
    const held = of(attacks, 'held_out');
    expect(held.filter(isHit).length / held.length).toBeGreaterThanOrEqual(0.9);
  });
  test('what is wrong and where, in printable ASCII', () => {
    const findings = scanText('web\u202e; rm -rf / \u0430', 'parameter', 'error.attributes.group');
    expect(findings.map(({ code }) => code)).toEqual(['BIDI_CONTROL', 'SHELL_INJECTION']);
    for (const { path, excerpt, why } of findings) {
      expect(path).toBe('error.attributes.group');
      expect(excerpt).toMatch(/^[ -~]+$/);
      expect(why).not.toBe('');
    }
  });
});

describe('the hunter lets pass', () => {
  test.each(groups(benign))('every tuned look-alike of kind %s', (group) => {
    const hits = of(benign, 'tuned').filter((one) => one.group === group && isHit(one));
    expect(hits.map(({ value, context }) => [value, scanValue(value, context)])).toEqual([]);
  });
  test('at least 39 of 40 look-alikes that no rule was made for', () => {
    const held = of(benign, 'held_out');
    expect(held.filter(isHit).length / held.length).toBeLessThanOrEqual(1 / 40);
  });
  test('shell, SQL and placeholders in words, where nothing runs them', () => {
    for (const text of ['; rm -rf /', "' OR 1=1 --", '$(reboot)', '{{name}}']) {
      expect(scanText(text, 'text')).toEqual([]);
    }
  });
});

describe('an event', () => {
  const scanned = (body: unknown) => {
    const reading = readIntake(bodyOf(body));
    if (!reading.ok) throw new Error(reading.code);
    return scanEvent(reading.error).map(({ code, path }) => `${code} ${path}`);
  };
  test('is scanned in every place that somebody else can write', () => {
    const shell = '; rm -rf /';
    const script = '<script>approve()</script>';
    expect(scanned(errorBody({ service: shell }))).toEqual(['SHELL_INJECTION error.service']);
    expect(scanned(errorBody({ name: shell }))).toEqual(['SHELL_INJECTION error.name']);
    expect(scanned(errorBody({ message: script }))).toEqual(['MARKUP_INJECTION error.message']);
    expect(scanned(errorBody({ attributes: { group: shell } }))).toEqual([
      'SHELL_INJECTION error.attributes.group',
    ]);
    expect(scanned(errorBody({ attributes: { '$(id)': 'x' } }))).toEqual([
      'SHELL_INJECTION error.attributes.$(id)',
    ]);
    expect(scanned(alarmBody({ state: { reason: script } }))).toEqual(['MARKUP_INJECTION alarm.reason']);
    expect(scanned(alarmBody({ group: 'w\u0435b' }))).toEqual([
      expect.stringMatching(/^HOMOGLYPH alarm\.metrics\.0\.dimensions/),
    ]);
  });
  test('as CloudWatch and the middleware send it has nothing', () => {
    expect(scanned(alarmBody())).toEqual([]);
    expect(scanned(errorBody())).toEqual([]);
    const recorded = REAL.flatMap((text) => {
      const reading = readIntake(text);
      return reading.ok ? [scanEvent(reading.error)] : [];
    });
    expect(recorded.length).toBeGreaterThanOrEqual(10);
    expect(recorded.flat()).toEqual([]);
  });
});

describe('looking takes time in proportion to the text', () => {
  /** A pattern with its character classes and escapes made plain, so that only the repetitions are left. */
  const skeleton = ({ source }: RegExp) => source.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');

  test.each(RULES.map(({ why, pattern }, n) => ({ n, why, pattern })))(
    'rule $n ($why) repeats nothing without a bound, and no repetition of a repetition has many rounds',
    ({ pattern }) => {
      const plain = skeleton(pattern);
      expect(plain).not.toMatch(/(?<!\()[*+]|\{\d+,\}/);
      // `(…{0,n}…){a,b}`: at most six rounds of short words.
      for (const [, rounds] of plain.matchAll(/\)\{\d+,(\d+)\}/g))
        expect(Number(rounds)).toBeLessThanOrEqual(6);
    },
  );

  test.each([
    'a',
    ' ',
    '\\',
    '<',
    '{{',
    '${',
    "'",
    '; rm ',
    'ignore all ',
    '%25',
    'union ',
    '\u0430a',
    'i g ',
  ])('also for 16,384 characters of %j', (piece) => {
    const text = piece.repeat(Math.floor(16_384 / piece.length));
    const began = process.cpuUsage();
    scanText(text, 'parameter');
    scanText(text, 'text');
    const { user } = process.cpuUsage(began);
    // Tens of milliseconds; a pattern that backtracks would take minutes.
    expect(user / 1000).toBeLessThan(5_000);
  });

  test('and what is longer is refused unread', () => {
    expect(scanText('; rm -rf / '.repeat(100_000), 'parameter')).toMatchObject([{ code: 'TOO_LONG' }]);
  });
});
