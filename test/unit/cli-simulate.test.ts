import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SimulateOutput } from '../support/cli-schemas';
import { grace, graceJson, scratch } from '../support/memory-io';

const EVENTS = join(__dirname, '../fixtures/events');
const RECORDED = join(__dirname, '../../../shared/data/events');
const { cwd, remove } = scratch();
afterAll(remove);

async function simulate(...argv: string[]) {
  const { code, value } = await graceJson<unknown>(cwd, ['simulate', ...argv]);
  return { code, rows: SimulateOutput.parse(value) };
}
const fixture = (name: string): string => join(EVENTS, `${name}.json`);

function written(name: string, content: string | Buffer): string {
  const path = join(cwd, name);
  writeFileSync(path, content);
  return path;
}

describe('grace simulate, recorded events', () => {
  it.each([
    ['latency-alarm', 'act', 'EFFECT_MET', 'scale-out-on-latency', 1, 'resolved', 'met', 1],
    ['anomaly-above-alarm', 'act', 'EFFECT_MET', 'scale-out-on-latency', 1, 'resolved', 'met', 1],
    [
      'database-connections-alarm',
      'ask',
      'TIER_2',
      'reboot-rds-on-connections',
      2,
      'awaiting_approval',
      null,
      0,
    ],
    ['status-check-alarm', 'ask', 'TIER_2', 'restart-ec2-on-status-check', 2, 'awaiting_approval', null, 0],
    ['captured-error', 'ask', 'TIER_2', 'restart-ec2-on-hang', 2, 'awaiting_approval', null, 0],
    ['latency-ok', 'ignore', 'CLEARED', null, null, null, null, 0],
    ['latency-insufficient-data', 'ignore', 'INSUFFICIENT_DATA', null, null, null, null, 0],
    ['composite-suppressed', 'ignore', 'SUPPRESSED', null, null, null, null, 0],
    ['composite-alarm', 'ignore', 'NO_PLAYBOOK', null, null, null, null, 0],
    ['no-playbook-alarm', 'ignore', 'NO_PLAYBOOK', null, null, null, null, 0],
    ['metric-math-alarm', 'ignore', 'METRIC_UNKNOWN', null, null, null, null, 0],
  ])('%s: %s, %s', async (name, decision, reason, playbook, tier, status, verdict, effects) => {
    const { code, rows } = await simulate(fixture(name));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ decision, reason, playbook, tier, status, verdict, effects });
    expect(code).toBe(0);
  });

  it('names the plan, what is expected, and what was assumed', async () => {
    const { rows } = await simulate(fixture('latency-alarm'));
    const [row] = rows;
    expect(row?.expected.map(({ kind }) => kind)).toEqual(['resource', 'alarm', 'metric']);
    expect(row?.['planHash']).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(row?.['assumed'])).toContain('checkout-web exists');
  });

  it('gives one object for each event of an array', async () => {
    const { rows } = await simulate(fixture('three-events'));
    expect(rows.map(({ decision }) => decision)).toEqual(['act', 'ignore', 'ask']);
  });

  it('observes in observe mode', async () => {
    const { rows } = await simulate(fixture('latency-alarm'), '--mode', 'observe');
    expect(rows[0]).toMatchObject({
      decision: 'observe',
      reason: 'OBSERVE_MODE',
      status: 'observed',
      effects: 0,
    });
  });

  it('minds the clock and the account that it is given', async () => {
    const late = await simulate(fixture('latency-alarm'), '--now', '2026-01-05T12:00:00Z');
    expect(late.rows[0]).toMatchObject({ decision: 'ignore', reason: 'EVENT_TOO_OLD' });
    expect(late.rows[0]?.['matches']).toMatchObject({ playbook: 'scale-out-on-latency' });
    const foreign = await simulate(fixture('latency-alarm'), '--account', '999999999999');
    expect(foreign).toMatchObject({ code: 1, rows: [{ decision: 'ignore', reason: 'FOREIGN_ACCOUNT' }] });
  });

  it('takes the world that it is given', async () => {
    const world = { schema: 1, account: '123456789012', region: 'us-east-1' };
    const { rows } = await simulate(
      fixture('latency-alarm'),
      '--world',
      written('empty-world.json', JSON.stringify(world)),
    );
    expect(rows[0]).toMatchObject({ decision: 'ignore', reason: 'TARGET_NOT_FOUND' });
  });

  const recorded = existsSync(RECORDED) || process.env.CI === 'true' ? it : it.skip;
  recorded('reads the events as their sources publish them', async () => {
    const files = readdirSync(RECORDED).map((name) => join(RECORDED, name));
    const { code, rows } = await simulate(...files);
    const reasons = Object.fromEntries(rows.map(({ file, reason }) => [file.split('/').at(-1), reason]));
    expect(reasons).toMatchObject({
      'alertmanager-firing.json': 'NOT_AN_EVENT',
      'cw-alarm-metric-cleared.json': 'CLEARED',
      'cw-alarm-metric-math.json': 'NO_PLAYBOOK',
      'cw-alarm-metric.json': 'NO_PLAYBOOK',
    });
    expect(code).toBe(1);
  });
});

describe('grace simulate, bad input', () => {
  const alarm = (change: Readonly<Record<string, unknown>>): string =>
    JSON.stringify({ ...JSON.parse(readFileSync(fixture('latency-alarm'), 'utf8')), ...change });
  const text = alarm({});

  it.each<[string, string | Buffer, string]>([
    ['empty', '', 'EMPTY_INPUT'],
    ['white space', ' \n\t', 'EMPTY_INPUT'],
    ['null', 'null', 'NOT_AN_OBJECT'],
    ['an empty array', '[]', 'NO_EVENTS'],
    ['an array of null', '[null]', 'NOT_AN_OBJECT'],
    ['truncated', text.slice(0, 200), 'TRUNCATED'],
    ['truncated array', `[${text},`, 'TRUNCATED'],
    ['not JSON', 'alarm!', 'INVALID_SYNTAX'],
    ['two documents', `${text}${text}`, 'TRAILING_TEXT'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 'INVALID_UTF8'],
    ['byte order mark', `\ufeff${text}`, 'BYTE_ORDER_MARK'],
    ['4,200 deep', '['.repeat(4200) + ']'.repeat(4200), 'TOO_DEEP'],
    ['500,000 deep', '['.repeat(500_000), 'TOO_DEEP'],
    ['500,000 objects deep', '{"a":'.repeat(500_000), 'TOO_LARGE'],
    ['64 KiB + 1', `{"a":"${'x'.repeat(65_536 - 7)}"}`, 'TOO_LARGE'],
    ['1 MB + 1', `{"a":"${'x'.repeat(1_000_001 - 8)}"}`, 'TOO_LARGE'],
    ['duplicate keys', text.replace('{', '{"id":"other",'), 'DUPLICATE_KEY'],
    ['duplicate keys in an array', `[${text.replace('{', '{"id":"other",')}]`, 'DUPLICATE_KEY'],
    ['__proto__', text.replace('{', '{"__proto__":{},'), 'FORBIDDEN_KEY'],
    ['1e400', text.replace('{', '{"x":1e400,'), 'NUMBER_OVERFLOW'],
    ['2^53 + 1', text.replace('{', '{"x":9007199254740993,'), 'UNSAFE_INTEGER'],
    ['-0', text.replace('{', '{"x":-0,'), 'NEGATIVE_ZERO'],
    ['lone surrogate', text.replace('{', '{"x":"\\ud800",'), 'LONE_SURROGATE'],
    ['NUL', text.replace('{', '{"x":"\\u0000",'), 'CONTROL_CHARACTER'],
    ['bidi override', text.replace('{', '{"x":"\\u202e",'), 'BIDI_CONTROL'],
    ['an alarm without a state', alarm({ detail: { alarmName: 'x' } }), 'NOT_AN_ALARM_EVENT'],
    ['an unknown source', alarm({ source: 'aws.unknown' }), 'UNKNOWN_EVENT'],
    [
      'an ARN of another account',
      text.replace('us-east-1:123456789012:alarm', 'us-east-1:999999999999:alarm'),
      'FOREIGN_ARN',
    ],
    ['1970', text.replace('"2026-01-05T09:05:05Z"', '"1970-01-01T00:00:00Z"'), 'EVENT_TOO_OLD'],
    [
      'a day ahead',
      text.replace('"2026-01-05T09:05:05Z"', `"${new Date(Date.now() + 86_400_000).toISOString()}"`),
      'EVENT_FROM_FUTURE',
    ],
  ])('%s', async (name, content, reason) => {
    const { rows } = await simulate(written(`${name.replace(/\W/g, '-')}.json`, content));
    expect(rows).toMatchObject([{ decision: 'ignore', reason, effects: 0, contract: null }]);
  });

  it('refuses one bad event of an array, and does the others', async () => {
    const { code, rows } = await simulate(written('mixed.json', `[${text}, {"id": 1}, "x"]`));
    expect(rows.map(({ decision, reason }) => [decision, reason])).toEqual([
      ['act', 'EFFECT_MET'],
      ['ignore', 'NOT_AN_EVENT'],
      ['ignore', 'NOT_AN_OBJECT'],
    ]);
    expect(code).toBe(1);
  });

  it('knows an id that comes again within a file', async () => {
    const other = text.replace('RequestLatency', 'OtherLatency');
    const { rows } = await simulate(written('again.json', `[${text}, ${text}, ${other}]`));
    expect(rows.map(({ reason }) => reason)).toEqual(['EFFECT_MET', 'DUPLICATE', 'SAME_ID_OTHER_BODY']);
  });

  it('says in the exit code what was not there', async () => {
    expect((await simulate(join(cwd, 'no-such-file.json'))).code).toBe(2);
    expect((await simulate(cwd)).rows[0]).toMatchObject({ reason: 'FILE_UNREADABLE' });
    expect((await grace(cwd, ['simulate'])).code).toBe(2);
    expect((await grace(cwd, ['simulate', fixture('latency-alarm'), '--now', 'soon'])).code).toBe(2);
    expect((await grace(cwd, ['simulate', fixture('latency-alarm'), '--account', '1'])).code).toBe(2);
    expect((await grace(cwd, ['simulate', fixture('latency-alarm'), '--mode', 'destroy'])).code).toBe(2);
    expect((await grace(cwd, ['simulate', fixture('latency-alarm'), '--playbooks', 'nowhere'])).code).toBe(2);
    expect((await grace(cwd, ['simulate', fixture('latency-alarm'), '--world', 'nowhere'])).code).toBe(2);
  });
});
