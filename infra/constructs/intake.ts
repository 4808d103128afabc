import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { SONG_EVENTS } from '../../shared/contracts/song-notice';
import { FUNCTIONS } from '../../shared/names';
import { GraceFunction } from './grace-function';
import type { MachineAccess } from './machine-access';
import type { Mesh } from './mesh';
import { lookAtTargets, lookAtTelemetry, readIndex, writeState } from './permissions';
import type { Platform } from './platform';
import { WorkQueue } from './work-queue';

export interface IntakeProps {
  /** What the function is built from. */
  readonly platform: Platform;
  /** The state table. */
  readonly stateTable: Table;
  /** The mesh whose errors are taken in. */
  readonly mesh: Mesh;
  /** Starting executions of the state machine. */
  readonly machine: MachineAccess;
}

/**
 * From the mesh by a queue to the sentinel: errors, notices of released ones, and the canary. Events gather for a
 * second, so that a storm of one fingerprint is counted in a few writes; few sentinels run at once, since they would meet at the same items.
 */
export class Intake extends Construct {
  /** The queue, its dead letters, and the sentinel. */
  readonly work: WorkQueue;

  constructor(scope: Construct, id: string, { platform, stateTable, mesh, machine }: IntakeProps) {
    super(scope, id);
    const sentinel = new GraceFunction(this, FUNCTIONS.sentinel, {
      platform,
      statements: [
        ...writeState(stateTable),
        readIndex(stateTable, 'list'),
        ...machine.start(),
        lookAtTelemetry(),
        ...lookAtTargets(this),
      ],
    });
    this.work = new WorkQueue(this, 'Work', {
      consumer: sentinel,
      batchSize: 100,
      batchingSeconds: 1,
      maxConcurrency: 10,
    });
    mesh.sendErrorsTo(this.work.queue);
    mesh.sendOwnTo('ReleasesIn', { types: ['quarantine.released', ...SONG_EVENTS], queue: this.work.queue });
  }
}
