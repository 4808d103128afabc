import * as z from 'zod'; import { taskHandler } from '../shared/runtime/handler'; import { powertoolsLogger } from '../shared/runtime/logger'; import { emfMetrics } from '../shared/runtime/metrics'; import { readEnv } from '../shared/runtime/environment';
const env = readEnv(z.object({ STATE_TABLE: z.string() }));
const wrap = (run: (i: { contractId: string }) => Promise<unknown>) => taskHandler({ name: 'x', input: z.strictObject({ contractId: z.string() }), logger: powertoolsLogger({ service: 'x' }), metrics: emfMetrics(), run });
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'; import { autoscalingActions } from '../shared/executors/aws/autoscaling-group'; import { oneShotOptions } from '../shared/executors/aws/client-options';
const a = autoscalingActions({ client: new AutoScalingClient(oneShotOptions()) }); export const handler = wrap(async () => a.send({} as any).then(() => a.describe({ kind: 'ec2:instance', region: '', account: '', id: '' } as any)));
