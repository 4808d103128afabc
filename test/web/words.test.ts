import { PROBLEMS } from '../../shared/contracts/api/problems';
import { STATUSES, TRANSITIONS } from '../../shared/domain/transitions';
import { failureOf } from '../../web/src/api/advice';
import { ProblemError } from '../../web/src/api/errors';
import { hrefOf, placeOf } from '../../web/src/app/router';
import { shortSubject, shortTarget } from '../../web/src/format/names';
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
