import Link from '@cloudscape-design/components/link';
import { shortHash, shortId, shortSubject } from '../format/names';
import { STATUS_WORDS, type Status, VERDICT_WORDS } from '../format/status';
import { length, moment } from '../format/time';
import { useMe } from './deployment';
import { Indicator } from './indicator';
import { hrefOf } from './router';
import { useNow } from './use-now';

/** Small things that stand in lines and cells everywhere. All of them render text as text. */

export function StatusMark({ status }: { readonly status: Status }) {
  const { label, kind } = STATUS_WORDS[status];
  return <Indicator type={kind}>{label}</Indicator>;
}

export function VerdictMark({ verdict }: { readonly verdict: keyof typeof VERDICT_WORDS | null }) {
  if (verdict === null) return <>–</>;
  const { label, kind } = VERDICT_WORDS[verdict];
  return <Indicator type={kind}>{label}</Indicator>;
}

/** Who, short; the whole subject on hover, and `(you)`. */
export function Who({ subject }: { readonly subject: string }) {
  const me = useMe();
  return (
    <span title={subject}>
      {shortSubject(subject)}
      {me?.subject === subject && ' (you)'}
    </span>
  );
}

export function Hash({ value }: { readonly value: string }) {
  return <code title={value}>{shortHash(value)}</code>;
}

/** A moment in the reader's zone; exact and in UTC on hover. `at`: ISO 8601. */
export function When({ at }: { readonly at: string | null }) {
  if (at === null) return <>–</>;
  const [day, clock] = moment(Date.parse(at)).split(' ');
  return (
    <time dateTime={at} title={at}>
      <span className="nowrap">{day}</span> <span className="nowrap">{clock}</span>
    </time>
  );
}

/** How long ago. `at`: ISO 8601. */
export function Ago({ at }: { readonly at: string }) {
  const now = useNow();
  const passed = now - Date.parse(at);
  return (
    <time dateTime={at} title={at}>
      {passed < 5_000 ? 'now' : `${length(passed)} ago`}
    </time>
  );
}

export function ContractLink({ id }: { readonly id: string }) {
  return (
    <span title={id} className="nowrap">
      <Link href={hrefOf('contracts', id)}>{shortId(id)}</Link>
    </span>
  );
}

/** Who did it, and for whom, where they spoke with another's voice. */
export function By({ actor, inVoiceOf }: { readonly actor: string; readonly inVoiceOf: string | null }) {
  if (inVoiceOf === null) return <Who subject={actor} />;
  return (
    <>
      <Who subject={actor} /> for <Who subject={inVoiceOf} />
    </>
  );
}
