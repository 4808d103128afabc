import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { SFNClient } from '@aws-sdk/client-sfn';
import { contractNews } from '../../shared/contracts/contract-news';
import { songNotice } from '../../shared/contracts/song-notice';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { AWAIT_APPROVAL_STATE } from '../../shared/names';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { queueHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { sfnCallbacks } from '../../shared/stores/aws/step-functions';
import { kmsTokenCipher } from '../../shared/stores/aws/token-cipher';
import { canaryStore } from '../../shared/stores/canary-store';
import { contractStore } from '../../shared/stores/contract-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { tokenStore } from '../../shared/stores/token-store';
import { relay } from './relay';

const env = functionEnvironment('stateTable', 'tokensTable', 'tokenKeyId', 'stateMachineArn');
const client = new DynamoDBClient(repeatableOptions());
const state = createDynamoTable({ client, tableName: env.stateTable });
const deps = {
  contracts: contractStore(state),
  canaries: canaryStore(state),
  tokens: tokenStore(createDynamoTable({ client, tableName: env.tokensTable })),
  cipher: kmsTokenCipher({ client: new KMSClient(repeatableOptions()), keyId: env.tokenKeyId }),
  callbacks: sfnCallbacks({
    client: new SFNClient(repeatableOptions()),
    stateMachineArn: env.stateMachineArn,
    waitState: AWAIT_APPROVAL_STATE,
  }),
  clock: systemClock,
};
const watched = observers('relay');

export const handler = queueHandler({
  ...watched,
  async run(records, call) {
    const failed: string[] = [];
    for (const record of records) {
      try {
        const input = songNotice(record.body) ?? { contractId: contractNews(record.body).contractId };
        if ('contractId' in input) call.correlate(input.contractId);
        const outcome = await relay(input, deps);
        watched.logger.info('callback relayed', { code: 'CALLBACK_RELAYED', ...input, outcome });
      } catch (error) {
        failed.push(record.messageId);
        watched.logger.error('callback not delivered', { code: 'CALLBACK_UNDELIVERED', error });
      }
    }
    return failed;
  },
});
