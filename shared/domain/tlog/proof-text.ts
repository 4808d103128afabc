import { LINK_BYTES } from '../audit-entry';
import { base64Of, bytesOfBase64 } from '../base64-bytes';
import { TlogFormatError } from './format-error';

/** That an entry is in a log, in one text file that other people's tools read (C2SP tlog-proof v1). */
export interface TlogProof {
  /** Of whatever use; nobody has signed it. */
  readonly extra?: Uint8Array;
  readonly index: number;
  readonly proof: readonly Uint8Array[];
  /** The checkpoint as a signed note, as it stands. */
  readonly checkpoint: string;
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';

export function encodeProof({ extra, index, proof, checkpoint }: TlogProof): string {
  const lines = [
    FIRST_LINE,
    ...(extra === undefined ? [] : [`extra ${base64Of(extra)}`]),
    `index ${index}`,
    ...proof.map(base64Of),
  ];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** @throws TlogFormatError. The checkpoint is handed back unread. */
export function parseProof(text: string): TlogProof {
  const cut = text.indexOf('\n\n');
  const [first, ...lines] = text.slice(0, Math.max(0, cut)).split('\n');
  if (first !== FIRST_LINE)
    throw new TlogFormatError(`a proof begins with ${FIRST_LINE} and has an empty line`);
  const extra = lines[0]?.startsWith('extra ')
    ? decoded(lines.shift()?.slice('extra '.length) ?? '')
    : undefined;
  const index = /^index (0|[1-9]\d*)$/.exec(lines.shift() ?? '')?.[1];
  if (index === undefined || !Number.isSafeInteger(Number(index))) {
    throw new TlogFormatError('a proof says its index');
  }
  const proof = lines.map(decoded);
  if (proof.some(({ length }) => length !== LINK_BYTES))
    throw new TlogFormatError('a hash of a proof has 32 bytes');
  return {
    ...(extra === undefined ? {} : { extra }),
    index: Number(index),
    proof,
    checkpoint: text.slice(cut + 2),
  };
}

function decoded(line: string): Uint8Array {
  try {
    return bytesOfBase64(line);
  } catch (cause) {
    throw new TlogFormatError('a line of a proof is not base64', { cause });
  }
}
