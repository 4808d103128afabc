import { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';

type Fields = Readonly<Record<string, unknown>>;

/** Structurally the port `Logger`, with what the middleware stack needs. */
export interface RuntimeLogger {
  info(message: string, fields: Fields): void;
  warn(message: string, fields: Fields): void;
  error(message: string, fields: Fields): void;
  /** Puts the id on every line from here on. */
  correlate(correlationId: string): void;
  /** Puts the invocation (request id, function, memory, cold start) on every line from here on. */
  bind(context: Context): void;
}

/** Fields whose value is never written, at any depth. Last defence; the callers do not pass them. */
const SECRET =
  /^(task_?token|token|client_?secret|secret|password|authorization|plaintext|ciphertext|secret_?access_?key|session_?token)$/i;

/**
 * JSON lines on standard output, each with `correlationId` (`none` before the first call). The level comes
 * from POWERTOOLS_LOG_LEVEL unless given. An Error among the fields is written with its stack and causes.
 */
export function powertoolsLogger({
  service,
  level,
}: {
  readonly service: string;
  readonly level?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'SILENT';
}): RuntimeLogger {
  const logger = new PowertoolsLogger({
    serviceName: service,
    persistentKeys: { correlationId: 'none' },
    jsonReplacerFn: (key, value) => (SECRET.test(key) ? '[redacted]' : value),
    ...(level ? { logLevel: level } : {}),
  });
  return {
    info: (message, fields) => logger.info(message, { ...fields }),
    warn: (message, fields) => logger.warn(message, { ...fields }),
    error: (message, fields) => logger.error(message, { ...fields }),
    correlate: (correlationId) => logger.appendPersistentKeys({ correlationId }),
    bind: (context) => logger.addContext(context),
  };
}
