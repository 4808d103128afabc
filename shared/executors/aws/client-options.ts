/**
 * Options of the SDK clients. Region, credentials and endpoint come from the environment
 * (`AWS_REGION`, `AWS_ENDPOINT_URL`), so that the same code runs against AWS and an emulator.
 */

/** Milliseconds to connect, and to the first byte of the answer. */
export const CONNECTION_TIMEOUT = 3_000;
export const REQUEST_TIMEOUT = 10_000;

const timeouts = {
  connectionTimeout: CONNECTION_TIMEOUT,
  requestTimeout: REQUEST_TIMEOUT,
  /** An answer that stops halfway. */
  socketTimeout: REQUEST_TIMEOUT,
  /** Without this the SDK only warns when the request timeout passes, and waits on. */
  throwOnRequestTimeout: true,
};

/**
 * For a client that sends what must not be sent twice: one attempt, known to have failed or not within
 * 10 s of sending. Connections are not kept: one that died while the function was frozen would turn a
 * request that never left into one whose fate is unknown.
 */
export function oneShotOptions() {
  // Node says "close" to the service only where the agent has no limit of sockets either.
  const agent = { keepAlive: false, maxSockets: Number.POSITIVE_INFINITY };
  return { maxAttempts: 1, requestHandler: { ...timeouts, httpAgent: agent, httpsAgent: agent } };
}

/** For reading, and for writes that may be repeated: three attempts, at most about 30 s in all. */
export function repeatableOptions() {
  return { maxAttempts: 3, requestHandler: { ...timeouts } };
}
