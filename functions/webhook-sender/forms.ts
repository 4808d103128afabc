import type { Webhook } from '../../shared/contracts/webhook';
import { EPOCH_CLOSED } from '../../shared/domain/log-epochs';

/** An event as a webhook tells of it: what was on the mesh, and where a person reads on. */
export interface WebhookEvent {
  readonly id: string;
  readonly type: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly correlationId: string;
  readonly missionId?: string | undefined;
  readonly detail: Readonly<Record<string, unknown>>;
}

const TITLES: Readonly<Record<string, string>> = {
  'approval.requested': 'Approval wanted',
  'approval.granted': 'Approved',
  'approval.rejected': 'Denied',
  'approval.expired': 'Request expired',
  'agentic.escalated': 'A person is needed',
  [EPOCH_CLOSED]: 'An epoch of the audit log was closed',
  'webhook.test': 'A test of this webhook',
};

/** A fact is cut so: chat systems refuse a whole message for one long field. */
const MOST_CHARACTERS = 256;
const MOST_OF_TITLE = 64;

/** The body to send. Whatever an event says is text in it: no markup, no mention, no link of its own. */
export function bodyOf(format: Webhook['format'], event: WebhookEvent, link: string | undefined): string {
  if (format === 'slack') return JSON.stringify(slack(event, link));
  if (format === 'teams') return JSON.stringify(teams(event, link));
  const { id, type, time, correlationId, missionId, detail } = event;
  const belongs = missionId === undefined ? { correlationId } : { correlationId, missionId };
  return JSON.stringify({
    type,
    timestamp: time,
    data: { ...detail, ...belongs, eventId: id, ...(link === undefined ? {} : { link }) },
  });
}

/** Where the console shows the contract, or the log. Opening it decides nothing: a decision is a POST of somebody signed in. */
export function linkTo(consoleUrl: string | undefined, event: WebhookEvent): string | undefined {
  if (consoleUrl === undefined) return undefined;
  if (event.type === EPOCH_CLOSED) return new URL('#/audit', consoleUrl).href;
  const { contractId } = event.detail;
  if (typeof contractId !== 'string') return undefined;
  const page = event.type === 'approval.requested' ? 'approvals' : 'contracts';
  return new URL(`#/${page}/${encodeURIComponent(contractId)}`, consoleUrl).href;
}

interface Fact {
  readonly name: string;
  readonly value: string;
}

function factsOf({ detail, time }: WebhookEvent): Fact[] {
  const { approvals, quorum } = detail;
  const votes = typeof quorum === 'number' ? `${Number(approvals ?? 0)} of ${quorum}` : undefined;
  const expires = typeof detail['expiresAt'] === 'number' ? iso(detail['expiresAt']) : undefined;
  const facts: readonly (readonly [string, unknown])[] = [
    ['Epoch', detail['epoch']],
    ['Contract', detail['contractId']],
    ['Playbook', detail['playbook']],
    ['Tier', detail['tier']],
    ['Status', detail['status']],
    ['Reason', detail['reason']],
    ['Approvals', votes],
    ['Expires', expires],
    ['Time', time],
  ];
  return facts.flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [{ name, value: cut(String(value)) }] : [],
  );
}

const titleOf = ({ type }: WebhookEvent): string => `Grace: ${TITLES[type] ?? cut(type, MOST_OF_TITLE)}`;

/** Block Kit. Plain text throughout, and Slack's three control characters written as it asks for. */
function slack(event: WebhookEvent, link: string | undefined): unknown {
  const title = slackText(titleOf(event));
  const plain = (text: string) => ({ type: 'plain_text', text: slackText(text), emoji: false });
  return {
    // What notifications show; read as markup, so nothing of the event is in it.
    text: title,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: title, emoji: false } },
      { type: 'section', fields: factsOf(event).map(({ name, value }) => plain(`${name}\n${value}`)) },
      ...(link === undefined
        ? []
        : [{ type: 'section', text: { type: 'mrkdwn', text: `<${link}|Open in the console>` } }]),
    ],
  };
}

/** `&`, `<` and `>`: with them gone there is no mention, no link and no command. */
function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** An Adaptive Card as Teams' workflows take it. Text runs, unlike text blocks and fact sets, know no Markdown. */
function teams(event: WebhookEvent, link: string | undefined): unknown {
  const run = (text: string, more: object = {}) => ({ type: 'TextRun', text, ...more });
  const paragraph = (...inlines: unknown[]) => ({ type: 'RichTextBlock', inlines });
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      paragraph(run(titleOf(event), { weight: 'Bolder', size: 'Medium' })),
      ...factsOf(event).map(({ name, value }) =>
        paragraph(run(`${name}: `, { weight: 'Bolder' }), run(value)),
      ),
    ],
    ...(link === undefined
      ? {}
      : { actions: [{ type: 'Action.OpenUrl', title: 'Open in the console', url: link }] }),
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content: card }] };
}

/** Without control characters and what turns the direction of text, which could make it read otherwise. */
function cut(text: string, most = MOST_CHARACTERS): string {
  const visible = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
  return visible.length <= most ? visible : `${visible.slice(0, most - 1)}…`;
}

function iso(at: number): string | undefined {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
