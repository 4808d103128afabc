import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { httpsSender, pinnedTls } from '../../shared/outbound/https-sender';
import { isPublicAddress } from '../../shared/outbound/public-address';
import type { OutboundResult } from '../../shared/ports/outbound';

const PUBLIC = '93.184.215.14';

/** A receiver on this machine, which every connection that the sender opens is led to and counted at. */
async function withReceiver<T>(
  answer: RequestListener,
  use: (bench: ReceiverBench) => Promise<T>,
): Promise<T> {
  const received: IncomingMessage[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    received.push(request);
    answer(request, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const opened: { address: string; port: number; servername: string }[] = [];
  const asked: string[] = [];
  const post = (
    url: string,
    addresses: string[] | ((host: string) => string[]) = [PUBLIC],
    totalMs = 2_000,
  ) =>
    httpsSender({
      resolve: async (host) => {
        asked.push(host);
        return typeof addresses === 'function' ? addresses(host) : addresses;
      },
      connect: (to) => {
        opened.push(to);
        return connectTcp(port, '127.0.0.1');
      },
      resolveMs: 100,
      totalMs,
    }).post({ url, headers: { 'content-type': 'application/json', 'webhook-id': 'm1' }, body: '{"é":1}' });
  try {
    return await use({ post, opened, asked, received, connections: () => connections });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
interface ReceiverBench {
  readonly post: (
    url: string,
    addresses?: string[] | ((host: string) => string[]),
    totalMs?: number,
  ) => Promise<OutboundResult>;
  readonly opened: readonly { address: string; port: number; servername: string }[];
  readonly asked: readonly string[];
  readonly received: readonly IncomingMessage[];
  readonly connections: () => number;
}
const ok: RequestListener = (_request, response) => void response.writeHead(204).end();

test('a receiver at a public address is posted to, at that address and under its name', async () => {
  await withReceiver(ok, async ({ post, opened, asked, received, connections }) => {
    expect(await post('https://hooks.acme.com/grace?team=a%20b')).toEqual({ kind: 'answered', status: 204 });
    expect(opened).toEqual([{ address: PUBLIC, port: 443, servername: 'hooks.acme.com' }]);
    expect(asked).toEqual(['hooks.acme.com']);
    expect(connections()).toBe(1);
    expect(received[0]).toMatchObject({ method: 'POST', url: '/grace?team=a%20b' });
    expect(received[0]?.headers).toMatchObject({
      host: 'hooks.acme.com',
      'content-length': '8',
      'webhook-id': 'm1',
      connection: 'close',
    });
  });
});

describe('a hostile URL makes no connection and asks for no name', () => {
  test.each([
    ['http://hooks.acme.com/', 'NOT_HTTPS'],
    ['ftp://hooks.acme.com/', 'NOT_HTTPS'],
    ['file:///etc/passwd', 'NOT_HTTPS'],
    ['gopher://hooks.acme.com/', 'NOT_HTTPS'],
    ['data:text/plain,x', 'NOT_HTTPS'],
    ['https://hooks.acme.com:8443/', 'PORT_NOT_443'],
    ['https://hooks.acme.com:80/', 'PORT_NOT_443'],
    ['https://user:pass@hooks.acme.com/', 'CREDENTIALS_IN_URL'],
    ['https://user@hooks.acme.com/', 'CREDENTIALS_IN_URL'],
    ['https://@hooks.acme.com/', 'CREDENTIALS_IN_URL'],
    ['https://hooks.acme.com@169.254.169.254/', 'CREDENTIALS_IN_URL'],
    ['https://127.0.0.1/', 'HOST_NOT_A_NAME'],
    ['https://2130706433/', 'HOST_NOT_A_NAME'],
    ['https://0x7f000001/', 'HOST_NOT_A_NAME'],
    ['https://0177.0.0.1/', 'HOST_NOT_A_NAME'],
    ['https://0x7f.1/', 'HOST_NOT_A_NAME'],
    ['https://127.1/', 'HOST_NOT_A_NAME'],
    ['https://0/', 'HOST_NOT_A_NAME'],
    ['https://169.254.169.254/latest/meta-data/', 'HOST_NOT_A_NAME'],
    ['https://[::1]/', 'HOST_NOT_A_NAME'],
    ['https://[::ffff:169.254.169.254]/', 'HOST_NOT_A_NAME'],
    ['https://[fd00:ec2::254]/', 'HOST_NOT_A_NAME'],
    ['https://[fe80::1%25eth0]/', 'URL_INVALID'],
    ['https://[64:ff9b::a9fe:a9fe]/', 'HOST_NOT_A_NAME'],
    ['https://localhost/', 'HOST_NOT_A_NAME'],
    ['https://metadata/', 'HOST_NOT_A_NAME'],
    ['https://metadata.google.internal/', 'HOST_NOT_A_NAME'],
    ['https://printer.local/', 'HOST_NOT_A_NAME'],
    ['https://hooks.acme.com./', 'HOST_NOT_A_NAME'],
    ['https://hooks.acme.com%2f@evil.com/', 'CREDENTIALS_IN_URL'],
    ['https://１２７.0.0.1/', 'URL_INVALID'],
    ['https://hooks.acme.com\\@evil.com/', 'URL_INVALID'],
    ['https://hooks.acme.com/a b', 'URL_INVALID'],
    ['https://hooks.acme.com/\r\nhost: evil', 'URL_INVALID'],
    ['https://hooks.acme.com/\u0000', 'URL_INVALID'],
    ['//hooks.acme.com/', 'URL_INVALID'],
    ['', 'URL_INVALID'],
    [`https://hooks.acme.com/${'a'.repeat(3_000)}`, 'URL_INVALID'],
  ])('%j: %s', async (url, code) => {
    await withReceiver(ok, async ({ post, opened, asked, connections }) => {
      expect(await post(url)).toEqual({ kind: 'failed', code });
      expect([opened, asked, connections()]).toEqual([[], [], 0]);
    });
  });
});

/** Where a name may lead that is no place for a webhook. */
const NOT_PUBLIC = [
  ...[
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.255.254',
    '168.63.129.16',
  ],
  ...['169.254.0.1', '169.254.169.254', '169.254.170.2', '172.16.0.1', '172.31.255.255', '192.0.0.1'],
  ...['192.0.2.1', '192.88.99.1', '192.168.0.1', '198.18.0.1', '198.19.255.255', '198.51.100.1'],
  ...['203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
  ...[
    '::',
    '::1',
    '::127.0.0.1',
    '::a9fe:a9fe',
    '::ffff:10.0.0.1',
    '::ffff:93.184.215.14',
    '::ffff:0:1.2.3.4',
  ],
  ...['64:ff9b::1.2.3.4', '64:ff9b::a9fe:a9fe', '64:ff9b:1::a00:1', '100::1', '2001::1', '2001:2::1'],
  ...['2001:10::1', '2001:20::1', '2001:db8::1', '2002:a00:1::1', '2002:7f00:1::', '3fff::1', '4000::1'],
  ...[
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '1.2.3',
    'x',
    '',
  ],
];

describe('a name that leads inside makes no connection', () => {
  test.each(NOT_PUBLIC)('%s', async (address) => {
    await withReceiver(ok, async ({ post, opened, connections }) => {
      expect(await post('https://hooks.acme.com/', [address])).toEqual({
        kind: 'failed',
        code: 'ADDRESS_NOT_PUBLIC',
      });
      // Hidden among public ones, wherever it stands, neither.
      for (const all of [
        [PUBLIC, address],
        [address, PUBLIC],
        ['2606:4700::1111', PUBLIC, address],
      ])
        await post('https://hooks.acme.com/', all);
      expect([opened, connections()]).toEqual([[], 0]);
    });
  });

  test.each([
    '8.8.8.8',
    '93.184.215.14',
    '2606:4700:4700::1111',
    '2a00:1450:4001:80b::200e',
    '100.128.0.1',
    '172.32.0.1',
  ])('%s is public', (address) => expect(isPublicAddress(address)).toBe(true));

  test('that resolves differently every time is asked for once, and led to the address that was checked', async () => {
    await withReceiver(ok, async ({ post, opened, asked }) => {
      let looks = 0;
      const rebinding = () => (looks++ === 0 ? [PUBLIC] : ['127.0.0.1']);
      expect(await post('https://rebind.acme.com/', rebinding)).toMatchObject({ status: 204 });
      expect([asked.length, opened]).toEqual([
        1,
        [{ address: PUBLIC, port: 443, servername: 'rebind.acme.com' }],
      ]);
      // The next attempt sees the other face.
      expect(await post('https://rebind.acme.com/', rebinding)).toMatchObject({ code: 'ADDRESS_NOT_PUBLIC' });
      expect(opened).toHaveLength(1);
    });
  });

  test('or to nothing, or not in time, is a failure of its own', async () => {
    await withReceiver(ok, async ({ post, connections }) => {
      expect(await post('https://hooks.acme.com/', [])).toMatchObject({ code: 'NAME_NOT_RESOLVED' });
      const unknown = () => {
        throw new Error('ENOTFOUND');
      };
      expect(await post('https://hooks.acme.com/', unknown)).toMatchObject({ code: 'NAME_NOT_RESOLVED' });
      const never = httpsSender({ resolve: () => new Promise(() => undefined), resolveMs: 5 });
      expect(await never.post({ url: 'https://hooks.acme.com/', headers: {}, body: '' })).toEqual({
        kind: 'failed',
        code: 'NAME_NOT_RESOLVED',
      });
      expect(connections()).toBe(0);
    });
  });
});

describe('what the receiver does', () => {
  test.each([301, 302, 303, 307, 308])(
    'a redirect (%d) is an answer, and is not followed',
    async (status) => {
      const redirect: RequestListener = (_request, response) =>
        void response.writeHead(status, { location: 'https://169.254.169.254/latest/' }).end();
      await withReceiver(redirect, async ({ post, connections, asked }) => {
        expect(await post('https://hooks.acme.com/')).toEqual({ kind: 'answered', status });
        expect([connections(), asked.length]).toEqual([1, 1]);
      });
    },
  );

  test('an answer without an end is read up to 16 KiB', async () => {
    let written = 0;
    const endless: RequestListener = (_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        if (response.destroyed) return;
        written += 4_096;
        if (response.write(Buffer.alloc(4_096))) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    };
    await withReceiver(endless, async ({ post }) => {
      expect(await post('https://hooks.acme.com/')).toEqual({ kind: 'answered', status: 200 });
    });
    expect(written).toBeLessThan(16 * 1024 * 1024);
  });

  test('no answer is waited for until the time is over', async () => {
    await withReceiver(
      () => undefined,
      async ({ post }) => {
        expect(await post('https://hooks.acme.com/', [PUBLIC], 30)).toEqual({
          kind: 'failed',
          code: 'TIMED_OUT',
        });
      },
    );
  });

  test('a body that drips does not take back the status that came', async () => {
    const dripping: RequestListener = (_request, response) => void response.writeHead(202).write('.');
    await withReceiver(dripping, async ({ post }) => {
      expect(await post('https://hooks.acme.com/', [PUBLIC], 50)).toEqual({ kind: 'answered', status: 202 });
    });
  });

  test('a broken connection is a failure, not a fault', async () => {
    const broken: RequestListener = (request) => void request.socket.destroy();
    await withReceiver(broken, async ({ post }) => {
      expect(await post('https://hooks.acme.com/')).toEqual({ kind: 'failed', code: 'NOT_CONNECTED' });
    });
  });

  test.each([
    ['120', 120_000],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    ['-1', undefined],
  ])('asks for time by Retry-After %j', async (header, retryAfterMs) => {
    const busy: RequestListener = (_request, response) =>
      void response.writeHead(429, { 'retry-after': header }).end();
    await withReceiver(busy, async ({ post }) => {
      expect(await post('https://hooks.acme.com/')).toEqual({
        kind: 'answered',
        status: 429,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      });
    });
  });
});

describe('the certificate', () => {
  test('of nobody who is trusted is refused, under the right name too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'grace-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const made = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
    ];
    execFileSync('openssl', [...made, '-subj', '/CN=hooks.acme.com', '-keyout', key, '-out', cert], {
      stdio: 'pipe',
    });
    const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, () => undefined);
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const socket = pinnedTls({ address: '127.0.0.1', port, servername: 'hooks.acme.com' });
      const [error] = await once(socket, 'error');
      expect(error).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});

test('proxies of the environment are not used', async () => {
  const before = { ...process.env };
  Object.assign(process.env, {
    HTTPS_PROXY: 'http://127.0.0.1:9/',
    https_proxy: 'http://127.0.0.1:9/',
    NODE_USE_ENV_PROXY: '1',
  });
  try {
    await withReceiver(ok, async ({ post }) => {
      expect(await post('https://hooks.acme.com/')).toMatchObject({ status: 204 });
    });
  } finally {
    process.env = before;
  }
});
