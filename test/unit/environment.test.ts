import * as z from 'zod';
import type { Clock, Ids } from '../../shared/ports/clock';
import { systemClock } from '../../shared/runtime/clock';
import { jsonText, readEnv } from '../../shared/runtime/environment';
import { ulids } from '../../shared/runtime/ids';

const Env = z.strictObject({
  STATE_TABLE: z.string(),
  STATE_TABLE_REGION: z.string(),
  GRACE_EXECUTORS: jsonText(z.record(z.string(), z.string())),
});

describe('the environment', () => {
  it('is what the schema names; the rest is not looked at', () => {
    expect(
      readEnv(Env, { STATE_TABLE: 't', STATE_TABLE_REGION: 'r', GRACE_EXECUTORS: '{"a":"b"}', PATH: '/bin' }),
    ).toEqual({ STATE_TABLE: 't', STATE_TABLE_REGION: 'r', GRACE_EXECUTORS: { a: 'b' } });
  });

  it('names every variable that is missing or empty, at once', () => {
    expect(() => readEnv(Env, { STATE_TABLE: 't', GRACE_EXECUTORS: '' })).toThrow(
      expect.objectContaining({
        name: 'EnvironmentError',
        message: 'missing environment variables: STATE_TABLE_REGION, GRACE_EXECUTORS',
      }),
    );
  });

  it('says what is wrong with one that is there, without showing it', () => {
    const wrong = { STATE_TABLE: 't', STATE_TABLE_REGION: 'r', GRACE_EXECUTORS: 'hunter2' };
    expect(() => readEnv(Env, wrong)).toThrow('wrong environment variables: GRACE_EXECUTORS: not JSON');
    expect(() => readEnv(Env, { ...wrong, GRACE_EXECUTORS: '{"a":1}' })).toThrow('GRACE_EXECUTORS.a: ');
  });
});

describe('ids', () => {
  const fixed = (now: () => number, byte: number): Ids =>
    ulids({ now, bytes: (count) => new Uint8Array(count).fill(byte) });

  it('are ULIDs: the time in ten characters, chance in sixteen', () => {
    // The example of the specification: 1469918176385 is 01ARYZ6S41.
    expect(fixed(() => 1469918176385, 0).next()).toBe('01ARYZ6S410000000000000000');
    expect(ulids().next()).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  });

  it('grow within a millisecond, over a full random part, and when the clock goes back', () => {
    let now = 1000;
    const ids = fixed(() => now, 255);
    const made = [ids.next(), ids.next()];
    now = 500;
    made.push(ids.next());
    now = 5000;
    made.push(ids.next());
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(4);
  });

  it('do not repeat', () => {
    const ids = ulids();
    expect(new Set(Array.from({ length: 10_000 }, () => ids.next())).size).toBe(10_000);
  });
});

it('the system clock is the port’s clock', async () => {
  const clock: Clock = systemClock;
  const before = clock.now();
  await clock.sleep(5);
  expect(clock.now() - before).toBeGreaterThanOrEqual(4);
});
