import type { DynamoDBRecord } from 'aws-lambda';
import type { ChangeRecord } from '../ports/table';
import { fromAttributeValues } from './attribute-value';
import { StoreRequestError } from './errors';

/** Who removes what has expired, as stream records name it. */
const EXPIRY = { type: 'Service', principalId: 'dynamodb.amazonaws.com' } as const;

/**
 * The change that a record of the table's stream (view NEW_AND_OLD_IMAGES) carries, as Lambda delivers it.
 * Attributes of types that Grace never writes are kept, see `fromAttributeValues`.
 * @throws StoreRequestError when the record has no event id or no keys: then the mapping is wrong
 */
export function fromStreamRecord(record: DynamoDBRecord): ChangeRecord {
  const { Keys, OldImage, NewImage, ApproximateCreationDateTime = 0 } = record.dynamodb ?? {};
  if (record.eventID === undefined || Keys === undefined) {
    throw new StoreRequestError('a stream record without an event id or keys');
  }
  const { pk, sk } = fromAttributeValues(Keys);
  const identity = record.userIdentity as { type?: unknown; principalId?: unknown } | undefined;
  return {
    eventId: record.eventID,
    keys: { pk, sk },
    before: OldImage && fromAttributeValues(OldImage),
    after: NewImage && fromAttributeValues(NewImage),
    expired:
      record.eventName === 'REMOVE' &&
      identity?.type === EXPIRY.type &&
      identity.principalId === EXPIRY.principalId,
    at: ApproximateCreationDateTime * 1000,
  };
}
