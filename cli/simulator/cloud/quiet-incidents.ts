import { type Incident, varyBy } from './incident';
import { databaseConnections, latency } from './incident-scenes';
import { ACCOUNT, REGION } from './scene-builder';
import { WorldFile } from './world-file';

/** Incidents around the edge: alarms that must lead to nothing, or to no more than one of them does. */

const nothingIsDone = { end: 'no_contract', recovered: false, maxEffects: 0 } as const;

const noPlaybook: Incident = {
  name: 'no-playbook',
  summary: 'A function fails, and no playbook is for that',
  playbook: null,
  needsApproval: false,
  truth: nothingIsDone,
  world(seed) {
    const vary = varyBy('no-playbook', seed);
    return WorldFile.parse({
      schema: 1,
      seed: String(seed),
      account: ACCOUNT,
      region: REGION,
      metrics: [
        {
          id: 'errors',
          namespace: 'AWS/Lambda',
          metric: 'Errors',
          dimensions: { FunctionName: 'invoice' },
          statistic: 'Sum',
          base: 0,
        },
      ],
      alarms: [
        {
          type: 'metric',
          name: 'invoice-errors',
          metric: 'errors',
          comparison: 'GreaterThanOrEqualToThreshold',
          threshold: 5,
          periodSeconds: 60,
          evaluationPeriods: 1,
          datapointsToAlarm: 1,
          treatMissingData: 'notBreaching',
        },
      ],
      causes: [
        {
          id: 'bug',
          fromSeconds: vary.whole(60, 300),
          metrics: [{ metric: 'errors', raisesTo: vary.number(20, 60) }],
        },
      ],
    });
  },
};

const silence: Incident = {
  name: 'metric-stops-without-fault',
  summary: 'The database is well; only its metric stops for half an hour, and the alarm has no data',
  playbook: 'reboot-rds-on-connections',
  needsApproval: true,
  truth: { ...nothingIsDone, recovered: true },
  world(seed) {
    const vary = varyBy('metric-stops-without-fault', seed);
    const from = { atSeconds: vary.whole(60, 300) };
    const world = databaseConnections(vary, { metric: { missing: [{ from, forSeconds: 1800 }] } });
    return { ...world, causes: [] };
  },
};

const composite: Incident = {
  name: 'composite-and-its-child',
  summary: 'A composite alarm and the alarm that decides it fire together: only one of them is acted on',
  playbook: 'scale-out-on-latency',
  needsApproval: false,
  truth: { end: 'resolved', recovered: true, maxEffects: 1 },
  world(seed) {
    const world = latency(varyBy('composite-and-its-child', seed));
    return WorldFile.parse({
      ...world,
      alarms: [
        ...world.alarms,
        { type: 'composite', name: 'checkout-unhealthy', anyOf: ['checkout-latency-high'] },
      ],
    });
  },
};

const suppressed: Incident = {
  name: 'composite-suppressed',
  summary: 'A composite alarm fires in a maintenance window, which suppresses its actions',
  playbook: null,
  needsApproval: false,
  truth: nothingIsDone,
  world(seed) {
    const world = noPlaybook.world(seed);
    const [errors] = world.alarms;
    return WorldFile.parse({
      ...world,
      metrics: [
        ...world.metrics,
        { id: 'maintenance', namespace: 'Shop', metric: 'Maintenance', base: 1, noise: { sigma: 0 } },
      ],
      alarms: [
        errors,
        {
          ...errors,
          name: 'maintenance',
          metric: 'maintenance',
          threshold: 1,
          initialState: 'ALARM',
        },
        {
          type: 'composite',
          name: 'invoice-unhealthy',
          anyOf: ['invoice-errors'],
          suppressor: { alarm: 'maintenance', waitSeconds: 60, extensionSeconds: 60 },
        },
      ],
    });
  },
};

export const quietIncidents: readonly Incident[] = [noPlaybook, silence, composite, suppressed];
