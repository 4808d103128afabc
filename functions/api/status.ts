import type { HealthView } from '../../shared/contracts/api/status';
import { ACTIONS } from '../../shared/domain/actions';
import type { Handlers } from './asked';
import { timeOf } from './contract-view';
import type { ApiDeps } from './deps';

/** Newest contracts that are counted. */
const COUNTED = 100;
/** Open contracts that are counted. */
const MOST_OPEN = 500;

export const STATUS_ROUTES: Handlers<'getStatus' | 'getHealth' | 'getCloudStatus' | 'getMe'> = {
  async getStatus(_asked, deps) {
    const { settings, account, region, clock, control, listings, contracts } = deps;
    const [stands, newest, open] = await Promise.all([
      control.switch(),
      listings.contracts(COUNTED),
      listings.open(MOST_OPEN),
    ]);
    const found = await Promise.all(newest.map(({ id }) => contracts.get(id)));
    const counts: Record<string, number> = {};
    for (const contract of found) {
      if (contract !== undefined) counts[contract.status] = (counts[contract.status] ?? 0) + 1;
    }
    return {
      ok: true,
      data: {
        deployment: settings.deployment,
        account,
        region,
        mode: settings.mode,
        ephemeral: settings.ephemeral,
        paused: stands?.paused ?? false,
        contracts: counts,
        counted: newest.length,
        open: open.length,
        awaitingApproval: counts['awaiting_approval'] ?? 0,
        now: timeOf(clock.now()),
      },
    };
  },

  /** Each part is asked for something small; what does not answer is said, and said what that affects. */
  async getHealth(_asked, deps) {
    const parts = await Promise.all(PARTS.map((part) => examined(part, deps)));
    const status = parts.some((part) => part.status === 'failed') ? 'degraded' : 'ok';
    return { ok: true, data: { status, parts } };
  },

  async getCloudStatus(_asked, { capabilities, settings, account, region }) {
    const actions = await Promise.all(
      Object.values(ACTIONS).map(async (action) => {
        const { name, executor, reversible } = action;
        const configured = (settings.executors as readonly string[]).includes(name);
        const { usable, missing, detail } = configured
          ? await capabilities.of(name)
          : { usable: 'no' as const, missing: [], detail: 'settings `executors` does not name it' };
        return { action: name, executor, reversible, usable, missing: [...missing], detail };
      }),
    );
    return { ok: true, data: { account, region, actions } };
  },

  async getMe({ caller: { kind, person } }, { directory }) {
    // What they are now, which is what writes go by; a machine's roles are the settings'.
    const known = kind === 'machine' ? person : await directory.person(person.subject);
    const { authenticatedAt } = person;
    return {
      ok: true,
      data: {
        subject: person.subject,
        roles: [...(known?.roles ?? [])],
        kind,
        authenticatedAt: authenticatedAt === undefined ? null : timeOf(authenticatedAt),
      },
    };
  },
};

interface Part {
  readonly name: string;
  readonly affects: string;
  ask(deps: ApiDeps): Promise<unknown>;
}

const PARTS: readonly Part[] = [
  {
    name: 'state table',
    affects: 'everything: nothing is planned, decided or sent without it',
    ask: ({ control }) => control.switch(),
  },
  {
    name: 'audit log',
    affects: 'timelines and proofs; what happens meanwhile is entered later',
    ask: ({ audit }) => audit.head(),
  },
  {
    name: 'evidence',
    affects: 'snapshots: tier 2 and 3 actions wait until they can be taken',
    ask: ({ evidence }) => evidence.get('snapshots/none'),
  },
  {
    name: 'directory of people',
    affects: 'writes of people, whose membership cannot be looked up',
    ask: ({ directory }) => directory.person('health'),
  },
  {
    name: 'playbooks',
    affects: 'new contracts: without a playbook nothing is planned',
    ask: ({ playbooks }) => playbooks.current(),
  },
];

async function examined({ name, affects, ask }: Part, deps: ApiDeps): Promise<HealthView['parts'][number]> {
  const started = deps.clock.now();
  try {
    await ask(deps);
    return { name, affects, status: 'ok', detail: `answered in ${deps.clock.now() - started} ms` };
  } catch (error) {
    // Its name only: a message may hold what is nobody's business outside.
    const detail = error instanceof Error ? error.name : 'it does not answer';
    deps.logger.warn('a part does not answer', { code: 'PART_UNHEALTHY', part: name, error });
    return { name, affects, status: 'failed', detail };
  }
}
