import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { streamHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { eventBridgeMesh } from '../../shared/stores/aws/mesh';
import { fromStreamRecord } from '../../shared/stores/stream-record';
import { publishChanges } from './mesh-publisher';

const env = functionEnvironment('busName');
const watched = observers('mesh-publisher');
const deps = {
  mesh: eventBridgeMesh({ client: new EventBridgeClient(repeatableOptions()), busName: env.busName }),
  logger: watched.logger,
};

export const handler = streamHandler({
  ...watched,
  read: fromStreamRecord,
  async run(changes) {
    await publishChanges(changes, deps);
  },
});
