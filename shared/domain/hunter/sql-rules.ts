import { PARAMETER, type Rule } from './rule';

/**
 * Values that leave their place in a query. A whole statement is data (`SELECT … UNION SELECT …` of a slow-query
 * log): what begins as one is not asked for its parts.
 */
const STATEMENT = /^\s{0,8}(?:select|insert|update|delete|with|begin|create|alter|explain|drop|merge|call)\b/;

const rule = (why: string, pattern: RegExp): Rule => ({
  code: 'SQL_INJECTION',
  contexts: PARAMETER,
  view: 'sql',
  pattern,
  unless: STATEMENT,
  why,
});

const STACKED =
  '(?:drop\\s{1,4}(?:table|database|schema|view|user|index)|delete\\s{1,4}from|insert\\s{1,4}into|update\\s{1,4}\\w{1,60}\\s{1,4}set|' +
  'alter\\s{1,4}(?:table|user|role)|truncate\\s{1,4}table|exec(?:ute)?\\s{1,4}(?:xp_|sp_|master)|create\\s{1,4}(?:table|user|role)|' +
  'grant\\s{1,4}\\w{1,30}\\s{1,4}(?:on|to)|declare\\s{1,4}@|select\\s{1,4}(?:\\w{1,40}\\s{0,4}\\(|[^;]{1,80}\\sfrom\\s)|shutdown\\s{0,4}(?:;|--|$))';

export const SQL_RULES: readonly Rule[] = [
  rule(
    'a quote, then a condition of its own',
    /['"]\s{0,8}\){0,4}\s{0,8}(?:or|and|\|\||&&)\s{1,8}[('"]{0,6}\w{0,30}[)'"]{0,4}\s{0,4}(?:=|<|>|like\b)/,
  ),
  rule(
    'a condition that is always true',
    /\d['"]?\s{1,8}(?:or|and)\s{1,8}(\d{1,10})\s{0,4}=\s{0,4}\1\b|\b(?:or|and)\s{1,4}(?:true|false|\d{1,10})\s{0,4}(?:--|#)|(?:\|\||&&)\s{0,4}(\d{1,10})\s{0,4}={2,3}\s{0,4}\2\b/,
  ),
  rule(
    'a second query',
    /(?:^|['")\d])\s{1,8}union\s{1,8}(?:all\s{1,8}|distinct\s{1,8})?select\b|\bunion\s{1,8}(?:all\s{1,8}|distinct\s{1,8})?select\s{0,8}(?:char\b|null\b|@@|['"(\d])/,
  ),
  rule('a second statement', new RegExp(`;\\s{0,8}${STACKED}`)),
  rule(
    'a query that waits',
    /\b(?:sleep|benchmark|pg_sleep|randomblob)\s{0,4}\(\s{0,4}\d|waitfor\s{1,8}delay/,
  ),
  rule(
    'what only an attack asks a database for',
    /xp_cmdshell|into\s{1,4}(?:out|dump)file|load_file\s{0,4}\(|information_schema\.|(?:extractvalue|updatexml)\s{0,4}\(|sqlite_master/,
  ),
  rule('a quote, then a comment that hides the rest', /\w['"]\s{0,8}(?:--|#)(?:[\s-]|$)/),
  rule(
    'a query in the place of a value',
    /\b(?:and|or)\s{0,8}\(\s{0,4}select\s|(?:and|or)\s{1,8}(?:ascii|substring|substr)\s{0,4}\(/,
  ),
  rule(
    'an operator of a document database',
    /\{\s{0,4}["']?\$(?:ne|gte?|lte?|regex|where|n?in|exists|or|and)["']?\s{0,4}:/,
  ),
  rule(
    'code of a document database',
    /\$where\b["']?\s{0,4}:|\bthis\.\w{1,30}\.match\(|\bdb\.\w{1,40}\.(?:insert|drop|remove|find|update|mapreduce)\(/,
  ),
  rule('a quote, then code', /'\s{0,4};\s{0,4}(?:return|var|let)\b/),
];
