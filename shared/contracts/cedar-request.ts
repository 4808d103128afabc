import type {
  AuthorizationCall,
  CedarValueJson,
  Context,
  EntityJson,
  EntityUidJson,
} from '@cedar-policy/cedar-wasm/nodejs';
import type { PolicyRequest, PolicyTarget } from '../domain/policy-request';

/** What Cedar is asked of one target; policies and schema are added by the caller. */
export type CedarRequest = Pick<
  AuthorizationCall,
  'principal' | 'action' | 'resource' | 'context' | 'entities'
>;

const uid = (type: string, id: string): EntityUidJson => ({ type: `Grace::${type}`, id });
const entity = (type: string, id: string): CedarValueJson => ({ __entity: { type: `Grace::${type}`, id } });

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** One request for each target, in the terms of `policies/schema.cedarschema`: every one must be allowed. */
export function cedarRequests(request: PolicyRequest): readonly CedarRequest[] {
  const principal = principalOf(request);
  const context = contextOf(request);
  return request.targets.map((target) => {
    const resource = targetEntity(target);
    return {
      principal: principal.uid,
      action: uid('Action', request.action),
      resource: resource.uid,
      context,
      entities: [principal, resource],
    };
  });
}

/** Grace itself, or the person who asks. For a person's question without a person no policy can apply: it is no request. */
function principalOf({ action, person }: PolicyRequest): EntityJson {
  if (action === 'execute') return { uid: uid('Automation', 'grace'), attrs: {}, parents: [] };
  if (person === undefined) throw new TypeError(`nobody asks to ${action}`);
  const ago = person.authenticatedSecondsAgo;
  return {
    uid: uid('Person', person.subject),
    attrs: ago === undefined ? {} : { authenticatedSecondsAgo: ago },
    parents: person.roles.map((role) => uid('Role', role)),
  };
}

function targetEntity({ kind, account, region, id, environment, tags }: PolicyTarget): EntityJson {
  return {
    uid: uid('Target', `${kind}:${region}:${account}:${id}`),
    attrs: { kind, account, region, id, environment },
    parents: [],
    tags: { ...tags },
  };
}

function contextOf(request: PolicyRequest): Context {
  return {
    tier: request.tier,
    playbook: request.playbook,
    actions: [...request.actions],
    reversible: request.reversible,
    targets: request.targets.length,
    share: request.share,
    approvedBy: entity('ApprovedBy', request.approvedBy),
    quorum: request.quorum,
    excluded: request.excluded.map((subject) => entity('Person', subject)),
    calendar: entity('Calendar', request.calendar),
    time: timeOf(request.now),
  };
}

function timeOf(now: number): CedarValueJson {
  const date = new Date(now);
  const text = date.toISOString();
  return {
    at: { __extn: { fn: 'datetime', arg: text } },
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    weekday: entity('Weekday', WEEKDAYS[date.getUTCDay()] as string),
    date: text.slice(0, 10),
  };
}
