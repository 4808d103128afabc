import type { Table } from '../ports/table';

/** Names and versions from the keys of the index alone, sorted by name. */
export async function currentVersions(table: Table): Promise<{ name: string; version: string }[]> {
  const found: { name: string; version: string }[] = [];
  let after: string | undefined;
  do {
    const page = await table.query({
      pk: 'PLAYBOOKS',
      index: 'list',
      ...(after === undefined ? {} : { after }),
    });
    for (const row of page.items) {
      const [name, version] = String(row['listSk']).split('#');
      if (name !== undefined && version !== undefined) found.push({ name, version });
    }
    after = page.next;
  } while (after !== undefined);
  return found;
}
