import { ANYWHERE, PARAMETER, type Rule } from './rule';

/**
 * Expressions of templates: SSM documents and CloudFormation, log4j, and what web frameworks use. A plain
 * placeholder (`{{name}}`, `${AWS::Region}`) is data, unless it is all that a parameter consists of.
 */
const rule = (why: string, pattern: RegExp, contexts = PARAMETER): Rule => ({
  code: 'TEMPLATE_INJECTION',
  contexts,
  view: 'decoded',
  pattern,
  why,
});

export const TEMPLATE_RULES: readonly Rule[] = [
  rule(
    'a lookup that fetches a parameter or a secret',
    /\{\{\s{0,4}(?:resolve:)?(?:ssm|ssm-secure|secretsmanager):/,
    ANYWHERE,
  ),
  rule('a variable of an SSM document', /\{\{\s{0,4}(?:automation|global|platform):/),
  rule(
    'a lookup that log4j follows',
    /\$\{[^}]{0,80}(?:jndi|::?-|lower:|upper:|env:|sys:|ctx:|java:|\$\{)/,
    ANYWHERE,
  ),
  rule('an expression in the place of a value', /^\s{0,8}\{\{[\s\S]{1,300}\}\}\s{0,8}$/),
  rule(
    'an expression of a template',
    /\{\{[^}]{0,200}(?:\d\s{0,4}[*+/-]\s{0,4}['\d]|__|\(|\bconfig\b|\bself\b|constructor|\|\s{0,4}attr)/,
  ),
  rule(
    'an expression of a template',
    /[$#*@][{(][^})]{0,80}(?:\d\s{0,4}[*+/-]\s{0,4}\d|\bt\(java|getclass|runtime|exec\(|getenv)/,
  ),
  rule(
    'an expression of a template',
    /\$\{[^}]{0,200}(?:__\w|\.system\(|\bself\.|\(\s{0,4}['"])|\?new\(\)|\{\$smarty\b|<%=\s{0,4}\d{1,10}\s{0,4}[*+/-]/,
  ),
  rule('an expression inside an expression', /\$\{\{/),
  rule('code of a template', /<%[=-]?[^%]{0,200}\(/),
  rule('code of a template', /\{%[^%]{1,200}%\}|\{php\}|#set\s{0,4}\(\s{0,4}\$/),
];
