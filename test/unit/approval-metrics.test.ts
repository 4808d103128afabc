import { runIncident } from '../support/faults/bench';
import { BENCH_INCIDENTS } from '../support/faults/bench-incidents';

/** What is measured of approvals in a whole run: stream, bus, queue and recorder. */
async function measured(approver: 'approves' | 'denies' | 'silent') {
  const counts: unknown[] = [];
  const latencies: { seconds: number; unit: string; outcome?: string }[] = [];
  const stage = await runIncident(
    { ...BENCH_INCIDENTS.scaleAsked, approver },
    {
      patienceMs: 30 * 3_600_000,
      metrics: {
        count: (name, dimensions) => {
          if (name.startsWith('grace_approvals')) counts.push([name, dimensions]);
        },
        record: (name, seconds, unit, dimensions) => {
          if (name === 'grace_approval_latency_seconds') latencies.push({ seconds, unit, ...dimensions });
        },
      },
    },
  );
  const [contract] = stage.contracts();
  if (contract?.approval === undefined) throw new Error('nobody was asked');
  return { counts, latencies, approval: contract.approval };
}

test.each([
  ['approves', 'granted'],
  ['denies', 'rejected'],
] as const)('a request that somebody %s is counted, and how long they took', async (approver, outcome) => {
  const { counts, latencies, approval } = await measured(approver);
  expect(counts).toEqual([['grace_approvals_requested_total', { tier: '2' }]]);
  const [vote] = Object.values(approval.votes);
  const seconds = ((vote?.at ?? 0) - approval.requestedAt) / 1000;
  expect(latencies).toEqual([{ seconds, unit: 'Seconds', outcome }]);
  expect(seconds).toBeGreaterThan(0);
});

test('a request that nobody answers took all of its time', async () => {
  const { latencies, approval } = await measured('silent');
  expect(latencies).toEqual([{ seconds: expect.any(Number), unit: 'Seconds', outcome: 'expired' }]);
  expect(latencies[0]?.seconds).toBeGreaterThanOrEqual((approval.expiresAt - approval.requestedAt) / 1000);
});
