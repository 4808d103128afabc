import { ANYWHERE, PARAMETER, type Rule } from './rule';

/**
 * Markup that acts where it is shown: in a page, a chat, a mail, a spreadsheet. Tags that only look
 * (`<div>`, an error page of a proxy, `List<String>`) are data.
 */
const rule = (why: string, pattern: RegExp, contexts = ANYWHERE): Rule => ({
  code: 'MARKUP_INJECTION',
  contexts,
  view: 'tight',
  pattern,
  why,
});

export const MARKUP_RULES: readonly Rule[] = [
  rule(
    'a script',
    /<script\b[^>]{0,200}[\s/](?:src|href)\s{0,4}=|<script\b[^>]{0,100}>[^<]{0,100}(?:[\w\]]\(|=)|<\/script\s{0,4}>/,
  ),
  rule('a tag with a handler', /<[a-z!/][^>]{0,200}[\s/"']on[a-z]{3,24}[\s/]{0,4}=\s{0,4}[^\s>]/),
  rule('a handler after a quote', /["']\s{1,4}on[a-z]{3,20}\s{0,4}=\s{0,4}["']?[a-z]/, PARAMETER),
  rule('a handler that calls', /["'`/\s]on[a-z]{3,20}\s{0,4}=\s{0,4}["']?[\w.]{1,40}\(/),
  rule('an include of a server', /<!--\s{0,4}#\s{0,2}(?:exec|include|echo)\b/),
  rule(
    'a page inside the page',
    /<(?:iframe|frame|object|embed|portal)\b[^>]{0,200}\s(?:src|srcdoc|data)\s{0,4}=/,
  ),
  rule(
    'a link that is a script',
    /(?:javascript|vbscript):\s{0,4}[\w.%]{1,40}\(|(?:href|src|action)\s{0,4}=\s{0,4}["']?\s{0,4}(?:java|vb)script:|\]\(\s{0,4}(?:java|vb)script:/,
  ),
  rule('a page in a link', /data:text\/html[;,]/),
  rule(
    'what changes the page around it',
    /<meta\b[^>]{0,100}http-equiv|<base\b[^>]{0,100}href|<form\b[^>]{0,100}action\s{0,4}=|<link\b[^>]{0,200}href\s{0,4}=\s{0,4}["']?(?:https?:)?\/\/|<style\b[^>]{0,100}>[^<]{0,200}(?:@import|url\(|expression\()/,
  ),
  rule(
    'an image that tells its server something',
    /!\[[^\]]{0,100}\]\(\s{0,4}https?:\/\/[^)\s]{1,200}\?[^)\s]{1,200}=/,
  ),
  rule('an entity that a parser would load', /<!entity\b|<!doctype[^>]{0,80}\[/),
  rule('a call of everybody in a chat', /<!(?:channel|here|everyone)\b/),
  rule(
    'a formula of a spreadsheet',
    /^[=+@-](?:hyperlink|importxml|importdata|webservice|dde|cmd|exec|sum)\b[\s\S]{0,100}[(|]|^[=+@-][\s\S]{0,80}\|\s{0,2}'/,
    PARAMETER,
  ),
];
