import { PROBLEMS } from '../../shared/contracts/api/problems';
import { ACTIONS } from '../../shared/domain/actions';
import { STATUSES, TRANSITIONS } from '../../shared/domain/transitions';
import { failureOf } from '../../web/src/api/advice';
import { ProblemError } from '../../web/src/api/errors';
import { hrefOf, placeOf } from '../../web/src/app/router';
import { byPart, totalOf } from '../../web/src/format/activity';
import { shortSubject, shortTarget, summaryWords, wholeSubject } from '../../web/src/format/names';
import { type Observation, seenText } from '../../web/src/format/observation';
import { hasEnded } from '../../web/src/format/status';
import { countdown, length, spokenRest } from '../../web/src/format/time';

describe('time in words', () => {
  test.each([
    [3_849_000, '1:04:09'],
    [727_000, '12:07'],
    [999, '0:01'],
    [0, '0:00'],
    [-5_000, '0:00'],
  ])('%i ms are left as %s', (ms, text) => {
    expect(countdown(ms)).toBe(text);
  });

  test.each([
    [850, '850 ms'],
    [42_000, '42 s'],
    [420_000, '7 min'],
    [12_000_000, '3 h 20 min'],
    [10_800_000, '3 h'],
    [172_800_000, '2 d'],
  ])('%i ms last %s', (ms, text) => {
    expect(length(ms)).toBe(text);
  });

  test('what is heard is whole minutes', () => {
    expect([0, 30_000, 61_000, 7_200_000].map(spokenRest)).toEqual([
      'no time',
      'less than a minute',
      '2 minutes',
      '2 hours',
    ]);
  });
});

describe('names, short enough to read', () => {
  test.each([
    ['https://issuer.example/pool#ada', 'ada'],
    ['arn:aws:iam::123456789012:role/team/on-call', 'role/team/on-call'],
    ['grace/sentinel', 'grace/sentinel'],
  ])('%s is %s', (subject, short) => {
    expect(shortSubject(subject)).toBe(short);
  });

  test('a target is its id, whatever is in it', () => {
    expect(shortTarget('ec2:instance:us-east-1:123456789012:i-0a1b')).toBe('i-0a1b');
    expect(shortTarget('web')).toBe('web');
  });
});

describe('what a plan does, as one would say it', () => {
  const KEY = 'autoscaling:group:us-east-1:123456789012:web';
  test.each([
    [
      `aws.scale_instances on ${KEY}: desired_capacity from 4 to 6`,
      'Scale web: desired capacity from 4 to 6',
    ],
    [`aws.rds_reboot on ${KEY}; aws.restart_ec2 on ${KEY}`, 'Reboot database web; Reboot instance web'],
    [`own.constructor on ${KEY}`, 'own.constructor on web'],
  ])('%s', (summary, words) => {
    expect(summaryWords(summary)).toBe(words);
  });

  test.each(Object.keys(ACTIONS))('%s has words', (action) => {
    expect(summaryWords(`${action} on ${KEY}`)).not.toContain(action);
  });
});

test.each([
  ['ben', 'https://issuer.example#anna', 'https://issuer.example#ben'],
  ['https://other.example#ben', 'https://issuer.example#anna', 'https://other.example#ben'],
  ['arn:aws:iam::123456789012:user/ben', 'https://issuer.example#anna', 'arn:aws:iam::123456789012:user/ben'],
  ['ben', 'arn:aws:iam::123456789012:user/anna', 'ben'],
  ['', 'https://issuer.example#anna', ''],
])('whoever is called %j by %s is %j', (name, own, whole) => {
  expect(wholeSubject(name, own)).toBe(whole);
});

describe('activity of several hours', () => {
  const hours = [
    { hour: '2026-01-05T08', activity: { relay: 2, audit: 9 }, failures: { audit: 1 } },
    { hour: '2026-01-05T09', activity: { relay: 8 }, failures: {} },
  ];

  test('is summed by part, busiest first, with the last hour that had any', () => {
    expect(byPart(hours)).toEqual([
      { part: 'relay', entries: 10, failures: 0, last: '2026-01-05T09:00:00.000Z' },
      { part: 'audit', entries: 9, failures: 1, last: '2026-01-05T08:00:00.000Z' },
    ]);
    expect(hours.map(({ activity }) => totalOf(activity))).toEqual([11, 8]);
  });
});

describe('what a benchmark run saw', () => {
  test.each<[Observation, string]>([
    [{ kind: 'resource', found: true, value: 6 }, 'the resource says 6'],
    [{ kind: 'resource', found: false, value: null }, 'the resource was not found'],
    [{ kind: 'alarm', state: 'INSUFFICIENT_DATA', since: 1 }, 'the alarm is without enough data'],
    [{ kind: 'alarm', state: null, since: null }, 'the alarm was not found'],
    [{ kind: 'metric', values: [10.43, 14.391], expectedPoints: 4 }, '2 of 4 data points: 10.43 to 14.39'],
    [{ kind: 'metric', values: [], expectedPoints: 4 }, '0 of 4 data points'],
    [
      { kind: 'metric_change', history: [1], before: [3, 3], after: [1, 2], expectedPoints: 2 },
      '2 of 2 data points after it: 1 to 2; before it 3',
    ],
    [
      { kind: 'metric_change', history: [], before: [], after: [], expectedPoints: 2 },
      '0 of 2 data points after it; before it none',
    ],
    [
      {
        kind: 'smoke',
        checks: [
          { check: 'alarm_clear', passed: true, detail: '' },
          { check: 'in_service', passed: null, detail: '' },
          { check: 'last_error_age', passed: false, detail: '' },
        ],
      },
      'alarm clear passes, in service not known, last error age fails',
    ],
  ])('%j', (seen, text) => {
    expect(seenText(seen)).toBe(text);
  });
});

describe('places', () => {
  test.each([['a/b', '<img src=x>', '%', '?x=1#y', '..']])(
    'an id is one segment, there and back: %j',
    (...ids) => {
      for (const id of ids) expect(placeOf(hrefOf('contracts', id)).segments).toEqual(['contracts', id]);
    },
  );

  test('a hand-edited address is read as far as it can be', () => {
    expect(placeOf('#/contracts/%zz?status=denied')).toMatchObject({ segments: ['contracts', '%zz'] });
  });
});

test.each(STATUSES)('%s is an end for the reader exactly when it is one for the protocol', (status) => {
  expect(hasEnded(status)).toBe(TRANSITIONS[status].length === 0);
});

test.each([
  'NOT_FOUND',
  'PLAN_CHANGED',
  'CLOSED',
  'EXPIRED',
  'ALREADY_VOTED',
  'EXCLUDED',
  'REAUTHENTICATE',
  'BUSY',
  'REV_CHANGED',
  'RATE_LIMITED',
  'UNAVAILABLE',
  'INTERNAL',
  'FORBIDDEN',
] as const)('what to do about %s is said', (code) => {
  const { title, status } = PROBLEMS[code];
  const failure = failureOf(
    new ProblemError({ type: 't', title, status, detail: 'd', code, correlationId: 'c' }),
  );
  expect(failure.advice).not.toBe('');
});
