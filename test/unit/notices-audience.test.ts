import type { Notice } from '../../shared/contracts/notice';
import type { Item } from '../../shared/ports/table';
import { findingIdOf, findingStore } from '../../shared/stores/finding-store';
import { buildRebootPlan, START } from '../support/builders/plan';
import { framesUntil, heard, noticesIn, person, streamBench, why } from '../support/stream-bench';

const ANA = person('ana', 'approver');
const VIEWER = person('vera', 'viewer');

describe('who is told what', () => {
  const told = async (who: ReturnType<typeof person>) => {
    const bench = streamBench();
    await bench.awaiting(buildRebootPlan());
    await bench.control.set(true, why('STOP'));
    await bench.quarantine.put(
      {
        id: 'a'.repeat(40),
        code: 'TOO_DEEP',
        message: 'too deep',
        excerpt: '[[[',
        receivedAt: START,
        findings: [],
      },
      why('TOO_DEEP'),
    );
    await bench.closings.close(1, undefined, why('a key may be known'));
    await bench.note(1);
    await bench.sequence();
    const { size } = await bench.log.head();
    const frames = await framesUntil(bench.open({ person: who, after: -1 }), (so) =>
      so.some((frame) => heard(frame).id === size - 1 && heard(frame).name !== 'ready'),
    );
    return noticesIn(frames).map((notice) =>
      notice.kind === 'contract' ? `contract ${notice.request?.you ?? 'seen'}` : notice.kind,
    );
  };

  test.each<[string, ReturnType<typeof person>, readonly string[]]>([
    [
      'a viewer: that contracts move, not their requests',
      VIEWER,
      ['mission', 'contract seen', 'contract seen', 'control'],
    ],
    [
      'an approver who is asked: the contract with its request',
      ANA,
      ['contract may_decide', 'contract may_decide', 'control'],
    ],
    [
      'an approver who is excluded: that it is there',
      person('mallory', 'approver'),
      ['contract excluded', 'contract excluded', 'control'],
    ],
    ['an approver whom it does not name: nothing of it', person('zoe', 'approver'), ['control']],
    ['one who was asked and is no approver any more: nothing of it', person('ana'), []],
    [
      'an operator: contracts and quarantine',
      person('ola', 'operator'),
      ['mission', 'contract seen', 'contract seen', 'control', 'quarantine'],
    ],
    [
      'an auditor: everything',
      person('aud', 'auditor'),
      ['mission', 'contract observer', 'contract observer', 'control', 'quarantine', 'epoch'],
    ],
    [
      'an administrator: everything',
      person('root', 'administrator'),
      ['mission', 'contract observer', 'contract observer', 'control', 'quarantine', 'epoch'],
    ],
    [
      'somebody for emergencies: what an emergency is about',
      person('eva', 'emergency'),
      ['mission', 'contract observer', 'contract observer', 'control'],
    ],
  ])('%s', async (_title, who, expected) => {
    expect((await told(who)).sort()).toEqual([...expected].sort());
  });
});

test('of an epoch that was closed an auditor hears which one, and where the next begins; not who did it', async () => {
  const bench = streamBench();
  await bench.note(1);
  await bench.closings.close(1, undefined, { ...why('a key may be known'), actor: 'mallory' });
  await bench.sequence();
  const frames = await framesUntil(bench.open({ person: person('aud', 'auditor'), after: -1 }), (so) =>
    so.some((frame) => heard(frame).name === 'epoch'),
  );
  expect(noticesIn(frames)).toEqual([
    { kind: 'epoch', seq: 1, at: expect.any(String), event: 'audit.epoch_closed', epoch: 1 },
  ]);
  expect((await bench.log.head()).base).toBe(1);
  expect(frames.join('')).not.toMatch(/mallory|known/);
});

describe('what goes on beside contracts', () => {
  const EVERYBODY = [
    VIEWER,
    ANA,
    person('ben', 'approver'),
    person('zoe', 'approver'),
    person('ola', 'operator'),
    person('aud', 'auditor'),
    person('root', 'administrator'),
    person('eva', 'emergency'),
  ];
  /** Who is told of the changes that `act` makes, and how often; in what words of `say`. */
  async function toldOf(
    act: (bench: ReturnType<typeof streamBench>) => Promise<unknown>,
    say: (notice: Notice) => string | undefined,
  ): Promise<Record<string, string[]>> {
    const bench = streamBench();
    await act(bench);
    await bench.note(9);
    await bench.sequence();
    const { size } = await bench.log.head();
    const told: Record<string, string[]> = {};
    for (const who of EVERYBODY) {
      const frames = await framesUntil(bench.open({ person: who, after: -1 }), (so) =>
        so.some((frame) => heard(frame).id === size - 1 && heard(frame).name !== 'ready'),
      );
      const words = noticesIn(frames).flatMap((notice) => say(notice) ?? []);
      if (words.length > 0) told[who.subject] = words;
    }
    return told;
  }

  test('a delegation is news for both of its people, whatever their part, and for who oversees', async () => {
    const told = await toldOf(
      async ({ delegations }) => {
        await delegations.give(
          { delegator: 'ana', delegate: 'ben', until: START + 1 },
          why('away', START, 'ana'),
        );
        await delegations.revoke('ana', why('back', START, 'ana'));
      },
      (notice) => (notice.kind === 'delegation' ? `${notice.event} ${notice.you}` : undefined),
    );
    const both = (you: string) => [`approval.delegated ${you}`, `approval.delegation_revoked ${you}`];
    expect(told).toEqual({
      ana: both('delegator'),
      ben: both('delegate'),
      aud: both('observer'),
      root: both('observer'),
    });
  });

  test('names nobody, and gives nobody’s reason', async () => {
    const bench = streamBench();
    const { delegations } = bench;
    await delegations.give(
      { delegator: 'ana', delegate: 'ben', until: START + 1 },
      why('ill at home', START, 'ana'),
    );
    await bench.sequence();
    const frames = await framesUntil(bench.open({ person: person('aud', 'auditor'), after: -1 }), (so) =>
      so.some((frame) => heard(frame).name === 'delegation'),
    );
    expect(frames.join('')).not.toMatch(/ana|ben|ill at home/);
  });

  test('a review is news for those who may look at it, and for whom the glass is', async () => {
    const told = await toldOf(
      async ({ approvals, reviews, awaiting }) => {
        const contract = await awaiting(buildRebootPlan());
        await approvals.breakGlass(contract, contract.planHash, why('down', START, 'eva'));
        await reviews.close('C1', why('it was right', START, 'ana'));
      },
      (notice) => (notice.kind === 'review' ? `${notice.event} ${notice.contractId}` : undefined),
    );
    const both = ['approval.review_opened C1', 'approval.review_closed C1'];
    expect(told).toEqual({ ana: both, ben: both, zoe: both, aud: both, root: both, eva: both });
  });

  test('a finding about the log is news for those who keep it, when it is found and when it is closed', async () => {
    const finding = { kind: 'SEQ_GAP', pk: '', sk: '', seq: 3, detail: 'entry 3 is missing' } as const;
    const told = await toldOf(
      async ({ table }) => {
        const findings = findingStore(table);
        await findings.open(finding, why('SEQ_GAP'));
        await findings.close(findingIdOf(finding), why('understood', START, 'root'));
      },
      (notice) =>
        notice.kind === 'finding'
          ? `${notice.event} ${notice.findingId === findingIdOf(finding)}`
          : undefined,
    );
    const both = ['audit.anomaly_detected true', 'audit.finding_closed true'];
    expect(told).toEqual({ aud: both, root: both });
  });

  test('of a delegation whose entry does not say to whom, the delegator and who oversees hear', async () => {
    const told = await toldOf(
      async ({ table }) => {
        const change = {
          id: 'x',
          event: 'approval.delegated',
          actor: 'ana',
          reason: 'x',
          correlationId: 'x',
          at: 1,
        };
        await table.write([
          {
            kind: 'put',
            item: { pk: 'DELEGATION#ana', sk: 'DELEGATION', rev: 1, change } as unknown as Item,
          },
        ]);
      },
      (notice) => (notice.kind === 'delegation' ? notice.you : undefined),
    );
    expect(told).toEqual({ ana: ['delegator'], aud: ['observer'], root: ['observer'] });
  });
});
