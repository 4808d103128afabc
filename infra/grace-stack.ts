import { Aws, CfnOutput, Lazy, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { logName } from '../shared/contracts/log-origin';
import type { Settings } from '../shared/contracts/settings';
import { FUNCTIONS } from '../shared/names';
import { ActionFunctions } from './constructs/action-functions';
import { alarmTopic } from './constructs/alarm-topic';
import { Alarms } from './constructs/alarms';
import { Api, apiUrl } from './constructs/api';
import { Approval, TokenStore } from './constructs/approval';
import { AuditSeal } from './constructs/audit-seal';
import { AuditTable } from './constructs/audit-table';
import { AuditWatch } from './constructs/audit-watch';
import { Evidence } from './constructs/evidence';
import { Executors, functionArn } from './constructs/executors';
import { functionName } from './constructs/grace-function';
import { Guardrails } from './constructs/guardrails';
import { Intake } from './constructs/intake';
import { MachineAccess } from './constructs/machine-access';
import { Mesh } from './constructs/mesh';
import { Notices } from './constructs/notices';
import type { FunctionCode, Platform } from './constructs/platform';
import { Schedules } from './constructs/schedules';
import { SignIn } from './constructs/sign-in';
import { StateStore } from './constructs/state-store';
import { Streams } from './constructs/streams';
import { VerifiedAction } from './constructs/verified-action';
import { Views } from './constructs/views';
import { EXECUTORS } from './executor-registry';

export interface GraceStackProps extends StackProps {
  /** Settings as validated by `parseSettings`. */
  readonly settings: Settings;
  /** The same as JSON, as they were given: the functions parse them again. */
  readonly settingsText: string;
  /** Where the functions' code comes from. */
  readonly code: FunctionCode;
}

/** All of Grace but what only AWS itself has, which is in the operations stack. */
export class GraceStack extends Stack {
  /** Grace's alarms about itself. */
  readonly alarms: Alarms;
  /** Where people sign in. */
  readonly signIn: SignIn;
  /** What they and machines call. */
  readonly api: Api;

  constructor(scope: Construct, id: string, { settings, settingsText, code, ...props }: GraceStackProps) {
    super(scope, id, {
      stackName: settings.deployment,
      description: 'Grace: verified self-healing',
      terminationProtection: !settings.ephemeral,
      ...props,
    });
    const { deployment } = settings;

    const state = new StateStore(this, 'State', { settings });
    const audit = new AuditTable(this, 'AuditLog', { settings });
    const seal = new AuditSeal(this, 'AuditSeal', { settings });
    const tokens = new TokenStore(this, 'TokenStore', { settings });
    const evidence = new Evidence(this, 'Evidence', { settings });
    const mesh = new Mesh(this, 'Mesh', { deployment });
    const machine = new MachineAccess(this, 'Machine', { settings });
    const signIn = new SignIn(this, 'SignIn', { settings });
    this.signIn = signIn;
    const guardrails = new Guardrails(this, 'Guardrails', { auditTable: audit.table });

    const platform: Platform = {
      settings,
      code,
      guardrails: guardrails.everyone,
      environment: {
        stateTable: state.table.tableName,
        tokensTable: tokens.table.tableName,
        auditTable: audit.table.tableName,
        busName: mesh.bus.eventBusName,
        evidenceBucket: evidence.bucket.bucketName,
        tokenKeyId: tokens.key.keyArn,
        stateMachineArn: machine.machineArn,
        settings: settingsText,
        executors: this.executorArns(settings),
        relayQueueUrl: Lazy.string({ produce: () => approval.relayWork.queue.queueUrl }),
        sealBucket: seal.bucket.bucketName,
        sealKeys: this.toJsonString(seal.keys.map(({ keyArn }) => keyArn)),
        logName: logName({
          deployment,
          account: Aws.ACCOUNT_ID,
          region: Aws.REGION,
        }),
        witnesses: this.toJsonString(settings.audit.witnesses),
        auditSequencer: functionArn(this, deployment, FUNCTIONS.auditSequencer),
        auditSealer: functionArn(this, deployment, FUNCTIONS.auditSealer),
        tokenIssuer: signIn.issuer,
        tokenAudience: signIn.audience,
        tokenKeysUri: signIn.keysUri,
        tokenRolesClaim: signIn.rolesClaim,
        userPoolId: signIn.pool?.userPoolId ?? 'none',
        decideFunction: functionName(deployment, FUNCTIONS.decide),
        webhookQueueUrl: Lazy.string({ produce: () => notices.work.queue.queueUrl }),
        webhookDeadLettersUrl: Lazy.string({ produce: () => notices.work.deadLetters.queueUrl }),
        account: Aws.ACCOUNT_ID,
        region: Aws.REGION,
        logLevel: 'INFO',
      },
    };
    const stateTable = state.table;
    const intake = new Intake(this, 'Intake', { platform, stateTable, mesh, machine });
    const actions = new ActionFunctions(this, 'Actions', { platform, stateTable, evidence });
    const executors = new Executors(this, 'Executors', { platform, stateTable });
    const approval = new Approval(this, 'Approval', {
      platform,
      stateTable,
      auditTable: audit.table,
      tokens,
      mesh,
      machine,
      signIn,
    });
    const streams = new Streams(this, 'Streams', {
      platform,
      state,
      audit,
      evidence,
      bus: mesh.bus,
      guardrails,
    });
    const views = new Views(this, 'Views', { platform, stateTable, mesh });
    const notices = new Notices(this, 'Notices', { platform, stateTable, auditTable: audit.table, mesh });
    const schedules = new Schedules(this, 'Schedules', {
      platform,
      stateTable,
      evidence,
      machine,
      relayQueue: approval.relayWork.queue,
    });
    const watch = new AuditWatch(this, 'AuditWatch', {
      platform,
      audit,
      seal,
      stateTable,
      sequencer: streams.sequencer,
      guardrails,
      deadLetters: schedules.deadLetters,
    });
    audit.reserveFor({ sequencer: streams.sequencer.role, sealer: watch.sealer.role });
    const api = new Api(this, 'Api', {
      platform,
      stateTable,
      auditTable: audit.table,
      evidence,
      bus: mesh.bus,
      signIn,
      decide: approval.decide,
      executors: executors.functions,
    });
    // Proofs are made of the sealed tiles.
    seal.letRead(api.handler);
    this.api = api;
    seal.letRead(api.handler);
    api.stream(['approvals', 'stream'], notices.stream);
    new VerifiedAction(this, 'VerifiedAction', {
      platform,
      machine,
      tasks: { ...actions.tasks, [FUNCTIONS.openApproval]: approval.open },
      executors: executors.functions,
    });
    this.alarms = new Alarms(this, 'Alarms', {
      deployment,
      topic: alarmTopic(this, settings),
      machine,
      intake: intake.work.queue,
      deadLetters: {
        intake: intake.work.deadLetters,
        relay: approval.relayWork.deadLetters,
        replan: approval.replanWork.deadLetters,
        recorder: views.work.deadLetters,
        webhooks: notices.work.deadLetters,
        mesh: mesh.undelivered,
        stream: streams.deadLetters,
        schedules: schedules.deadLetters,
      },
      streamReaders: [streams.publisher, streams.sequencer],
      functions: [
        intake.work.consumer,
        ...Object.values(actions.tasks),
        ...executors.functions,
        ...[approval.open, approval.decide, approval.relayWork.consumer, approval.replanWork.consumer],
        ...[streams.publisher, streams.sequencer, views.work.consumer],
        ...[schedules.reaper, schedules.bootstrap, watch.sealer, watch.check],
        ...[notices.stream, notices.work.consumer],
        ...[api.handler, api.authorizer],
      ],
    });
    this.output({
      StateTable: state.table.tableName,
      TokensTable: tokens.table.tableName,
      AuditTable: audit.table.tableName,
      SealBucket: seal.bucket.bucketName,
      EvidenceBucket: evidence.bucket.bucketName,
      ApiId: api.rest.restApiId,
      ApiUrl: apiUrl(api),
      TokenIssuer: signIn.issuer,
      TokenAudience: signIn.audience,
      UserPoolId: signIn.pool?.userPoolId ?? 'none',
      BusName: mesh.bus.eventBusName,
      StateMachineArn: machine.machineArn,
      FunctionPattern: `${deployment}-<role>`,
      IntakeQueueUrl: intake.work.queue.queueUrl,
      IntakeDeadLettersUrl: intake.work.deadLetters.queueUrl,
      RelayQueueUrl: approval.relayWork.queue.queueUrl,
      RecorderQueueUrl: views.work.queue.queueUrl,
      WebhookQueueUrl: notices.work.queue.queueUrl,
    });
  }

  /** JSON: action to the ARN of its function, for those that the settings name. */
  private executorArns({ deployment, executors }: Settings): string {
    return this.toJsonString(
      Object.fromEntries(
        executors.map((action) => [action, functionArn(this, deployment, EXECUTORS[action])]),
      ),
    );
  }

  private output(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}
