import * as z from 'zod/mini';
import type { CompiledPolicy } from './compiled-policies';
import { Proof } from './proof';

/** Longest reason that a person can give, characters. */
export const LONGEST_REASON = 1024;

const Subject = z.string().check(z.minLength(1), z.maxLength(512));
const ContractId = z.string().check(z.regex(/^[A-Za-z0-9-]{1,64}$/));
/** No control characters: reasons are shown in terminals and on pages. */
const Words = z
  .string()
  .check(z.minLength(1), z.maxLength(LONGEST_REASON), z.regex(/^[^\p{Cc}\p{Cs}]+$/u), z.regex(/\S/));

/** What people can do about one request. */
export const REQUEST_DECISIONS = ['approve', 'deny', 'withdraw', 'cancel', 'replan', 'break_glass'] as const;

/** A person's command about the request of one contract. `planHash`: the plan that they saw. */
export const RequestCommand = z.strictObject({
  decision: z.enum(REQUEST_DECISIONS),
  contractId: ContractId,
  planHash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  reason: Words,
});
export type RequestCommand = z.infer<typeof RequestCommand>;

/** Lets one other person speak for oneself, until a time. One delegation a person; a new one replaces it. */
export const DelegateCommand = z.strictObject({
  decision: z.literal('delegate'),
  to: Subject,
  /** Milliseconds since 1970. */
  until: z.int().check(z.positive()),
  reason: Words,
});
export type DelegateCommand = z.infer<typeof DelegateCommand>;

export const RevokeCommand = z.strictObject({ decision: z.literal('revoke'), reason: Words });
export type RevokeCommand = z.infer<typeof RevokeCommand>;

/** Somebody else has looked at what was done when the glass was broken. */
export const ReviewCommand = z.strictObject({
  decision: z.literal('review'),
  contractId: ContractId,
  reason: Words,
});
export type ReviewCommand = z.infer<typeof ReviewCommand>;

/** Closes the epoch of the audit log that is open; the log goes on in the next one. */
export const CloseEpochCommand = z.strictObject({
  decision: z.literal('close_epoch'),
  /** Its number, as whoever gives the command has seen it. */
  epoch: z.int().check(z.positive()),
  reason: Words,
});
export type CloseEpochCommand = z.infer<typeof CloseEpochCommand>;

/** Somebody has looked at the targets that are frozen since this contract needed a person. */
export const ReleaseCommand = z.strictObject({
  decision: z.literal('release'),
  contractId: ContractId,
  /** Only this one, as contracts name it (`kind:region:account:id`); absent = all that the contract froze. */
  target: z.optional(Subject),
  reason: Words,
});
export type ReleaseCommand = z.infer<typeof ReleaseCommand>;

/** Asks by which policies is decided here. Nothing follows from it, so that it takes no reason. */
export const PoliciesCommand = z.strictObject({ decision: z.literal('policies') });

/** Everything that people tell the deciding function. */
export const Command = z.discriminatedUnion('decision', [
  RequestCommand,
  DelegateCommand,
  RevokeCommand,
  ReviewCommand,
  CloseEpochCommand,
  ReleaseCommand,
  PoliciesCommand,
]);
export type Command = z.infer<typeof Command>;

/** A refusal's code is stable; `message` is for people and says what to do. */
export interface Refusal {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
}

/** How the request stands after the command; `approvals` are voices that agree. */
export interface RequestAnswer {
  readonly ok: true;
  readonly status: string;
  readonly approvals: number;
  readonly quorum: number;
}
export interface DelegationAnswer {
  readonly ok: true;
  readonly delegator: string;
  readonly delegate: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}
export interface ReviewAnswer {
  readonly ok: true;
  readonly contractId: string;
  readonly closedBy: string;
}
export interface EpochAnswer {
  readonly ok: true;
  /** The epoch that ends. */
  readonly epoch: number;
  /** Who closed it. */
  readonly by: string;
}
export interface ReleasedAnswer {
  readonly ok: true;
  readonly contractId: string;
  /** Keys of the targets that were frozen until now. */
  readonly released: readonly string[];
}
/** The policies that the function itself has loaded, sorted by id. */
export interface PoliciesAnswer {
  readonly ok: true;
  /** SHA-256 of all of them and their schema. */
  readonly version: string;
  readonly policies: readonly Omit<CompiledPolicy, 'file'>[];
}
export type RequestOutput = RequestAnswer | Refusal;
export type DecideOutput =
  | RequestAnswer
  | DelegationAnswer
  | ReviewAnswer
  | EpochAnswer
  | ReleasedAnswer
  | PoliciesAnswer
  | Refusal;

export type CommandReading =
  | { readonly ok: true; readonly command: Command; readonly proof: Proof | undefined }
  | Refusal;

const COMMANDS: readonly string[] = [
  ...REQUEST_DECISIONS,
  'delegate',
  'revoke',
  'review',
  'release',
  'close_epoch',
  'policies',
];
/** The first field that is wrong names the refusal. */
const CODES: Readonly<Record<string, readonly [code: string, fix: string]>> = {
  contractId: ['BAD_CONTRACT_ID', 'contractId: letters, digits and -, at most 64'],
  planHash: ['BAD_PLAN_HASH', 'planHash: the 64 hexadecimal digits of the plan that you read'],
  reason: ['BAD_REASON', `reason: 1 to ${LONGEST_REASON} characters in one line, without control characters`],
  to: ['BAD_DELEGATE', 'to: the subject of one other person'],
  target: ['BAD_TARGET', 'target: kind:region:account:id, as contracts name it'],
  epoch: ['BAD_EPOCH', 'epoch: the number of the epoch that is open, 1 or more'],
  until: ['BAD_UNTIL', 'until: milliseconds since 1970'],
  proof: ['BAD_PROOF', 'proof: a signed request of STS, or an access token'],
};

/** Reads what a caller sent. Whatever it is, this answers: a bad command is a value with a code of its own. */
export function readCommand(input: unknown): CommandReading {
  const refuse = (code: string, message: string): Refusal => ({ ok: false, code, message });
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return refuse('BAD_COMMAND', 'a command is an object with a decision');
  }
  const { proof, ...fields } = input as Record<string, unknown>;
  if (!COMMANDS.includes(fields['decision'] as string)) {
    return refuse('UNKNOWN_DECISION', `decision: one of ${COMMANDS.join(', ')}, exactly so`);
  }
  const command = Command.safeParse(fields);
  if (!command.success) {
    const field = String(command.error.issues[0]?.path[0] ?? '');
    const [code, fix] = CODES[field] ?? ['BAD_COMMAND', 'a field is unknown or missing'];
    return refuse(code, fix);
  }
  if (proof === undefined) return { ok: true, command: command.data, proof: undefined };
  const proven = Proof.safeParse(proof);
  if (!proven.success) return refuse(...(CODES['proof'] as [string, string]));
  return { ok: true, command: command.data, proof: proven.data };
}
