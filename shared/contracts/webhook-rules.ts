import { checkOutboundUrl, type UrlFault } from '../domain/outbound-url';
import type { Settings } from './settings';

interface Finding {
  readonly field: string;
  readonly message: string;
  readonly fix: string;
}

const WHAT: Readonly<Record<UrlFault, readonly [message: string, fix: string]>> = {
  URL_INVALID: ['is no URL', 'write it whole: "https://hooks.example.com/grace"'],
  NOT_HTTPS: ['is not https', 'use https; what is sent names contracts'],
  PORT_NOT_443: ['names a port', 'use port 443, which needs no mention'],
  CREDENTIALS_IN_URL: ['has a name or password in it', 'let the receiver check the signature instead'],
  HOST_NOT_A_NAME: [
    'is no public name',
    'name a host of the public Internet, not an address or a local name',
  ],
};

/** What webhooks say against themselves and each other. */
export function webhookFindings({ webhooks, consoleUrl }: Pick<Settings, 'webhooks' | 'consoleUrl'>): {
  readonly problems: readonly Finding[];
  readonly warnings: readonly Finding[];
} {
  const problems: Finding[] = [];
  const ids = webhooks.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined)
    problems.push({
      field: 'webhooks',
      message: `two are called ${twice}; what is delivered is known by that name`,
      fix: 'give each an id of its own',
    });
  webhooks.forEach((webhook, index) => {
    if (webhook.format !== 'generic') return;
    const checked = checkOutboundUrl(webhook.url);
    if (checked.ok) return;
    const [message, fix] = WHAT[checked.code];
    problems.push({ field: `webhooks.${index}.url`, message: `the URL of ${webhook.id} ${message}`, fix });
  });
  const warnings: Finding[] = [];
  if (webhooks.length > 0 && consoleUrl === undefined)
    warnings.push({
      field: 'consoleUrl',
      message: 'webhooks are told of requests without a link to them',
      fix: 'write where the console is, such as "https://grace.example.com/"',
    });
  return { problems, warnings };
}
