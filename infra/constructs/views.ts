import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { SONG_EVENTS } from '../../shared/contracts/song-notice';
import { FUNCTIONS } from '../../shared/names';
import { GraceFunction } from './grace-function';
import type { Mesh } from './mesh';
import { writeState } from './permissions';
import type { Platform } from './platform';
import { WorkQueue } from './work-queue';

export interface ViewsProps {
  /** What the function is built from. */
  readonly platform: Platform;
  /** The state table. */
  readonly stateTable: Table;
  /** The mesh whose events are recorded. */
  readonly mesh: Mesh;
}

/** Missions and statistics: views of what happened, made from Grace's own events. */
export class Views extends Construct {
  /** The queue, its dead letters, and the recorder. */
  readonly work: WorkQueue;

  constructor(scope: Construct, id: string, { platform, stateTable, mesh }: ViewsProps) {
    super(scope, id);
    const recorder = new GraceFunction(this, FUNCTIONS.recorder, {
      platform,
      statements: writeState(stateTable),
    });
    this.work = new WorkQueue(this, 'Work', { consumer: recorder });
    mesh.sendOwnTo('ActionsOut', {
      types: [{ prefix: 'agentic.' }, { prefix: 'approval.' }, ...SONG_EVENTS],
      queue: this.work.queue,
    });
  }
}
