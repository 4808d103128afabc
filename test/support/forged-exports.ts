import type { EvidenceFile } from '../../shared/contracts/evidence-file';

type Forgery = (file: EvidenceFile) => EvidenceFile;
const item =
  (sk: string, change: (text: string) => string): Forgery =>
  (file) => ({
    ...file,
    items: file.items.map((one) => (one.sk === sk ? { ...one, text: change(one.text) } : one)),
  });
/** Changes to an export of a contract that one person approved, and the check that each fails. */
export const FORGERIES: [what: string, code: string, forge: Forgery][] = [
  [
    'an entry',
    'INCLUSION',
    (file) => ({
      ...file,
      entries: file.entries.map((one, n) =>
        n === 2 ? { ...one, entry: (file.entries[1] as { entry: string }).entry } : one,
      ),
    }),
  ],
  [
    'a hash of a proof',
    'INCLUSION',
    (file) => ({
      ...file,
      entries: file.entries.map((one) => ({ ...one, proof: [...(one.proof ?? [])].reverse() })),
    }),
  ],
  [
    'a proof taken out',
    'INCLUSION',
    (file) => ({ ...file, entries: file.entries.map(({ seq, entry }) => ({ seq, entry })) }),
  ],
  [
    'the checkpoint’s size',
    'SIGNATURES',
    (file) => ({ ...file, checkpoint: file.checkpoint?.replace(/\n(\d+)\n/, '\n1$1\n') ?? '' }),
  ],
  ['an entry left out', 'HISTORY', (file) => ({ ...file, entries: file.entries.toSpliced(2, 1) })],
  [
    'the contract’s status',
    'DOCUMENTS',
    item('CONTRACT', (text) => text.replace('"status":"resolved"', '"status":"rolled_back"')),
  ],
  [
    'a document left out',
    'DOCUMENTS',
    (file) => ({ ...file, items: file.items.filter(({ sk }) => sk !== 'OUTCOME') }),
  ],
  ['the plan', 'PLAN', item('PLAN', (text) => text.replace('aws.rds_reboot', 'aws.rds_delete'))],
  [
    'a vote’s plan',
    'VOTES',
    item('CONTRACT', (text) =>
      text.replace(/("votes":\{.*?"planHash":")\w/, '$1f').replace(/("votes":\{.*?"planHash":"f)\w/, '$10'),
    ),
  ],
  ['the votes', 'VOTES', item('CONTRACT', (text) => text.replace(/"votes":\{.*?\}\}/, '"votes":{}'))],
  [
    'the snapshot',
    'SNAPSHOT',
    (file) => ({
      ...file,
      manifests: file.manifests.map(({ name, text }) => ({ name, text: text.replace('{', '{ ') })),
    }),
  ],
  [
    'what it says in short',
    'SUMMARY',
    (file) => ({ ...file, summary: { ...file.summary, verdict: 'not_met' } }),
  ],
  [
    'the policies',
    'POLICY',
    (file) => ({ ...file, policy: file.policy?.replaceAll('forbid', 'permit') ?? '' }),
  ],
];
