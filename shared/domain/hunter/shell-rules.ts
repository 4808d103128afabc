import { PARAMETER, type Rule } from './rule';

/**
 * Commands, and paths that a command would be pointed at. In words they are quoted all the time, and nothing
 * runs words: so in parameters only.
 */
const OPERATOR = String.raw`(?:[;&|\n\r]|\\n)\s{0,8}(?:sudo\s{1,8})?(?:\/(?:usr\/)?s?bin\/)?`;
const COMMAND =
  '(?:rm|curl|wget|nc|ncat|netcat|(?:ba|z|k|da)?sh|powershell|pwsh|cmd(?:\\.exe)?|chmod|chown|reboot|shutdown|halt|' +
  'poweroff|mkfs|dd|whoami|uname|hostname|printenv|certutil|mshta|rundll32|python[23]?|perl|ruby|php|node|tee|touch|' +
  'base64|xxd|eval|exec|source|nslookup|dig|ping|ssh|scp|kill|killall|pkill|crontab|useradd|passwd|cat|ls|id|sleep|' +
  'echo|env|find|awk|sed|xargs|mv|cp|ln|pwd|dir|type|netstat|ifconfig|ipconfig|netsh|net|systeminfo|tasklist)';
/** What follows shows that it is a command and no word: its end, another operator, an option, a path, a quote. */
const CALLED = String.raw`(?=\s{0,8}$|\s{0,8}[;&|<>]|\s{1,8}-{1,2}\w|\\n|\s{1,8}[a-z]:\\|\s{1,8}[\/~$%'"@.{]|\s{1,8}https?:|\s{1,8}\d{1,3}\.\d{1,3}\.\d|\s{1,8}[\w-]{1,40}\.[a-z]{2,6}\/|\s{0,2}\$\{?ifs)`;
const TOOL = String.raw`(?:aws\s{1,8}[a-z0-9-]{2,30}\s{1,8}[a-z0-9]{2,20}-[a-z]|kubectl\s{1,8}(?:delete|exec|drain|cordon|scale|apply|patch|run)\b|docker\s{1,8}(?:run|exec|rm|kill|stop)\b|systemctl\s{1,8}(?:stop|restart|disable|start|mask)\b)`;

const rule = (why: string, view: Rule['view'], pattern: RegExp): Rule => ({
  code: 'SHELL_INJECTION',
  contexts: PARAMETER,
  view,
  pattern,
  why,
});

export const SHELL_RULES: readonly Rule[] = [
  rule(
    'an operator of the shell, then a command',
    'unquoted',
    new RegExp(`${OPERATOR}${COMMAND}\\b${CALLED}`),
  ),
  rule(
    'an operator of the shell, then a command',
    'decoded',
    new RegExp(`${OPERATOR}${COMMAND}\\b${CALLED}`),
  ),
  rule('an operator of the shell, then a command', 'decoded', new RegExp(`${OPERATOR}${TOOL}`)),
  rule(
    'a command whose output a shell would put here',
    'decoded',
    /\$\(\s{0,4}(?!document\b|this\b|window\b|event\b)[a-z/_<]/,
  ),
  rule(
    'a command in backticks',
    'decoded',
    new RegExp(
      `(?:^|\\w)\`${COMMAND}\`|\`(?:\\/[\\w/]{1,40}\\/)?${COMMAND}\\s{1,4}[^\`]{1,200}\`|\`(?:whoami|reboot|hostname)\``,
    ),
  ),
  rule('the shell’s separator in the place of a space', 'decoded', /\$\{?ifs\b/),
  rule('letters as escapes that only a shell undoes', 'raw', /\$'(?:\\x[0-9a-f]{2}|\\[0-7]{3})/),
  rule('a connection made by the shell', 'decoded', /\/dev\/(?:tcp|udp)\//),
  rule('a brace expansion in the place of spaces', 'decoded', /\{[a-z]{2,12},[^}]{1,100}\}\s{0,4}[|;&]/),
  rule('an encoded PowerShell command', 'decoded', /-e(?:nc|ncodedcommand)?\s{1,4}[a-z0-9+/=]{8}/),
  rule(
    'a way out of its directory',
    'decoded',
    /(?:\.\.[\\/]){2,6}(?:\.\.[\\/]|etc\b|proc\b|root\b|home\b|var\b|windows\b|boot\b)|\.{4}[\\/]{2}/,
  ),
  rule('a file with secrets of the system', 'decoded', /\/etc\/(?:passwd|shadow|sudoers)\b|\/proc\/self\//),
  rule(
    'an option that runs a program',
    'decoded',
    /^-{1,2}(?:oproxycommand|upload-pack|receive-pack|use-askpass)\b/,
  ),
];
