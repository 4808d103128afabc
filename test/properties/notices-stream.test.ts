import fc from 'fast-check';
import type { Notice } from '../../shared/contracts/notice';
import { entryText } from '../../shared/domain/audit-entry';
import type { Person } from '../../shared/domain/person';
import { buildRebootPlan } from '../support/builders/plan';
import { heard, noticesIn, person, type StreamBench, streamBench, why } from '../support/stream-bench';

/** What happens to a client: the log grows, it hears some frames, its connection is lost. */
type Step =
  | { readonly do: 'grow'; readonly what: 'note' | 'pause' | 'quarantine'; readonly times: number }
  | { readonly do: 'hear'; readonly frames: number }
  | { readonly do: 'lose' };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('grow' as const),
      what: fc.constantFrom('note' as const, 'pause' as const, 'quarantine' as const),
      times: fc.integer({ min: 1, max: 4 }),
    }),
    fc.record({ do: fc.constant('hear' as const), frames: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ do: fc.constant('lose' as const) }),
  ),
  { minLength: 1, maxLength: 14 },
);

async function grow(bench: StreamBench, { what, times }: Extract<Step, { do: 'grow' }>, from: number) {
  for (let n = from; n < from + times; n += 1) {
    if (what === 'note') await bench.note(n);
    if (what === 'pause') await bench.control.set(n % 2 === 0, why(`STOP_${n}`));
    if (what === 'quarantine')
      await bench.quarantine.put(
        {
          id: String(n).padStart(40, '0'),
          code: 'TOO_DEEP',
          message: '',
          excerpt: '',
          receivedAt: n,
          findings: [],
        },
        why('TOO_DEEP'),
      );
  }
  await bench.sequence();
}

/** A client that does what the standard says: it remembers the last id, and comes again with it. */
function client(bench: StreamBench, who: Person) {
  let lastEventId: number | undefined;
  let stream: AsyncGenerator<string> | undefined;
  const frames: string[] = [];
  return {
    frames,
    async hear(count: number) {
      stream ??= bench.open({ person: who, ...(lastEventId === undefined ? {} : { after: lastEventId }) });
      for (let n = 0; n < count; n += 1) {
        const next = await stream.next();
        if (next.done) {
          stream = undefined;
          return;
        }
        frames.push(next.value);
        lastEventId = heard(next.value).id ?? lastEventId;
      }
    },
    async lose() {
      await stream?.return(undefined);
      stream = undefined;
    },
  };
}

const seqs = (notices: readonly Notice[]) => notices.map(({ seq }) => seq);

test('each event reaches a client exactly once and in order, however often its connection is lost (1,000 schedules)', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 7 }), async (schedule, chance) => {
      const bench = streamBench({ random: () => chance / 8 });
      const listener = client(bench, person('ola', 'operator'));
      await listener.hear(2);
      let grown = 0;
      for (const step of schedule) {
        if (step.do === 'grow') {
          await grow(bench, step, grown);
          grown += step.times;
        } else if (step.do === 'hear') await listener.hear(step.frames);
        else await listener.lose();
      }
      const { size } = await bench.log.head();
      // Until it has been told of all there is, or moved on past it.
      while (size > 0 && (heard(listener.frames.at(-1) as string).id ?? -1) < size - 1)
        await listener.hear(1);
      const expected: number[] = [];
      for await (const entry of bench.log.entries(0)) {
        if (/"pk":"(CONTROL|QUARANTINE#)/.test(entryText(entry.leaf))) expected.push(entry.seq);
      }
      expect(seqs(noticesIn(listener.frames))).toEqual(expected);
    }),
    { numRuns: 1_000, seed: 33 },
  );
}, 120_000);

test('an approver is told of no request that does not name them', async () => {
  const people = ['ana', 'ben', 'cleo', 'mallory', 'zoe'];
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          eligible: fc.uniqueArray(fc.constantFrom(...people), { maxLength: 4 }),
          excluded: fc.uniqueArray(fc.constantFrom(...people), { maxLength: 2 }),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      fc.constantFrom(...people),
      async (requests, who) => {
        const bench = streamBench();
        const naming = new Set<string>();
        for (const [index, { eligible, excluded }] of requests.entries()) {
          const contractId = `C${index}`;
          const contract = await bench.planned(buildRebootPlan({ contractId, fingerprint: `f${index}` }));
          if ([...eligible, ...excluded].includes(who)) naming.add(contractId);
          const approval = {
            generation: 1,
            planHash: contract.planHash,
            proposer: 'rule',
            excluded: new Set(['rule', ...excluded]),
            eligible,
            quorum: 1,
            policyVersion: 'v',
            requestedAt: 1,
            expiresAt: bench.clock.now() + 60_000,
            votes: {},
            callback: { due: false },
          };
          await bench.contracts.openApproval(contract, approval, `target-${index}`, why('TIER_2'));
        }
        await bench.sequence();
        const { size } = await bench.log.head();
        const listener = client(bench, person(who, 'approver'));
        const stream = bench.open({ person: person(who, 'approver'), after: -1 });
        for await (const frame of stream) {
          listener.frames.push(frame);
          const { id, name } = heard(frame);
          if (id === size - 1 && name !== 'ready') break;
        }
        const told = noticesIn(listener.frames).flatMap((notice) =>
          notice.kind === 'contract' ? [notice.contractId] : [],
        );
        expect(new Set(told)).toEqual(naming);
      },
    ),
    { numRuns: 100, seed: 33 },
  );
}, 60_000);
