import { leafOf, linkOfLeaf } from '../../shared/domain/audit-entry';
import { verifyInclusion } from '../../shared/domain/tlog/merkle-proof';
import { parseProof } from '../../shared/domain/tlog/proof-text';
import { failed, ok } from './check';
import { readCheckpoint, type Trust } from './read-checkpoint';
import { signatureChecks } from './signature-checks';
import type { Verdict } from './verdict';

/** How a proof in a file of its own begins, of whatever version. */
export const PROOF_START = 'c2sp.org/tlog-proof@';

/**
 * A proof that one entry is in the log. Ours carries the entry's bytes as its extra data.
 * @throws TlogFormatError
 */
export function verifyProof(text: string, trust: Trust): Verdict {
  const { index, extra, proof, checkpoint: note } = parseProof(text);
  const checkpoint = readCheckpoint(note);
  const { size, root, origin } = checkpoint;
  const leafHash = linkOfLeaf(leafOf(extra ?? new Uint8Array()));
  const isIncluded = extra !== undefined && verifyInclusion({ index, size, leafHash, proof, root });
  const inclusion = isIncluded
    ? ok('INCLUSION', `entry ${index} is in ${origin} at ${size} entries`)
    : failed('INCLUSION', `entry ${index} is not in the tree of the checkpoint of ${size}`, {
        firstBad: index,
      });
  const checks = [inclusion, ...signatureChecks([checkpoint], { keys: [], trust })];
  return {
    of: 'proof',
    entries: 1,
    verified: isIncluded ? 1 : 0,
    ...(isIncluded ? {} : { firstBad: index }),
    problems: checks.filter(({ status }) => status === 'failed').map(({ status, ...check }) => check),
    unattributed: 0,
    root: Buffer.from(root).toString('hex'),
    checks,
  };
}
