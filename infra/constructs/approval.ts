import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Settings } from '../../shared/contracts/settings';
import { SONG_EVENTS } from '../../shared/contracts/song-notice';
import { DECISION_EVENTS, FUNCTIONS } from '../../shared/names';
import { DataTable } from './data-table';
import { EncryptionKey } from './encryption-key';
import { GraceFunction } from './grace-function';
import type { MachineAccess } from './machine-access';
import type { Mesh } from './mesh';
import {
  allow,
  leadingKeys,
  lookAtTargets,
  lookAtTelemetry,
  readIndex,
  readTable,
  writeState,
} from './permissions';
import type { Platform } from './platform';
import type { SignIn } from './sign-in';
import { WorkQueue } from './work-queue';

/** What a task token's ciphertext is bound to; see `TokenCipher`. */
const TOKEN_CONTEXT = ['contractId', 'generation'];

export interface TokenStoreProps {
  /** Settings as validated. */
  readonly settings: Settings;
}

/** Task tokens, apart from everything else and encrypted with a key that two functions may use. */
export class TokenStore extends Construct {
  /** The table. */
  readonly table: Table;
  /** The key. Its policy lets nobody use it but the functions named by `reserveFor`. */
  readonly key: Key;

  constructor(scope: Construct, id: string, { settings }: TokenStoreProps) {
    super(scope, id);
    this.table = new DataTable(this, 'Tokens', { settings, expires: true }).table;
    this.key = new EncryptionKey(this, 'TokenKey', {
      settings,
      description: `Grace (${settings.deployment}): task tokens of approvals`,
    }).key;
  }

  /** The one that stores tokens cannot read them, and the one that reads them cannot store any. */
  reserveFor({ writer, reader }: { readonly writer: GraceFunction; readonly reader: GraceFunction }): void {
    writer.grant(allow(['dynamodb:PutItem'], [this.table.tableArn]));
    reader.grant(readTable(this.table));
    this.letUse(writer.role, 'kms:Encrypt');
    this.letUse(reader.role, 'kms:Decrypt');
  }

  /** In the key's own policy only: an IAM policy of somebody else cannot add to it. */
  private letUse(role: Role, action: string): void {
    this.key.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [role],
        actions: [action],
        resources: ['*'],
        conditions: {
          'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': TOKEN_CONTEXT },
          Null: { 'kms:EncryptionContextKeys': 'false' },
        },
      }),
    );
  }
}

export interface ApprovalProps {
  /** What the functions are built from. */
  readonly platform: Platform;
  /** The state table. */
  readonly stateTable: Table;
  /** The audit log, whose open epoch administrators close. */
  readonly auditTable: Table;
  /** The tokens and their key. */
  readonly tokens: TokenStore;
  /** The mesh that decisions are published on. */
  readonly mesh: Mesh;
  /** Answering the state machine's waiting executions. */
  readonly machine: MachineAccess;
  /** The people who may be asked, and whose tokens are believed. */
  readonly signIn: SignIn;
}

/** Opening, deciding, replanning and relaying, a function each: none can both decide and wake an execution. */
export class Approval extends Construct {
  /** Called by the state machine; stores the token. */
  readonly open: GraceFunction;
  /** Called by people, through the command line. */
  readonly decide: GraceFunction;
  /** From a decision's event to the waiting execution. */
  readonly relayWork: WorkQueue;
  /** From a wish for a fresh plan to that plan. */
  readonly replanWork: WorkQueue;

  constructor(scope: Construct, id: string, props: ApprovalProps) {
    super(scope, id);
    const { platform, stateTable, auditTable, tokens, mesh, machine, signIn } = props;
    this.open = new GraceFunction(this, FUNCTIONS.openApproval, {
      platform,
      statements: [...writeState(stateTable), ...signIn.lookUp()],
    });
    this.decide = new GraceFunction(this, FUNCTIONS.decide, {
      platform,
      statements: [
        ...writeState(stateTable),
        // Which epoch is open.
        allow(['dynamodb:GetItem'], [auditTable.tableArn], leadingKeys('HEAD#')),
        ...signIn.lookUp(),
      ],
    });
    const relay = new GraceFunction(this, FUNCTIONS.relay, {
      platform,
      statements: [
        allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [stateTable.tableArn]),
        ...machine.answer(),
      ],
    });
    tokens.reserveFor({ writer: this.open, reader: relay });
    this.relayWork = new WorkQueue(this, 'RelayWork', { consumer: relay });
    const replanner = new GraceFunction(this, FUNCTIONS.replanner, {
      platform,
      statements: [
        ...writeState(stateTable),
        readIndex(stateTable, 'list'),
        lookAtTelemetry(),
        ...lookAtTargets(this),
        ...signIn.lookUp(),
      ],
    });
    this.replanWork = new WorkQueue(this, 'ReplanWork', { consumer: replanner });
    mesh.sendOwnTo('ReplansOut', { types: ['approval.replan_requested'], queue: this.replanWork.queue });
    mesh.sendOwnTo('DecisionsOut', {
      types: [...DECISION_EVENTS, ...SONG_EVENTS],
      queue: this.relayWork.queue,
    });
  }
}
