import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { SETTING_MEANINGS, settingsTable } from '../../cli/config/setting-meanings';
import { durationSeconds } from '../../shared/contracts/duration';
import { parseSettings, Settings } from '../../shared/contracts/settings';
import { readSettingsText } from '../../shared/contracts/settings-file';

const document = readFileSync(join(__dirname, '../../docs/configuration.md'), 'utf8');

type JsonSchema = { readonly properties?: Readonly<Record<string, JsonSchema>> };
function fieldsOf(schema: JsonSchema, prefix = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
    inner.properties === undefined ? [prefix + name] : fieldsOf(inner, `${prefix + name}.`),
  );
}
const nested = (field: string, value: unknown): unknown =>
  field.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);

describe('docs/configuration.md', () => {
  it('names exactly the settings of the schema, in its order', () => {
    const schema = z.toJSONSchema(Settings, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
    expect(SETTING_MEANINGS.map(({ field }) => field)).toEqual(fieldsOf(schema));
  });

  it('has the table of these meanings', () => {
    expect(document).toContain(settingsTable());
  });

  it('shows an example that can be deployed', () => {
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(document) ?? [];
    expect(readSettingsText(example)).toMatchObject({ ok: true });
  });

  it.each(SETTING_MEANINGS.filter(({ preset }) => /^("[^"]+"|\d+|\[\]|true|false)$/.test(preset)))(
    'gives the default of $field',
    ({ field, preset }) => {
      expect(parseSettings(nested(field, JSON.parse(preset)))).toEqual(parseSettings({}));
    },
  );

  it.each(SETTING_MEANINGS.filter(({ range }) => range !== undefined))(
    'gives the range of $field',
    ({ field, range }) => {
      const [least, most] = range as readonly [string | number, string | number];
      const written = (value: string | number, more: number) =>
        typeof value === 'number' ? value + more : `${(durationSeconds(value) ?? 0) + more}s`;
      const accepts = (value: string | number) => Settings.safeParse(nested(field, value)).success;
      expect([written(least, 0), written(most, 0)].map(accepts)).toEqual([true, true]);
      expect([written(least, -1), written(most, 1)].map(accepts)).toEqual([false, false]);
    },
  );
});
