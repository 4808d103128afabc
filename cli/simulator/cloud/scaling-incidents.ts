import { type Incident, varyBy } from './incident';
import { albLatency, backlog, groupCpu, latency } from './incident-scenes';
import { scaling } from './scaling-story';
import { WorldFile } from './world-file';

const GROUP = 'checkout-web';
const afterAction = (seconds: number) => ({ afterActionSeconds: seconds });

const onLatency = scaling('scale-out-on-latency', latency);
const onAlb = scaling('scale-out-on-alb-latency', albLatency);
const onCpu = scaling('scale-out-on-cpu', groupCpu);
const onBacklog = scaling('scale-out-on-backlog', backlog);

const refusedLater = [
  { end: 'refused', because: 'the gate refuses what the sentinel may not have looked at' },
] as const;

const latencyIncidents: readonly Incident[] = [
  {
    ...onLatency({
      name: 'latency-scale-out-helps',
      summary: 'Checkout is slow; two more instances bring the latency back',
      truth: { end: 'resolved', recovered: true },
    }),
    demo: 1,
  },
  onLatency({
    name: 'latency-scale-out-does-nothing',
    summary: 'Checkout is slow because of something else; more instances change nothing',
    twist: { effect: { outcome: 'nothing' } },
    truth: { end: 'rolled_back', recovered: false },
  }),
  onLatency({
    name: 'latency-helps-then-harms',
    summary: 'The latency falls, and five minutes later is worse than before',
    twist: { effect: { outcome: 'heals_then_harms', harmsAfterSeconds: 360 } },
    truth: { end: 'rolled_back', recovered: false },
  }),
  onLatency({
    name: 'latency-harms-after-window',
    summary: 'The latency stays down for the whole window and comes back later',
    twist: { effect: { outcome: 'heals_then_harms', harmsAfterSeconds: 1500 } },
    truth: { end: 'resolved', recovered: true, harmAfterWindow: true },
  }),
  onLatency({
    name: 'latency-gets-worse',
    summary: 'New instances need connections that the database does not have: all get slower',
    twist: { effect: { outcome: 'worsens', severity: 2 } },
    truth: { end: 'rolled_back', recovered: false },
  }),
  onLatency({
    name: 'latency-heals-too-late',
    summary: 'The latency falls only in the last minutes of the window',
    twist: { effect: { afterSeconds: 720 } },
    truth: { end: 'rolled_back', recovered: true },
  }),
  onLatency({
    name: 'latency-metric-missing',
    summary: 'The metric stops with the action: nothing can be known',
    twist: { metric: { missing: [{ from: afterAction(0) }] } },
    truth: { end: 'rolled_back', recovered: true },
  }),
  onLatency({
    name: 'latency-metric-missing-treated-as-good',
    summary: 'The metric stops with the action, and its alarm takes silence for health',
    twist: {
      effect: { outcome: 'nothing' },
      metric: { missing: [{ from: afterAction(0) }] },
      alarm: { treatMissingData: 'notBreaching' },
    },
    truth: { end: 'rolled_back', recovered: false },
  }),
  onLatency({
    name: 'latency-metric-a-little-late',
    summary: 'Points come 50 s late: fewer, but enough',
    twist: { metric: { late: { from: { atSeconds: -3600 }, seconds: 50 } } },
    truth: { end: 'resolved', recovered: true },
  }),
  onLatency({
    name: 'latency-metric-very-late',
    summary: 'From the action on, points come 25 minutes late: none within window and extension',
    twist: { metric: { late: { from: afterAction(0), seconds: 1500 } } },
    truth: { end: 'rolled_back', recovered: true },
  }),
  onLatency({
    name: 'latency-flaps',
    summary: 'The fault comes and goes every few minutes, whatever is done',
    twist: {
      effect: { outcome: 'nothing' },
      cause: { flapping: { periodSeconds: 360 } },
      alarm: { fewer: true },
    },
    truth: {
      end: 'rolled_back',
      allowed: [{ end: 'no_contract', because: 'it may be away at the very moment of the look' }],
      recovered: false,
    },
  }),
  onLatency({
    name: 'latency-clears-by-itself',
    summary: 'The fault goes away just after the call, and not because of it',
    twist: { effect: { outcome: 'nothing' }, cause: { spontaneousRecovery: afterAction(40) } },
    truth: { end: 'resolved', recovered: true },
  }),
  {
    ...onLatency({
      name: 'latency-event-after-recovery',
      summary: 'The alarm event arrives half an hour late, when all is well again',
      twist: { cause: { spontaneousRecovery: { atSeconds: 1200 } } },
      truth: {
        end: 'no_contract',
        allowed: [{ end: 'stale', because: 'the recovery may be seen at the gate instead' }],
        recovered: true,
      },
    }),
    eventDelaySeconds: 1800,
  },
  onLatency({
    name: 'latency-no-instances-come',
    summary: 'The capacity is raised, but the zone has no instances to give',
    twist: { resource: { launches: 'fail' } },
    truth: { end: 'rolled_back', recovered: false },
  }),
  onLatency({
    name: 'latency-group-at-maximum',
    summary: 'The group may not grow by two',
    twist: { resource: { desired: 11 } },
    truth: { end: 'no_contract', allowed: refusedLater, recovered: false },
  }),
  onLatency({
    name: 'latency-group-not-managed',
    summary: 'The group does not carry the tag grace:managed=true',
    twist: { resource: { tags: { team: 'checkout' } } },
    truth: { end: 'no_contract', allowed: refusedLater, recovered: false },
  }),
  onLatency({
    name: 'latency-group-deleted',
    summary: 'Somebody deletes the group while its effect is awaited',
    twist: { interference: [{ when: afterAction(200), resource: GROUP, change: { delete: true } }] },
    truth: { end: 'needs_person', recovered: true },
  }),
  onLatency({
    name: 'latency-group-changed-by-someone',
    summary: 'Somebody sets another capacity while the effect is awaited: what is there is not ours to undo',
    twist: {
      effect: { outcome: 'nothing' },
      interference: [{ when: afterAction(240), resource: GROUP, change: { set: { desired_capacity: 9 } } }],
    },
    truth: { end: 'needs_person', recovered: false },
  }),
  onLatency({
    name: 'latency-scaled-back-by-someone',
    summary: 'Somebody takes the two instances away again: the latency returns',
    twist: {
      interference: [{ when: afterAction(300), resource: GROUP, change: { set: { desired_capacity: 4 } } }],
    },
    truth: { end: 'rolled_back', recovered: false, maxEffects: 2 },
  }),
];

/** One cause, two alarms on one group: whoever comes second must not scale again. */
const twoAlarms: Incident = {
  ...onLatency({
    name: 'latency-and-cpu-of-one-cause',
    summary: 'One cause raises two alarms of the same group within a minute',
    truth: { end: 'resolved', recovered: true, maxEffects: 1 },
  }),
  world(seed) {
    const vary = varyBy('latency-and-cpu-of-one-cause', seed);
    const world = latency(vary);
    const [alarm] = world.alarms;
    const [cause] = world.causes;
    const dimensions = { AutoScalingGroupName: GROUP };
    return WorldFile.parse({
      ...world,
      metrics: [
        ...world.metrics,
        { id: 'cpu', namespace: 'AWS/EC2', metric: 'CPUUtilization', dimensions, base: vary.number(35, 50) },
      ],
      alarms: [alarm, { ...alarm, name: 'checkout-cpu-high', metric: 'cpu', threshold: 80 }],
      causes: [{ ...cause, metrics: [...(cause?.metrics ?? []), { metric: 'cpu', raisesTo: 96 }] }],
    });
  },
};

export const scalingIncidents: readonly Incident[] = [
  ...latencyIncidents,
  twoAlarms,
  onAlb({
    name: 'alb-latency-scale-out-helps',
    summary: 'A load balancer reports slow targets; two more instances help',
    truth: { end: 'resolved', recovered: true },
  }),
  onAlb({
    name: 'alb-latency-no-instances-come',
    summary: 'The capacity is raised and the latency falls by itself, but no instance came',
    twist: { resource: { launches: 'fail' }, cause: { spontaneousRecovery: afterAction(60) } },
    truth: { end: 'rolled_back', recovered: true },
  }),
  onCpu({
    name: 'cpu-scale-out-helps',
    summary: 'Busy workers get help',
    truth: { end: 'resolved', recovered: true },
  }),
  onCpu({
    name: 'cpu-scale-out-does-nothing',
    summary: 'A runaway process keeps every instance busy, new ones too',
    twist: { effect: { outcome: 'nothing' } },
    truth: { end: 'rolled_back', recovered: false },
  }),
  onBacklog({
    name: 'backlog-drains',
    summary: 'One more worker and the queue drains within minutes',
    twist: { effect: { afterSeconds: 420 } },
    truth: { end: 'resolved', recovered: true },
  }),
  onBacklog({
    name: 'backlog-does-not-drain',
    summary: 'One more worker does not help: every message fails',
    twist: { effect: { outcome: 'nothing' } },
    truth: { end: 'rolled_back', recovered: false },
  }),
  onBacklog({
    name: 'backlog-metric-vanishes',
    summary: 'The backlog stays, its metric stops, and its alarm takes silence for health',
    twist: {
      effect: { outcome: 'nothing' },
      metric: { missing: [{ from: afterAction(60) }] },
      alarm: { treatMissingData: 'notBreaching' },
    },
    truth: { end: 'rolled_back', recovered: false },
  }),
];
