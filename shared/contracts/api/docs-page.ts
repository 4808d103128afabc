import { createHash } from 'node:crypto';
import { problemsOf } from './openapi';
import { PROBLEMS } from './problems';
import type { Route } from './route';
import { ROUTES } from './routes';
import { STREAM_EVENTS, STREAM_PATH, STREAM_REFUSALS, STREAM_SUMMARY } from './stream';

const STYLE = [
  ':root{color-scheme:light dark}',
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}',
  'code,h3{font-family:ui-monospace,monospace}',
  'h3{margin-bottom:0;font-size:1rem;overflow-wrap:anywhere}',
  'table{border-collapse:collapse}td,th{text-align:left;vertical-align:top;padding:.2rem .8rem .2rem 0}',
].join('');

/** Everything the page may do: show itself, in its own style. */
export const DOCS_PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The route table as a page for people: no script, nothing loaded from anywhere. */
export function docsPage(): string {
  const routes = Object.values(ROUTES) as Route[];
  const tags = [...new Set(routes.map(({ tag }) => tag))];
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>Grace: API</title><style>${STYLE}</style></head><body><main><h1>Grace: API</h1>`,
    '<p>Send <code>Authorization: Bearer</code> with an access token. Every answer is <code>{data, meta}</code>; ',
    'every failure is a problem (RFC 9457) with one of the codes below. For programs: ',
    '<a href="openapi.json">OpenAPI 3.1</a>.</p>',
    ...tags.flatMap((tag) => [
      `<h2>${escaped(tag)}</h2>`,
      ...routes.filter((route) => route.tag === tag).map(routeText),
    ]),
    '<h2>live notices</h2>',
    streamText(),
    '<h2>Problems</h2><table><thead><tr><th>code</th><th>status</th><th>meaning</th></tr></thead><tbody>',
    ...Object.entries(PROBLEMS).map(
      ([code, { status, title }]) =>
        `<tr><td><code>${code}</code></td><td>${status}</td><td>${escaped(title)}</td></tr>`,
    ),
    '</tbody></table></main></body></html>\n',
  ].join('');
}

function routeText(route: Route): string {
  const { method, path, summary, roles, machines, query, status } = route;
  const names = Object.keys(query?.shape ?? {});
  const codes = [...problemsOf(route)].map(([each]) => each).join(', ');
  return [
    `<h3>${method} ${escaped(path)}</h3><p>${escaped(summary)}.<br>`,
    names.length === 0 ? '' : `Query: <code>${names.map(escaped).join('</code>, <code>')}</code>. `,
    `Roles: ${roles.join(', ')}${machines ? '; machines too' : ''}. Answers ${status}, or ${codes}.</p>`,
  ].join('');
}

function streamText(): string {
  const events = Object.keys(STREAM_EVENTS).join('</code>, <code>');
  return [
    `<h3>GET ${STREAM_PATH}</h3><p>${STREAM_SUMMARY}.<br>`,
    `Events: <code>${events}</code>. Answers 200, or ${[...STREAM_REFUSALS.keys()].join(', ')}.</p>`,
  ].join('');
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
