import type { AttributeValue, CancellationReason } from '@aws-sdk/client-dynamodb';
import type { WriteResult } from '../ports/table';
import { fromAttributeValues } from './attribute-value';
import { StoreRequestError, StoreUnavailableError } from './errors';

/** Errors that pass, besides every error of a server and everything that is no answer of DynamoDB at all. */
const PASSING = new Set([
  'ExpiredTokenException',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'ReplicatedWriteConflictException',
  'RequestLimitExceeded',
  'RequestTimeout',
  'RequestTimeoutException',
  'ThrottlingException',
  'TransactionConflictException',
  'TransactionInProgressException',
]);

/** Reasons for which a transaction is cancelled that pass. */
const PASSING_REASONS = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

interface ServiceError {
  readonly name: string;
  readonly message: string;
  readonly $fault?: 'client' | 'server';
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly Item?: Record<string, AttributeValue>;
  readonly CancellationReasons?: readonly CancellationReason[];
}

/**
 * The failed conditions that an error of the SDK stands for.
 * @throws StoreUnavailableError for what may pass, StoreRequestError for what will not, with `cause`
 */
export function failedConditions(error: unknown): Extract<WriteResult, { ok: false }> {
  const { name, Item, CancellationReasons } = error as ServiceError;
  if (name === 'ConditionalCheckFailedException')
    return { ok: false, failed: [{ index: 0, item: itemOf(Item) }] };
  if (name !== 'TransactionCanceledException' || CancellationReasons === undefined) throw storeFault(error);
  const failed: { index: number; item: ReturnType<typeof itemOf> }[] = [];
  CancellationReasons.forEach((reason, index) => {
    if (reason.Code === 'ConditionalCheckFailed') failed.push({ index, item: itemOf(reason.Item) });
    else if (reason.Code !== 'None') throw cancellation(CancellationReasons, error);
  });
  if (failed.length === 0) throw cancellation(CancellationReasons, error);
  return { ok: false, failed };
}

/** The error to throw for an error of the SDK. */
export function storeFault(error: unknown): StoreUnavailableError | StoreRequestError {
  if (error instanceof StoreRequestError || error instanceof StoreUnavailableError) return error;
  const { name, message, $fault, $metadata } = error as ServiceError;
  const text = `DynamoDB: ${name}: ${message}`;
  const answered = $metadata?.httpStatusCode !== undefined && $fault === 'client';
  return answered && !PASSING.has(name)
    ? new StoreRequestError(text, { cause: error })
    : new StoreUnavailableError(text, { cause: error });
}

/** Of mixed reasons the one that does not pass decides: repeating would meet it again. */
function cancellation(
  reasons: readonly CancellationReason[],
  cause: unknown,
): StoreUnavailableError | StoreRequestError {
  const text = `transaction cancelled: ${reasons.map(({ Code, Message }) => Message ?? Code).join('; ')}`;
  const wrong = reasons.some(({ Code = '' }) => {
    return Code !== 'None' && Code !== 'ConditionalCheckFailed' && !PASSING_REASONS.has(Code);
  });
  return wrong ? new StoreRequestError(text, { cause }) : new StoreUnavailableError(text, { cause });
}

function itemOf(values: Record<string, AttributeValue> | undefined) {
  return values === undefined || Object.keys(values).length === 0 ? undefined : fromAttributeValues(values);
}
