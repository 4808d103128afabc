import { entryText } from '../../shared/domain/audit-entry';
import { answerKey, canaryKey } from '../../shared/domain/keys';
import { SINGERS, type Singer, SUBSYSTEMS, type Subsystem } from '../../shared/domain/subsystems';
import type { FunctionName } from '../../shared/names';
import { auditStore } from '../../shared/stores/audit-store';
import { checkProgressStore } from '../../shared/stores/check-progress-store';
import { controlStore } from '../../shared/stores/control-store';
import { auditBench } from '../support/audit-bench';
import { allOf } from '../support/audit-scenario';
import { quietDeployment } from '../support/quiet-deployment';

const MINUTE = 60_000;
/** Minutes between two checks, each of which looks at what was sung before, and sings. */
const TURN = 15;

describe('the table of parts', () => {
  const rows = Object.entries(SUBSYSTEMS) as [string, Subsystem][];
  it.each(rows)(
    '%s has a budget and a canary, or a reason to have none',
    (name, { actors, budgetMs, canary }) => {
      if (canary.kind === 'none') {
        expect(canary.because.length).toBeGreaterThan(20);
        return;
      }
      expect(budgetMs).toBeGreaterThanOrEqual(5 * MINUTE);
      expect(budgetMs).toBeLessThanOrEqual(30 * MINUTE);
      expect(canary.kind === 'song').toBe((SINGERS as readonly string[]).includes(name));
      if (canary.kind === 'song') expect(actors).toContain(canary.answeredBy);
    },
  );
});

describe('a deployment that has nothing to do', () => {
  it('is heard: every part answers every song, and each answer is in the log', async () => {
    const grace = quietDeployment();
    await grace.pass(2 * 60 + 5);
    expect(await grace.open()).toEqual([]);
    const { state, audit } = grace.deployment;
    const sung = Number((await state.get(canaryKey))?.['rev']);
    expect(sung).toBe(8);
    const answers = await Promise.all(SINGERS.map((part) => state.get(answerKey(part))));
    expect(answers.map((item) => [item?.['song'], item?.['rev']])).toEqual(SINGERS.map(() => [sung, sung]));
    const log = auditStore(audit, { clock: grace.kernel, random: () => 0.5 });
    const logged = (await allOf(log.entries(0))).map(({ leaf }) => JSON.parse(entryText(leaf)));
    const heard = logged.filter(({ event }) => event === 'audit.canary_answered');
    expect(heard.map(({ actor }) => actor).sort()).toEqual(
      SINGERS.flatMap((part) => Array(sung).fill(SUBSYSTEMS[part].canary.answeredBy)).sort(),
    );
  });

  it('counts none of it as activity, as an error, as a contract, or as anybody’s news', async () => {
    const grace = quietDeployment({
      webhooks: [{ id: 'ops', format: 'slack', urlParameter: '/grace/chat' }],
    });
    await grace.pass(125);
    const { state, deadLetters, ports } = grace.deployment;
    const hours = await checkProgressStore(state).summaries('2026-01-05T00', '2026-01-06T00');
    expect(hours.flatMap(({ activity }) => Object.keys(activity))).toEqual([]);
    expect(grace.decided).toEqual([]);
    expect(new Set(grace.published)).toEqual(new Set(['audit.canary']));
    expect(state.items().filter(({ pk }) => !/^(CANARY|CURSOR)#/.test(pk))).toEqual([]);
    expect(deadLetters()).toEqual([]);
    expect('requests' in ports.outbound ? ports.outbound.requests : []).toEqual([]);
  });

  it('spends the write units that the ADR says: six a song, and about thirty of the audit table', async () => {
    const grace = quietDeployment();
    await grace.pass(3 * 60 + 1);
    const songs = 12;
    expect(grace.units.state).toBe(songs * 6);
    expect(grace.units.audit / songs).toBeLessThan(32);
  });

  it('sings when it is paused, too', async () => {
    const grace = quietDeployment();
    await controlStore(grace.deployment.state).set(true, {
      actor: 'ana',
      reason: 'x',
      at: grace.kernel.now(),
    });
    await grace.pass(125);
    expect(await grace.open()).toEqual([]);
    expect((await grace.deployment.state.get(answerKey('execution')))?.['song']).toBe(8);
  });
});

describe('a part that stops', () => {
  const STOPPED: readonly (readonly [Singer | 'audit', FunctionName])[] = [
    ['intake', 'sentinel'],
    ['execution', 'admit'],
    ['relay', 'relay'],
    ['views', 'recorder'],
    ['people', 'webhook-sender'],
    ['audit', 'audit-sequencer'],
  ];
  it.each(STOPPED)(
    '%s is named at the first check after its budget, alone, until it is back',
    async (part, name) => {
      const grace = quietDeployment();
      await grace.pass(62);
      expect(await grace.open()).toEqual([]);
      grace.stopped.add(name);
      // Until the first song that it does not answer, and until the first check at which that one is overdue.
      await grace.pass(TURN + Math.ceil(SUBSYSTEMS[part].budgetMs / MINUTE / TURN) * TURN);
      const silent = async () => (await grace.open()).filter((one) => one.startsWith('SILENT'));
      expect(await silent()).toEqual([`SILENT_SUBSYSTEM ${part}`]);
      await grace.pass(4 * TURN);
      expect(await silent()).toEqual([`SILENT_SUBSYSTEM ${part}`]);
      grace.stopped.delete(name);
      await grace.pass(2 * TURN);
      expect(await silent()).toEqual([]);
    },
  );

  it('is named for work that it left undone, whatever it answers', async () => {
    const bench = auditBench();
    await bench.check();
    await bench.stream();
    await bench.change({ pk: 'CONTRACT#c', sk: 'PLAN' });
    await bench.change(
      { pk: 'CONTRACT#c', sk: 'CONTRACT' },
      {},
      { event: 'agentic.action_planned', actor: 'sentinel' },
    );
    await bench.stream();
    bench.pass(15 * MINUTE);
    const { opened } = await bench.check();
    expect(opened.map(({ pk, detail }) => [pk, detail])).toContainEqual([
      'execution',
      'execution has had work for longer than 10 min and has done nothing',
    ]);
  });
});

describe('when the publisher stops, nobody can be asked', () => {
  it('and all who are asked over the mesh are named, the execution not, which hears from the intake', async () => {
    const grace = quietDeployment();
    await grace.pass(62);
    grace.stopped.add('mesh-publisher');
    await grace.pass(3 * TURN);
    expect([...(await grace.open())].sort()).toEqual(
      ['intake', 'people', 'relay', 'views'].map((part) => `SILENT_SUBSYSTEM ${part}`),
    );
  });
});
