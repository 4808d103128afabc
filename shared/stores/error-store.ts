import * as z from 'zod/mini';
import type { CapturedError } from '../contracts/error-detected';
import { contractKey, errorKey, missionKey, planKey, windowKey } from '../domain/keys';
import type { ErrorStore, RecordInput } from '../ports/stores';
import type { Attribute, Condition, Item, Path, Table, Write } from '../ports/table';
import { openList, SHARDS } from './contract-store';
import { StoreUnavailableError } from './errors';
import { changeFor, newItem } from './item-writes';
import { absent, all, any, atMost, before, equals, exists } from './when';

const Window = z.object({
  until: z.number(),
  count: z.number(),
  lastAt: z.optional(z.number()),
  contractId: z.optional(z.string()),
  missionId: z.optional(z.string()),
});
const Event = z.object({ digest: z.string(), decision: z.string(), contractId: z.optional(z.string()) });

const Recorded = z.object({
  source: z.string(),
  at: z.number(),
  service: z.optional(z.string()),
  error: z.optional(z.string()),
  attributes: z.optional(z.record(z.string(), z.string())),
});

/** Attributes are kept where a plan was made by them: a fresh one may have to be made. */
function errorFacts({ service, name, attributes }: CapturedError, isPlanned: boolean) {
  return { service, error: name, ...(isPlanned ? { attributes } : {}) };
}

/** Events, fingerprint windows, and the one transaction that makes a contract of an event. */
export function errorStore(table: Table): ErrorStore {
  return {
    async event(eventId) {
      const item = await table.get(errorKey(eventId));
      if (item === undefined) return undefined;
      const { digest, decision, contractId } = Event.parse(item);
      return { digest, decision, ...(contractId === undefined ? {} : { contractId }) };
    },

    async recorded(eventId) {
      const item = await table.get(errorKey(eventId));
      return item === undefined ? undefined : Recorded.parse(item);
    },

    async window(fingerprint) {
      const item = await table.get(windowKey(fingerprint));
      if (item === undefined) return undefined;
      const { until, count, lastAt, contractId, missionId } = Window.parse(item);
      return { until, count, lastAt: lastAt ?? 0, contractId, missionId };
    },

    async countRepeats(fingerprint, repeats, at) {
      const count = (set: [Path, number][], condition: Condition): Write => ({
        kind: 'update',
        key: windowKey(fingerprint),
        update: { add: [['count', repeats]], set },
        condition,
      });
      // Events come again and out of order: an older one must not hide that there was a newer one.
      if (at !== undefined) {
        const newer = all(exists('pk'), any(absent('lastAt'), before('lastAt', at)));
        const { ok } = await table.write([count([[['lastAt'], at]], newer)]);
        if (ok) return;
      }
      // A window that has gone must not come back as a count without an end.
      await table.write([count([], exists('pk'))]);
    },

    async record(input) {
      // Of this very try: another delivery's transaction differs, and one token for both would be a fault.
      const { digest, contractId = '' } = input.intake;
      const result = await table.write(writesOf(input), `${digest}/${contractId}/${input.why.at}`);
      if (result.ok) return 'recorded';
      // My own answer may have been lost: then the event stands there with my digest and my contract.
      const item = result.failed.find((failure) => failure.index === 0)?.item;
      const seen = item === undefined ? undefined : Event.parse(item);
      if (result.failed.every((failure) => failure.index > 1)) {
        // Neither the event nor its fingerprint: its mission was opened by another event at this moment.
        throw new StoreUnavailableError(`mission ${input.intake.missionId} is being opened by another event`);
      }
      const same = seen?.digest === input.intake.digest && seen.contractId === input.intake.contractId;
      return same ? 'recorded' : 'taken';
    },
  };
}

function writesOf(input: RecordInput): Write[] {
  const { intake, why, planned } = input;
  const { event, contractId, missionId } = intake;
  const belongs = {
    correlationId: event.correlationId,
    ...(contractId === undefined ? {} : { contractId, missionId }),
  };
  const change = (what: string) => changeFor(`${event.eventId}/${what}`, what, why, belongs);
  const writes: Write[] = [
    {
      kind: 'put',
      item: newItem(errorKey(event.eventId), change('error.recorded'), {
        digest: intake.digest,
        fingerprint: intake.fingerprint,
        decision: intake.decision,
        detail: intake.detail,
        source: event.source,
        at: event.at,
        ...(event.alarm === undefined ? {} : { alarm: event.alarm.name, state: event.alarm.state }),
        ...(event.error === undefined ? {} : errorFacts(event.error, planned !== undefined)),
        ...(contractId === undefined ? {} : { contractId, missionId }),
        ...(intake.quarantineId === undefined ? {} : { quarantineId: intake.quarantineId }),
      }),
      condition: absent('pk'),
    },
    {
      kind: 'put',
      item: {
        ...windowKey(intake.fingerprint),
        until: input.windowUntil,
        count: 1,
        lastAt: why.at,
        // Housekeeping only: conditions compare `until`.
        ttl: Math.ceil(input.windowUntil / 1000) + 86_400,
        ...(contractId === undefined ? {} : { contractId, missionId }),
      },
      condition: any(
        absent('pk'),
        absent('until'),
        atMost('until', why.at),
        ...(input.replaces === undefined ? [] : [equals('contractId', input.replaces)]),
      ),
    },
  ];
  if (planned === undefined || contractId === undefined) return writes;
  if (input.newMission) {
    writes.push({
      kind: 'put',
      item: newItem(missionKey(missionId), change('mission.opened'), {
        openedAt: why.at,
        openedBy: event.eventId,
        status: 'open',
        contracts: { [contractId]: { status: 'planned', rev: 1 } },
      }),
      condition: absent('pk'),
    });
  }
  const { plan } = planned;
  const shard = contractId.charCodeAt(contractId.length - 1) % SHARDS;
  const contract = newItem(contractKey(contractId), change('agentic.action_planned'), {
    contractId,
    status: 'planned',
    mode: planned.mode,
    tier: plan.tier,
    missionId,
    correlationId: event.correlationId,
    eventId: event.eventId,
    playbook: plan.playbook.name,
    planHash: planned.planHash,
    executeBy: plan.executeBy,
    createdAt: why.at,
    ...openList({ contractId, createdAt: why.at }),
    listPk: `CONTRACT#${shard}`,
    listSk: `${new Date(why.at).toISOString()}#${contractId}`,
  });
  writes.push(
    { kind: 'put', item: contract, condition: absent('pk') },
    {
      kind: 'put',
      item: newItem(planKey(contractId), change('contract.plan_frozen'), { text: planned.text } as Record<
        string,
        Attribute
      >) as Item,
      condition: absent('pk'),
    },
  );
  return writes;
}
