import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { ssmSecrets } from '../../shared/stores/aws/parameters';
import { messageDelay, sqsDeadLetters } from '../../shared/stores/aws/webhook-queue';

describe('secrets in SSM', () => {
  const ssm = mockClient(SSMClient);
  beforeEach(() => ssm.reset());
  const secretsAt = (clock: { now: () => number }) => ssmSecrets({ client: new SSMClient({}), clock });

  test('are decrypted, and asked for once in five minutes', async () => {
    ssm.on(GetParameterCommand).resolves({ Parameter: { Type: 'SecureString', Value: 'whsec_x' } });
    let now = 0;
    const secrets = secretsAt({ now: () => now });
    expect([await secrets.get('/a'), await secrets.get('/a')]).toEqual(['whsec_x', 'whsec_x']);
    expect(ssm.commandCalls(GetParameterCommand)).toHaveLength(1);
    expect(ssm.commandCalls(GetParameterCommand)[0]?.args[0].input).toEqual({
      Name: '/a',
      WithDecryption: true,
    });
    now = 300_000;
    await secrets.get('/a');
    expect(ssm.commandCalls(GetParameterCommand)).toHaveLength(2);
  });

  test.each([[{ Type: 'String', Value: 'hunter2' }], [{ Type: 'SecureString', Value: '' }], [undefined]])(
    'are refused where anybody could read them, or where there is none: %j',
    async (parameter) => {
      ssm.on(GetParameterCommand).resolves(parameter === undefined ? {} : { Parameter: parameter as never });
      const asked = secretsAt({ now: () => 0 }).get('/a');
      await expect(asked).rejects.toThrow('/a must be a parameter of type SecureString');
      await expect(asked).rejects.not.toThrow('hunter2');
    },
  );
});

describe('the queue of webhooks', () => {
  const sqs = mockClient(SQSClient);
  beforeEach(() => sqs.reset());

  test.each([
    [0, 0],
    [1, 1],
    [1_500, 2],
    [3 * 3_600_000, 10_800],
    [99 * 3_600_000, 43_200],
  ])('hides a message for %d ms as %d s', async (ms, seconds) => {
    sqs.on(ChangeMessageVisibilityCommand).resolves({});
    await messageDelay({ client: new SQSClient({}), queueUrl: 'https://q' })('receipt', ms);
    expect(sqs.commandCalls(ChangeMessageVisibilityCommand)[0]?.args[0].input).toEqual({
      QueueUrl: 'https://q',
      ReceiptHandle: 'receipt',
      VisibilityTimeout: seconds,
    });
  });

  test('has dead letters that are JSON', async () => {
    sqs.on(SendMessageCommand).resolves({});
    await sqsDeadLetters({ client: new SQSClient({}), queueUrl: 'https://dead' }).bury({ webhook: 'ops' });
    expect(sqs.commandCalls(SendMessageCommand)[0]?.args[0].input).toEqual({
      QueueUrl: 'https://dead',
      MessageBody: '{"webhook":"ops"}',
    });
  });
});
