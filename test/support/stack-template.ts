import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { GraceApp, type GraceAppOptions } from '../../infra/grace-app';

/** A resource as it stands in a template. */
export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is whatever CloudFormation says
  readonly Properties: any;
  readonly DeletionPolicy?: string;
}
export type Resources = Readonly<Record<string, Resource>>;

/** A statement of a policy, with its lists as lists and its intrinsics as text. */
export interface Statement {
  /** The function whose role it is, `verified-action`, or the logical id of what carries the policy. */
  readonly who: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const STAND_IN = Code.fromInline('exports.handler=async()=>({})');

/** The app with code that needs no bundling. Nothing is written that stays. */
export function graceApp(settings: object = {}, options: Partial<GraceAppOptions> = {}): GraceApp {
  const outdir = mkdtempSync(join(tmpdir(), 'grace-synth-'));
  folders.push(outdir);
  const app = new App({ analyticsReporting: false, outdir, context: { settings } });
  return new GraceApp(app, { code: () => STAND_IN, ...options });
}
const folders: string[] = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The resources of both stacks. Fails when they depend on each other in a circle. */
export function templates(settings: object = {}): {
  readonly grace: Resources;
  readonly operations: Resources;
} {
  const { grace, operations } = graceApp(settings);
  return {
    grace: Template.fromStack(grace).toJSON()['Resources'],
    operations: Template.fromStack(operations).toJSON()['Resources'],
  };
}

export const ofType = (resources: Resources, type: string): [string, Resource][] =>
  Object.entries(resources).filter(([, resource]) => resource.Type === type);

/** A template's value as text: `{Ref: X}` becomes `${X}`, `{Fn::GetAtt: [X, Arn]}` becomes `${X.Arn}`. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || typeof value !== 'object') return String(value);
  const [[name, argument]] = Object.entries(value) as [[string, unknown]];
  if (name === 'Ref') return `\${${argument}}`;
  if (name === 'Fn::GetAtt') return `\${${(argument as string[]).join('.')}}`;
  if (name === 'Fn::Join')
    return (argument as [string, unknown[]])[1].map(asText).join(argument?.[0 as never]);
  return JSON.stringify(value);
}

const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** Functions by logical id, as `sentinel`, `admit` … */
export function functionNames(resources: Resources): Map<string, string> {
  return new Map(
    ofType(resources, 'AWS::Lambda::Function').map(([id, { Properties }]) => [
      id,
      Properties.FunctionName.replace(/^grace-/, ''),
    ]),
  );
}

/** Who has each role, by the role's logical id. */
export function roleOwners(resources: Resources): Map<string, string> {
  const owners = new Map<string, string>();
  const names = functionNames(resources);
  for (const [id, { Properties }] of ofType(resources, 'AWS::Lambda::Function')) {
    owners.set(Properties.Role['Fn::GetAtt'][0], names.get(id) as string);
  }
  for (const [, { Properties }] of ofType(resources, 'AWS::StepFunctions::StateMachine')) {
    owners.set(Properties.RoleArn['Fn::GetAtt'][0], 'verified-action');
  }
  return owners;
}

/** Every statement of what roles carry: their own policies and the managed ones, once a role. */
export function roleStatements(resources: Resources): Statement[] {
  const owners = roleOwners(resources);
  const who = (role: string) => owners.get(role) ?? role;
  const own = ofType(resources, 'AWS::IAM::Policy').flatMap(([, { Properties }]) =>
    Properties.Roles.flatMap((role: { Ref: string }) =>
      statementsOf(Properties.PolicyDocument, who(role.Ref)),
    ),
  );
  const managed = ofType(resources, 'AWS::IAM::Role').flatMap(([id, { Properties }]) => [
    ...list(Properties.Policies).flatMap((policy) =>
      statementsOf((policy as { PolicyDocument: unknown }).PolicyDocument, who(id)),
    ),
    ...list(Properties.ManagedPolicyArns).flatMap((arn) => {
      const { Ref } = arn as { Ref?: string };
      if (Ref === undefined) throw new Error(`${id} has a managed policy of somebody else's: ${asText(arn)}`);
      return statementsOf(resources[Ref]?.Properties.PolicyDocument, who(id));
    }),
  ]);
  return [...own, ...managed];
}

/** Every statement of a policy that stands on a resource: queues, buckets, keys, tables. */
export function resourceStatements(resources: Resources): (Statement & { readonly principals: string })[] {
  return Object.entries(resources).flatMap(([id, { Type, Properties }]) => {
    if (Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::ManagedPolicy') return [];
    const document =
      Properties?.KeyPolicy ?? Properties?.ResourcePolicy?.PolicyDocument ?? Properties?.PolicyDocument;
    return list(document?.Statement).map((raw, index) => ({
      ...(statementsOf(document, id)[index] as Statement),
      principals: JSON.stringify((raw as { Principal?: unknown }).Principal),
    }));
  });
}

function statementsOf(document: unknown, who: string): Statement[] {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  return list((document as any)?.Statement).map((statement: any) => ({
    who,
    effect: statement.Effect,
    actions: list(statement.Action).map(asText),
    resources: list(statement.Resource).map(asText),
    conditions: statement.Condition ?? {},
  }));
}

/** Those whom these statements let do it, sorted. */
export function whoMay(statements: readonly Statement[], action: string): string[] {
  return [
    ...new Set(statements.filter(({ actions }) => actions.includes(action)).map(({ who }) => who)),
  ].sort();
}

/** The logical id of the table whose id begins so. */
export function tableId(resources: Resources, beginning: string): string {
  return ofType(resources, 'AWS::DynamoDB::Table').find(([id]) => id.startsWith(beginning))?.[0] as string;
}

/** Whether a statement is about this resource, or a part of it. */
export const isOn =
  (logicalId: string) =>
  ({ resources }: Statement): boolean =>
    resources.some((resource) => resource.startsWith(`\${${logicalId}.`));
