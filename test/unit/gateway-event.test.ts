import { readGatewayEvent } from '../../shared/contracts/api/gateway-event';

/** A proxy event as API Gateway's REST APIs send it; of a path below `/api` with the authorizer's answer. */
const proxyEvent = (given: Readonly<Record<string, unknown>> = {}, context: object = {}) => ({
  resource: '/api/{proxy+}',
  path: '/api/contracts',
  httpMethod: 'GET',
  headers: { Accept: '*/*', Authorization: 'Bearer aaa.bbb.ccc', 'X-Forwarded-For': '203.0.113.7' },
  multiValueHeaders: { Accept: ['*/*'], Authorization: ['Bearer aaa.bbb.ccc'] },
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  pathParameters: { proxy: 'contracts' },
  stageVariables: null,
  requestContext: {
    resourceId: 'abc123',
    authorizer: {
      principalId: 'https://issuer.example#ana',
      subject: 'https://issuer.example#ana',
      roles: 'approver viewer',
      authenticatedAt: '1767268800000',
      integrationLatency: 12,
    },
    resourcePath: '/api/{proxy+}',
    httpMethod: 'GET',
    path: '/live/api/contracts',
    accountId: '123456789012',
    stage: 'live',
    requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
    identity: { sourceIp: '203.0.113.7', userArn: null, caller: null, accessKey: null },
    apiId: 'a1b2c3',
    ...context,
  },
  body: null,
  isBase64Encoded: false,
  ...given,
});
const EXECUTION = 'arn:aws:sts::123456789012:assumed-role/Deploy/session-of-their-choice';
const MACHINES = [{ principal: 'arn:aws:iam::123456789012:role/Deploy', roles: ['operator'] }] as const;
const machineEvent = (userArn: unknown, given: object = {}) =>
  proxyEvent(
    { path: '/machine/api/contracts', ...given },
    { authorizer: null, identity: { sourceIp: '203.0.113.7', userArn } },
  );
const read = (event: unknown) => readGatewayEvent(event, MACHINES);

describe('a request of a person', () => {
  test('is read with who calls, as the authorizer says, and the token to pass on', () => {
    expect(read(proxyEvent())).toEqual({
      method: 'GET',
      path: '/api/contracts',
      query: {},
      headers: { accept: '*/*', authorization: 'Bearer aaa.bbb.ccc', 'x-forwarded-for': '203.0.113.7' },
      body: Buffer.alloc(0),
      caller: {
        kind: 'person',
        token: 'aaa.bbb.ccc',
        person: {
          subject: 'https://issuer.example#ana',
          roles: ['viewer', 'approver'],
          authenticatedAt: 1_767_268_800_000,
        },
      },
    });
  });

  test('keeps every value of a query parameter, so that one given twice can be refused', () => {
    const { query } = read(
      proxyEvent({
        queryStringParameters: { limit: '20', status: 'approved' },
        multiValueQueryStringParameters: { limit: ['10', '20'], status: ['approved'] },
      }),
    );
    expect(query).toEqual({ limit: ['10', '20'], status: ['approved'] });
    expect(read(proxyEvent({ queryStringParameters: { limit: '20', empty: null } })).query).toEqual({
      limit: ['20'],
      empty: [''],
    });
  });

  test.each([
    ['{"a":"ä"}', false],
    [Buffer.from('{"a":"ä"}').toString('base64'), true],
  ])('has its body as bytes, whichever way it came: %s', (body, isBase64Encoded) => {
    expect(Buffer.from(read(proxyEvent({ body, isBase64Encoded })).body).toString('utf8')).toBe('{"a":"ä"}');
  });

  test('has the path as it came, percent-encoded and without the stage', () => {
    expect(read(proxyEvent({ path: '/api/contracts/a%2Fb' })).path).toBe('/api/contracts/a%2Fb');
  });

  test.each([
    ['no authorizer, as on an open path', { authorizer: null }, 'TOKEN_MISSING'],
    ['no subject', { authorizer: { principalId: 'nobody' } }, 'TOKEN_MISSING'],
    ['what is wrong with the token', { authorizer: { code: 'TOKEN_EXPIRED' } }, 'TOKEN_EXPIRED'],
    ['a code that is none of ours', { authorizer: { code: 'ROOT' } }, 'TOKEN_MISSING'],
    ['a code that every object has', { authorizer: { code: 'constructor' } }, 'TOKEN_MISSING'],
    ['a subject that is no text', { authorizer: { subject: { toString: 'x' } } }, 'TOKEN_MISSING'],
  ])('is nobody with %s', (_what, context, code) => {
    expect(read(proxyEvent({}, context)).caller).toEqual({ kind: 'nobody', code });
  });

  test.each([undefined, 'Basic YTpi', 'Bearer', 'Bearer a b', 'x Bearer a'])(
    'is nobody without a token that could be passed on: %s',
    (authorization) => {
      const headers = authorization === undefined ? null : { authorization };
      expect(read(proxyEvent({ headers })).caller).toEqual({ kind: 'nobody', code: 'TOKEN_MISSING' });
    },
  );

  test('has only roles that there are', () => {
    const authorizer = { subject: 'ana', roles: 'administrators viewer root, constructor' };
    expect(read(proxyEvent({}, { authorizer })).caller).toMatchObject({ person: { roles: ['viewer'] } });
  });

  test.each(['soon', '1e400', '1.5', {}])(
    'has not signed in at a time that is none: %j',
    (authenticatedAt) => {
      const authorizer = { subject: 'ana', roles: 'viewer', authenticatedAt };
      expect(read(proxyEvent({}, { authorizer })).caller).toMatchObject({
        person: { subject: 'ana', roles: ['viewer'] },
      });
      expect(read(proxyEvent({}, { authorizer })).caller).not.toHaveProperty('person.authenticatedAt');
    },
  );
});

describe('a request of a machine', () => {
  test('is the role that signed it, with the roles of the settings, at the path of a person', () => {
    expect(read(machineEvent(EXECUTION))).toMatchObject({
      path: '/api/contracts',
      caller: {
        kind: 'machine',
        person: { subject: 'arn:aws:iam::123456789012:role/Deploy', roles: ['operator'] },
      },
    });
  });

  test('that the settings do not name has no role', () => {
    expect(read(machineEvent('arn:aws:iam::123456789012:user/eve')).caller).toEqual({
      kind: 'machine',
      person: { subject: 'arn:aws:iam::123456789012:user/eve', roles: [] },
    });
  });

  test('is nobody when nobody signed it, whatever token it brings', () => {
    expect(read(machineEvent(null)).caller).toEqual({ kind: 'nobody', code: 'TOKEN_MISSING' });
  });

  test('is not told by an ARN on a path of people', () => {
    const context = { authorizer: null, identity: { userArn: EXECUTION } };
    for (const path of ['/api/contracts', '/machine', '/machinery/api', '/api/machine/contracts'])
      expect(read(proxyEvent({ path }, context)).caller).toEqual({ kind: 'nobody', code: 'TOKEN_MISSING' });
  });

  test('is not what a person is: the authorizer is not asked about it', () => {
    const event = proxyEvent({ path: '/machine/api/contracts' }, { identity: { userArn: null } });
    expect(read(event).caller).toEqual({ kind: 'nobody', code: 'TOKEN_MISSING' });
  });
});

describe('what is no proxy event', () => {
  test.each([
    [null],
    ['GET /api/contracts'],
    [{}],
    [proxyEvent({ path: 7 })],
    [proxyEvent({ body: { a: 1 } })],
    [proxyEvent({ headers: { accept: ['*/*'] } })],
    [proxyEvent({ requestContext: null })],
    [{ version: '2.0', rawPath: '/api/contracts', requestContext: { http: { method: 'GET' } } }],
  ])('is refused: %#', (event) => {
    expect(() => read(event)).toThrow(expect.objectContaining({ name: expect.stringContaining('Zod') }));
  });

  test('changes no prototype by the names of headers and parameters', () => {
    const names = JSON.parse('{"__proto__":"x","constructor":"y","accept":"z"}');
    const request = read(proxyEvent({ headers: names, queryStringParameters: names }));
    expect(Object.getPrototypeOf(request.headers)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(request.query)).toBe(Object.prototype);
    expect(request.headers).toMatchObject({ constructor: 'y', accept: 'z' });
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});
