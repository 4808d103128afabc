import type { AuditBody } from '../../shared/contracts/audit-body';
import { isAudited } from '../../shared/contracts/audited-items';
import { imageDigest } from '../../shared/domain/image-digest';
import type { Item } from '../../shared/ports/table';

export type HistoryProblem =
  /** A change of this item is not in the log. */
  | 'REV_GAP'
  /** The item's revs go back. */
  | 'REV_REPEATED'
  /** The item before this change is not what the change before it left. */
  | 'IMAGE_NOT_CONTINUED';

export type CompletenessProblem =
  /** The item is in the table and has no entry. */
  | 'NOT_LOGGED'
  /** The table has a later `rev` than the log; nothing is wrong while the sequencer is behind. */
  | 'LOG_BEHIND'
  /** The log has a later `rev` than the table. */
  | 'LOG_AHEAD'
  /** Same `rev`, other contents. */
  | 'IMAGE_DIFFERS'
  /** The log says that it is there; it is not. */
  | 'ITEM_GONE';

export interface ItemProblem<Code> {
  readonly code: Code;
  readonly pk: string;
  readonly sk: string;
  /** Of the entry, where the problem is in the log. */
  readonly seq?: number;
  readonly rev: number;
  /** What the entry before it, or the log, lets expect. */
  readonly expected: number;
}

interface Last {
  readonly pk: string;
  readonly sk: string;
  readonly rev: number;
  /** Of the image; `undefined` = removed. */
  readonly digest: string | undefined;
}

/** Follows every item through the log: per item 1, 2, 3 …, each change beginning where the one before ended. */
export interface ItemHistory {
  /** In the log's order. */
  add(body: AuditBody): void;
  readonly problems: readonly ItemProblem<HistoryProblem>[];
  /** Entries that nobody can be named for. */
  readonly unattributed: number;
  /** Compares the audited items of the state table, read whole, with what was logged last of each. */
  compare(items: Iterable<Item>): ItemProblem<CompletenessProblem>[];
}

/**
 * Memory: one small record an item that was ever logged. `isWhole`: the log is followed from its first entry; otherwise the first
 * entry of an item tells of it what is to be continued.
 */
export function itemHistory({ isWhole = true }: { readonly isWhole?: boolean } = {}): ItemHistory {
  const last = new Map<string, Last>();
  const problems: ItemProblem<HistoryProblem>[] = [];
  let unattributed = 0;

  return {
    problems,
    get unattributed() {
      return unattributed;
    },
    add(body) {
      const { item, rev, seq } = body;
      const was = last.get(nameOf(item));
      const expected = expectedRev(body, was);
      const isFirst = was === undefined && !isWhole;
      const code = isFirst ? undefined : problemOf(body, { was, expected });
      if (code !== undefined) problems.push({ code, ...item, seq, rev, expected });
      if (!body.attributed) unattributed += 1;
      last.set(nameOf(item), { ...item, rev, digest: body.removal ? undefined : body.after });
    },
    compare(items) {
      const found: ItemProblem<CompletenessProblem>[] = [];
      const present = new Set<string>();
      for (const item of items) {
        if (!isAudited(item.pk)) continue;
        present.add(nameOf(item));
        const logged = last.get(nameOf(item));
        const rev = typeof item['rev'] === 'number' ? item['rev'] : 0;
        const code = differenceOf(item, rev, logged);
        if (code !== undefined)
          found.push({ code, pk: item.pk, sk: item.sk, rev, expected: logged?.rev ?? 0 });
      }
      for (const [name, { pk, sk, rev, digest }] of last) {
        if (digest !== undefined && !present.has(name))
          found.push({ code: 'ITEM_GONE', pk, sk, rev: 0, expected: rev });
      }
      return found;
    },
  };
}

function expectedRev(body: AuditBody, was: Last | undefined): number {
  const current = was?.digest === undefined ? 0 : was.rev;
  return body.removal ? current : current + 1;
}

function problemOf(body: AuditBody, { was, expected }: { was: Last | undefined; expected: number }) {
  // Unattributed entries may have any rev: that is what is wrong with them, and they say so themselves.
  if (body.attributed && body.rev !== expected) return body.rev > expected ? 'REV_GAP' : 'REV_REPEATED';
  return body.before === was?.digest ? undefined : 'IMAGE_NOT_CONTINUED';
}

function differenceOf(item: Item, rev: number, logged: Last | undefined): CompletenessProblem | undefined {
  if (logged?.digest === undefined) return 'NOT_LOGGED';
  if (rev > logged.rev) return 'LOG_BEHIND';
  if (rev < logged.rev) return 'LOG_AHEAD';
  return imageDigest(item) === logged.digest ? undefined : 'IMAGE_DIFFERS';
}

const nameOf = ({ pk, sk }: { pk: string; sk: string }): string => `${pk}\n${sk}`;
