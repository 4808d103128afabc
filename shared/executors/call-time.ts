/**
 * Milliseconds that a call and the writing of its result may take: connecting and the SDK's request
 * timeout (`aws/client-options.ts`), and the store. An executor with less time left does not call.
 */
export const CALL_MS = 15_000;
