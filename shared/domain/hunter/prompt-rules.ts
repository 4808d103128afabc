import { ANYWHERE, type Rule } from './rule';

/**
 * Words meant for a language model that reads along: orders to drop its orders, roles of a conversation that is
 * none, orders to hide something from people. An incident's own words (`ignore previous alert`) are data.
 */
const rule = (why: string, pattern: RegExp, view: Rule['view'] = 'words'): Rule => ({
  code: 'PROMPT_INJECTION',
  contexts: ANYWHERE,
  view,
  pattern,
  why,
});

const DROP = '(?:ignore|disregard|forget|override|neglect)';
const WHICH =
  '(?:(?:all|any|every|of|the|your|my|these|those|previous|previously|prior|above|earlier|preceding|former|other|given|existing|system)\\s{1,4})';
const ORDERS =
  '(?:instructions?|prompts?|rules|directions?|directives?|guidelines?|guidance|programming|training|constraints?)';
const QUALIFIED = '(?:all|any|every|your|my|previous|prior|above|earlier|preceding|former|system)\\s{1,4}';

export const PROMPT_RULES: readonly Rule[] = [
  rule(
    'orders to drop earlier orders',
    new RegExp(`\\b${DROP}\\s{1,4}${WHICH}{0,3}${QUALIFIED}${WHICH}{0,3}${ORDERS}\\b`),
  ),
  rule(
    'orders to drop earlier orders',
    new RegExp(
      `\\b${DROP}\\s{1,4}(?:the|all|any)\\s{1,4}${ORDERS}\\s{1,4}(?:you|that\\s{1,4}you|above|given|before)\\b`,
    ),
  ),
  rule(
    'orders to drop earlier orders',
    /\bforget\s{1,4}(?:everything|all|anything)\s{1,4}(?:you|that\s{1,4}you|above|before)\b/,
  ),
  rule(
    'a new role for a model',
    /\byou\s{1,4}are\s{1,4}now\s{1,4}[^.\n]{0,60}\b(?:dan|mode|assistant|ai|model|bot|admin\w{0,10}|root|unrestricted|restrictions?|jailbroken)\b/,
  ),
  rule(
    'a new role for a model',
    /\b(?:pretend|imagine|roleplay)\s{1,4}(?:that\s{1,4})?(?:you\s{1,4}are|to\s{1,4}be|you're)\b/,
  ),
  rule(
    'a new role for a model',
    /\bact\s{1,4}as\s{1,4}(?:an?\s{1,4}|the\s{1,4})(?:\w{1,20}\s{1,4}){0,2}(?:admin\w{0,10}|root|superuser|unrestricted|developer|approver)\b/,
  ),
  rule('a mode without rules', /\bjailbreak\b|\b(?:developer|god|dan|unrestricted)\s{1,4}mode\b/),
  rule(
    'orders to tell what is hidden',
    /\b(?:reveal|print|show|repeat|output|display|leak)\s{1,4}(?:me\s{1,4})?(?:your|the|all)\s{1,4}(?:\w{1,20}\s{1,4}){0,2}(?:system\s{1,4}prompt|initial\s{1,4}prompt|hidden\s{1,4}prompt)/,
  ),
  rule(
    'orders to tell what is hidden',
    /\brepeat\s{1,4}(?:the\s{1,4}|all\s{1,4})?(?:words|text|everything)\s{1,4}above\b/,
  ),
  rule(
    'marks of a conversation that is none',
    /<\|?(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id)\|>|\[\/?inst\]|<<\/?sys>>|<\/?system>|#{2,4}\s{0,2}(?:instruction|system|response)s?:/,
    'decoded',
  ),
  rule('a conversation that is none', /\bhuman:[\s\S]{0,300}\bassistant:|\bassistant:[\s\S]{0,300}\bhuman:/),
  rule(
    'orders in the name of a role',
    /\b(?:system|assistant):[^\n]{0,120}\b(?:already\s{1,4}approved|do\s{1,4}not\s{1,4}ask|you\s{1,4}must|override|skip\s{1,4}the)\b/,
  ),
  rule(
    'orders to hide it from people',
    /\bdo\s{1,4}not\s{1,4}(?:tell|inform|notify|alert|warn|mention\s{1,4}(?:this|it)\s{1,4}to)\s{1,4}(?:the\s{1,4})?(?:user|operator|human|approver|anyone|admin\w{0,10}|owner)\b|\bdo\s{1,4}not\s{1,4}ask\s{1,4}for\s{1,4}(?:confirmation|approval|permission)/,
  ),
  rule(
    'orders to models',
    /\b(?:ai|llm|language)\s{1,4}(?:agents?|models?|assistants?)\b[^.\n]{0,60}(?:\bmust\b|\bshould\b|\bshall\b|:)[^.\n]{0,40}\b(?:approve|call|execute|ignore|run|delete|follow|overrides?)\b/,
  ),
  rule(
    'orders to use a tool',
    /\bcall\s{1,4}the\s{1,4}\w{1,30}\s{1,4}(?:tool|function)\s{1,4}(?:on|with|and|now)\b/,
  ),
  rule(
    'new orders',
    /\b(?:new|updated)\s{1,4}instructions?\s{0,4}:|\byour\s{1,4}(?:new|real|only|actual)\s{1,4}(?:instructions?|task|role|goal|objective)\s{0,4}(?::|is\b|are\b)/,
  ),
  rule('new orders', /\bfrom\s{1,4}(?:now|here)\s{1,4}on,?\s{1,4}(?:you|act|obey|respond|always|only)\b/),
  rule(
    'orders to leave a check out',
    /\bskip\s{1,4}(?:all|any|every)\s{1,4}(?:\w{1,20}\s{1,4}){0,2}(?:checks?|verification|approvals?|safeguards?|reviews?)\b/,
  ),
  rule(
    'orders to leave a check out',
    /(?:^|[.!?:;,]\s{0,4}|\band\s{1,4}|\bthen\s{1,4}|\bplease\s{1,4})(?:approve|execute|run|delete|grant)\b[^.\n]{0,40}\bwithout\s{1,4}(?:any\s{1,4})?(?:review|approval|confirmation|asking|verification)\b/,
  ),
  // The same first order in other languages, in their own letters.
  rule(
    'orders to drop earlier orders',
    /\bignorier(?:e|en|t)?\s{1,4}(?:sie\s{1,4})?(?:alle\s{1,4})?(?:vorherigen|bisherigen|obigen|früheren)\s{1,4}(?:anweisungen|instruktionen|regeln)/,
    'decoded',
  ),
  rule(
    'orders to drop earlier orders',
    /\b(?:ignora|olvida|ignore)\s{1,4}(?:todas\s{1,4})?(?:las|as)\s{1,4}(?:instrucciones|instruções|reglas|regras)\s{1,4}(?:anteriores|previas|prévias)/,
    'decoded',
  ),
  rule(
    'orders to drop earlier orders',
    /\b(?:ignore[zr]?|oublie[zr]?)\s{1,4}(?:toutes\s{1,4})?les\s{1,4}(?:instructions|consignes|règles)\s{1,4}(?:précédentes|antérieures|ci-dessus)/,
    'decoded',
  ),
  rule(
    'orders to drop earlier orders',
    /\bignora\s{1,4}(?:tutte\s{1,4})?le\s{1,4}(?:istruzioni|regole)\s{1,4}precedenti/,
    'decoded',
  ),
  rule(
    'orders to drop earlier orders',
    /(?:игнорируй|игнорируйте|забудь|забудьте)\s{1,4}(?:все\s{1,4})?(?:предыдущие|прошлые|прежние)\s{1,4}(?:инструкции|указания|команды|правила)/,
    'decoded',
  ),
  rule('orders to drop earlier orders', /(?:忽略|无视|忘记)[^。\n]{0,12}(?:指令|指示|提示|规则)/, 'decoded'),
  rule(
    'orders to drop earlier orders',
    /(?:以前|これまで|上記|前)[^。\n]{0,8}(?:指示|命令|ルール)[^。\n]{0,8}(?:無視|忘れ)/,
    'decoded',
  ),
  rule(
    'orders to drop earlier orders',
    /(?:이전|위의|앞의)[^.\n]{0,10}(?:지시|명령|규칙)[^.\n]{0,6}무시/,
    'decoded',
  ),
];
