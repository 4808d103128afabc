import { apiDeps } from '../../cli/simulator/api-ports';
import { api } from '../../functions/api/api';
import type { ApiDeps } from '../../functions/api/deps';
import type { ApiRequest } from '../../shared/contracts/api/http';
import { ROUTES, type RouteName } from '../../shared/contracts/api/routes';
import { type Answered, apiBench, type Call } from './api-bench';

/** A request for approval that waits. */
export interface Waiting {
  readonly contractId: string;
  readonly planHash: string;
  readonly missionId: string;
  readonly rev: number;
}

/** Auditors read the log; everything else is well asked by anna. */
export const asker = (name: RouteName): string => {
  if (name === 'closeEpoch') return 'carla';
  return ROUTES[name].tag === 'audit' ? 'paul' : 'anna';
};

/** An example of a body for each route that takes one. */
export function bodyFor(name: RouteName): { body?: unknown } {
  switch (name) {
    case 'setSwitch':
      return { body: { paused: false, reason: 'test' } };
    case 'postEvent':
      return { body: { service: 'shop', name: 'SomethingElse', message: 'm', attributes: {} } };
    case 'delegate':
      return { body: { to: 'bob', until: new Date(Date.now() + 7_200_000).toISOString(), reason: 'leave' } };
    case 'closeEpoch':
      return { body: { epoch: 1, reason: 'r' } };
    default:
      if (!('body' in ROUTES[name])) return {};
      return {
        body:
          'params' in ROUTES[name] && ROUTES[name].path.includes('/approvals/')
            ? { planHash: 'a'.repeat(64), reason: 'r' }
            : { reason: 'r' },
      };
  }
}

/** Whatever is asked of it fails so. */
export function failing(error: Error): Partial<ApiDeps> {
  const fails = () => {
    throw error;
  };
  const broken = new Proxy({}, { get: () => () => Promise.reject(error) }) as never;
  const all: (keyof ApiDeps)[] = [
    'contracts',
    'listings',
    'missions',
    'playbooks',
    'control',
    'quarantine',
    'delegations',
    'reviews',
    'evidence',
    'audit',
    'proofs',
    'checkpoints',
    'decider',
    'errors',
    'capabilities',
    'directory',
    'findings',
    'activity',
  ];
  // Some routes ask nobody; whether one may call at all is asked for each.
  return { ...Object.fromEntries(all.map((name) => [name, broken])), limiter: { waitSeconds: fails } };
}

/** The API over the demo, with something to show and to decide for each of its routes. */
export async function routesBench() {
  const bench = await apiBench({ settings: { api: { burst: 5000 } } });
  const waiting = async (index = 0): Promise<Waiting> => {
    const { json } = await bench.call('listApprovals');
    const { contractId, planHash, missionId, rev } = json.data[index].contract;
    return { contractId, planHash, missionId, rev };
  };
  /** A contract that ended with a snapshot and a value to go back to. */
  const scaled = async (): Promise<string> => {
    const { json } = await bench.call('listContracts', {
      query: 'playbook=scale-out-on-errors&status=rolled_back',
    });
    return json.data[0].contractId;
  };
  /** As it stood when the tests began: they use up what waits. */
  const first = await waiting();

  /** Parameters with which each route has something to show. */
  const paramsOf = async (name: RouteName): Promise<NonNullable<Call['params']>> => {
    const { contractId, missionId } = first;
    switch (name) {
      case 'getSnapshot':
      case 'restoreSnapshot':
      case 'rollbackContract':
        return { contractId: await scaled(), n: 0 };
      case 'getMission':
        return { missionId };
      case 'getProof':
        return { seq: 0 };
      default:
        return { contractId, id: 'f'.repeat(40) };
    }
  };

  /** The same request, answered with other dependencies. */
  const answeredWith = async (name: RouteName, change: Partial<ApiDeps>): Promise<Answered> => {
    const request = await bench.request(name, {
      as: asker(name),
      params: await paramsOf(name),
      ...bodyFor(name),
    });
    const caller: ApiRequest['caller'] = {
      kind: 'person',
      token: 'unused',
      person: { subject: 'somebody', roles: ['operator', 'auditor'] },
    };
    const directory = { withRole: async () => [], person: async () => caller.person };
    const deps = { ...apiDeps(bench.ports), directory, ...change };
    return bench.judged(name, await api({ ...request, caller }, deps));
  };

  return { ...bench, first, waiting, scaled, paramsOf, answeredWith };
}
export type RoutesBench = Awaited<ReturnType<typeof routesBench>>;
