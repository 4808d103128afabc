import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { FUNCTIONS, type FunctionName } from '../../shared/names';
import type { Evidence } from './evidence';
import { GraceFunction } from './grace-function';
import { askCalendars, lookAtTargets, lookAtTelemetry, writeState } from './permissions';
import type { Platform } from './platform';

export interface ActionFunctionsProps {
  /** What the functions are built from. */
  readonly platform: Platform;
  /** The state table. */
  readonly stateTable: Table;
  /** Where snapshots are kept. */
  readonly evidence: Evidence;
}

/** The functions that the state machine calls and that change no target: they decide, measure and close. */
export class ActionFunctions extends Construct {
  /** The functions by name. */
  readonly tasks: Readonly<Partial<Record<FunctionName, GraceFunction>>>;

  constructor(scope: Construct, id: string, { platform, stateTable, evidence }: ActionFunctionsProps) {
    super(scope, id);
    const make = (name: FunctionName, ...statements: readonly PolicyStatement[]) =>
      new GraceFunction(this, name, { platform, statements: [...writeState(stateTable), ...statements] });
    const look = () => [lookAtTelemetry(), ...lookAtTargets(this)];

    this.tasks = {
      // What may still be done, and what comes next.
      admit: make(
        FUNCTIONS.admit,
        lookAtTelemetry(),
        ...askCalendars(this, platform.settings.policy.changeCalendars),
      ),
      // Keeps the live target's state before it is changed.
      snapshot: make(FUNCTIONS.snapshot, ...look(), ...evidence.keep('snapshots/')),
      // Measures resource, alarm and metrics.
      benchmark: make(FUNCTIONS.benchmark, ...look()),
      // Compares what was expected with what was measured.
      verify: make(FUNCTIONS.verify),
      // Decides what the ledger allows to undo.
      rollback: make(FUNCTIONS.rollback),
      // Ends the contract.
      close: make(FUNCTIONS.close),
    };
  }
}
