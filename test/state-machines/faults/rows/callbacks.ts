import { createKernel } from '../../../../cli/simulator/kernel';
import { simulatedCipher } from '../../../../cli/simulator/token-cipher';
import { decide } from '../../../../functions/decide/decide';
import { openApproval } from '../../../../functions/open-approval/open-approval';
import { relay } from '../../../../functions/relay/relay';
import type { Callbacks } from '../../../../shared/ports/executions';
import type { Table } from '../../../../shared/ports/table';
import { createMemoryTable } from '../../../../shared/stores/memory-table';
import { tokenStore } from '../../../../shared/stores/token-store';
import { buildRebootPlan, database } from '../../../support/builders/plan';
import { peopleOf } from '../../../support/logic-bench';
import { storesBench } from '../../../support/stores-bench';
import { none, type Row, same } from './row';

const VOTERS = ['ann', 'ben', 'cleo', 'dan', 'eve', 'fay'];
/** Of the relay's runs, before the send and after it each. */
const CRASHES = 0.2;
/** Of the reaper, after the last vote: more than crashes in a row can ever take. */
const SWEEPS = 50;
const ENDS: Readonly<Record<string, string>> = { approved: 'approved', denied: 'denied' };

type Random = () => number;

/** What a mistaken programmer forgot; for the test of the test. */
export interface Mistake {
  readonly weaken?: (table: Table) => Table;
  /** The relay takes a token that timed out for delivered, without asking whether the execution has gone on. */
  readonly trusts?: boolean;
}

/** What the callbacks of one contract came to. */
interface Heard {
  readonly accepted: string[];
  /** Every status that the record ever had. */
  readonly passed: Set<string>;
}

/**
 * Contracts whose request six people answer at once, two of whom must agree, while the relay is run twice at a time
 * and crashes before and after it sends; some waits were tried again, so that their first token is void.
 */
export async function votersAndCrashes(contracts = 1000, mistake: Mistake = {}): Promise<Row> {
  const problems: string[] = [];
  const ends = new Map<string, number>();
  let accepted = 0;
  for (let n = 0; n < contracts; n += 1) {
    const { status, heard } = await oneContract(n, mistake);
    ends.set(status, (ends.get(status) ?? 0) + 1);
    accepted += heard.accepted.length;
    const [first] = heard.accepted;
    if (heard.accepted.length !== 1)
      problems.push(`contract ${n}: ${heard.accepted.length} callbacks accepted`);
    else if (!heard.passed.has(first as string)) problems.push(`contract ${n}: told ${first}, never was`);
    else if (status === 'denied' && first === 'approved' && !heard.passed.has('approved'))
      problems.push(`contract ${n}: told approved, and the record says denied`);
    if (ENDS[status] === undefined) problems.push(`contract ${n}: the request is still ${status}`);
  }
  return {
    name: `${contracts} requests, six votes at once, a relay that crashes`,
    cases: [
      same('callbacks accepted', accepted, contracts),
      none('each once, and as the record says', problems),
      same('some are approved, some denied', [...ends.keys()].sort(), ['approved', 'denied']),
    ],
  };
}

async function oneContract(n: number, { weaken = (table) => table, trusts = false }: Mistake) {
  const { random } = createKernel({ startMs: 0, seed: `voters ${n}` });
  const passed = new Set<string>();
  const memory = createMemoryTable({
    clock: { now: () => 0 },
    onChange: ({ after }) => {
      if (after?.sk === 'CONTRACT') passed.add(String(after['status']));
    },
  });
  const bench = storesBench(shuffled(weaken(memory), random));
  const people = peopleOf(bench, { approvers: VOTERS });
  const plan = buildRebootPlan({ contractId: `C${n}`, quorum: 2, tier: 3, targets: [database(`db-${n}`)] });
  const { contractId, planHash } = await bench.planned(plan);
  const accepted: string[] = [];
  const deps = {
    ...bench,
    ...people,
    cipher: simulatedCipher(random),
    random,
    tokens: tokenStore(createMemoryTable({ clock: { now: () => 0 } })),
    callbacks: stepFunctions(accepted, trusts),
  };
  // Some waits were tried again, so that one of two tokens is void; clocks differ, so that it may be the later one.
  const tokens = random() < 0.2 ? ['void', 'live'] : ['live'];
  if (random() < 0.5) tokens.reverse();
  for (const taskToken of tokens) {
    await openApproval({ contractId, taskToken }, deps);
    bench.clock.set(bench.clock.now() + 1);
  }
  const vote = async (who: string) => {
    const decision = random() < 0.12 ? 'deny' : 'approve';
    await ticks(random, 40);
    await decide({ decision, contractId, planHash, reason: 'x', proof: { token: who } }, deps);
    await delivered(contractId, deps, random);
  };
  await Promise.all(VOTERS.map(vote));
  const isDelivered = async () =>
    (await bench.contracts.get(contractId))?.approval?.callback.deliveredAt !== undefined;
  for (let sweeps = 0; sweeps < SWEEPS && !(await isDelivered()); sweeps += 1) {
    await delivered(contractId, deps, random);
  }
  const status = (await bench.contracts.get(contractId))?.status ?? 'none';
  return { status, heard: { accepted, passed } satisfies Heard };
}

/** The relay, by two messages at once; each run may crash before the send or after it. */
async function delivered(
  contractId: string,
  deps: Parameters<typeof relay>[1],
  random: Random,
): Promise<void> {
  const run = async () => {
    const crash = random();
    const callbacks: Callbacks = {
      ...deps.callbacks,
      async succeed(token, output) {
        if (crash < CRASHES) throw new Error('crashed before the send');
        const answer = await deps.callbacks.succeed(token, output);
        if (crash < 2 * CRASHES) throw new Error('crashed after the send');
        return answer;
      },
    };
    await relay({ contractId }, { ...deps, callbacks }).catch(() => undefined);
  };
  await Promise.all([run(), run()]);
}

/** The one execution's wait: its live token is taken once, and then it goes on. */
function stepFunctions(accepted: string[], trusts: boolean): Callbacks {
  return {
    async succeed(token, { decision }) {
      if (token !== 'live' || accepted.length > 0) return 'timed_out';
      accepted.push(decision);
      return 'accepted';
    },
    isPastWait: async () => trusts || accepted.length > 0,
  };
}

/** Calls take a while of their own each, so that what runs at once meets in every order. */
function shuffled(table: Table, random: Random): Table {
  const after = async <T>(run: () => Promise<T>): Promise<T> => {
    await ticks(random, 8);
    const answer = await run();
    await ticks(random, 8);
    return answer;
  };
  return {
    get: (key) => after(() => table.get(key)),
    query: (input) => after(() => table.query(input)),
    write: (writes, token) => after(() => table.write(writes, token)),
  };
}

async function ticks(random: Random, most: number): Promise<void> {
  for (let left = Math.floor(random() * most); left > 0; left -= 1) await Promise.resolve();
}
