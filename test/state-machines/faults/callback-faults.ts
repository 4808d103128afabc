import type { Fault, FaultPlan, PortCall } from '../../../cli/simulator/invocation';
import type { Envelope } from '../../../shared/contracts/envelope';
import { FUNCTIONS } from '../../../shared/names';
import type { Stage } from '../../support/faults/bench';
import type { Column, Variant } from './cells';
import type { Place } from './places';

type Plan = (stage: () => Stage) => FaultPlan;

/** Faults on the way of a decision to the execution that waits for it. */
export function callbackFaults(place: Place): Variant[] {
  if (place.name !== 'Await Approval') return [];
  const variants: Variant[] = [];
  const add = (column: Column, what: string, faults: Plan): void => {
    variants.push({ column, what, faults });
  };
  const passing = (column: Column, what: string, faults: Plan): void => {
    variants.push({ column, what, faults, survives: true });
  };
  const send = ({ port, method }: PortCall): boolean => port === 'callbacks' && method === 'succeed';
  const fault = (when: 'before' | 'after'): Fault => ({ kind: 'throw', when, error: new Error('injected') });

  passing('callback lost', 'the send fails once', () => onNth(1, send, fault('before')));
  passing('callback lost', 'the send fails three times', () => onNth(3, send, fault('before')));
  passing('callback lost', 'its answer is lost', () => onNth(1, send, fault('after')));
  passing('callback lost', 'killed before the send', () => onNth(1, send, { kind: 'cut', when: 'before' }));
  passing('callback lost', 'killed after the send', () => onNth(1, send, { kind: 'cut', when: 'after' }));
  // Of the other decisions nothing follows that would tell the mission; EventBridge itself tries for a day.
  if (place.incident.approver === 'approves')
    passing('callback lost', 'the event of the decision is lost', loseDecisions);
  add('callback lost', 'no run of the relay works for an hour', (stage) => relayDown(stage, 3_600_000));

  const twice: Fault = {
    kind: 'instead',
    async act(call) {
      await call();
      return call();
    },
  };
  passing('callback twice', 'sent twice by one relay', () => onNth(1, send, twice));
  passing('callback twice', 'two relays at once', (stage) => wakeAgain(stage, 2));
  passing('callback twice', 'twelve relays at once', (stage) => wakeAgain(stage, 12));
  for (const decision of ['denied', 'approved', 'nonsense']) {
    passing('callback twice', `a forged "${decision}" after it`, (stage) => forgedAfter(stage, decision));
    add('callback twice', `a forged "${decision}" before it`, (stage) => forgedBefore(stage, decision));
  }
  return variants;
}

function onNth(most: number, hits: (call: PortCall) => boolean, fault: Fault): FaultPlan {
  let left = most;
  return {
    onCall(call) {
      if (left === 0 || !hits(call)) return undefined;
      left -= 1;
      return fault;
    },
  };
}

const loseDecisions: Plan = (stage) => ({
  onCall({ port, method }) {
    if (port !== 'mesh' || method !== 'publish') return undefined;
    return {
      kind: 'instead',
      async act(_call, [events]) {
        const kept = (events as readonly Envelope[]).filter((event) => event.type !== 'approval.granted');
        if (kept.length > 0) await stage().deployment.ports.mesh.publish(kept);
      },
    };
  },
});

function relayDown(stage: () => Stage, ms: number): FaultPlan {
  let until: number | undefined;
  return {
    onInvoke(invocation) {
      if (invocation.functionName !== FUNCTIONS.relay) return undefined;
      until ??= stage().kernel.now() + ms;
      if (stage().kernel.now() >= until) return undefined;
      return { kind: 'throw', when: 'before', error: new Error('the relay is down') };
    },
  };
}

function wakeAgain(stage: () => Stage, times: number): FaultPlan {
  let done = false;
  return {
    onInvoke({ functionName, contractId }) {
      if (done || functionName !== FUNCTIONS.relay || contractId === undefined) return undefined;
      done = true;
      for (let more = 1; more < times; more += 1) void stage().deployment.ports.relayQueue.send(contractId);
      return undefined;
    },
  };
}

function forgedAfter(stage: () => Stage, decision: string): FaultPlan {
  return {
    onCall({ port, method }) {
      if (port !== 'callbacks' || method !== 'succeed') return undefined;
      return {
        kind: 'instead',
        async act(call, [token]) {
          const answer = await call();
          await stage().deployment.ports.callbacks.succeed(String(token), { decision });
          return answer;
        },
      };
    },
  };
}

/** Somebody has the token as soon as the wait begins. */
function forgedBefore(stage: () => Stage, decision: string): FaultPlan {
  return {
    onCall({ port, method }) {
      if (port !== 'cipher' || method !== 'encrypt') return undefined;
      return {
        kind: 'instead',
        act(call, [token]) {
          const { kernel, deployment } = stage();
          const send = () => deployment.ports.callbacks.succeed(String(token), { decision });
          kernel.schedule(1500, send, 'forged callback');
          return call();
        },
      };
    },
  };
}
