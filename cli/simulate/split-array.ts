/**
 * The elements of a JSON array as they are written, so that each can be read by itself with every check on
 * its own text (duplicate keys, number forms). Looks at brackets and strings only; what is wrong inside an
 * element is for its reader to say. `undefined`: the text is no array, or not closed as one. Does not recurse.
 */
export function splitArray(text: string): readonly string[] | undefined {
  const body = text.trim();
  if (!body.startsWith('[') || !body.endsWith(']')) return undefined;
  const parts: string[] = [];
  let depth = 0;
  let inString = false;
  let from = 1;
  for (let at = 0; at < body.length; at += 1) {
    const char = body[at];
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
      continue;
    }
    if (char === '"') inString = true;
    else if (char === '[' || char === '{') depth += 1;
    else if (char === ']' || char === '}') {
      depth -= 1;
      if (depth === 0 && at !== body.length - 1) return undefined;
    } else if (char === ',' && depth === 1) {
      parts.push(body.slice(from, at));
      from = at + 1;
    }
  }
  if (depth !== 0 || inString) return undefined;
  const last = body.slice(from, -1);
  // `[]` has no element; `[1,]` has an empty one, which its reader refuses.
  return parts.length === 0 && last.trim() === '' ? [] : [...parts, last];
}
