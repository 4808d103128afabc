import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { LATE_AFTER_MS, LOST_AFTER_MS } from '../../shared/domain/log-gap';
import { isCanary } from '../../shared/domain/subsystems';
import type { Item } from '../../shared/ports/table';
import { entryKey } from '../../shared/stores/audit-rows';
import { type AuditBench, auditBench, tamper } from '../support/audit-bench';
import { allOf } from '../support/audit-scenario';
import { type Cut, CutError, cutPorts } from '../support/cut-ports';

const MINUTE = 60_000;
const CONTRACT = { pk: 'CONTRACT#01K2Z8WQX3M5N7P9R1T3V5W7Y9', sk: 'CONTRACT' };
const STEP = { pk: CONTRACT.pk, sk: 'STEP#00#forward' };
const OTHER = { pk: CONTRACT.pk, sk: 'STEP#01#forward' };
const OUTCOME = { pk: CONTRACT.pk, sk: 'OUTCOME' };
const PORTS = [
  'log',
  'logged',
  'state',
  'scan',
  'contracts',
  'progress',
  'canaries',
  'findings',
  'sequencer',
  'sealer',
  'sealed',
  'checkpoints',
] as const;

/** Up to the check that is cut: it finds something of nearly every kind, fills in, counts, closes, seals and sings. */
async function beforeTheCheck(): Promise<AuditBench> {
  const bench = auditBench();
  await bench.change({ pk: 'MISSION#01K2Z8WQX3M5N7P9R1T3V5W7ZZ', sk: 'MISSION' });
  await bench.change({ pk: CONTRACT.pk, sk: 'PLAN' });
  await bench.change(CONTRACT, { contractId: '01K2Z8WQX3M5N7P9R1T3V5W7Y9' });
  for (const key of [STEP, STEP, OTHER, OUTCOME]) await bench.change(key);
  await bench.stream();
  await bench.check();
  await bench.stream();
  // Silent for two turns, and heard again before the check that is cut.
  bench.mute.add('relay');
  for (let n = 0; n < 2; n += 1) {
    bench.pass(15 * MINUTE);
    await bench.check();
    await bench.stream();
  }
  // Three changes whose records are lost, the first two for good.
  for (let n = 0; n < 3; n += 1) await bench.change(OTHER, { n });
  bench.records.length = 0;
  bench.pass(LOST_AFTER_MS);
  await bench.change(STEP, { late: true });
  bench.records.length = 0;
  // By hand, and seen once.
  bench.state.load([{ ...((await bench.state.get(OUTCOME)) as Item), status: 'resolved' }]);
  await bench.check(false, { until: 0, sequencer: { fillIn: async () => [] } });
  await bench.stream();
  await bench.seal();
  bench.pass(LATE_AFTER_MS);
  bench.mute.clear();
  bench.mute.add('intake');
  await bench.change({ pk: 'CONTRACT#nobody', sk: 'OUTCOME' });
  await bench.change(CONTRACT, {}, { event: 'agentic.escalated' });
  await bench.stream();
  const { size } = await bench.log.head();
  await tamper(bench.audit, entryKey('grace', size - 2), (row) => ({
    ...row,
    body: String(row['body']).replace('GATE_PASSED', 'GATE_FAILED'),
  }));
  return bench;
}

/** What a check has left: findings, and how far the cursor has come and what it has counted. */
async function leftBy(bench: AuditBench) {
  const findings = (await bench.findings.list(200)).map(({ finding, status, rev }) => {
    const { kind, pk, sk, rev: of = 0 } = finding;
    return { name: `${kind} ${pk} ${sk} ${of}`, seq: finding.seq, status, rev };
  });
  const { seq } = await bench.checking.progress.get();
  const hours = await bench.checking.progress.summaries('2026-01-01T00', '2026-02-01T00');
  const counted = hours.map(({ hour, activity, failures }) => ({ hour, activity, failures }));
  return { findings, seq, counted };
}

/** The hours as they should be counted of the entries before `seq`. */
async function hoursUpTo(bench: AuditBench, seq: number): Promise<Record<string, number>> {
  const hours: Record<string, number> = {};
  const whole = await allOf(bench.log.entries(0, seq));
  for (const { leaf } of whole) {
    const body = readAuditBody(leaf);
    if (isCanary(body) || String(body.reason) === 'GATE_FAILED') continue;
    const hour = new Date(body.sequencedAt).toISOString().slice(0, 13);
    hours[hour] = (hours[hour] ?? 0) + 1;
  }
  return hours;
}
const totals = (counted: Awaited<ReturnType<typeof leftBy>>['counted']) =>
  Object.fromEntries(
    counted.map(({ hour, activity }) => [hour, Object.values(activity).reduce((a, b) => a + b, 0)]),
  );

/** The stream has its turn, and the schedule the next ones. */
async function afterwards(bench: AuditBench): Promise<void> {
  for (let n = 0; n < 3; n += 1) {
    await bench.stream();
    await bench.check();
  }
  await bench.stream();
}

async function run(cut?: Cut) {
  const bench = await beforeTheCheck();
  const { deps, calls } = cutPorts(bench.checking, PORTS, cut);
  const output = await bench.check(false, deps).catch((error: unknown) => {
    if (error instanceof CutError) return undefined;
    throw error;
  });
  const atCut = await leftBy(bench);
  const hoursAtCut = await hoursUpTo(bench, atCut.seq);
  await afterwards(bench);
  const left = await leftBy(bench);
  return { bench, output, calls, atCut, hoursAtCut, left, hours: await hoursUpTo(bench, left.seq) };
}

const isOpen = ({ findings }: Awaited<ReturnType<typeof leftBy>>) =>
  findings.filter(({ status }) => status === 'open').length;
const named = ({ findings }: Awaited<ReturnType<typeof leftBy>>) =>
  findings.map(({ name, status, rev }) => `${name}: ${status}, ${rev}`).sort();

describe('a check that is cut at any call, before or after its effect', () => {
  it('has something to do at each of its ports', async () => {
    const { calls, output, left } = await run();
    expect(new Set(calls.map((call) => call.split('.')[0]))).toEqual(new Set(PORTS));
    expect(output?.done).toBe(true);
    expect(left.findings.map(({ name }) => name.split(' ')[0]).sort()).toEqual([
      'FILLED_IN',
      'FILLED_IN',
      'FORK_REFUSED',
      'IMAGE_DIFFERS',
      'ORPHAN',
      'RECORDED_LOST',
      'SILENT_SUBSYSTEM',
      'STALE_CHECKPOINT',
      'STALE_LOG',
      'WRONG_LINK',
    ]);
  });

  it('loses no finding and tells none twice, counts each entry once, and goes past nothing that it has not seen', async () => {
    const whole = await run();
    const ofEntries = whole.left.findings.filter(({ name }) => name.startsWith('WRONG_LINK'));
    expect(ofEntries).toHaveLength(1);
    const wrong: unknown[] = [];
    for (let call = 0; call < whole.calls.length; call += 1) {
      for (const when of ['before', 'after'] as const) {
        const cut = await run({ call, when });
        const told = ofEntries.filter(
          ({ name, seq }) =>
            cut.atCut.seq > (seq ?? 0) && !cut.atCut.findings.some((one) => one.name === name),
        );
        const problems = {
          ...(cut.output === undefined ? {} : { notCut: true }),
          ...(told.length === 0 ? {} : { passedUnseen: told }),
          ...differing('countedAtCut', totals(cut.atCut.counted), cut.hoursAtCut),
          ...differing('findings', named(cut.left), named(whole.left)),
          ...differing('counted', totals(cut.left.counted), cut.hours),
          ...differing('alarm', cut.bench.recorded.get('grace_audit_findings_open'), isOpen(cut.left)),
        };
        if (Object.keys(problems).length > 0)
          wrong.push({ call: `${call} ${whole.calls[call]}`, when, ...problems });
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);
});

function differing(what: string, is: unknown, should: unknown): Record<string, unknown> {
  return JSON.stringify(is) === JSON.stringify(should) ? {} : { [what]: { is, should } };
}
