/**
 * At most `length` UTF-16 code units of `text`, never half a character: a lone surrogate has no canonical
 * form and cannot be hashed or stored.
 */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}
