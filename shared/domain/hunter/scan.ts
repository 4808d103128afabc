import { type Finding, printable } from './finding';
import { scanLetters } from './letters';
import { MARKUP_RULES } from './markup-rules';
import { PROMPT_RULES } from './prompt-rules';
import type { Context, Rule } from './rule';
import { SHELL_RULES } from './shell-rules';
import { SQL_RULES } from './sql-rules';
import { TEMPLATE_RULES } from './template-rules';
import { MAX_TEXT, viewsOf } from './views';

export const RULES: readonly Rule[] = [
  ...SHELL_RULES,
  ...TEMPLATE_RULES,
  ...SQL_RULES,
  ...PROMPT_RULES,
  ...MARKUP_RULES,
];

/** Objects and arrays inside one another; values of any kind. Those of the strict reader of JSON. */
const MAX_DEPTH = 32;
const MAX_VALUES = 10_000;
/** What a person reads; an attack that is found once need not be listed a thousand times. */
export const MAX_FINDINGS = 20;

/**
 * What speaks against a text where it stands, at most one finding a code. Pure, and in time in proportion to the
 * text's length, whatever it says: it is a suspicion, not a proof, and no finding is no proof either.
 */
export function scanText(text: string, context: Context, path = ''): Finding[] {
  if (text.length > MAX_TEXT) {
    return [
      {
        code: 'TOO_LONG',
        path,
        excerpt: printable(text, 40),
        why: `${text.length} characters; at most ${MAX_TEXT} are read`,
      },
    ];
  }
  const findings: Finding[] = scanLetters(text, context).map((finding) => ({ ...finding, path }));
  const views = viewsOf(text);
  for (const rule of RULES) {
    if (!rule.contexts.includes(context) || findings.some(({ code }) => code === rule.code)) continue;
    const view = views[rule.view];
    const match = rule.pattern.exec(view);
    if (match === null || rule.unless?.test(view)) continue;
    findings.push({ code: rule.code, path, excerpt: printable(match[0].trim(), 120), why: rule.why });
  }
  return findings;
}

/** The same for all texts and keys of a JSON value, whose depth and size are looked at first. Does not recurse. */
export function scanValue(value: unknown, context: Context, path = ''): Finding[] {
  const findings: Finding[] = [];
  const open: { readonly value: unknown; readonly path: string; readonly depth: number }[] = [
    { value, path, depth: 0 },
  ];
  let seen = 0;
  for (let next = open.pop(); next !== undefined && findings.length < MAX_FINDINGS; next = open.pop()) {
    seen += 1;
    if (seen + open.length > MAX_VALUES) {
      return [{ code: 'TOO_MANY_VALUES', path, excerpt: '', why: `more than ${MAX_VALUES} values` }];
    }
    if (typeof next.value === 'string') findings.push(...scanText(next.value, context, next.path));
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.depth >= MAX_DEPTH) {
      return [
        {
          code: 'TOO_DEEP',
          path,
          excerpt: '',
          why: `more than ${MAX_DEPTH} objects or arrays inside one another`,
        },
      ];
    }
    for (const [key, member] of Object.entries(next.value)) {
      const at = next.path === '' ? printable(key, 64) : `${next.path}.${printable(key, 64)}`.slice(0, 256);
      if (!Array.isArray(next.value)) findings.push(...scanText(key, 'parameter', at));
      open.push({ value: member, path: at, depth: next.depth + 1 });
    }
  }
  return findings.slice(0, MAX_FINDINGS);
}
