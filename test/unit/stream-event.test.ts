import { readStreamEvent } from '../../shared/contracts/stream-event';

const event = (
  changes: object = {},
  authorizer: object | null = { subject: 'iss#ana', roles: 'approver viewer' },
) => ({
  resource: '/api/approvals/stream',
  headers: null,
  queryStringParameters: null,
  requestContext: { requestId: 'r-1', ...(authorizer === null ? {} : { authorizer }) },
  ...changes,
});

describe('an event of API Gateway for the stream', () => {
  test('names who listens, as the authorizer found', () => {
    expect(readStreamEvent(event())).toEqual({
      person: { subject: 'iss#ana', roles: ['viewer', 'approver'] },
      correlationId: 'r-1',
    });
    const proven = { subject: 's', roles: '', expiresAt: '1767600000' };
    expect(readStreamEvent(event({}, proven))).toMatchObject({ provenUntil: 1_767_600_000_000 });
  });

  test('makes nobody anything that is no role', () => {
    const roles = 'root administrators constructor __proto__';
    expect(readStreamEvent(event({}, { subject: 's', roles })).person.roles).toEqual([]);
  });

  test('has its last event id in the header, however it is written, else in the query', () => {
    const query = { lastEventId: '5' };
    expect(readStreamEvent(event({ queryStringParameters: query })).lastEventId).toBe('5');
    for (const name of ['Last-Event-ID', 'last-event-id', 'LAST-EVENT-ID']) {
      const both = event({ headers: { [name]: '7' }, queryStringParameters: query });
      expect(readStreamEvent(both).lastEventId).toBe('7');
    }
  });

  test.each([
    ['without an authorizer', event({}, null)],
    ['with an authorizer that named nobody', event({}, { subject: '', roles: 'viewer' })],
    ['that is none', {}],
  ])('%s is listened to by nobody', (_title, given) => {
    expect(() => readStreamEvent(given)).toThrow();
  });
});
