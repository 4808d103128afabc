import type { DynamoDBRecord } from 'aws-lambda';
import { StoreRequestError } from '../../shared/stores/errors';
import { fromStreamRecord } from '../../shared/stores/stream-record';

const Keys = { pk: { S: 'CONTRACT#1' }, sk: { S: 'CONTRACT' } };
const keys = { pk: 'CONTRACT#1', sk: 'CONTRACT' };
const record = (change: Partial<DynamoDBRecord>): DynamoDBRecord => ({
  eventID: 'e1',
  eventName: 'MODIFY',
  ...change,
  dynamodb: { Keys, ApproximateCreationDateTime: 1_700_000_000, ...change.dynamodb },
});

describe('a stream record', () => {
  it('becomes a change with both images and its time in milliseconds', () => {
    const OldImage = { ...Keys, n: { N: '1' } };
    const NewImage = {
      ...Keys,
      n: { N: '2.5' },
      s: { SS: ['x'] },
      l: { L: [{ NULL: true }, { BOOL: false }] },
      m: { M: { k: { S: '' } } },
    };
    expect(fromStreamRecord(record({ dynamodb: { OldImage, NewImage } }))).toEqual({
      eventId: 'e1',
      keys,
      before: { ...keys, n: 1 },
      after: { ...keys, n: 2.5, s: new Set(['x']), l: [null, false], m: { k: '' } },
      expired: false,
      at: 1_700_000_000_000,
    });
  });

  it('is expired only when the service removed the item', () => {
    const service = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };
    const removed = { eventName: 'REMOVE', dynamodb: { OldImage: Keys } } as const;
    expect(fromStreamRecord(record({ ...removed, userIdentity: service }))).toMatchObject({
      expired: true,
      after: undefined,
    });
    expect(fromStreamRecord(record(removed)).expired).toBe(false);
    expect(fromStreamRecord(record({ ...removed, userIdentity: { ...service, type: 'User' } })).expired).toBe(
      false,
    );
    expect(fromStreamRecord(record({ eventName: 'MODIFY', userIdentity: service })).expired).toBe(false);
  });

  it('keeps what a hand in the console may have written, and tells it apart', () => {
    const of = (value: object) => {
      const NewImage = { ...Keys, value } as NonNullable<DynamoDBRecord['dynamodb']>['NewImage'];
      return fromStreamRecord(record({ dynamodb: { NewImage } as DynamoDBRecord['dynamodb'] })).after?.value;
    };
    expect(of({ B: 'aGk=' })).toEqual({ B: 'aGk=' });
    expect(of({ B: Buffer.from('hi') })).toEqual({ B: 'aGk=' });
    expect(of({ NS: ['1', '2'] })).toEqual({ NS: ['1', '2'] });
    expect(of({ N: '9007199254740993' })).toEqual({ N: '9007199254740993' });
    expect(of({ N: '0.12345678901234567890123' })).toEqual({ N: '0.12345678901234567890123' });
    expect(of({ N: '1e40' })).toEqual({ N: '1e40' });
    expect(of({ N: '1200' })).toBe(1200);
    expect(Object.keys(of({ M: JSON.parse('{"__proto__":{"S":"x"}}') }) as object)).toEqual(['__proto__']);
  });

  it('is refused without an event id or keys', () => {
    expect(() => fromStreamRecord({ dynamodb: { Keys } })).toThrow(StoreRequestError);
    expect(() => fromStreamRecord({ eventID: 'e1' })).toThrow(StoreRequestError);
  });
});
