import type { Incident } from './incident';
import { errorRate, idleCpu } from './incident-scenes';
import { scaling } from './scaling-story';

const onErrors = scaling('scale-out-on-errors', errorRate, true);
const onIdle = scaling('scale-in-on-idle-cpu', idleCpu, true);

/** Reversible, and still for a person to agree to. */
export const approvedScalingIncidents: readonly Incident[] = [
  {
    ...onErrors({
      name: 'errors-scale-out-does-nothing',
      summary: 'Requests fail because of a bad release; two more instances fail just the same',
      twist: { effect: { outcome: 'nothing' } },
      truth: { end: 'rolled_back', recovered: false },
    }),
    demo: 3,
  },
  onErrors({
    name: 'errors-scale-out-helps',
    summary: 'Requests time out for want of capacity; two more instances end it',
    truth: { end: 'resolved', recovered: true },
  }),
  onIdle({
    name: 'idle-scale-in-is-fine',
    summary: 'An idle group does as well with one instance less',
    truth: { end: 'resolved', recovered: true },
  }),
  onIdle({
    name: 'idle-scale-in-does-not-hold',
    summary: 'Three instances cannot carry what comes back: the instance is given back',
    twist: { effect: { outcome: 'worsens', severity: -1.35, afterSeconds: 300 } },
    truth: { end: 'rolled_back', recovered: false },
  }),
  {
    ...onIdle({
      name: 'idle-group-changed-while-waiting',
      summary: 'Somebody scales the group while the approval is awaited',
      twist: {
        interference: [
          { when: { atSeconds: 2640 }, resource: 'reports', change: { set: { desired_capacity: 6 } } },
        ],
      },
      truth: { end: 'stale', recovered: false },
    }),
    approval: { decision: 'approve', afterSeconds: 900 },
  },
  {
    ...onIdle({
      name: 'idle-recovers-while-waiting',
      summary: 'The load is back before anyone approves taking an instance out',
      twist: { cause: { spontaneousRecovery: { atSeconds: 2640 } } },
      truth: { end: 'stale', recovered: true },
    }),
    approval: { decision: 'approve', afterSeconds: 1500 },
  },
];
