import type { Fault } from '../../../cli/simulator/invocation';
import type { Attribute, Item, Key, Write, WriteResult } from '../../../shared/ports/table';
import type { Stage } from '../../support/faults/bench';
import { keyOf } from '../../support/faults/observed-table';
import { isAt } from './call-faults';
import type { Variant } from './cells';
import type { Place } from './places';

/**
 * A write whose condition fails as if, or because, another write came first. `refused`: it is answered so
 * once, with the item as it stands. `overtaken`: another writer really changes the item in between.
 */
export function conditionFaults(place: Place): Variant[] {
  if (!place.isTask) return [];
  return place.calls
    .filter((call) => call.port === 'state' && call.method === 'write')
    .flatMap((call): Variant[] => {
      const at = `${call.index} state.write`;
      const put = (what: string, fault: (stage: Stage) => Fault): Variant => ({
        column: 'conditional failure',
        what: `${what} ${at}`,
        faults: (stage) => ({
          onCall: (made) => (isAt(made, place, call.index) ? fault(stage()) : undefined),
        }),
      });
      return [
        put('refused', refused),
        put('lock taken anew before', (stage) => overtaken(stage, (key) => key.pk.startsWith('LOCK#'))),
        { ...put('overtaken', (stage) => overtaken(stage, isAudited)), survives: true },
      ];
    });
}

function refused({ deployment }: Stage): Fault {
  return {
    kind: 'instead',
    async act(_call, [writes]): Promise<WriteResult> {
      const [first] = writes as readonly Write[];
      const item = first === undefined ? undefined : await deployment.ports.state.get(keyOf(first));
      return { ok: false, failed: [{ index: 0, item }] };
    },
  };
}

const isAudited = (key: Key): boolean => key.pk.startsWith('CONTRACT#');

function overtaken({ deployment, kernel }: Stage, touches: (key: Key) => boolean): Fault {
  return {
    kind: 'instead',
    async act(call, [writes]) {
      const { state } = deployment.ports;
      for (const write of writes as readonly Write[]) {
        const key = keyOf(write);
        const item = await state.get(key);
        if (item !== undefined && touches(key)) await state.write(otherWrite(key, item, kernel.now()));
      }
      return call();
    },
  };
}

/** What another writer may do to the item: touch a contract or a step, take a lock anew. */
function otherWrite(key: Key, item: Item, at: number): readonly Write[] {
  if (key.pk.startsWith('LOCK#')) return [{ kind: 'update', key, update: { add: [['fence', 1]] } }];
  if (typeof item['rev'] !== 'number')
    return [{ kind: 'check', key, condition: { op: 'exists', path: ['pk'] } }];
  const contractId = key.pk.slice('CONTRACT#'.length);
  const seen = item['change'] as { correlationId: string; missionId: string };
  const { correlationId, missionId } = seen;
  const change = {
    id: `${contractId}/other/${item['rev']}`,
    event: 'contract.touched',
    actor: 'somebody-else',
    reason: 'INJECTED',
    correlationId,
    missionId,
    contractId,
    at,
  } as unknown as Attribute;
  return [{ kind: 'update', key, update: { set: [[['change'], change]], add: [['rev', 1]] } }];
}
