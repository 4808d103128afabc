import fc from 'fast-check';
import { cutText } from '../../shared/domain/cut-text';
import { fingerprint, withoutVariables } from '../../shared/domain/fingerprint';
import { buildError } from '../support/builders/contract';
import { alarmEvent } from '../support/planning';

const error = (changes: object) =>
  buildError('e', { error: { service: 's', name: 'Timeout', message: 'm', attributes: {}, ...changes } });

describe('a fingerprint', () => {
  test('is that of the trouble, not of the time, the id or the numbers in the message', () => {
    const first = fingerprint(error({ message: 'request 17 of 4f1c2d9e6a574a38 timed out' }));
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprint(error({ message: 'request 18 of 0011223344556677 timed out' }))).toBe(first);
    expect(fingerprint({ ...error({ message: 'request 1 of 99 timed out' }), at: 7, eventId: 'x' })).toBe(
      first,
    );
  });
  test.each([
    ['service', error({ service: 't' })],
    ['name', error({ name: 'Refused' })],
    ['words', error({ message: 'other' })],
    ['attributes', error({ attributes: { instance: 'i-1' } })],
    ['account', { ...error({}), account: '999999999999' }],
    ['region', { ...error({}), region: 'eu-west-1' }],
  ])('is another with another %s', (_what, other) => {
    expect(fingerprint(other)).not.toBe(fingerprint(error({})));
  });
  test('of an alarm is that of the alarm in one state', () => {
    expect(fingerprint(alarmEvent({ reason: 'x' }))).toBe(fingerprint(alarmEvent({ reason: 'y' })));
    expect(fingerprint(alarmEvent({ state: 'OK' }))).not.toBe(fingerprint(alarmEvent()));
    expect(fingerprint(alarmEvent({ arn: 'another' }))).not.toBe(fingerprint(alarmEvent()));
  });
  test('can be taken of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1200 }), (message) => {
        expect(withoutVariables(message).length).toBeLessThanOrEqual(512);
        expect(fingerprint(error({ message }))).toMatch(/^[0-9a-f]{64}$/);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a text that is cut', () => {
  test('keeps what fits, and never half a character', () => {
    expect(cutText('abc', 3)).toBe('abc');
    expect(cutText('abcd', 3)).toBe('abc');
    expect(cutText('ab\u{1F525}', 3)).toBe('ab');
    expect(cutText('a\u{1F525}', 3)).toBe('a\u{1F525}');
    expect(cutText('', 0)).toBe('');
  });
});
