/** Webhooks: what the sender may read and write, and what it is told of. */
import { HEARTBEAT_MS, STREAM_LIFE_MS } from '../../functions/notices-stream/notices';
import { WEBHOOK_EVENTS } from '../../shared/contracts/webhook';
import { EVENT_TYPES } from '../../shared/domain/event-types';
import { asText, ofType, type Resource, templates } from '../support/stack-template';

const GIVEN = {
  consoleUrl: 'https://grace.example.com/',
  webhooks: [
    { id: 'ops', format: 'generic', url: 'https://hooks.acme.com/grace', secretParameter: '/grace/ops' },
    { id: 'chat', format: 'slack', urlParameter: '/grace/chat', events: ['agentic.escalated'] },
  ],
};
const { grace } = templates(GIVEN);
const { grace: without } = templates({});

type Statement = {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
};
function statementsOf(name: string): Statement[] {
  const [, policy] = ofType(grace, 'AWS::IAM::Policy').find(([id]) =>
    id.toLowerCase().includes(name.replaceAll('-', '')),
  ) as [string, Resource];
  return policy.Properties.PolicyDocument.Statement;
}
const allowing = (name: string, action: string) =>
  statementsOf(name).filter(({ Action }) => [Action].flat().includes(action));

describe('the webhook sender', () => {
  it('may read the parameters that the settings name, and no others', () => {
    const [{ Resource: arns } = { Resource: undefined }, ...more] = allowing(
      'webhook-sender',
      'ssm:GetParameter',
    );
    expect(more).toEqual([]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
    const here = 'arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/grace/';
    expect((arns as unknown[]).map(asText).sort()).toEqual([`${here}chat`, `${here}ops`]);
  });

  it('may write deliveries, and its answer to the canary', () => {
    const writes = allowing('webhook-sender', 'dynamodb:PutItem');
    expect(writes).toHaveLength(1);
    expect(writes[0]?.Condition).toMatchObject({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['DELIVERY#*'] },
    });
    const updates = allowing('webhook-sender', 'dynamodb:UpdateItem');
    expect(updates.map(({ Condition }) => Condition)).toEqual([
      {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['CANARY#people*'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    ]);
  });

  it('is given names of parameters, and no secret', () => {
    const [, { Properties }] = ofType(grace, 'AWS::Lambda::Function').find(
      ([, each]) => each.Properties.FunctionName === 'grace-webhook-sender',
    ) as [string, Resource];
    expect(Object.keys(Properties.Environment.Variables).sort()).toEqual([
      'GRACE_SETTINGS',
      'POWERTOOLS_LOG_LEVEL',
      'STATE_TABLE',
      'WEBHOOK_DEAD_LETTERS_URL',
      'WEBHOOK_QUEUE_URL',
    ]);
  });

  const told = (of: typeof grace) =>
    ofType(of, 'AWS::Events::Rule').filter(([id]) => id.includes('WebhooksOut'));
  it('is told of every event of approval, of what needs a person and of epochs that are closed, where there is a webhook, and of the canary always', () => {
    const [[, rule] = [undefined, undefined]] = told(grace);
    expect(rule?.Properties.EventPattern).toEqual({
      source: ['grace'],
      'detail-type': [...WEBHOOK_EVENTS, 'audit.canary'],
    });
    expect([...WEBHOOK_EVENTS].sort()).toEqual(
      Object.keys(EVENT_TYPES)
        .filter((type) => /^approval\.|^agentic\.escalated$|^audit\.epoch_closed$/.test(type))
        .sort(),
    );
    const [[, alone] = [undefined, undefined]] = told(without);
    expect(alone?.Properties.EventPattern).toEqual({ source: ['grace'], 'detail-type': ['audit.canary'] });
  });
});

describe('the stream', () => {
  it('reads contracts and the audit log, and may change nothing', () => {
    const actions = statementsOf('notices-stream').flatMap(({ Action }) => Action);
    expect(actions.filter((action) => !/^logs:|^dynamodb:(GetItem|Query)$/.test(action))).toEqual([]);
    expect(allowing('notices-stream', 'dynamodb:GetItem')[0]?.Condition).toMatchObject({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['CONTRACT#*'] },
    });
  });

  it('is a path of its own behind the authorizer, streamed for as long as the function runs', () => {
    const [, method] = ofType(grace, 'AWS::ApiGateway::Method').find(
      ([, { Properties }]) => Properties.Integration?.ResponseTransferMode === 'STREAM',
    ) as [string, Resource];
    const { Properties } = method;
    expect(Properties).toMatchObject({ HttpMethod: 'GET', AuthorizationType: 'CUSTOM' });
    expect(asText(Properties.Integration.Uri)).toMatch(
      /2021-11-15\/functions\/.*\/response-streaming-invocations$/,
    );
    const { Timeout } = (
      ofType(grace, 'AWS::Lambda::Function').find(
        ([, each]) => each.Properties.FunctionName === 'grace-notices-stream',
      ) as [string, Resource]
    )[1].Properties;
    expect(Properties.Integration.TimeoutInMillis).toBe(1000 * Timeout);
    // A stream ends by itself before its function is ended, and both before API Gateway gives up.
    expect(STREAM_LIFE_MS).toBeLessThan(1000 * Timeout);
    expect(Timeout).toBeLessThan(900);
    expect(HEARTBEAT_MS).toBeLessThan(30_000);
  });
});
