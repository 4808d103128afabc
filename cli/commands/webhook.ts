import type { Command } from 'commander';
import type { CommandAnswer } from '../../functions/webhook-sender/webhook-sender';
import type { Delivery } from '../../shared/contracts/webhook';
import type { WebhookCommand } from '../../shared/contracts/webhook-command';
import { FUNCTIONS } from '../../shared/names';
import { deliveryStore } from '../../shared/stores/delivery-store';
import type { Backend } from '../backend/backend';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { NothingThereError, UnusableError, UsageError } from '../errors';
import { type Io, printJson } from '../io';
import { positive } from './contract';

type Options = BackendOptions & { readonly json?: boolean };

const MISSING: Readonly<Record<'NOT_FOUND' | 'NO_SUCH_WEBHOOK', string>> = {
  NOT_FOUND: 'there is no such delivery; `grace webhook list` shows them',
  NO_SUCH_WEBHOOK: 'the settings of this deployment name no such webhook',
};

/** `grace webhook list|redeliver|test` */
export function register(program: Command, io: Io): void {
  const webhook = program
    .command('webhook')
    .description('what webhooks were told, and what they did not take');
  backendOptions(webhook.command('list'))
    .description('deliveries, newest first')
    .option('--limit <n>', 'how many at most', positive, 50)
    .option('--status <status>', 'only pending, delivered or dead')
    .action(async (options: Options & { limit: number; status?: string }) => {
      const status = statusOf(options.status);
      const rows = await withBackend(io, options, async ({ state }) => {
        const found = await deliveryStore(state).list(options.limit);
        return found.filter((delivery) => status === undefined || delivery.status === status).map(rowOf);
      });
      if (options.json) printJson(io, rows);
      else for (const row of rows) io.out(lineOf(row));
    });
  backendOptions(webhook.command('redeliver'))
    .argument('<delivery>', 'its id, or enough of its beginning')
    .description('send one again, now')
    .action(async (text: string, options: Options) => {
      const answer = await withBackend(io, options, async (backend) => {
        const deliveryId = await wholeId(backend, text);
        const { principal: by } = await backend.identity();
        return ask(backend, { do: 'redeliver', deliveryId, by });
      });
      tell(io, options, answer);
    });
  backendOptions(webhook.command('test'))
    .argument('<webhook>', 'its id in the settings')
    .description('send an event that says that it is a test')
    .action(async (webhookId: string, options: Options) => {
      tell(io, options, await withBackend(io, options, (backend) => ask(backend, { do: 'test', webhookId })));
    });
}

type Answered = Extract<CommandAnswer, { outcome: string }>;

async function ask(backend: Backend, command: WebhookCommand): Promise<Answered> {
  const answer = (await backend.invoke(FUNCTIONS.webhookSender, command)) as CommandAnswer;
  await backend.settle();
  if ('outcome' in answer) return answer;
  if (answer.code === 'OVERTAKEN')
    throw new UnusableError('it is being sent at this moment; look at the list again');
  throw new NothingThereError(MISSING[answer.code]);
}

/** Exit 1 when the receiver did not take it. */
function tell(io: Io, options: Options, answer: Answered): void {
  if (!answer.ok) io.exitWith(1);
  if (options.json) printJson(io, answer);
  else io.out(answer.ok ? `taken: ${answer.outcome}` : `not taken: ${answer.outcome}`);
}

/** As git takes commits: the beginning, where only one begins so. Looked for among the newest thousand. */
async function wholeId({ state }: Backend, text: string): Promise<string> {
  if (!/^[0-9a-f]{6,64}$/.test(text)) throw new UsageError('a delivery is named by 6 to 64 hex digits');
  if (text.length === 64) return text;
  const found = (await deliveryStore(state).list(1000)).filter(({ deliveryId }) =>
    deliveryId.startsWith(text),
  );
  if (found.length > 1)
    throw new UsageError(`${found.length} deliveries begin with ${text}; write more of it`);
  const [only] = found;
  if (only === undefined) throw new NothingThereError(MISSING.NOT_FOUND);
  return only.deliveryId;
}

function statusOf(text: string | undefined): Delivery['status'] | undefined {
  if (text === undefined || text === 'pending' || text === 'delivered' || text === 'dead') return text;
  throw new UsageError('--status is pending, delivered or dead');
}

function rowOf(delivery: Delivery) {
  const { deliveryId, webhookId, status, type, attempts, outcome, firstAt, lastAt, nextAt, change } =
    delivery;
  const iso = (at: number) => new Date(at).toISOString();
  return {
    deliveryId,
    webhook: webhookId,
    status,
    type,
    attempts,
    outcome,
    contractId: change.contractId ?? null,
    firstAt: iso(firstAt),
    lastAt: iso(lastAt),
    nextAt: nextAt === undefined ? null : iso(nextAt),
  };
}

function lineOf(row: ReturnType<typeof rowOf>): string {
  const { deliveryId, webhook, status, type, attempts, outcome, lastAt } = row;
  const times = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  return `${deliveryId.slice(0, 12)}  ${status.padEnd(9)}  ${webhook.padEnd(16)}  ${type.padEnd(20)}  ${outcome}, ${times}, last ${lastAt}`;
}
