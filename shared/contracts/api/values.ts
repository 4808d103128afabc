import * as z from 'zod/mini';
import { Change } from '../change';

/** The values that requests and answers of the API are made of. Times are ISO 8601, UTC. */

/** Gives a schema a name of its own in the OpenAPI document. */
export function named<T extends z.core.$ZodType>(id: string, description: string, schema: T): T {
  z.globalRegistry.add(schema, { id, description });
  return schema;
}

/** Ids as Grace makes and takes them; nothing that could be read as a path, a key or markup. */
export const Id = named(
  'Id',
  'An id: letters, digits, `-`, `_`, `.` and `:`',
  z.string().check(z.minLength(1), z.maxLength(128), z.regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]*$/)),
);
export const ContractId = named(
  'ContractId',
  'Id of a contract',
  z.string().check(z.minLength(1), z.maxLength(64), z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/)),
);
export const MissionId = named(
  'MissionId',
  'Id of a mission',
  z.string().check(z.minLength(1), z.maxLength(64), z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/)),
);
export const Sha256 = named(
  'Sha256',
  'SHA-256, 64 lower case hexadecimal digits',
  z.string().check(z.regex(/^[0-9a-f]{64}$/)),
);
export const Time = named(
  'Time',
  'ISO 8601, UTC, with milliseconds',
  z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)),
);
/** Something to read, and no control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it keeps out
const ONE_LINE = /^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$/;
/** A person's words; they go into the audit log. No control characters. */
export const Words = named(
  'Words',
  "A person's reason, kept in the audit log. No control characters.",
  // The same length as the audit log's own reasons. Spelt without \p{Cc}, which not every reader of OpenAPI knows.
  z.string().check(z.minLength(1), z.maxLength(1024), z.regex(ONE_LINE)),
);
export const Subject = named(
  'Subject',
  'Who: `issuer#subject` of a token, or the ARN of an IAM user or role',
  z.string().check(z.minLength(1), z.maxLength(256)),
);
/** A code that programs may rely on; words for people stand beside it. */
export const Code = named('Code', 'A stable code', z.string().check(z.regex(/^[A-Z][A-Z0-9_]{1,63}$/)));
export const Scalar = z.union([z.string(), z.number(), z.boolean()]);
export const Facts = named('Facts', 'Facts by name', z.record(z.string(), Scalar));
export const Tier = named(
  'Tier',
  '1 automatic, 2 one approver, 3 several',
  z.union([z.literal(1), z.literal(2), z.literal(3)]),
);
export const Verdict = named(
  'Verdict',
  'Expected against actual; no data is never `met`',
  z.enum(['met', 'not_met', 'inconclusive']),
);
export const Rev = named('Rev', 'Revision: 1, 2, 3 …', z.int().check(z.positive()));
export const Count = z.int().check(z.nonnegative());
export const Share = z.number().check(z.gte(0), z.lte(1));

/** Why an item stands as it does. */
export const ChangeView = named(
  'Change',
  'What changed an item, by whom and why',
  z.strictObject({ event: Change.shape.event, actor: z.string(), reason: z.string(), at: Time }),
);

/** Where the page before ended; opaque. */
export const Cursor = named(
  'Cursor',
  '`meta.next` of the page before, unchanged; it belongs to one list and its filters',
  z.string().check(z.minLength(1), z.maxLength(1024), z.regex(/^[A-Za-z0-9_-]+$/)),
);
export const PageQuery = {
  limit: z._default(z.int().check(z.gte(1), z.lte(100)), 50),
  cursor: z.optional(Cursor),
};
