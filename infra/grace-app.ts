import { readFileSync } from 'node:fs';
import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import {
  type Acknowledgement,
  acknowledgeFindings,
  acknowledgements,
  CONSOLE_ACKNOWLEDGEMENTS,
} from './acknowledgements';
import { ConsoleStack } from './console-stack';
import type { FunctionCode } from './constructs/platform';
import { DEFINITION_FILE } from './constructs/verified-action';
import { GraceStack } from './grace-stack';
import { OperationsStack } from './operations-stack';
import { readSettings } from './read-settings';

export interface GraceAppOptions {
  /** Where the functions' code comes from. */
  readonly code: FunctionCode;
  /** The built console; without one there is no stack for it. */
  readonly console?: string;
  /** Findings that stand. Default: those of `acknowledgements`. */
  readonly acknowledged?: readonly Acknowledgement[];
}

/** The stacks of a deployment, checked against the AwsSolutions rules. */
export class GraceApp {
  /** The stack that every place takes. */
  readonly grace: GraceStack;
  /** The stack for AWS only. */
  readonly operations: OperationsStack;
  /** The web console, for AWS only. */
  readonly console: ConsoleStack | undefined;

  constructor(
    readonly app: App,
    options: GraceAppOptions,
  ) {
    const { settings, text } = readSettings({
      given: app.node.tryGetContext('settings'),
      executorTaskSeconds: executorTaskSeconds(),
    });
    this.grace = new GraceStack(app, settings.deployment, {
      settings,
      settingsText: text,
      code: options.code,
    });
    this.operations = new OperationsStack(app, `${settings.deployment}-operations`, {
      settings,
      grace: this.grace,
    });
    this.console =
      options.console === undefined
        ? undefined
        : new ConsoleStack(app, `${settings.deployment}-console`, {
            settings,
            folder: options.console,
            api: this.grace.api.rest,
            signIn: this.grace.signIn,
          });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    acknowledgeFindings(this.grace, options.acknowledged ?? acknowledgements(settings));
    if (this.console !== undefined)
      acknowledgeFindings(this.console, options.acknowledged ?? CONSOLE_ACKNOWLEDGEMENTS);
  }

  synth() {
    return this.app.synth();
  }
}

/** Seconds that the state machine waits for an executor, in the state that waits the least. */
function executorTaskSeconds(): number {
  const { States } = JSON.parse(readFileSync(DEFINITION_FILE, 'utf8')) as {
    readonly States: Readonly<Record<string, { Parameters?: object; TimeoutSeconds?: number }>>;
  };
  return Math.min(
    ...Object.values(States)
      .filter(({ Parameters }) => Parameters !== undefined && 'FunctionName.$' in Parameters)
      .map(({ TimeoutSeconds }) => TimeoutSeconds ?? 0),
  );
}
