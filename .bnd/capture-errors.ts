import middy from '@middy/core'; import { captureErrors } from '../shared/runtime/capture-errors'; export const handler = middy(async () => 1).use(captureErrors({ service: 'x', busName: 'y' }));
