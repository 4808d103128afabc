/**
 * The environment that a target's tags name: value of the tag `environment` (in any case), lower case, `prod` read as
 * `production`; `unknown` without one. Where two such tags disagree, `production` wins.
 */
export function environmentOf(tags: Readonly<Record<string, string>>): string {
  const named = Object.entries(tags)
    .filter(([key]) => key.toLowerCase() === 'environment')
    .map(([, value]) => value.trim().toLowerCase())
    .map((value) => (value === 'prod' ? 'production' : value));
  if (named.includes('production')) return 'production';
  return named.find((value) => value !== '') ?? 'unknown';
}
