import { type Incident, type ScriptedApproval, type Truth, varyBy } from './incident';
import { applicationHang, databaseConnections, databaseSaturation, statusCheck } from './incident-scenes';
import type { Scene, Twist } from './scene-builder';

const DATABASE = 'orders-db';
const INSTANCE = 'i-0a1b2c3d4e5f60718';
const afterAction = (seconds: number) => ({ afterActionSeconds: seconds });

interface Story {
  readonly name: string;
  readonly summary: string;
  readonly twist?: Twist;
  readonly approval?: ScriptedApproval;
  readonly truth: Omit<Truth, 'maxEffects'>;
}

/** A reboot is sent once at most, and nothing takes it back. */
function restarting(playbook: string, scene: Scene) {
  return ({ name, summary, twist, approval, truth }: Story): Incident => ({
    name,
    summary,
    playbook,
    needsApproval: true,
    ...(approval === undefined ? {} : { approval }),
    world: (seed) => scene(varyBy(name, seed), twist),
    truth: { ...truth, maxEffects: truth.end === 'resolved' || truth.end === 'needs_person' ? 1 : 0 },
  });
}

const onConnections = restarting('reboot-rds-on-connections', databaseConnections);
const onSaturation = restarting('reboot-rds-on-saturation', databaseSaturation);
const onStatusCheck = restarting('restart-ec2-on-status-check', statusCheck);
const onHang = restarting('restart-ec2-on-hang', applicationHang);

/**
 * The alarms fire between 270 and 670 s (the saturation alarm: 800 and 1,210 s), so these come while an
 * approval of 600 s or more after the request is awaited.
 */
const WHILE_WAITING = { atSeconds: 760 };
const WHILE_WAITING_FOR_SATURATION = { atSeconds: 1300 };
const slowly: ScriptedApproval = { decision: 'approve', afterSeconds: 600 };

const databaseIncidents: readonly Incident[] = [
  {
    ...onConnections({
      name: 'connections-reboot-helps',
      summary: 'Leaked connections are nearly all there are; a reboot frees them',
      truth: { end: 'resolved', recovered: true },
    }),
    demo: 2,
  },
  onConnections({
    name: 'connections-reboot-does-nothing',
    summary: 'The connections are back at once: the clients are to blame',
    twist: { effect: { outcome: 'nothing' } },
    truth: { end: 'needs_person', recovered: false },
  }),
  onConnections({
    name: 'connections-help-then-harm',
    summary: 'The connections leak again within minutes',
    twist: { effect: { outcome: 'heals_then_harms', harmsAfterSeconds: 420, severity: 1 } },
    truth: { end: 'needs_person', recovered: false },
  }),
  onConnections({
    name: 'connections-metric-very-late',
    summary: 'From the reboot on, points come forty minutes late',
    twist: { metric: { late: { from: afterAction(0), seconds: 2400 } } },
    truth: { end: 'needs_person', recovered: true },
  }),
  onConnections({
    name: 'connections-recover-while-waiting',
    summary: 'The clients let go while the approval is awaited: a reboot would only harm',
    twist: { cause: { spontaneousRecovery: WHILE_WAITING } },
    approval: { decision: 'approve', afterSeconds: 900 },
    truth: { end: 'stale', recovered: true },
  }),
  onConnections({
    name: 'connections-denied',
    summary: 'The approver says no',
    approval: { decision: 'deny', afterSeconds: 120 },
    truth: { end: 'denied', recovered: false },
  }),
  onConnections({
    name: 'connections-nobody-answers',
    summary: 'The approval expires',
    approval: { decision: 'none', afterSeconds: 0 },
    truth: { end: 'expired', recovered: false },
  }),
  onConnections({
    name: 'connections-database-deleted-while-waiting',
    summary: 'The database is gone when the approval comes',
    twist: { interference: [{ when: WHILE_WAITING, resource: DATABASE, change: { delete: true } }] },
    approval: slowly,
    truth: { end: 'stale', recovered: false },
  }),
  onConnections({
    name: 'connections-tag-removed-while-waiting',
    summary: 'The owner takes the database out of Grace’s hands while the approval is awaited',
    twist: {
      interference: [{ when: WHILE_WAITING, resource: DATABASE, change: { retag: { owner: 'orders' } } }],
    },
    approval: slowly,
    truth: { end: 'refused', recovered: false },
  }),
  onConnections({
    name: 'connections-database-does-not-come-back',
    summary: 'After the reboot the database is out of storage',
    twist: { effect: { outcome: 'nothing' }, resource: { statusAfterReboot: 'storage-full' } },
    truth: { end: 'needs_person', recovered: false },
  }),
  onSaturation({
    name: 'saturation-reboot-helps',
    summary: 'A stuck query saturates the database; a reboot ends it',
    truth: { end: 'resolved', recovered: true },
  }),
  onSaturation({
    name: 'saturation-gets-worse',
    summary: 'With a cold cache the database is slower than before',
    twist: { effect: { outcome: 'worsens', severity: 1.03 } },
    truth: { end: 'needs_person', recovered: false },
  }),
  onSaturation({
    name: 'saturation-database-modified-while-waiting',
    summary: 'Somebody changes the instance class while the approval is awaited',
    twist: {
      interference: [
        { when: WHILE_WAITING_FOR_SATURATION, resource: DATABASE, change: { set: { status: 'modifying' } } },
      ],
    },
    approval: slowly,
    truth: { end: 'stale', recovered: false },
  }),
  onSaturation({
    name: 'saturation-clears-by-itself',
    summary: 'The reboot does nothing, but the query ends just then',
    twist: { effect: { outcome: 'nothing' }, cause: { spontaneousRecovery: afterAction(60) } },
    truth: { end: 'resolved', recovered: true },
  }),
];

const instanceIncidents: readonly Incident[] = [
  onStatusCheck({
    name: 'status-check-reboot-helps',
    summary: 'The instance check fails; a reboot brings the instance back',
    truth: { end: 'resolved', recovered: true },
  }),
  {
    ...onStatusCheck({
      name: 'status-check-metric-missing',
      summary: 'After the reboot the metric is gone: whether it helped cannot be confirmed',
      twist: { metric: { missing: [{ from: afterAction(0) }] } },
      truth: { end: 'needs_person', recovered: true },
    }),
    demo: 4,
  },
  onStatusCheck({
    name: 'status-check-stays-impaired',
    summary: 'The instance is impaired after the reboot as before',
    twist: { effect: { outcome: 'nothing' }, resource: { statusAfterReboot: 'impaired' } },
    truth: { end: 'needs_person', recovered: false },
  }),
  onStatusCheck({
    name: 'status-check-impaired-and-silent',
    summary: 'Impaired after the reboot as before, and its alarm takes the missing metric for health',
    twist: {
      effect: { outcome: 'nothing' },
      resource: { statusAfterReboot: 'impaired' },
      metric: { missing: [{ from: afterAction(0) }] },
      alarm: { treatMissingData: 'notBreaching' },
    },
    truth: { end: 'needs_person', recovered: false },
  }),
  onStatusCheck({
    name: 'status-check-stopped-while-waiting',
    summary: 'Somebody stops the instance while the approval is awaited',
    twist: {
      interference: [
        {
          when: WHILE_WAITING,
          resource: INSTANCE,
          change: { set: { state: 'stopped', instance_status: 'not-applicable' } },
        },
      ],
    },
    approval: slowly,
    truth: { end: 'stale', recovered: false },
  }),
  onHang({
    name: 'hang-reboot-helps',
    summary: 'An application reports that it hangs; after the reboot it does not',
    truth: { end: 'resolved', recovered: true },
  }),
  onHang({
    name: 'hang-leaves-instance-impaired',
    summary: 'After the reboot the instance does not pass its check',
    twist: { effect: { outcome: 'nothing' }, resource: { statusAfterReboot: 'impaired' } },
    truth: { end: 'needs_person', recovered: false },
  }),
  onHang({
    name: 'hang-goes-on',
    summary: 'The instance is well, but the application goes on reporting that it hangs',
    twist: { effect: { outcome: 'nothing' } },
    truth: { end: 'needs_person', recovered: false },
  }),
];

export const restartIncidents: readonly Incident[] = [...databaseIncidents, ...instanceIncidents];
